"""The reference vectors of the trade, each key of `vectors.json`."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sekur_sdk.rules import availability, contract, subscription
from sekur_sdk.rules.availability import FeeYear, Outage, PenaltyReading
from sekur_sdk.rules.civil_time import PARIS, Span, hours
from sekur_sdk.rules.cnaps import is_well_formed
from sekur_sdk.rules.contract import DuesReading, PostponementReading
from sekur_sdk.rules.dated import decimal_tables
from sekur_sdk.rules.invoicing import rounded
from sekur_sdk.rules.labour import check_planning
from sekur_sdk.rules.labour_rules import Agent, PlannedShift
from sekur_sdk.rules.logbook_chain import chain_hash
from sekur_sdk.rules.minimum_period import minimum_period_hours, work_periods
from sekur_sdk.rules.pay_scale import minimum_hourly, minimum_monthly, overtime, seniority_rate
from sekur_sdk.rules.payroll import premium, seniority_premium, shift_pay
from sekur_sdk.rules.payroll_month import PayProfile, month_pay
from sekur_sdk.rules.public_holidays import Region, holidays

if TYPE_CHECKING:
    from collections.abc import Callable

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
COVERED: set[str] = set()
IN_2026 = date(2026, 11, 1)


def vectors(key: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test for each vector of a key."""
    COVERED.add(key)
    held = VECTORS[key]
    cases = [*held.items()] if isinstance(held, dict) else held
    return pytest.mark.parametrize("vector", cases, ids=str)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def span(start: str, end: str) -> Span:
    return Span(local(start), local(end))


def packs(combo: dict[str, int]) -> dict[int, int]:
    return {int(size): count for size, count in combo.items()}


@vectors("licences")
def test_licences(vector: dict[str, Any]) -> None:
    bought = subscription.licences(vector["n"], on=IN_2026)
    assert bought.price == Decimal(vector["monthly_ht"])
    assert bought.packs == packs(vector["combo"])


@vectors("licences_total")
def test_the_subscription_as_a_whole(vector: dict[str, Any]) -> None:
    standard = subscription.subscription(vector["n"], on=IN_2026)
    assert standard.monthly == Decimal(vector["standard_monthly"])
    assert standard.year_prepaid == Decimal(vector["standard_annual_prepaid_11m"])
    assert standard.year_monthly == Decimal(vector["standard_12_monthly"])
    young = subscription.subscription(vector["n"], on=IN_2026, young=True)
    assert young.monthly == Decimal(vector["young_monthly"])
    assert young.year_prepaid == Decimal(vector["young_annual_11m"])
    assert young.year_monthly == Decimal(vector["young_12_monthly"])


@vectors("overage_daily")
def test_overage_by_the_day(vector: dict[str, Any]) -> None:
    assert subscription.overage_days(vector["days"], on=IN_2026) == Decimal(vector["per_account_30day_basis"])


@vectors("fiches")
def test_employee_files(vector: dict[str, Any]) -> None:
    bought = subscription.employee_files(vector["n"], on=IN_2026)
    assert bought.price == Decimal(vector["ht"])
    assert bought.packs == packs(vector["combo"])


@vectors("signatures")
def test_signatures(vector: dict[str, Any]) -> None:
    bought = subscription.signatures(vector["n"], on=IN_2026)
    assert bought.price == Decimal(vector["ht"])
    assert bought.packs == packs(vector["combo"])


def assess(vector: dict[str, Any], outages: str, reading: PenaltyReading) -> availability.Assessment:
    return availability.assess(
        Decimal(vector["fee12"]),
        [Outage(Decimal(minutes)) for minutes in vector[outages]],
        on=IN_2026,
        reading=reading,
    )


@vectors("sla")
def test_availability(vector: dict[str, Any]) -> None:
    excess = assess(vector, "outages", PenaltyReading.EXCESS)
    assert excess.downtime == Decimal(vector["downtime"])
    assert excess.availability.quantize(Decimal("0.0000001")) == Decimal(vector["availability"])
    assert excess.allowance == Decimal(vector["allowance"])
    assert excess.breached == vector["breached"]
    assert excess.minute_rate.quantize(Decimal("0.0000000001")) == Decimal(vector["R"])
    assert excess.minutes == Decimal(vector["chargeable_minutes"])
    assert excess.penalty == Decimal(vector["penalty_excess_only"])
    assert excess.cap == Decimal(vector["cap"])
    assert assess(vector, "outages", PenaltyReading.ALL).penalty == Decimal(vector["penalty_all_minutes"])


@vectors("sla3")
def test_the_three_readings_of_the_penalty(vector: dict[str, Any]) -> None:
    for reading in PenaltyReading:
        assessment = assess(vector, "outage_minutes", reading)
        assert assessment.breached == vector["breach"]
        assert assessment.minute_rate.quantize(Decimal("0.0000000001")) == Decimal(vector["R"])
        assert assessment.minutes == Decimal(vector[f"M_{reading}"])
        assert assessment.penalty == Decimal(vector[f"P_{reading}"])
        assert assessment.cap == Decimal(vector["cap"])


