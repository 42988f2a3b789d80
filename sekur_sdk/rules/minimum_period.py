"""The shortest period of work that is planned and paid: 4 hours from March 2022, 6 from July 2026."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.rules.civil_time import PARIS, Span, hours, local_date, merged, total_duration
from sekur_sdk.rules.dated import decimal_tables, in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from zoneinfo import ZoneInfo


class PeriodReading(StrEnum):
    """What parts of work separated by unpaid gaps are one period.

    `GAP` is the text of 2021, read in full: gaps of up to 2 hours. `SPAN` is what secondary sources say of the avenant
    of 26 November 2024: from the first start to the last end, up to 12 hours; its wording was not seen.
    """

    GAP = "gap"
    SPAN = "span"


@attrs.frozen
class WorkPeriod:
    """A period of work: hours `worked` and hours `paid`, the minimum if that is more."""

    parts: tuple[Span, ...]
    worked: Decimal
    paid: Decimal

    @property
    def span(self) -> Span:
        """From the first start to the last end."""
        return Span(self.parts[0].start, self.parts[-1].end)

    @property
    def topped_up(self) -> Decimal:
        """The hours paid and not worked."""
        return self.paid - self.worked


def minimum_period_hours(on: date) -> Decimal:
    """The hours below which no period of work may be planned or paid; 0 before there was such a rule.

    Source: IDCC 1351 art. 7.13 (accord of 1 April 2021); 6 hours by the avenants of 26 November 2024 and 3 October 2025,
    in force 1 July 2026 by secondary sources.
    """
    return in_force(decimal_tables("payroll")["minimum_period_hours"], on).value


def work_periods(
    parts: Iterable[Span], *, reading: PeriodReading = PeriodReading.GAP, zone: ZoneInfo = PARIS
) -> tuple[WorkPeriod, ...]:
    """The periods that `parts` of work make, each with what it is paid; the rule of the local day it starts on holds.

    On-call work, medical visits, meetings and interviews are no such periods: leave them out. The hours topped up are no
    effective work: they count neither for a panier nor for overtime. Source: IDCC 1351 art. 7.12 and 7.13.
    """
    periods: list[list[Span]] = []
    for part in merged(parts):
        if periods and _is_one_period(periods[-1], part, reading, zone):
            periods[-1].append(part)
        else:
            periods.append([part])
    return tuple(_paid(tuple(period), zone) for period in periods)


def _is_one_period(period: list[Span], part: Span, reading: PeriodReading, zone: ZoneInfo) -> bool:
    tables, day = decimal_tables("payroll"), local_date(period[0].start, zone)
    if reading is PeriodReading.SPAN:
        return hours(part.end - period[0].start) <= in_force(tables["period_span_hours"], day).value
    return hours(part.start - period[-1].end) <= in_force(tables["period_gap_hours"], day).value


def _paid(parts: tuple[Span, ...], zone: ZoneInfo) -> WorkPeriod:
    worked = hours(total_duration(parts))
    return WorkPeriod(parts, worked, max(worked, minimum_period_hours(local_date(parts[0].start, zone))))
