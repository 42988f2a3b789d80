"""The sets of recordings, and one trial as training takes it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from edge_agent.recordings import RecordingError, load_set

SISFALL: Final = "sisfall"
WAIST: Final = "umafall_waist"
CHEST: Final = "umafall_chest"
POCKET: Final = "umafall_rightpocket"
WISDM: Final = "wisdm51_pocket"
SETS: Final = (SISFALL, WAIST, CHEST, POCKET, WISDM)

# Slower than this, a telephone lost much of what it measured; the agent refuses it too.
_LEAST_RATE_HZ: Final = 10.0


@frozen(eq=False)
class Trial:
    """One recording with what is known of it.

    Attributes:
        acc: (n, 3) g.
        rate_hz: samples a second, equally spaced.
        subject: who, unique over all sets.
        activity: what was done.
        is_fall: whether a fall is in it.
    """

    acc: npt.NDArray[np.float32]
    rate_hz: float
    subject: str
    activity: str
    is_fall: bool

    @property
    def hours(self) -> float:
        """How long it lasts."""
        return len(self.acc) / self.rate_hz / 3600


def folder() -> Path:
    """Where the recordings are: SEKUR_RECORDINGS, or ``../shared/data`` beside the repository."""
    named = os.environ.get("SEKUR_RECORDINGS")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"


def load(name: str) -> list[Trial]:
    """The trials of a set, at their mean rate; those of UMAFall come without their jittery time stamps.

    Raises:
        RecordingError: the set is missing, or a trial can't be used.
    """
    source = "umafall" if name.startswith("umafall") else name
    trials = []
    for recording in load_set(folder() / f"{name}.npz"):
        if recording.rate_hz < _LEAST_RATE_HZ:
            continue
        if recording.is_fall is None:
            raise RecordingError(f"{recording.source}: does not say whether it is a fall")
        trials.append(
            Trial(
                recording.acc,
                recording.rate_hz,
                f"{source}/{recording.subject}",
                recording.activity,
                recording.is_fall,
            )
        )
    return trials


def at_100_hz(trial: Trial) -> npt.NDArray[np.float64]:
    """(n, 3) at 100 Hz: fast ones averaged, slow ones joined by lines."""
    every = round(trial.rate_hz / 100)
    if every > 1:
        whole = len(trial.acc) // every * every
        return np.asarray(trial.acc[:whole].reshape(-1, every, 3).mean(axis=1, dtype=np.float64))
    known = np.arange(len(trial.acc)) / trial.rate_hz
    return lines(known, trial.acc.astype(np.float64), np.arange(0, known[-1], 0.01))


def lines(
    known: npt.NDArray[np.float64], acc: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Straight lines between samples."""
    return np.stack([np.interp(wanted, known, axis) for axis in acc.T], axis=1)
