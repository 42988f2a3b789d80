"""How well the agent finds falls on a set of recordings: ``python -m benchmarks.falls --data FILE.npz --position waist``.

The agent's own streaming detector takes each trial as a wearable would, with its time stamps where it has any. A fall's trial
is a hit if an alarm falls in it. In other trials an alarm within 10 s of the last one counts with it; specificity is the
share of trials without any, and false alarms are told per hour of these trials: they are scripted and dense, so that this
is no rate of daily life. Intervals are 95 % over draws of subjects with replacement. A trial at a rate that the detector
refuses has no alarm; one that can't be read is left out; both are told on stderr.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from attrs import frozen

from edge_agent.detection import FallModel, Position, ProfileError, profile_of
from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.recordings import RecordingError, load_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from edge_agent.detection import Fall, Profile
    from edge_agent.recordings import Recording

BLOCK: Final = 32
REFRACTORY_S: Final = 10.0
_DRAWS: Final = 2000
_SEED: Final = 1


@frozen
class Outcome:
    """What the detector made of one trial.

    Attributes:
        subject: who.
        activity: what was done.
        is_fall: whether a fall is in it.
        hours: how long it lasted.
        alarms: how many, those within 10 s of another counted with it.
        delays_s: of each alarm, from the impact to the decision.
    """

    subject: str
    activity: str
    is_fall: bool
    hours: float
    alarms: int
    delays_s: tuple[float, ...]


def judge(recording: Recording, profile: Profile) -> Outcome:
    """Play a trial to the detector in blocks, as the acquisition would.

    Raises:
        RecordingError: the trial does not say whether it is a fall.
    """
    if recording.is_fall is None:
        raise RecordingError(f"{recording.source}: does not say whether it is a fall")
    try:
        falls = _play(recording, FallModel(profile))
    except ValueError as error:
        sys.stderr.write(f"{recording.source}: no alarm: {error}\n")
        falls = []
    alarms, last = 0, -math.inf
    for fall in falls:
        if fall.decided_at - last >= REFRACTORY_S:
            alarms += 1
            last = fall.decided_at
    return Outcome(
        subject=recording.subject,
        activity=recording.activity,
        is_fall=recording.is_fall,
        hours=recording.duration_s / 3600,
        alarms=alarms,
        delays_s=tuple(fall.decided_at - fall.impact_at for fall in falls),
    )


def _readable(recordings: Iterator[Recording]) -> Iterator[Recording]:
    while True:
        try:
            yield next(recordings)
        except StopIteration:
            return
        except RecordingError as error:
            sys.stderr.write(f"left out: {error}\n")


def _play(recording: Recording, model: FallModel) -> list[Fall]:
    falls: list[Fall] = []
    for start in range(0, len(recording.acc), BLOCK):
        acc = recording.acc[start : start + BLOCK]
        if recording.times is not None:
            falls += model.feed_timed(acc, recording.times[start : start + BLOCK])
        else:
            falls += model.feed(SampleBlock(acc, start / recording.rate_hz, recording.rate_hz, start))
    falls += model.flush()
    return falls


def summary(outcomes: Sequence[Outcome], profile: Profile) -> dict[str, object]:
    """Return the figures under the names that ``--json`` prints; null where there is nothing to tell them from."""
    delays = [delay for outcome in outcomes for delay in outcome.delays_s]
    figures = _figures(_counts(outcomes))
    return {
        **{name: _rounded(value) for name, value in figures.items()},
        "trials": len(outcomes),
        "falls": sum(outcome.is_fall for outcome in outcomes),
        "ci95": _intervals(outcomes),
        "decision_delay_s": {
            "p50": _rounded(float(np.percentile(delays, 50))) if delays else None,
            "p95": _rounded(float(np.percentile(delays, 95))) if delays else None,
            "max": _rounded(max(delays)) if delays else None,
        },
        "by_activity": _by_activity(outcomes),
        "config_sha256": profile.sha256,
    }


def _counts(outcomes: Iterable[Outcome]) -> np.ndarray:
    """Hits, falls, quiet other trials, other trials, alarms in these, their hours."""
    counts = np.zeros(6)
    for outcome in outcomes:
        if outcome.is_fall:
            counts[:2] += bool(outcome.alarms), 1
        else:
            counts[2:] += not outcome.alarms, 1, outcome.alarms, outcome.hours
    return counts


def _figures(counts: np.ndarray) -> dict[str, float]:
    hits, falls, quiet, others, alarms, hours = map(float, counts)
    false_trials = others - quiet
    return {
        "sensitivity": _share(hits, falls),
        "specificity": _share(quiet, others),
        "f1": _share(2 * hits, falls + hits + false_trials) if falls else math.nan,
        "false_alarms_per_hour": _share(alarms, hours),
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _intervals(outcomes: Sequence[Outcome]) -> dict[str, list[float] | None]:
    subjects = sorted({outcome.subject for outcome in outcomes})
    counts = np.array([_counts(each for each in outcomes if each.subject == subject) for subject in subjects])
    draw = np.random.default_rng(_SEED)
    drawn = [_figures(counts[draw.integers(0, len(subjects), len(subjects))].sum(axis=0)) for _ in range(_DRAWS)]
    intervals: dict[str, list[float] | None] = {}
    for name in drawn[0]:
        values = [figures[name] for figures in drawn if not math.isnan(figures[name])]
        intervals[name] = [round(float(np.percentile(values, level)), 4) for level in (2.5, 97.5)] if values else None
    return intervals


def _by_activity(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float | int | bool]]:
    activities = {}
    for activity in sorted({outcome.activity for outcome in outcomes}):
        of = [outcome for outcome in outcomes if outcome.activity == activity]
        alarmed = sum(bool(outcome.alarms) for outcome in of)
        is_fall = any(outcome.is_fall for outcome in of)
        activities[activity] = {
            "is_fall": is_fall,
            "trials": len(of),
            "with_alarm": alarmed,
            "right": round((alarmed if is_fall else len(of) - alarmed) / len(of), 4),
        }
    return activities


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; exit 0, or 2 when the file or the profile can't be used."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.falls", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, metavar="FILE.npz", help="a set of recorded trials")
    parser.add_argument("--position", type=Position, required=True, choices=list(Position), help="where it was worn")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    options = parser.parse_args(arguments)
    try:
        profile = profile_of(options.position)
        outcomes = [judge(recording, profile) for recording in _readable(load_set(options.data))]
    except (RecordingError, ProfileError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not outcomes:
        sys.stderr.write(f"{options.data}: holds no trials\n")
        return 2
    figures = summary(outcomes, profile)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n" if options.json else _text(figures))
    return 0


def _text(figures: dict[str, object]) -> str:
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines.append(name)
            lines += [f"  {key}: {json.dumps(each)}" for key, each in value.items()]
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
