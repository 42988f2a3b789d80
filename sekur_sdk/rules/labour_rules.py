"""What the planning checks speak of: their codes and limits, the shifts and the agent they judge, what they find.

Limits are in `data/labour.json`, each from its day on and with its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache

import attrs
import msgspec

from sekur_sdk.rules.civil_time import Span, as_utc, without
from sekur_sdk.rules.dated import Dated, in_force, read_data


class Code(StrEnum):
    """The checks. The figure in a name is the branch's or the law's; the limit applied may be a company's own."""

    DAY_MAX_12H = "DAY_MAX_12H"
    WEEK_MAX_48H = "WEEK_MAX_48H"
    AVG12W_46H = "AVG12W_46H"
    AVG12W_NIGHT_44H = "AVG12W_NIGHT_44H"
    REST_MIN_12H = "REST_MIN_12H"
    REST_MIN_11H = "REST_MIN_11H"
    WEEKLY_REST_35H = "WEEKLY_REST_35H"
    MAX_6_DAYS = "MAX_6_DAYS"
    REST_DAY_AFTER_48H = "REST_DAY_AFTER_48H"
    SUNDAYS_2_PER_MONTH_AVG_3M = "SUNDAYS_2_PER_MONTH_AVG_3M"
    NOTICE_7_DAYS = "NOTICE_7_DAYS"
    NOTICE_48H = "NOTICE_48H"
    PERIOD_MIN_4H = "PERIOD_MIN_4H"
    PERIOD_MIN_6H = "PERIOD_MIN_6H"
    BREAK_20MIN_AT_6H = "BREAK_20MIN_AT_6H"
    DPAE_MISSING = "DPAE_MISSING"
    CARD_MISSING = "CARD_MISSING"
    CARD_EXPIRED = "CARD_EXPIRED"
    CARD_ACTIVITY_MISMATCH = "CARD_ACTIVITY_MISMATCH"
    QUALIF_MISSING = "QUALIF_MISSING"
    DOUBLE_BOOKED = "DOUBLE_BOOKED"
    ABSENT = "ABSENT"
    SUBCONTRACT_RANK_3 = "SUBCONTRACT_RANK_3"


MINIMA = frozenset(
    {
        Code.REST_MIN_12H,
        Code.REST_MIN_11H,
        Code.WEEKLY_REST_35H,
        Code.SUNDAYS_2_PER_MONTH_AVG_3M,
        Code.NOTICE_7_DAYS,
        Code.NOTICE_48H,
        Code.PERIOD_MIN_4H,
        Code.PERIOD_MIN_6H,
        Code.BREAK_20MIN_AT_6H,
    }
)
"""The codes whose limit is the least that is allowed; of the others it is the most."""


class Severity(StrEnum):
    """Whose rule it is: the law's, the branch's, the company's own; `info` for what is only to be known."""

    LAW = "law"
    BRANCH = "branch"
    COMPANY = "company"
    INFO = "info"


