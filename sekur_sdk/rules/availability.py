"""The availability SEKUR promises and the penalty when it is missed (SEKUR terms art. 12 and 13).

Durations are decimal minutes, amounts euros excluding VAT; a penalty bears no VAT (art. 13.4). The terms bear no date; `on`
is the day the contract year began.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.rules.dated import decimal_tables, in_force
from sekur_sdk.rules.invoicing import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

WHOLE = Decimal(1)


class OutageKind(StrEnum):
    """Why the service was down; correcting a bug counts as any fault of the platform (art. 12.3)."""

    PLATFORM = "platform"
    INTERNET = "internet"
    PLANNED_MAINTENANCE = "planned_maintenance"


class PenaltyReading(StrEnum):
    """What "minutes consécutives d'indisponibilité" (art. 13.2) are paid for once the year's allowance is exhausted.

    `CROSSING`, the default: the outage that exhausts it and those that follow, each whole. `EXCESS`: the minutes beyond
    the allowance. `ALL`: every minute of the year.
    """

    CROSSING = "crossing"
    EXCESS = "excess"
    ALL = "all"


class FeeYear(StrEnum):
    """The year that the yearly fee is spread over: 365 days (the default, since the fee is a year's) or 12 months of 30."""

    DAYS_365 = "days_365"
    MONTHS_OF_30_DAYS = "months_of_30_days"


@attrs.frozen
class Outage:
    """An outage of so many minutes; `notice_days` is the notice given of planned maintenance."""

    minutes: Decimal = attrs.field(validator=attrs.validators.ge(Decimal(0)))
    kind: OutageKind = OutageKind.PLATFORM
    notice_days: Decimal = Decimal(0)


@attrs.frozen(kw_only=True)
class Assessment:
    """A year's availability and what is due for it.

    `availability` is a fraction of the year, `minute_rate` the R of art. 13.2 in euros a minute, `minutes` its M, `penalty`
    what is due after earlier penalties and the cap. It is owed only after formal notice and with the client's proof
    (art. 13.3). With `cap_reached` the client may ask for a lower price (art. 13.5).
    """

    downtime: Decimal
    availability: Decimal
    allowance: Decimal
    breached: bool
    minute_rate: Decimal
    minutes: Decimal
    penalty: Decimal
    cap: Decimal
    cap_reached: bool


def counted_minutes(outages: Sequence[Outage], *, on: date) -> tuple[Decimal, ...]:
    """The minutes of each outage of a contract year that count as downtime, in the order given.

    Not the Internet's faults, nor maintenance announced 10 days before, up to 24 hours a year together; what exceeds them
    or comes with less notice counts. Source: SEKUR terms art. 12.2, 12.3.
    """
    spare = _term("maintenance_minutes_a_year", on)
    counted = []
    for outage in outages:
        minutes = outage.minutes
        if outage.kind is OutageKind.INTERNET:
            minutes = Decimal(0)
        elif outage.kind is OutageKind.PLANNED_MAINTENANCE and outage.notice_days >= _term(
            "maintenance_notice_days", on
        ):
            excused = min(spare, minutes)
            spare -= excused
            minutes -= excused
        counted.append(minutes)
    return tuple(counted)


def allowance_minutes(on: date) -> Decimal:
    """The minutes a year that the service may be down: 0.3 % of 365 days, in leap years too. Source: art. 12.1, 13.2."""
    return _term("minutes_a_year", on) * (1 - _term("availability", on))


def minute_rate(yearly_fee: Decimal, *, on: date, fee_year: FeeYear = FeeYear.DAYS_365) -> Decimal:
    """R: twice the yearly fee in euros over the minutes of a year, unrounded. Source: SEKUR terms art. 13.2."""
    return yearly_fee * _term("penalty_multiple", on) / _fee_minutes(on, fee_year)


def penalty_cap(yearly_fee: Decimal, *, on: date) -> Decimal:
    """The most that 12 months' penalties come to, in euros: 10 % of the yearly fee. Source: SEKUR terms art. 13.5."""
    return rounded(yearly_fee * _term("penalty_cap", on))


def cap_minutes(*, on: date, fee_year: FeeYear = FeeYear.DAYS_365) -> Decimal:
    """The penalised minutes after which the cap is reached, whatever the fee (26,280). Source: art. 13.2, 13.5."""
    return _term("penalty_cap", on) * _fee_minutes(on, fee_year) / _term("penalty_multiple", on)


def assess(
    yearly_fee: Decimal,
    outages: Sequence[Outage],
    *,
    on: date,
    reading: PenaltyReading = PenaltyReading.CROSSING,
    fee_year: FeeYear = FeeYear.DAYS_365,
    already_paid: Decimal = Decimal(0),
) -> Assessment:
    """The availability and penalty of a contract year (from go-live or its anniversary), `outages` in the order of time.

    `yearly_fee` is the fee really due for 12 months (11 months' price for who prepays the year); `already_paid` the
    penalties of the 12 months before, which the cap covers too. Whole minutes are paid, and the rate is not rounded.

    Raises:
        ValueError: a fee or earlier penalties below zero.
    """
    if yearly_fee < 0 or already_paid < 0:
        raise ValueError("a fee and penalties are not negative")
    minutes = counted_minutes(outages, on=on)
    downtime = sum(minutes, Decimal(0))
    allowance = allowance_minutes(on)
    breached = downtime > allowance
    penalised = _penalised(minutes, allowance, reading) if breached else Decimal(0)
    rate = minute_rate(yearly_fee, on=on, fee_year=fee_year)
    cap = penalty_cap(yearly_fee, on=on)
    uncapped = rounded(penalised * yearly_fee * _term("penalty_multiple", on) / _fee_minutes(on, fee_year))
    left = max(cap - already_paid, Decimal(0))
    return Assessment(
        downtime=downtime,
        availability=1 - downtime / _term("minutes_a_year", on),
        allowance=allowance,
        breached=breached,
        minute_rate=rate,
        minutes=penalised,
        penalty=rounded(min(uncapped, left)),
        cap=cap,
        cap_reached=breached and uncapped >= left,
    )


def _penalised(minutes: tuple[Decimal, ...], allowance: Decimal, reading: PenaltyReading) -> Decimal:
    total = sum(minutes, Decimal(0))
    if reading is PenaltyReading.EXCESS:
        penalised = total - allowance
    elif reading is PenaltyReading.ALL:
        penalised = total
    else:
        penalised, before = Decimal(0), Decimal(0)
        for outage in minutes:
            before += outage
            if before > allowance:
                penalised += outage
    return penalised.quantize(WHOLE, ROUND_FLOOR)


def _fee_minutes(on: date, fee_year: FeeYear) -> Decimal:
    return _term("minutes_a_year" if fee_year is FeeYear.DAYS_365 else "minutes_a_year_of_30_day_months", on)


def _term(name: str, on: date) -> Decimal:
    return in_force(decimal_tables("sekur_terms")[name], on).value
