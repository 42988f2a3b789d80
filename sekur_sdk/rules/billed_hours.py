"""Hours as a client pays them: each once, at the price of one kind; and how much of a billing period is billed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sekur_sdk.models.billing import LineKind
from sekur_sdk.models.contracts import BillingPeriod
from sekur_sdk.models.scalars import Rate
from sekur_sdk.rules.civil_time import NO_TIME, ONE_DAY, PARIS, add_months, hours
from sekur_sdk.rules.hour_classes import SUNDAY, pieces
from sekur_sdk.rules.public_holidays import METROPOLE, HolidayCalendar, is_may_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, timedelta
    from zoneinfo import ZoneInfo

    from sekur_sdk.rules.civil_time import Span
    from sekur_sdk.rules.hour_classes import Piece

HOURLY = (LineKind.HOLIDAY, LineKind.SUNDAY, LineKind.NIGHT, LineKind.DAY)
"""The kinds of hours, the one that goes before the others first."""
_PLACES = Decimal("0.0001")


class UnpricedHoursError(ValueError):
    """Hours were worked for which there is no price; `kind` is theirs."""

    def __init__(self, kind: LineKind) -> None:
        super().__init__(f"no price for {kind} hours")
        self.kind = kind


def billed_hours(
    spans: Iterable[Span],
    priced: Collection[LineKind],
    *,
    calendar: HolidayCalendar = METROPOLE,
    zone: ZoneInfo = PARIS,
) -> dict[LineKind, Decimal]:
    """The hours of `spans` by the kind that they are billed as, to four decimals, in the order of `HOURLY`.

    An hour of several kinds (a Sunday's night) counts once, as the first of `HOURLY` that has a price in `priced`. Spans that
    overlap are those of several people: each counts.

    Raises:
        UnpricedHoursError: hours of whose kinds none has a price.
    """
    sums: dict[LineKind, timedelta] = {}
    for piece in pieces(spans, zone):
        kinds = [kind for kind in HOURLY if _is(piece, kind, calendar)]
        kind = next((kind for kind in kinds if kind in priced), None)
        if kind is None:
            raise UnpricedHoursError(kinds[0])
        sums[kind] = sums.get(kind, NO_TIME) + piece.span.duration
    return {kind: Rate(hours(sums[kind]).quantize(_PLACES, ROUND_HALF_UP)) for kind in HOURLY if kind in sums}


def billing_period(day: date, length: BillingPeriod) -> tuple[date, date]:
    """The first and the last day of the calendar month or quarter that `day` is in."""
    first = day.replace(day=1)
    months = 1
    if length == BillingPeriod.QUARTER:
        first, months = first.replace(month=(day.month - 1) // 3 * 3 + 1), 3
    return first, add_months(first, months) - ONE_DAY


def share_of_period(start: date, end: date, length: BillingPeriod) -> Decimal:
    """Which part of its billing period the days from `start` to `end` are, both included: 1 for all of it."""
    first, last = billing_period(start, length)
    return Decimal((end - start).days + 1) / Decimal((last - first).days + 1)


def units(quantity: Decimal, share: Decimal) -> Decimal:
    """The units of a flat price for a part of a period, to four decimals."""
    return Rate((quantity * share).quantize(_PLACES, ROUND_HALF_UP))


def _is(piece: Piece, kind: LineKind, calendar: HolidayCalendar) -> bool:
    if kind == LineKind.HOLIDAY:
        return piece.day in calendar or is_may_day(piece.day)
    if kind == LineKind.SUNDAY:
        return piece.day.weekday() == SUNDAY
    return kind == LineKind.DAY or piece.is_night
