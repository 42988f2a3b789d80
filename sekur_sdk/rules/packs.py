"""The cheapest way to buy a quantity that is sold in packs."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache

import attrs

CENTS = 100


class PackStrategy(StrEnum):
    """Which packs may be put together; the terms don't say.

    `COMBINE`: any packs and single units, each as often as needed (nothing forbids it). `PACK_AND_UNITS`: one pack, and
    units beyond it. `SINGLE_PACK`: one pack that covers everything, or units alone.
    """

    COMBINE = "combine"
    PACK_AND_UNITS = "pack_and_units"
    SINGLE_PACK = "single_pack"


@attrs.frozen(order=True)
class Pack:
    """A size and its price in euros excluding VAT; the unit is the pack of size 1."""

    size: int = attrs.field(validator=attrs.validators.ge(1))
    price: Decimal

    @property
    def cents(self) -> int:
        """The price in cents.

        Raises:
            ValueError: the price has a fraction of a cent.
        """
        cents = self.price * CENTS
        if cents != int(cents):
            raise ValueError(f"a price in whole cents, not {self.price}")
        return int(cents)


@attrs.frozen
class Purchase:
    """A price in euros excluding VAT and the packs bought, how many of each size, the largest first."""

    price: Decimal
    packs: dict[int, int]

    @property
    def quantity(self) -> int:
        """What the packs hold together; it may be more than was asked for."""
        return sum(size * count for size, count in self.packs.items())


def cheapest(catalogue: tuple[Pack, ...], quantity: int, strategy: PackStrategy = PackStrategy.COMBINE) -> Purchase:
    """The cheapest packs that hold at least `quantity`; of equal prices, the fewest packs, then the most units.

    Exact: a dynamic programme in cents. Source: SEKUR terms art. 7.1.

    Raises:
        ValueError: a negative quantity, or a catalogue without a pack of 1.
    """
    if quantity < 0:
        raise ValueError(f"a quantity is not negative: {quantity}")
    if not any(pack.size == 1 for pack in catalogue):
        raise ValueError("the catalogue has no pack of 1")
    if quantity == 0:
        return Purchase(Decimal(0).quantize(Decimal("0.01")), {})
    if strategy is PackStrategy.COMBINE:
        return _combined(catalogue, quantity)
    return _with_one_pack(catalogue, quantity, and_units=strategy is PackStrategy.PACK_AND_UNITS)


def _with_one_pack(catalogue: tuple[Pack, ...], quantity: int, *, and_units: bool) -> Purchase:
    units = next(pack for pack in catalogue if pack.size == 1)
    offers = [{1: quantity}]
    for pack in catalogue:
        if pack.size >= quantity:
            offers.append({pack.size: 1})
        elif and_units and pack is not units:
            offers.append({pack.size: 1, 1: quantity - pack.size})
    return min((_purchase(catalogue, offer) for offer in offers), key=_preference)


def _combined(catalogue: tuple[Pack, ...], quantity: int) -> Purchase:
    best = min(catalogue, key=lambda pack: (Fraction(pack.cents, pack.size), -pack.size))
    # Among any `best.size` other packs some fill a whole number of best packs, for no less money (pigeonhole on their
    # running sums), so that fewer of them are ever needed and a large quantity is best packs but for a bounded rest.
    rest_limit = best.size * max(pack.size for pack in catalogue)
    whole = max(quantity - rest_limit, 0) // best.size
    counts = _fewest(catalogue, quantity - whole * best.size)
    if whole:
        counts = {**counts, best.size: counts.get(best.size, 0) + whole}
    return _purchase(catalogue, counts)


def _fewest(catalogue: tuple[Pack, ...], quantity: int) -> dict[int, int]:
    table = _table(catalogue)
    table.grow(quantity)
    counts: dict[int, int] = {}
    while quantity > 0:
        pack = table.choices[quantity]
        counts[pack.size] = counts.get(pack.size, 0) + 1
        quantity -= pack.size
    return counts


class _Table:
    """For each quantity up to a limit, the least (cents, packs, -units held) and a pack of it."""

    def __init__(self, catalogue: tuple[Pack, ...]) -> None:
        self._packs = tuple((pack, pack.cents) for pack in sorted(catalogue, reverse=True))
        self._least: list[tuple[int, int, int]] = [(0, 0, 0)]
        self.choices: list[Pack] = [self._packs[-1][0]]

    def grow(self, limit: int) -> None:
        least = self._least
        for wanted in range(len(least), limit + 1):
            offers = []
            for pack, cents in self._packs:
                below = least[max(wanted - pack.size, 0)]
                offers.append(((below[0] + cents, below[1] + 1, below[2] - pack.size), pack))
            value, choice = min(offers, key=lambda offer: offer[0])
            least.append(value)
            self.choices.append(choice)


@cache
def _table(catalogue: tuple[Pack, ...]) -> _Table:
    return _Table(catalogue)


def _purchase(catalogue: tuple[Pack, ...], counts: dict[int, int]) -> Purchase:
    prices = {pack.size: pack.cents for pack in catalogue}
    cents = sum(prices[size] * count for size, count in counts.items())
    return Purchase(Decimal(cents).scaleb(-2), dict(sorted(counts.items(), reverse=True)))


def _preference(purchase: Purchase) -> tuple[Decimal, int, int]:
    return purchase.price, sum(purchase.packs.values()), -purchase.quantity
