"""What is learnt from, for each forest: the frozen recipe."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from training import trials as sets
from training.growing import Growth, Part
from training.impacts import ImpactTable, table
from training.synthesis import amid_movement, handled, hurried
from training.variants import another_sensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.trials import Trial
    from training.variants import Draw

SEED: Final = 1
TRUNK: Final = Growth(leaves=256, seed=SEED)
"""Of the forest for waist and chest."""
THIGH: Final = Growth(leaves=512, seed=SEED)
"""Of the forest for the pocket."""

_SENSORS: Final = {sets.SISFALL: 3, sets.WAIST: 2, sets.CHEST: 2, sets.POCKET: 2}
_HANDLED: Final = {sets.SISFALL: 2500, sets.WAIST: 300, sets.CHEST: 300, sets.POCKET: 300}
_HURRIED: Final = 2
# On belt and breast a device is rarely taken in the hand; out of a pocket it is.
_HANDLED_COUNTS: Final = {"trunk": 0.1, "thigh": 1.0}


class Tables:
    """Impacts of the sets and of what is made of them, each computed once.

    Args:
        log: takes a line when a table is there.
    """

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._trials: dict[str, list[Trial]] = {}
        self._tables: dict[str, ImpactTable] = {}

    def trials(self, name: str) -> list[Trial]:
        """A set's trials."""
        if name not in self._trials:
            self._trials[name] = sets.load(name)
        return self._trials[name]

    def plain(self, name: str) -> ImpactTable:
        """A set as it was recorded."""
        return self._table(name, lambda: self.trials(name))

    def variant(self, name: str, label: str, make: Callable[[Trial, Draw], Trial]) -> ImpactTable:
        """A set as another sensor would have measured it."""
        key = f"{name}, {label}"

        def made() -> list[Trial]:
            draw = _draw(key)
            return [make(trial, draw) for trial in self.trials(name)]

        return self._table(key, made)

    def made_of(self, name: str, *, thigh: bool) -> list[Part]:
        """All parts that a set gives."""
        if name == sets.WISDM:
            return [Part(self.plain(name))]
        parts = [Part(self.plain(name))]
        parts += [Part(self.variant(name, f"sensor {k}", another_sensor)) for k in range(_SENSORS[name])]
        amid = self._made(f"{name}, amid movement", lambda draw: amid_movement(self.trials(name), draw))
        hand = self._made(f"{name}, handled", lambda draw: handled(self.trials(name), _HANDLED[name], draw))
        fast = [
            each
            for k in range(_HURRIED)
            for each in self._made(f"{name}, hurried {k}", lambda draw: hurried(self.trials(name), draw))
        ]
        weight = _HANDLED_COUNTS["thigh" if thigh else "trunk"]
        return parts + [Part(each) for each in amid + fast] + [Part(each, weight) for each in hand]

    def _made(self, key: str, make: Callable[[Draw], list[Trial]]) -> list[ImpactTable]:
        """Of synthetic trials: as they are, and as another sensor would have measured them."""
        other = f"{key}, another sensor"
        if key not in self._tables:
            made = make(_draw(key))
            draw = _draw(other)
            self._table(key, lambda: made)
            self._table(other, lambda: [another_sensor(trial, draw) for trial in made])
        return [self._tables[key], self._tables[other]]

    def _table(self, key: str, make: Callable[[], list[Trial]]) -> ImpactTable:
        if key not in self._tables:
            began = time.perf_counter()
            self._tables[key] = table(make())
            count = len(self._tables[key].inputs)
            self._log(f"{key}: {count} impacts in {time.perf_counter() - began:.0f} s")
        return self._tables[key]


def _draw(key: str) -> Draw:
    return np.random.default_rng([SEED, *key.encode()])


def first_trunk(tables: Tables) -> list[Part]:
    """SisFall alone."""
    return tables.made_of(sets.SISFALL, thigh=False)


def first_thigh(tables: Tables) -> list[Part]:
    """SisFall, and WISDM's daily life in a pocket."""
    return tables.made_of(sets.SISFALL, thigh=True) + tables.made_of(sets.WISDM, thigh=True)


def final_trunk(tables: Tables) -> list[Part]:
    """And UMAFall's waist and chest."""
    return first_trunk(tables) + [
        part for name in (sets.WAIST, sets.CHEST) for part in tables.made_of(name, thigh=False)
    ]


def final_thigh(tables: Tables) -> list[Part]:
    """And UMAFall's pocket."""
    return first_thigh(tables) + tables.made_of(sets.POCKET, thigh=True)
