"""What the core works with, and the messages that are made of what it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import attrs

from edge_agent.agent_events import AgentEvent
from edge_agent.alarm_records import Moment
from edge_agent.clock import Clock
from edge_agent.config import AlarmsSection, Config
from edge_agent.drivers.gpio import WearerInterface
from edge_agent.gate import PositionGate
from edge_agent.health import FaultSeen
from edge_agent.messages import Draft
from edge_agent.outbox import Outbox
from edge_agent.position import PositionProvider
from edge_agent.uplink import Uplink
from edge_agent.wall_time import WallTime
from sekur_sdk.models.device import AlertBody, CancelBody, Channel, DutyAction, HealthBody
from sekur_sdk.models.uid import new_uid

if TYPE_CHECKING:
    from edge_agent.alarm_events import Cancel
    from edge_agent.alarm_rules import OpenAlarm
    from edge_agent.duty import Duty, DutyStep
    from sekur_sdk.wire.messages import Body


@attrs.frozen(kw_only=True)
class Parts:
    """What the core works with; all of it is made before it, and none of it calls back but by `Core.post`."""

    config: Config
    alarms: AlarmsSection
    clock: Clock
    wall: WallTime
    epoch: str
    outbox: Outbox
    uplink: Uplink
    gate: PositionGate
    position: PositionProvider | None
    wearer: WearerInterface
    observe: Callable[[AgentEvent], None]
    counts: Callable[[], tuple[int, int]]
    watch: Callable[[float], Iterable[FaultSeen]]

    def now(self) -> float:
        """The monotonic clock."""
        return self.clock.monotonic()

    def moment(self) -> Moment:
        """Both clocks."""
        return Moment(monotonic=self.now(), wall=self.wall.now(), epoch=self.epoch)

    def new_uid(self) -> str:
        """A uid for now."""
        return new_uid(int(self.wall.now().timestamp() * 1000))

    def draft(self, channel: Channel, body: Body, *, duty: str | None, uid: str | None = None) -> Draft:
        """A message for now."""
        at, up_ms, clock = self.wall.stamp()
        return Draft(uid=uid or self.new_uid(), channel=channel, at=at, up_ms=up_ms, clock=clock, duty=duty, body=body)

    def alert_body(self, alarm: OpenAlarm) -> AlertBody:
        """What an alarm tells, with the last fix if there is one and the alarm is about the wearer."""
        fix, is_stale = (None, False)
        if self.position is not None and alarm.rule.calls:
            fix, is_stale = self.position.current(self.now())
        moment = self.moment()
        return AlertBody(
            kind=alarm.kind,
            started_at=moment.wall_at(alarm.started_at),
            impact_at=None if alarm.impact_at is None else moment.wall_at(alarm.impact_at),
            silent=alarm.silent,
            fix=fix,
            fix_is_stale=is_stale,
            score=alarm.score,
            features=dict(alarm.features),
            fault=alarm.fault,
        )

    def cancel_body(self, cancel: Cancel) -> CancelBody:
        """What a cancel tells."""
        return CancelBody(
            alert=cancel.alarm.uid,
            alert_kind=cancel.alarm.kind,
            phase=cancel.phase,
            occurred_at=self.moment().wall_at(cancel.at),
        )

    def health_body(self, faults: tuple[str, ...], *, protected: bool) -> HealthBody:
        """The device's own state."""
        samples, lost = self.counts()
        size = self.outbox.size
        fix = self.position.current(self.now())[0] if self.position is not None else None
        return HealthBody(
            protected=protected,
            faults=faults,
            outbox_messages=size.messages,
            outbox_bytes=size.bytes,
            samples=samples,
            samples_lost=lost,
            fix_age_s=None if fix is None else fix.age_s,
        )

    def duty_step(self, duty: Duty, action: DutyAction, shift_id: str | None) -> DutyStep:
        """The step of a duty for the configured employee and site.

        Raises:
            edge_agent.duty.DutyError: the step is not possible now.
        """
        at = self.wall.now()
        match action:
            case DutyAction.START:
                wearer = self.config.wearer
                return duty.start(
                    self.new_uid(), at=at, employee_id=wearer.employee_id, site_id=wearer.site_id, shift_id=shift_id
                )
            case DutyAction.BREAK_START:
                return duty.break_start(at=at)
            case DutyAction.BREAK_END:
                return duty.break_end(at=at)
            case _:
                return duty.end(at=at)
