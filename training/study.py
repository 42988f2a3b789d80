"""What is learnt on what, chosen on what, and measured on what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import numpy as np
from attrs import frozen

from edge_agent.detection.forest import Forest
from edge_agent.drivers.accelerometer import SampleBlock
from training import plan
from training import trials as sets
from training.four_number_rule import FallRule
from training.growing import Grown, as_forest, grow, scores
from training.measuring import Rates, Scored, choose, folds
from training.variants import ROBUSTNESS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from edge_agent.detection import Fall
    from training.growing import Growth, Part
    from training.impacts import ImpactTable
    from training.plan import Tables
    from training.trials import Trial

# What a threshold is chosen on besides the recordings as they are: cheap sensors.
_CHEAP: Final = ("18 Hz", "range 2 g")


@frozen(eq=False)
class Folded:
    """A recipe grown five times, each time without a fifth of the subjects."""

    held_out: tuple[frozenset[str], ...]
    forests: tuple[Grown, ...]

    def score(self, name: str, impacts: ImpactTable) -> Scored:
        """Each trial's score by the forest that does not know its subject."""
        out = np.zeros(len(impacts.inputs))
        owner = impacts.subject[impacts.trial]
        for subjects, forest in zip(self.held_out, self.forests, strict=True):
            mine = np.isin(owner, sorted(subjects))
            if mine.any():
                out[mine] = scores(forest, attrs.evolve(impacts, inputs=impacts.inputs[mine]))
        return Scored.of(name, impacts, out)


@frozen(eq=False)
class Result:
    """A configuration: its forests, its thresholds, and the scores on trials whose subjects it does not know.

    Attributes:
        thresholds: by position.
        held_out: scored sets.
        variants: the same as other sensors would have measured it.
        forests: by position; waist and chest may share one.
    """

    thresholds: dict[str, float]
    held_out: dict[str, Scored]
    variants: dict[str, dict[str, Scored]]
    forests: dict[str, Forest]

    def margin(self, position: str) -> float:
        """Of the set of a position that fares worst, as recorded or from a cheap sensor, at the position's threshold."""
        return min(each.rates(self.thresholds[position]).margin(ASKED[position]) for each in self.judged_by(position))

    def judged_by(self, position: str) -> list[Scored]:
        """The sets that decide about a position."""
        return judged_by(position, self.held_out, self.variants)


DECIDES: Final = {
    sets.SISFALL: "waist",
    sets.WAIST: "waist",
    sets.CHEST: "chest",
    sets.POCKET: "pocket",
    sets.WISDM: "pocket",
}


# What is asked of sets that nobody has seen; on a lanyard the sensor swings.
ASKED: Final = {"waist": Rates(95.0, 98.5), "chest": Rates(90.0, 98.5), "pocket": Rates(95.0, 98.5)}


# What each set is to reach as recorded, with its subjects held out.
AIMS: Final = {
    sets.SISFALL: Rates(99.3, 99.5),
    sets.WAIST: Rates(97.0, 99.0),
    sets.CHEST: Rates(94.0, 99.0),
    sets.POCKET: Rates(98.0, 95.0),
    sets.WISDM: Rates(float("nan"), 97.0),
}