class RuleUnit(StrEnum):
    """What a limit counts."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    RANK = "rank"


@attrs.frozen(kw_only=True)
class Rule:
    """A limit as it holds on a day. `text` is French, for planners; `limit` is None where there is nothing to measure.

    No agreement loosens a limit of `public_order`.
    """

    limit: Decimal | None
    unit: RuleUnit | None
    severity: Severity
    public_order: bool
    text: str
    source: str


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    since: date
    limit: str | None
    unit: RuleUnit | None
    severity: Severity
    public_order: bool
    text: str
    source: str


@cache
def _tables() -> dict[Code, tuple[Dated[Rule], ...]]:
    return {
        code: tuple(
            Dated(
                row.since,
                Rule(
                    limit=None if row.limit is None else Decimal(row.limit),
                    unit=row.unit,
                    severity=row.severity,
                    public_order=row.public_order,
                    text=row.text,
                    source=row.source,
                ),
                row.source,
            )
            for row in rows
        )
        for code, rows in read_data("labour", dict[Code, list[_Row]]).items()
    }


@attrs.frozen
class RuleBook:
    """The rules that hold, with the limits that a company agreement sets instead.

    Public order stands above the company, the company above the branch (C. trav. art. L2251-1, L2253-1 to -3).

    Raises:
        ValueError: a limit for what has none, or a looser one where the rule is of public order.
    """

    company_limits: Mapping[Code, Decimal] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for code, limit in self.company_limits.items():
            for dated in _tables()[code]:
                rule = dated.value
                if rule.limit is None:
                    raise ValueError(f"{code} has no limit to set")
                is_looser = limit < rule.limit if code in MINIMA else limit > rule.limit
                if rule.public_order and is_looser:
                    raise ValueError(f"{code} is of public order: no agreement sets {limit} for {rule.limit}")

    def rule(self, code: Code, on: date) -> Rule | None:
        """The rule that holds on a day, or None before there was one."""
        try:
            rule = in_force(_tables()[code], on).value
        except LookupError:
            return None
        if code in self.company_limits:
            return attrs.evolve(
                rule, limit=self.company_limits[code], severity=Severity.COMPANY, source="accord d'entreprise"
            )
        return rule

    def limit(self, code: Code, on: date) -> Decimal | None:
        """The limit that holds on a day, or None before there was one."""
        rule = self.rule(code, on)
        return None if rule is None else rule.limit


class NoticeKind(StrEnum):
    """What was told: the roster or a change of it (7 days), or extra hours asked for now and then (48 hours)."""

    ROSTER = "roster"
    EXTRA_HOURS = "extra_hours"


def _names(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


def _optional_utc(at: datetime | None) -> datetime | None:
    return None if at is None else as_utc(at)


@attrs.frozen(kw_only=True)
class PlannedShift:
    """A shift as the checks see it; what is None is unknown, and not judged.

    `unpaid_breaks` are no work; `break_minutes` are breaks at the post that stay paid. `notified_at` is when the agent
    was told in writing, `agreed` whether a shorter notice was consented to in writing. `is_period` is False for what is
    no period of work: on-call, medical visits, meetings.

    Raises:
        ValueError: a naive time, or an end that is not after the start.
    """

    id: str
    span: Span
    unpaid_breaks: tuple[Span, ...] = ()
    break_minutes: int | None = None
    notified_at: datetime | None = attrs.field(default=None, converter=_optional_utc)
    notice: NoticeKind = NoticeKind.ROSTER
    agreed: bool = False
    is_period: bool = True
    activity: str | None = None
    qualifications: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    subcontract_rank: int = 0

    @property
    def worked(self) -> tuple[Span, ...]:
        """The shift without its unpaid breaks."""
        return without(self.span, self.unpaid_breaks)


@attrs.frozen(kw_only=True)
class HeldCard:
    """A professional card: its last day and the activities it names."""

    expires_on: date
    activities: frozenset[str] = attrs.field(default=frozenset(), converter=_names)


@attrs.frozen(kw_only=True)
class HeldQualification:
    """A qualification (SSIAP, dog handler, SST...) and its last day, None if it has none."""

    name: str
    expires_on: date | None = None


@attrs.frozen(kw_only=True)
class Agent:
    """Of the person who would work, what the checks need; `cards` and `qualifications` are None where unknown.

    `undeclared_from` is the first day of a contract of employment that has no DPAE, None where it has one or is unknown.
    """

    full_time: bool = True
    night_worker: bool = False
    cards: tuple[HeldCard, ...] | None = None
    qualifications: tuple[HeldQualification, ...] | None = None
    absences: tuple[Span, ...] = ()
    undeclared_from: date | None = None


@attrs.frozen(kw_only=True)
class Finding:
    """A rule that the planning breaks: where in time, by which shifts, what was measured and the limit, in `unit`."""

    code: Code
    severity: Severity
    span: Span
    shift_ids: tuple[str, ...]
    measured: Decimal | None
    limit: Decimal | None
    unit: RuleUnit | None
    text: str
    source: str
    public_order: bool = False

    @property
    def blocks(self) -> bool:
        """Whether it stands against publishing."""
        return self.severity is not Severity.INFO

    @property
    def may_be_accepted(self) -> bool:
        """Whether a planner may answer for it: a rule of the branch or the company that is not of public order.

        An agreement, a written consent or what a program can't see (a meeting is no period of work, IDCC 1351 art. 7.12)
        may stand behind it. Nobody is in two places whatever was agreed on.
        """
        is_own = self.severity in (Severity.BRANCH, Severity.COMPANY)
        return is_own and not self.public_order and self.code is not Code.DOUBLE_BOOKED


def finding(code: Code, rule: Rule, span: Span, shift_ids: tuple[str, ...], measured: Decimal | None = None) -> Finding:
    """A finding against `rule`."""
    return Finding(
        code=code,
        severity=rule.severity,
        span=span,
        shift_ids=shift_ids,
        measured=measured,
        limit=rule.limit,
        unit=rule.unit,
        text=rule.text,
        source=rule.source,
        public_order=rule.public_order,
    )
