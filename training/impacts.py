"""The impacts of trials, as the agent finds and describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from attrs import frozen

from edge_agent.detection.events import Impacts
from edge_agent.detection.features import FEATURES, features
from edge_agent.detection.resampling import RegularResampler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training.trials import Trial

_BATCH = 2000


@frozen(eq=False)
class ImpactTable:
    """All impacts of some trials.

    Attributes:
        inputs: (n, f) float32, in the order of `FEATURES`.
        trial: (n,) index of the trial an impact is in.
        subject: (t,) of the trials.
        activity: (t,)
        is_fall: (t,)
        hours: (t,)
    """

    inputs: npt.NDArray[np.float32]
    trial: npt.NDArray[np.int64]
    subject: npt.NDArray[np.str_]
    activity: npt.NDArray[np.str_]
    is_fall: npt.NDArray[np.bool_]
    hours: npt.NDArray[np.float64]

    def best(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(t,) greatest score of each trial's impacts; -1 for a trial without any."""
        best = np.full(len(self.is_fall), -1.0)
        np.maximum.at(best, self.trial, scores)
        return best


def table(trials: Iterable[Trial]) -> ImpactTable:
    """Find and describe the impacts of trials."""
    trials = list(trials)
    windows: list[npt.NDArray[np.float32]] = []
    inputs: list[npt.NDArray[np.float32]] = []
    owner: list[int] = []

    def settle() -> None:
        if windows:
            inputs.append(features(np.stack(windows)).astype(np.float32))
            windows.clear()

    for index, trial in enumerate(trials):
        for window in impact_windows(trial):
            windows.append(window)
            owner.append(index)
        if len(windows) >= _BATCH:
            settle()
    settle()
    return ImpactTable(
        inputs=np.concatenate(inputs) if inputs else np.empty((0, len(FEATURES)), np.float32),
        trial=np.array(owner, dtype=np.int64),
        subject=np.array([trial.subject for trial in trials]),
        activity=np.array([trial.activity for trial in trials]),
        is_fall=np.array([trial.is_fall for trial in trials]),
        hours=np.array([trial.hours for trial in trials]),
    )


def impact_windows(trial: Trial) -> Iterator[npt.NDArray[np.float32]]:
    """(BEFORE + AFTER, 3) around each impact that the agent would decide."""
    resampler, impacts = RegularResampler(trial.rate_hz), Impacts()
    for portion in resampler.feed(trial.acc, 0.0) + resampler.flush():
        for impact, stop in impacts.append(portion.acc):
            yield impacts.window(impact, stop)
    for impact, stop in impacts.finish():
        yield impacts.window(impact, stop)