class Study:
    """The whole of it; `first` and `final` are independent.

    Args:
        tables: the impacts.
        log: takes a line for each step.
    """

    def __init__(self, tables: Tables, log: Callable[[str], None]) -> None:
        self._tables = tables
        self._log = log

    def first(self) -> Result:
        """Learnt from SisFall, the pocket's from WISDM too; thresholds chosen on SisFall's folds and UMAFall."""
        trunk_parts, thigh_parts = plan.first_trunk(self._tables), plan.first_thigh(self._tables)
        trunk = self._grow("first trunk", trunk_parts, plan.TRUNK)
        thigh = self._grow("first thigh", thigh_parts, plan.THIGH)
        sisfall = self._fold("first trunk", trunk_parts, plan.TRUNK)
        wisdm = self._fold("first thigh", thigh_parts, plan.THIGH)
        judges: dict[str, Callable[[str, ImpactTable], Scored]] = {
            sets.SISFALL: sisfall.score,
            sets.WAIST: _known(trunk),
            sets.CHEST: _known(trunk),
            sets.POCKET: _known(thigh),
            sets.WISDM: wisdm.score,
        }
        plain, variants = self._judge(judges)
        forests = _by_position(trunk, thigh)
        return Result(_thresholds(plain, variants), plain, variants, forests)

    def final(self) -> Result:
        """Learnt from all sets; everything chosen and measured on subjects held out in five folds."""
        trunk_parts, thigh_parts = plan.final_trunk(self._tables), plan.final_thigh(self._tables)
        trunk = self._fold("final trunk", trunk_parts, plan.TRUNK)
        thigh = self._fold("final thigh", thigh_parts, plan.THIGH)
        judges: dict[str, Callable[[str, ImpactTable], Scored]] = {
            name: (thigh if DECIDES[name] == "pocket" else trunk).score for name in sets.SETS
        }
        plain, variants = self._judge(judges)
        forests = _by_position(
            self._grow("final trunk", trunk_parts, plan.TRUNK), self._grow("final thigh", thigh_parts, plan.THIGH)
        )
        return Result(_thresholds(plain, variants), plain, variants, forests)

    def rule(self) -> dict[str, Scored]:
        """What the four-number rule makes of the sets; it learns nothing, so that no subject is known to it."""
        told = {}
        for name in sets.SETS:
            trials = self._tables.trials(name)
            found = np.array([bool(_by_rule(trial)) for trial in trials])
            told[name] = Scored(
                name,
                np.array([trial.subject for trial in trials]),
                np.array([trial.activity for trial in trials]),
                np.array([trial.is_fall for trial in trials]),
                found.astype(np.float64),
            )
            self._log(f"{name}: decided by the four-number rule")
        return told

    def _judge(
        self, judges: dict[str, Callable[[str, ImpactTable], Scored]]
    ) -> tuple[dict[str, Scored], dict[str, dict[str, Scored]]]:
        plain = {name: judge(name, self._tables.plain(name)) for name, judge in judges.items()}
        variants = {
            name: {
                label: judge(f"{name}, {label}", self._tables.variant(name, label, make))
                for label, make in ROBUSTNESS.items()
            }
            for name, judge in judges.items()
            if name != sets.WISDM
        }
        return plain, variants

    def _grow(self, name: str, parts: Sequence[Part], growth: Growth) -> Grown:
        self._log(f"growing the {name} forest on {sum(len(part.impacts.inputs) for part in parts)} impacts")
        return grow(parts, growth)

    def _fold(self, name: str, parts: Sequence[Part], growth: Growth) -> Folded:
        by_source: dict[str, list[str]] = {}
        for part in parts:
            for subject in np.unique(part.impacts.subject):
                by_source.setdefault(str(subject).partition("/")[0], []).append(str(subject))
        groups = [folds(np.array(subjects)) for _, subjects in sorted(by_source.items())]
        held_out = tuple(frozenset().union(*fold) for fold in zip(*groups, strict=True))
        forests = []
        for number, subjects in enumerate(held_out, start=1):
            self._log(f"growing the {name} forest without fold {number} of {len(held_out)}")
            forests.append(grow(parts, growth, without=subjects))
        return Folded(held_out, tuple(forests))


def _by_rule(trial: Trial) -> tuple[Fall, ...]:
    rule = FallRule()
    return rule.feed(SampleBlock(trial.acc, 0.0, trial.rate_hz)) + rule.flush()


def _known(forest: Grown) -> Callable[[str, ImpactTable], Scored]:
    return lambda name, impacts: Scored.of(name, impacts, scores(forest, impacts))


def _by_position(trunk: Grown, thigh: Grown) -> dict[str, Forest]:
    return {"waist": as_forest(trunk), "chest": as_forest(trunk), "pocket": as_forest(thigh)}


def better(first: Result, final: Result) -> Result:
    """For each position the configuration with the greater margin on subjects that it does not know."""
    used = {
        position: final if final.margin(position) > first.margin(position) else first for position in first.thresholds
    }
    return Result(
        {position: result.thresholds[position] for position, result in used.items()},
        {name: used[position].held_out[name] for name, position in DECIDES.items()},
        {name: used[DECIDES[name]].variants[name] for name in first.variants},
        {position: result.forests[position] for position, result in used.items()},
    )


def judged_by(position: str, plain: dict[str, Scored], variants: dict[str, dict[str, Scored]]) -> list[Scored]:
    """The sets of a position, as recorded and from cheap sensors."""
    names = [name for name, decides in DECIDES.items() if decides == position]
    return [plain[name] for name in names] + [
        variants[name][label] for name in names if name in variants for label in _CHEAP
    ]


def _thresholds(plain: dict[str, Scored], variants: dict[str, dict[str, Scored]]) -> dict[str, float]:
    return {
        position: choose(
            judged_by(position, plain, variants),
            asked,
            [(plain[name], AIMS[name]) for name, decides in DECIDES.items() if decides == position],
        )
        for position, asked in ASKED.items()
    }
