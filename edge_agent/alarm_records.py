"""Open alarms over a restart: a crash or a reboot in a pre-alarm still alarms.

The monotonic clock goes on over a crash of the agent and starts anew at a reboot of the machine; the wall clock goes on
over both, and may be wrong. A deadline is kept by both.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from edge_agent.alarm_rules import OpenAlarm, Phase
from sekur_sdk.models.device import AlertKind
from sekur_sdk.wire import decode, encode


@attrs.frozen(kw_only=True)
class Moment:
    """The two clocks at one moment; `epoch` names the start of the monotonic one."""

    monotonic: float
    wall: datetime
    epoch: str

    def wall_at(self, monotonic: float) -> datetime:
        """The wall clock at another moment of the monotonic one."""
        return self.wall + timedelta(seconds=monotonic - self.monotonic)


@attrs.frozen(kw_only=True)
class _SavedAlarm:
    uid: str
    kind: AlertKind
    phase: Phase
    started_at: float
    deadline: float
    impact_at: float | None
    score: float | None
    features: dict[str, float]
    silent: bool
    fault: str | None
    cancelled: bool
    heard_at: float | None = None


@attrs.frozen(kw_only=True)
class _Saved:
    moment: Moment
    alarms: tuple[_SavedAlarm, ...]


def save_alarms(alarms: tuple[OpenAlarm, ...], now: Moment) -> bytes | None:
    """What is to be kept of them, None when none is open."""
    if not alarms:
        return None
    saved = tuple(
        _SavedAlarm(
            uid=alarm.uid,
            kind=alarm.kind,
            phase=alarm.phase,
            started_at=alarm.started_at,
            deadline=alarm.deadline,
            impact_at=alarm.impact_at,
            score=alarm.score,
            features=dict(alarm.features),
            silent=alarm.silent,
            fault=alarm.fault,
            cancelled=alarm.cancelled,
            heard_at=alarm.heard_at,
        )
        for alarm in alarms
    )
    return encode(_Saved(moment=now, alarms=saved))


def load_alarms(record: bytes | None, now: Moment) -> tuple[OpenAlarm, ...]:
    """The alarms that were open, their times moved to the present monotonic clock.

    A pre-alarm whose deadline has passed, or whose remaining time the clocks can't tell, has its deadline now.

    Raises:
        sekur_sdk.wire.WireError: not such a record.
    """
    if record is None:
        return ()
    saved = decode(record, _Saved)
    away_s = _away_s(saved, now)
    # of a clock that can't tell how long the agent was away, only the age of things is lost
    shift = now.monotonic - saved.moment.monotonic - (away_s or 0.0)
    return tuple(_restored(alarm, shift, now, known=away_s is not None) for alarm in saved.alarms)


def _away_s(saved: _Saved, now: Moment) -> float | None:
    """How long ago the record was made, or None when that can't be known."""
    if now.epoch == saved.moment.epoch and now.monotonic >= saved.moment.monotonic:
        return now.monotonic - saved.moment.monotonic
    away_s = (now.wall - saved.moment.wall).total_seconds()
    return away_s if away_s >= 0 else None


def _restored(alarm: _SavedAlarm, shift: float, now: Moment, *, known: bool) -> OpenAlarm:
    return OpenAlarm(
        uid=alarm.uid,
        kind=alarm.kind,
        phase=alarm.phase,
        started_at=alarm.started_at + shift,
        deadline=max(now.monotonic, alarm.deadline + shift) if known else now.monotonic,
        impact_at=None if alarm.impact_at is None else alarm.impact_at + shift,
        score=alarm.score,
        features=tuple(alarm.features.items()),
        silent=alarm.silent,
        fault=alarm.fault,
        cancelled=alarm.cancelled,
        heard_at=None if alarm.heard_at is None else alarm.heard_at + shift,
    )
