"""A wearer's duty (prise et fin de service), and when it lets positions be taken.

CGV article 32.3 and the CNIL's rules on geolocating employees: positions are taken on duty only, never on break. An open alarm opens
the gate in any state, until it is cleared; detectors run on break too.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.models.device import DutyAction, DutyBody
from sekur_sdk.models.uid import Uid
from sekur_sdk.wire import decode, encode

if TYPE_CHECKING:
    from datetime import datetime


class DutyState(StrEnum):
    """Where the wearer stands between taking up and ending a duty."""

    OFF_DUTY = "off_duty"
    ON_DUTY = "on_duty"
    ON_BREAK = "on_break"


_POSSIBLE: dict[DutyState, tuple[DutyAction, ...]] = {
    DutyState.OFF_DUTY: (DutyAction.START,),
    DutyState.ON_DUTY: (DutyAction.BREAK_START, DutyAction.END),
    # who forgot to end the break can still go home
    DutyState.ON_BREAK: (DutyAction.BREAK_END, DutyAction.END),
}


class DutyError(ValueError):
    """A step that the duty's state forbids: `action`, `state`, and the actions `possible` now."""

    def __init__(self, action: DutyAction, state: DutyState, possible: tuple[DutyAction, ...]) -> None:
        super().__init__(action, state, possible)
        self.action = action
        self.state = state
        self.possible = possible

    def __str__(self) -> str:
        return f"{self.action} is not possible {_IN_WORDS[self.state]}; possible now: {', '.join(self.possible)}"


_IN_WORDS = {
    DutyState.OFF_DUTY: "off duty",
    DutyState.ON_DUTY: "on duty",
    DutyState.ON_BREAK: "on break",
}


@attrs.frozen(kw_only=True)
class Duty:
    """The wearer's duty and the alarms still open: everything that decides whether positions may be taken.

    A value: each step returns the next one. `snapshot` and `restore` carry it over a crash. `open_alarms` has the uids in the order
    in which they opened; alarms outlive the duty that they began in.
    """

    state: DutyState = DutyState.OFF_DUTY
    duty: Uid | None = None
    employee_id: str | None = None
    site_id: str | None = None
    shift_id: str | None = None
    open_alarms: tuple[Uid, ...] = ()

    def __attrs_post_init__(self) -> None:
        if (self.state is DutyState.OFF_DUTY) != (self.duty is None):
            raise ValueError("a duty has an id from its start to its end, and only then")
        if len(set(self.open_alarms)) != len(self.open_alarms):
            raise ValueError("an alarm is open once")

    @property
    def monitoring(self) -> bool:
        """Whether the detectors run: on duty and on break."""
        return self.state is not DutyState.OFF_DUTY

    @property
    def gate_open(self) -> bool:
        """Whether positions may be taken: on duty, or while an alarm is open."""
        return self.state is DutyState.ON_DUTY or bool(self.open_alarms)

    @property
    def alert(self) -> str | None:
        """The uid that positions carry now: that of the open alarm raised last, or None."""
        return self.open_alarms[-1] if self.open_alarms else None

    @property
    def possible(self) -> tuple[DutyAction, ...]:
        """The steps that the state allows."""
        return _POSSIBLE[self.state]

    def start(
        self, duty: Uid, *, at: datetime, employee_id: str, site_id: str, shift_id: str | None = None
    ) -> DutyStep:
        """Take up the duty with the id `duty`, at the aware time `at`.

        Raises:
            DutyError: a duty is open already.
        """
        self._check(DutyAction.START)
        started = attrs.evolve(
            self, state=DutyState.ON_DUTY, duty=duty, employee_id=employee_id, site_id=site_id, shift_id=shift_id
        )
        return DutyStep(started, _event(DutyAction.START, started, at))

    def break_start(self, *, at: datetime) -> DutyStep:
        """Go on break.

        Raises:
            DutyError: off duty, or on break already.
        """
        self._check(DutyAction.BREAK_START)
        return DutyStep(attrs.evolve(self, state=DutyState.ON_BREAK), _event(DutyAction.BREAK_START, self, at))

    def break_end(self, *, at: datetime) -> DutyStep:
        """Come back from the break.

        Raises:
            DutyError: not on break.
        """
        self._check(DutyAction.BREAK_END)
        return DutyStep(attrs.evolve(self, state=DutyState.ON_DUTY), _event(DutyAction.BREAK_END, self, at))

    def end(self, *, at: datetime) -> DutyStep:
        """End the duty, from a break too; alarms stay open.

        Raises:
            DutyError: off duty.
        """
        self._check(DutyAction.END)
        return DutyStep(Duty(open_alarms=self.open_alarms), _event(DutyAction.END, self, at))

    def alarm_opened(self, alarm: Uid) -> Duty:
        """The duty with this alarm open; the same when it already was."""
        return self if alarm in self.open_alarms else attrs.evolve(self, open_alarms=(*self.open_alarms, alarm))

    def alarm_cleared(self, alarm: Uid) -> Duty:
        """The duty without this alarm; the same when it was not open."""
        return attrs.evolve(self, open_alarms=tuple(uid for uid in self.open_alarms if uid != alarm))

    def snapshot(self) -> bytes:
        """The duty as JSON, to be kept where a crash can't reach it."""
        return encode(self)

    @classmethod
    def restore(cls, snapshot: bytes | None) -> Duty:
        """The duty that `snapshot` kept; off duty without one.

        Raises:
            sekur_sdk.wire.WireError: not a snapshot; it names the path.
        """
        return cls() if snapshot is None else decode(snapshot, cls)

    def _check(self, action: DutyAction) -> None:
        if action not in self.possible:
            raise DutyError(action, self.state, self.possible)


@attrs.frozen
class DutyStep:
    """What a step came to: the duty from then on, and the event to publish."""

    duty: Duty
    event: DutyBody


def _event(action: DutyAction, duty: Duty, at: datetime) -> DutyBody:
    if at.tzinfo is None:
        raise ValueError(f"the time of a duty's {action} needs a time zone")
    assert duty.duty is not None
    return DutyBody(
        action=action,
        duty=duty.duty,
        occurred_at=at,
        employee_id=duty.employee_id,
        site_id=duty.site_id,
        shift_id=duty.shift_id,
    )
