"""Sensitivity and specificity by trial, thresholds, and how sure all of it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.impacts import ImpactTable

THRESHOLDS: Final = np.round(np.arange(0.15, 0.75, 0.005), 3)
# How much of the best margin is given for a higher threshold: activities that nobody has seen cost specificity first.
_GIVEN: Final = 0.1
_DRAWS: Final = 2000


@frozen(eq=False)
class Scored:
    """Trials with the score of each.

    Attributes:
        name: of the set, as a report tells it.
        subject: (t,)
        activity: (t,)
        is_fall: (t,)
        score: (t,) greatest score of the trial's impacts.
    """

    name: str
    subject: npt.NDArray[np.str_]
    activity: npt.NDArray[np.str_]
    is_fall: npt.NDArray[np.bool_]
    score: npt.NDArray[np.float64]

    @classmethod
    def of(cls, name: str, impacts: ImpactTable, scores: npt.NDArray[np.float64]) -> Scored:
        """Scores of impacts, by trial."""
        return cls(name, impacts.subject, impacts.activity, impacts.is_fall, impacts.best(scores))

    def rates(self, threshold: float) -> Rates:
        """What a threshold gives."""
        return _rates(self.is_fall, self.score >= threshold)

    def interval(self, threshold: float, seed: int = 1) -> tuple[Rates, Rates]:
        """95 % of the draws of as many subjects with replacement lie between these."""
        draw = np.random.default_rng(seed)
        alarm = self.score >= threshold
        subjects, owner = np.unique(self.subject, return_inverse=True)
        counts = np.zeros((len(subjects), 4))
        for column, kind in enumerate((self.is_fall & alarm, self.is_fall, ~self.is_fall & ~alarm, ~self.is_fall)):
            np.add.at(counts[:, column], owner[kind], 1)
        drawn = counts[draw.integers(0, len(subjects), (_DRAWS, len(subjects)))].sum(axis=1)
        with np.errstate(invalid="ignore"):
            shares = np.stack([100 * drawn[:, 0] / drawn[:, 1], 100 * drawn[:, 2] / drawn[:, 3]])
        low, high = (
            np.nanpercentile(shares, level, axis=1) if not np.isnan(shares).all(axis=1).any() else None
            for level in (2.5, 97.5)
        )
        if low is None or high is None:
            falls = np.array([np.nan, np.nan])
            rest = np.nanpercentile(shares[1], [2.5, 97.5])
            return Rates(float(falls[0]), float(rest[0])), Rates(float(falls[1]), float(rest[1]))
        return Rates(*map(float, low)), Rates(*map(float, high))

    def errors(self, threshold: float) -> list[tuple[str, bool, int, int]]:
        """Of each activity: its name, whether it is a fall, trials that were decided wrongly, trials; the worst first."""
        wrong = (self.score >= threshold) != self.is_fall
        rows = []
        for name in np.unique(self.activity):
            of = self.activity == name
            if wrong[of].any():
                rows.append((str(name), bool(self.is_fall[of][0]), int(wrong[of].sum()), int(of.sum())))
        return sorted(rows, key=lambda row: (-row[2] / row[3], row[0]))


@frozen
class Rates:
    """Per cent of falls with an alarm and of other trials without one; NaN where there are no such trials."""

    sensitivity: float
    specificity: float

    def margin(self, asked: Rates) -> float:
        """What is left of the errors that are allowed, as a share, of the kind that has less left; below 0 there were more."""
        quiet = 1 - (100 - self.specificity) / (100 - asked.specificity)
        if np.isnan(self.sensitivity):
            return quiet
        return min(quiet, 1 - (100 - self.sensitivity) / (100 - asked.sensitivity))


def _rates(is_fall: npt.NDArray[np.bool_], alarm: npt.NDArray[np.bool_]) -> Rates:
    falls, others = alarm[is_fall], ~alarm[~is_fall]
    return Rates(
        float(100 * falls.mean()) if len(falls) else float("nan"),
        float(100 * others.mean()) if len(others) else float("nan"),
    )


def choose(sets: Sequence[Scored], asked: Rates, aims: Sequence[tuple[Scored, Rates]]) -> float:
    """The threshold, leaning to specificity.

    Of those that fall least short of the aims, the highest at which the set that fares worst has a margin next to the greatest:
    the worst, since sets that nobody has seen are harder than those that one chooses on; the highest, since what they have more
    of is false alarms.

    Args:
        sets: what margins are of.
        asked: of each of these.
        aims: sets, and what each is to reach.
    """
    short = [max([0.0, *(-each.rates(threshold).margin(aim) for each, aim in aims)]) for threshold in THRESHOLDS]
    allowed = THRESHOLDS[np.isclose(short, min(short), atol=1e-9)]
    margins = np.array([min(each.rates(threshold).margin(asked) for each in sets) for threshold in allowed])
    return float(allowed[margins >= margins.max() - _GIVEN][-1])


def curve(scored: Scored) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """False alarms and hits in per cent of their trials, for all thresholds, ascending."""
    thresholds = np.unique(np.concatenate([scored.score, [2.0]]))[::-1]
    falls, others = np.sort(scored.score[scored.is_fall]), np.sort(scored.score[~scored.is_fall])
    hits = 100 * (1 - np.searchsorted(falls, thresholds) / len(falls))
    alarms = 100 * (1 - np.searchsorted(others, thresholds) / len(others))
    return alarms, hits


def folds(subjects: npt.NDArray[np.str_], count: int = 5, seed: int = 1) -> list[frozenset[str]]:
    """The subjects in ``count`` groups."""
    names = np.unique(subjects)
    np.random.default_rng(seed).shuffle(names)
    return [frozenset(map(str, names[part::count])) for part in range(count)]