@vectors("sla_const")
def test_the_constants_of_availability(vector: tuple[str, Any]) -> None:
    name, value = vector
    fee = Decimal("2159.76")
    per_1000 = {year: rounded(1000 * availability.minute_rate(fee, on=IN_2026, fee_year=year)) for year in FeeYear}
    known: dict[str, Any] = {
        "minutes_year": decimal_tables("sekur_terms")["minutes_a_year"][0].value,
        "allowance_min": str(availability.allowance_minutes(IN_2026).normalize()),
        "cap_reached_after_minutes": availability.cap_minutes(on=IN_2026),
        "per_fee": "R = fee12*2/525600",
        "alt_360_day": f"{per_1000[FeeYear.MONTHS_OF_30_DAYS]} EUR per 1000 min",
        "std": f"{per_1000[FeeYear.DAYS_365]} EUR per 1000 min",
    }
    assert known[name] == value
    assert availability.minute_rate(Decimal(525600), on=IN_2026) == 2


@vectors("termination")
def test_termination(vector: dict[str, Any]) -> None:
    deadline = contract.termination_deadline(date.fromisoformat(vector["mep"]))
    assert deadline.anniversary == date.fromisoformat(vector["anniversary"])
    assert deadline.by_days == date.fromisoformat(vector["minus_60_days"])
    assert deadline.by_months == date.fromisoformat(vector["minus_2_months"])
    assert deadline.safe == date.fromisoformat(vector["safe_deadline"])


@vectors("remaining_dues")
def test_remaining_dues(vector: dict[str, Any]) -> None:
    go_live, ended = date.fromisoformat(vector["mep"]), date.fromisoformat(vector["terminated"])
    whole = contract.remaining_dues(go_live, ended, Decimal(vector["monthly"]))
    assert whole.term_end == date.fromisoformat(vector["term_end"])
    assert whole.whole_instalments == vector["whole_instalments_left"]
    assert whole.amount == Decimal(vector["due_whole_instalments"])
    prorata = contract.remaining_dues(go_live, ended, Decimal(vector["monthly"]), reading=DuesReading.CALENDAR_PRORATA)
    assert prorata.amount == Decimal(vector["due_with_calendar_prorata"])


@vectors("reversibility")
def test_reversibility(vector: dict[str, Any]) -> None:
    deadlines = contract.reversibility(date.fromisoformat(vector["effective_end"]))
    for name in (
        "download_until",
        "assistance_request_until",
        "content_destroyed_after",
        "account_data_until",
        "confidentiality_until",
    ):
        assert getattr(deadlines, name) == date.fromisoformat(vector[name])


@vectors("training_reschedule")
def test_a_training_put_off(vector: dict[str, Any]) -> None:
    asked, training = local(vector["request"]), local(vector["training"])
    assert float(hours(Span(asked, training).duration)) == vector["elapsed_h"]
    assert float(hours(contract.open_time(Span(asked, training)))) == vector["open_day_h"]
    assert contract.postponement_fee(asked, training) == vector["A_calendar_penalty"]
    read_b = contract.postponement_fee(asked, training, reading=PostponementReading.B)
    assert read_b == vector["B_excl_weekend_holiday_penalty"]


@vectors("late")
def test_late_payment(vector: dict[str, Any]) -> None:
    due_on, paid_on = date.fromisoformat(vector["due"]), date.fromisoformat(vector["paid"])
    for legal_rate in (None, Decimal(vector["legal_rate_pct"]) / 100):
        late = contract.late_payment(Decimal(vector["ttc"]), due_on=due_on, paid_on=paid_on, legal_rate=legal_rate)
        assert late.days == vector["days"]
        assert late.interest == Decimal(vector["interest"])
        assert late.indemnity == Decimal(vector["indemnity"])


@vectors("prepay_shifts")
def test_what_a_shift_earns(vector: dict[str, Any]) -> None:
    pay = shift_pay(span(vector["start"], vector["end"]), vector["coef"])
    assert pay.classes.total == Decimal(vector["hours"])
    assert pay.classes.night == Decimal(vector["night_h"])
    assert pay.classes.sunday == Decimal(vector["sunday_h"])
    assert pay.classes.holiday == Decimal(vector["holiday_h"])
    assert pay.classes.may_day == Decimal(vector["may1_h"])
    assert pay.hourly_minimum.quantize(Decimal("0.0001")) == Decimal(vector["hourly_min"])
    assert pay.base == Decimal(vector["base"])
    assert pay.night_premium == Decimal(vector["night_premium_10pct"])
    assert pay.sunday_premium == Decimal(vector["sunday_premium_10pct"])
    assert pay.holiday_indemnity == Decimal(vector["holiday_indemnity_100pct"])
    assert pay.panier == Decimal(vector["panier_2026"])
    assert pay.dressing == Decimal(vector["dressing_0.1311"])
    assert pay.night_rest_minutes == Decimal(vector["night_rest_min"])


