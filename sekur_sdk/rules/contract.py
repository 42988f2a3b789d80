"""Deadlines and dues of a subscription to SEKUR (SEKUR terms art. 8 to 10, 16, 18, 21, 23, 25, 32).

Amounts are euros excluding VAT unless said otherwise. A month's deadline on a day that the month lacks falls on its last
day. The terms bear no date; their values are in `data/sekur_terms.json`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.rules.civil_time import (
    NO_TIME,
    ONE_DAY,
    PARIS,
    Span,
    add_months,
    as_utc,
    days,
    days_touched,
    hours,
)
from sekur_sdk.rules.dated import decimal_tables, in_force
from sekur_sdk.rules.invoicing import late_rate, recovery_fee, rounded
from sekur_sdk.rules.public_holidays import METROPOLE, HolidayCalendar

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SATURDAY = 5
DAYS_A_YEAR = 365


class DuesReading(StrEnum):
    """What of the term is "non encore exécutée" (art. 16.3.1).

    `WHOLE_INSTALMENTS`, the default: the payments still to fall due, the current month being paid in advance.
    `CALENDAR_PRORATA`: the days left of the current month too.
    """

    WHOLE_INSTALMENTS = "whole_instalments"
    CALENDAR_PRORATA = "calendar_prorata"


class PostponementReading(StrEnum):
    """What "48h (week-end et jours fériés)" means (art. 8.1), a word being missing.

    `A`, the default, being the client's: weekends and holidays count as time. `B`: they are left out.
    """

    A = "A"
    B = "B"


@attrs.frozen(kw_only=True)
class TerminationDeadline:
    """The last days for the registered letter before an anniversary; `safe` is the earlier reading of "2 mois (60 jours)"."""

    anniversary: date
    by_days: date
    by_months: date
    safe: date


@attrs.frozen(kw_only=True)
class RemainingDues:
    """What an early end makes due at once, in euros; `pay_by` is the last day before it is a "trouble manifeste"."""

    term_end: date
    whole_instalments: int
    amount: Decimal
    pay_by: date


@attrs.frozen(kw_only=True)
class Reversibility:
    """The last days to download, to ask for help, of the data, of the account's data and of confidentiality."""

    download_until: date
    assistance_request_until: date
    content_destroyed_after: date
    account_data_until: date
    confidentiality_until: date


@attrs.frozen(kw_only=True)
class LatePayment:
    """What a late payment adds, in euros without VAT: interest and the flat recovery indemnity."""

    days: int
    interest: Decimal
    indemnity: Decimal


def anniversary(go_live: date, after: date) -> date:
    """The first day after `after` on which the contract renews: go-live and every 12 months from it.

    Source: SEKUR terms art. 10.1, 10.2.
    """
    term = _months("term_months", go_live)
    count = max((after.year - go_live.year) * 12 + after.month - go_live.month, 0) // term
    while add_months(go_live, term * max(count, 1)) <= after:
        count += 1
    return add_months(go_live, term * max(count, 1))


def contract_year(go_live: date, on: date) -> tuple[date, date]:
    """The contract year of a day: its first day and the first of the next. It starts at go-live, not in January.

    Source: SEKUR terms art. 12.1 ("par an" from go-live, the advised reading).

    Raises:
        ValueError: the day is before go-live.
    """
    if on < go_live:
        raise ValueError(f"the service goes live on {go_live}, after {on}")
    term, until = _months("term_months", go_live), anniversary(go_live, on)
    count = 1
    while add_months(go_live, term * count) < until:
        count += 1
    return add_months(go_live, term * (count - 1)), until


def termination_deadline(go_live: date, *, today: date | None = None) -> TerminationDeadline:
    """Until when notice is to be given, for the first anniversary or for the next one after `today`.

    Source: SEKUR terms art. 16.1: "2 mois (60 jours)", which are not the same; the earlier is safe.
    """
    renewal = anniversary(go_live, go_live if today is None else max(today, go_live))
    by_days = renewal - timedelta(days=int(_term("notice_days", go_live)))
    by_months = add_months(renewal, -_months("notice_months", go_live))
    return TerminationDeadline(anniversary=renewal, by_days=by_days, by_months=by_months, safe=min(by_days, by_months))


def remaining_dues(
    go_live: date,
    ended: date,
    monthly: Decimal,
    *,
    reading: DuesReading = DuesReading.WHOLE_INSTALMENTS,
) -> RemainingDues:
    """What is due at once when the contract ends early for want of payment or without cause.

    Instalments fall due on go-live's day of each month; one that falls due on the day of the end is still to be paid. The
    prorata counts the day of the end, over the days of that instalment's month. A contract that ends on its anniversary
    owes nothing more. Source: SEKUR terms art. 16.3.1, 16.3.2.

    Raises:
        ValueError: it ends before go-live, or a negative price.
    """
    if ended < go_live:
        raise ValueError(f"the contract ends on {ended}, before it goes live on {go_live}")
    if monthly < 0:
        raise ValueError(f"a price is not negative: {monthly}")
    term_end = anniversary(go_live, max(ended - ONE_DAY, go_live))
    paid = 0
    while add_months(go_live, paid) < ended:
        paid += 1
    left = 0
    while add_months(go_live, paid + left) < term_end:
        left += 1
    amount = monthly * left
    following = add_months(go_live, paid)
    if reading is DuesReading.CALENDAR_PRORATA and paid:
        current = add_months(go_live, paid - 1)
        amount += monthly * (following - ended).days / (following - current).days
    return RemainingDues(
        term_end=term_end,
        whole_instalments=left,
        amount=rounded(amount),
        pay_by=ended + timedelta(days=int(_term("dues_payment_days", ended))),
    )


