"""What an alarm is, and how each kind of it behaves: the one table that says so."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypeAlias

import attrs

from sekur_sdk.models.device import AlertKind

Uid: TypeAlias = str


class Phase(StrEnum):
    """How far an open alarm has come."""

    PRE_ALARM = "pre_alarm"
    ALARM = "alarm"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"


class Pattern(StrEnum):
    """What the wearer feels, hears and sees; the discreet ones make no sound and no light."""

    QUIET = "quiet"
    PRE_ALARM = "pre_alarm"
    CALLING = "calling"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    DISCREET_RECEIVED = "discreet_received"
    DISCREET_ACKNOWLEDGED = "discreet_acknowledged"
    PROTECTION_LOST = "protection_lost"


class SelfCancel(StrEnum):
    """What ends a pre-alarm without the wearer's button."""

    NEVER = "never"
    ON_NORMAL = "on_normal"
    """The detector says that the condition is over."""
    ON_WALKING = "on_walking"


@attrs.frozen
class Rule:
    """How one kind of alarm behaves.

    Attributes:
        pre_alarm: the wearer is asked first.
        self_cancel: what ends its pre-alarm besides the button.
        off_duty: it is raised off duty too.
        wearer_cancels: the button cancels it.
        calls: it is about the wearer, who feels its state and whose position may be taken until it is cleared.
        covered_by: kinds whose open alarm says it already.
    """

    pre_alarm: bool
    self_cancel: SelfCancel = SelfCancel.NEVER
    off_duty: bool = False
    wearer_cancels: bool = True
    calls: bool = True
    covered_by: frozenset[AlertKind] = frozenset()


RULES: Final[dict[AlertKind, Rule]] = {
    AlertKind.FALL: Rule(pre_alarm=True, self_cancel=SelfCancel.ON_WALKING),
    AlertKind.TILT: Rule(
        pre_alarm=True, self_cancel=SelfCancel.ON_NORMAL, covered_by=frozenset({AlertKind.FALL, AlertKind.NO_MOTION})
    ),
    AlertKind.NO_MOTION: Rule(
        pre_alarm=True, self_cancel=SelfCancel.ON_NORMAL, covered_by=frozenset({AlertKind.FALL, AlertKind.TILT})
    ),
    AlertKind.SOS: Rule(pre_alarm=False, off_duty=True),
    AlertKind.CHECK_IN_MISSED: Rule(pre_alarm=True),
    AlertKind.TEAR_OFF: Rule(pre_alarm=False),
    AlertKind.REINFORCEMENT: Rule(pre_alarm=False, off_duty=True),
    AlertKind.LOW_BATTERY: Rule(pre_alarm=False, wearer_cancels=False, calls=False),
    AlertKind.TECHNICAL: Rule(pre_alarm=False, off_duty=True, wearer_cancels=False, calls=False),
    AlertKind.TEST: Rule(pre_alarm=False, off_duty=True, calls=False),
}


@attrs.frozen(kw_only=True)
class AlarmSettings:
    """The delay in seconds; how long a tilt or stillness has to last, and to be over, is the detectors' to count."""

    pre_alarm_s: float = 15.0
    silent_sos: bool = False


FORGOTTEN_S: Final = 86_400.0
"""An alarm that the server has, asked about every ten minutes, and has not spoken of for so long is over.

It answers for each that is unresolved, and for 24 hours for each that was resolved: its silence means that this word is lost.
Positions must not be taken for ever because of it.
"""


@attrs.frozen(kw_only=True)
class OpenAlarm:
    """A pre-alarm, or an alarm that is not cleared yet.

    `started_at` is when its condition began; `deadline` is when the pre-alarm becomes an alarm. `cancelled` says that
    the wearer cancelled it after it was raised: a person still has to resolve it. `heard_at` is when the server last spoke
    of it, None before it has it.
    """

    uid: Uid
    kind: AlertKind
    phase: Phase
    started_at: float
    deadline: float
    impact_at: float | None = None
    score: float | None = None
    features: tuple[tuple[str, float], ...] = ()
    silent: bool = False
    fault: str | None = None
    cancelled: bool = False
    heard_at: float | None = None

    def unheard_for(self, at: float) -> float:
        """Seconds since the server last spoke of it; 0 before it has it."""
        return 0.0 if self.heard_at is None else at - self.heard_at

    @property
    def forgotten_at(self) -> float | None:
        """When it is over unless the server speaks of it."""
        return None if self.heard_at is None else self.heard_at + FORGOTTEN_S

    @property
    def rule(self) -> Rule:
        """The rule of its kind."""
        return RULES[self.kind]

    @property
    def calls_for_positions(self) -> bool:
        """Whether it is a call for help that is out: positions are taken until it is cleared."""
        return self.rule.calls and self.phase is not Phase.PRE_ALARM