@vectors("ot")
def test_overtime_of_a_week(vector: dict[str, Any]) -> None:
    extra = overtime(Decimal(vector["week_h"]), IN_2026)
    assert (extra.first, extra.further) == (vector["h25"], vector["h50"])
    hourly = minimum_hourly(140, IN_2026)
    assert premium(hourly, extra.first, Decimal("1.25")) == Decimal(vector["pay_h25"])
    assert premium(hourly, extra.further, Decimal("1.50")) == Decimal(vector["pay_h50"])


@vectors("seniority")
def test_seniority(vector: dict[str, Any]) -> None:
    assert seniority_rate(vector["years"], IN_2026) * 100 == vector["pct"]
    assert seniority_premium(140, vector["years"], IN_2026) == Decimal(vector["coef140_full_time"])


@vectors("grid_2026_AE")
def test_the_grid_of_2026(vector: tuple[str, dict[str, str]]) -> None:
    coefficient, row = vector
    assert minimum_monthly(int(coefficient), IN_2026) == Decimal(row["monthly"])
    assert rounded(minimum_hourly(int(coefficient), IN_2026)) == Decimal(row["hourly"])


@vectors("panier_chain")
def test_the_panier_of_each_year(vector: tuple[str, str]) -> None:
    year, amount = vector
    monday = next(day for day in range(2, 9) if date(int(year), 2, day).weekday() == 0)
    pay = shift_pay(span(f"{year}-02-0{monday}T07:00", f"{year}-02-0{monday}T19:00"), 140)
    assert pay.panier == Decimal(amount)


COVERED.update({"holidays_2026", "holidays_2026_moselle_extra"})


def test_holidays_of_2026() -> None:
    metropole = holidays(2026)
    assert [*metropole] == [date.fromisoformat(day) for day in VECTORS["holidays_2026"]]
    extra = holidays(2026, Region.ALSACE_MOSELLE).keys() - metropole.keys()
    assert sorted(extra) == [date.fromisoformat(day) for day in VECTORS["holidays_2026_moselle_extra"]]


@vectors("min_period")
def test_the_shortest_period(vector: dict[str, Any]) -> None:
    day = vector["date"]
    assert minimum_period_hours(date.fromisoformat(day)) == Decimal(vector["min"])
    periods = work_periods(span(f"{day}T{start}", f"{day}T{end}") for start, end in vector["parts"])
    assert [(period.worked, period.paid) for period in periods] == [
        (Decimal(period["worked"]), Decimal(period["paid"])) for period in vector["periods"]
    ]
    assert sum(period.paid for period in periods) == Decimal(vector["paid_total"])


COVERED.add("month_example")


def test_a_month_of_an_agent() -> None:
    vector = VECTORS["month_example"]
    profile = PayProfile(coefficient=140, hired_on=date(2021, 6, 15))
    roster = [span(start, end) for start, end in vector["roster"]]
    pay = month_pay(profile, IN_2026, roster)
    assert pay.worked == Decimal(vector["worked_h"])
    assert {f"{week:%G-W%V}": float(worked) for week, worked in pay.weeks.items()} == vector["weeks"]
    assert {line.code: (line.quantity, line.amount) for line in pay.lines} == {
        line["code"]: (Decimal(line["qty"]), Decimal(line["amount"]) if "amount" in line else None)
        for line in vector["lines"]
    }


def test_the_month_breaks_no_rule() -> None:
    roster = VECTORS["month_example"]["roster"]
    shifts = [PlannedShift(id=start, span=span(start, end)) for start, end in roster]
    assert check_planning(Agent(), shifts) == ()


@vectors("subscription_vat")
def test_vat_on_a_subscription(vector: dict[str, Any]) -> None:
    taxed = subscription.with_vat(Decimal(vector["ht"]), on=IN_2026)
    assert (taxed.net, taxed.vat, taxed.gross) == tuple(Decimal(vector[name]) for name in ("ht", "vat", "ttc"))


@vectors("logbook_chain")
def test_the_chain_of_a_logbook(vector: dict[str, Any]) -> None:
    assert chain_hash(vector["prev_hash"], vector["entry"]) == vector["hash"]


@vectors("cnaps_numbers")
def test_cnaps_numbers(vector: tuple[str, bool]) -> None:
    number, well_formed = vector
    assert is_well_formed(number) == well_formed


def test_each_key_of_the_vectors_has_its_test() -> None:
    assert set(VECTORS) == COVERED
