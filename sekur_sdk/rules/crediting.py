"""What a credit note takes off an invoice: never more of a line than is left of it, and to the cent once all is taken."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.models.billing import Line, Totals, VatLine
from sekur_sdk.models.scalars import Rate
from sekur_sdk.rules.invoicing import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NOTHING = Decimal(0)


class TooMuchCreditedError(ValueError):
    """More than is left: of the line at `place` (from 0), or of the invoice as a whole (None)."""

    def __init__(self, place: int | None) -> None:
        super().__init__(
            "more than is left of the invoice" if place is None else f"more than is left of line {place + 1}"
        )
        self.place = place


@attrs.frozen(kw_only=True)
class Credit:
    """The lines and sums of a credit note; `places` are those of the invoice's lines that they are of, from 0."""

    lines: tuple[Line, ...]
    places: tuple[int, ...]
    totals: Totals


def left_of(lines: Sequence[Line], credits_: Sequence[Credit]) -> tuple[Line, ...]:
    """The invoice's `lines` with the quantity and the amount that earlier credit notes left of each."""
    left = list(lines)
    for credit in credits_:
        for place, line in zip(credit.places, credit.lines, strict=True):
            left[place] = attrs.evolve(
                left[place],
                quantity=Rate(left[place].quantity - line.quantity),
                amount=rounded(left[place].amount - line.amount),
            )
    return tuple(left)


def credit(
    lines: Sequence[Line],
    totals: Totals,
    earlier: Sequence[Credit],
    wanted: Mapping[int, Decimal | None] | None = None,
) -> Credit:
    """The next credit note on an invoice of `lines` and `totals`.

    `earlier` are the credit notes before it; `wanted` are quantities by the place of the line, None for all that is left of
    it; without `wanted` it takes all that is left. The VAT of a rate is that of what is left once all of its base is taken, so that the credit notes add up to the invoice.

    Raises:
        TooMuchCreditedError: more than is left, or nothing is.
        AmountTooLargeError: a sum has more digits than the wire carries.
    """
    left = left_of(lines, earlier)
    if wanted is None:
        wanted = {place: None for place, line in enumerate(left) if line.quantity or line.amount}
    taken = {place: _take(place, left[place], quantity) for place, quantity in sorted(wanted.items())}
    sums = _totals(left, totals, earlier, tuple(taken.values()))
    gross_left = totals.gross - sum((credit.totals.gross for credit in earlier), _NOTHING)
    if not 0 < sums.gross <= gross_left:
        raise TooMuchCreditedError(None)
    return Credit(lines=tuple(taken.values()), places=tuple(taken), totals=sums)


def _take(place: int, left: Line, quantity: Decimal | None) -> Line:
    wanted = left.quantity if quantity is None else quantity
    if not 0 < wanted <= left.quantity:
        raise TooMuchCreditedError(place)
    amount = left.amount
    if wanted < left.quantity:
        # pieces rounded up may come to more than the whole, whose last cent is then gone already
        amount = min(rounded(wanted * left.unit_price * (1 - left.discount_rate)), left.amount, key=abs)
    return attrs.evolve(left, quantity=Rate(wanted), amount=amount)


def _totals(left: Sequence[Line], totals: Totals, earlier: Sequence[Credit], taken: Sequence[Line]) -> Totals:
    vat_left = {line.rate: line.vat for line in totals.vat_lines}
    for credit in earlier:
        for line in credit.totals.vat_lines:
            vat_left[line.rate] -= line.vat
    bases_left, bases = _bases(left), _bases(taken)
    vat_lines = tuple(
        VatLine(
            rate=Rate(rate),
            base=rounded(base),
            # pieces rounded up may come to more than the whole's
            vat=rounded(vat_left[rate] if base == bases_left[rate] else min(rounded(base * rate), vat_left[rate])),
        )
        for rate, base in sorted(bases.items(), reverse=True)
    )
    net = sum((line.base for line in vat_lines), _NOTHING)
    vat = sum((line.vat for line in vat_lines), _NOTHING)
    return Totals(net=rounded(net), vat=rounded(vat), gross=rounded(net + vat), vat_lines=vat_lines)


def _bases(lines: Sequence[Line]) -> dict[Decimal, Decimal]:
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, _NOTHING) + line.amount
    return bases
