"""The detectors of one wearer, fed with the same samples: falls, loss of verticality, no motion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from edge_agent.alarm_events import ConditionEnded, ConditionStarted, FallDecided
from edge_agent.detection import (
    ConditionChange,
    ConditionKind,
    FallModel,
    Position,
    Posture,
    PostureConfig,
    Stillness,
    StillnessConfig,
    profile_of,
)
from sekur_sdk.models.device import AlertKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge_agent.config import AlarmsSection
    from edge_agent.detection import Fall
    from edge_agent.drivers.accelerometer import SampleBlock

_KINDS: Final = {ConditionKind.TILT: AlertKind.TILT, ConditionKind.STILL: AlertKind.NO_MOTION}


class Watching:
    """What the samples say about the wearer.

    Args:
        alarms: when a tilt or stillness counts.
        moved: whether the device shook itself between two moments of the monotonic clock.
        worn_at: where the device is worn, a `Position`.
    """

    def __init__(self, alarms: AlarmsSection, moved: Callable[[float, float], bool], worn_at: str) -> None:
        self._moved = moved
        self._falls = FallModel(profile_of(Position(worn_at)))
        self._posture, self._stillness = _monitors(alarms)

    def configure(self, alarms: AlarmsSection) -> None:
        """Other settings: conditions are counted anew, what upright is has to be learnt anew."""
        self._posture, self._stillness = _monitors(alarms)

    def begin_duty(self) -> None:
        """Another wearing of the device: nothing of before counts."""
        self._falls.reset()
        self._posture.learn()
        self._stillness.reset()

    def sign_of_life(self) -> None:
        """The wearer pressed the button: how long a condition has lasted is counted from now."""
        self._posture.reset()
        self._stillness.reset()

    def feed(self, block: SampleBlock) -> Iterator[FallDecided | ConditionStarted | ConditionEnded]:
        """What these samples settle."""
        for fall in self._falls.feed(block):
            yield _decided(fall)
        masked = self._moved(block.t0, block.t0 + block.duration_s)
        for change in (*self._posture.feed(block), *self._stillness.feed(block, masked=masked)):
            yield _condition(change)

    def flush(self) -> Iterator[FallDecided]:
        """No more samples come: what they settle nevertheless."""
        for fall in self._falls.flush():
            yield _decided(fall)


def _monitors(alarms: AlarmsSection) -> tuple[Posture, Stillness]:
    return (
        Posture(PostureConfig(tilt_deg=alarms.tilt_deg, hold_s=alarms.tilt_hold_s)),
        Stillness(StillnessConfig(change_g=alarms.no_motion_mg / 1000, hold_s=alarms.no_motion_hold_s)),
    )


def _decided(fall: Fall) -> FallDecided:
    # the detector's score is 1 at its edge and grows without bound; the contract's is from 0 to 1, so 0.5 at the edge
    score = fall.score / (1 + fall.score) if math.isfinite(fall.score) else 1.0
    features = tuple((name, float(value)) for name, value in fall.features.items() if math.isfinite(value))
    return FallDecided(at=fall.decided_at, impact_at=fall.impact_at, score=score, features=features)


def _condition(change: ConditionChange) -> ConditionStarted | ConditionEnded:
    kind = _KINDS[change.kind]
    if change.on:
        return ConditionStarted(at=change.at, kind=kind, since=change.since)
    return ConditionEnded(at=change.at, kind=kind)