def reversibility(effective_end: date, *, restitution_requested_on: date | None = None) -> Reversibility:
    """The deadlines that follow the end of a contract.

    A request for restitution received in time has 30 days (art. 21.2.2), which may pass the month after which the data may
    be destroyed (art. 21.4): it suspends the destruction, the advised reading. Source: SEKUR terms art. 18.1, 21, 32.9.

    Raises:
        ValueError: the request comes after the data's destruction.
    """
    destroyed = add_months(effective_end, _months("destruction_months", effective_end))
    if restitution_requested_on is not None:
        if restitution_requested_on > destroyed:
            raise ValueError(
                f"the data may be destroyed after {destroyed}, before a request of {restitution_requested_on}"
            )
        answer = restitution_requested_on + timedelta(days=int(_term("restitution_days", effective_end)))
        destroyed = max(destroyed, answer)
    return Reversibility(
        download_until=add_months(effective_end, _months("download_months", effective_end)),
        assistance_request_until=add_months(effective_end, _months("assistance_months", effective_end)),
        content_destroyed_after=destroyed,
        account_data_until=add_months(effective_end, _months("account_data_months", effective_end)),
        confidentiality_until=add_months(effective_end, _months("confidentiality_months", effective_end)),
    )


def open_time(span: Span, *, calendar: HolidayCalendar = METROPOLE, zone: ZoneInfo = PARIS) -> timedelta:
    """The time of `span` outside Saturdays, Sundays and public holidays."""
    total = NO_TIME
    for day in days_touched(span, zone):
        part = span.clipped(days(day, day + ONE_DAY, zone))
        if part is not None and day.weekday() < SATURDAY and day not in calendar:
            total += part.duration
    return total


def postponement_fee(
    asked_at: datetime,
    training_at: datetime,
    *,
    reading: PostponementReading = PostponementReading.A,
    calendar: HolidayCalendar = METROPOLE,
    zone: ZoneInfo = PARIS,
) -> Decimal:
    """What it costs to put off a training: 50 euros less than 48 hours before, at exactly 48 hours nothing.

    Asked at the training's hour or later it costs the same. Source: SEKUR terms art. 8.1.

    Raises:
        ValueError: a naive time.
    """
    asked, training = as_utc(asked_at), as_utc(training_at)
    on = asked.astimezone(zone).date()
    notice = NO_TIME
    if asked < training:
        span = Span(asked, training)
        notice = span.duration if reading is PostponementReading.A else open_time(span, calendar=calendar, zone=zone)
    in_time = hours(notice) >= _term("postponement_hours", on)
    return rounded(Decimal(0) if in_time else _term("postponement_fee", on))


def late_payment(gross: Decimal, *, due_on: date, paid_on: date, legal_rate: Decimal | None = None) -> LatePayment:
    """Interest at three times the legal rate on `gross` euros (VAT included), by the day over 365, and 40 euros.

    `legal_rate` is a yearly fraction, None for that of the half-year of `due_on`. The terms leave out the 40 euros, which
    the law makes due between professionals. Source: SEKUR terms art. 8.4, C. com. art. L441-10 and D441-5.

    Raises:
        ValueError: a negative amount.
    """
    if gross < 0:
        raise ValueError(f"an amount due is not negative: {gross}")
    late_days = max((paid_on - due_on).days, 0)
    rate = late_rate(due_on) if legal_rate is None else legal_rate * late_rate_multiple(due_on)
    return LatePayment(
        days=late_days,
        interest=rounded(gross * rate * late_days / DAYS_A_YEAR),
        indemnity=recovery_fee(due_on) if late_days else rounded(Decimal(0)),
    )


def late_rate_multiple(on: date) -> Decimal:
    """How many times the legal rate late penalties are. Source: C. com. art. L441-10, II; SEKUR terms art. 8.4."""
    return in_force(decimal_tables("invoicing")["late_rate_multiple"], on).value


def defect_claim_deadline(supplied_on: date) -> date:
    """The last day to report a defect of conformity of what was supplied. Source: SEKUR terms art. 9 (8 days)."""
    return supplied_on + timedelta(days=int(_term("defect_days", supplied_on)))


def liability_claim_deadline(breached_on: date) -> date:
    """The last day to hold SEKUR liable: one year from the breach. Source: SEKUR terms art. 23."""
    return add_months(breached_on, _months("liability_months", breached_on))


def claim_deadline(service_ended_on: date) -> date:
    """The last day of any claim: one year from the end of what was provided. Source: SEKUR terms art. 25."""
    return add_months(service_ended_on, _months("claim_months", service_ended_on))


def liability_cap(service_fees: Decimal, fees_of_last_12_months: Decimal) -> Decimal:
    """The most SEKUR is liable for, in euros: the lower of two caps; never for death or bodily harm.

    Source: SEKUR terms art. 23, first and last paragraphs, which differ; the minimum of both is the advised reading.
    """
    return rounded(min(service_fees, fees_of_last_12_months))


def _term(name: str, on: date) -> Decimal:
    return in_force(decimal_tables("sekur_terms")[name], on).value


def _months(name: str, on: date) -> int:
    return int(_term(name, on))
