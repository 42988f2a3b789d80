"""Lists of models as Arrow tables: exact, whole, and the same columns whatever the records."""

from __future__ import annotations

import decimal
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sekur_sdk import ArgumentError, models
from sekur_sdk.models import device
from sekur_sdk.models.scalars import Amount
from sekur_sdk.reports import arrow_schema, iter_batches, to_arrow
from sekur_sdk.wire import decode

PARIS = ZoneInfo("Europe/Paris")


# types


def test_columns_have_the_types_of_the_contract():
    schema = arrow_schema(models.Invoice)
    totals, lines = schema.field("totals").type, schema.field("lines").type
    assert schema.field("created_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("issued_on").type == pa.date32()
    assert schema.field("version").type == pa.int64()
    assert schema.field("status").type == pa.string()
    assert schema.field("notes").type.value_type == pa.string()
    assert totals.field("net").type == pa.decimal128(14, 2)
    assert lines.value_type.field("quantity").type == pa.decimal128(16, 4)
    assert schema.field("buyer").type.field("name").type == pa.string()


def test_columns_stand_in_the_order_of_the_fields():
    assert arrow_schema(models.Shift).names == [field.name for field in attrs.fields(models.Shift)]


def test_what_may_be_none_is_nullable_and_nothing_else_is():
    schema = arrow_schema(models.Alert)
    assert (schema.field("score").type, schema.field("score").nullable) == (pa.float64(), True)
    assert (schema.field("silent").type, schema.field("silent").nullable) == (pa.bool_(), False)
    assert schema.field("fix").nullable
    assert not schema.field("fix").type.field("lat").nullable


def test_a_model_with_a_field_that_is_no_column_is_refused_by_name():
    with pytest.raises(ArgumentError, match=r"^model: Page\.items: no column type for ~ItemT$"):
        arrow_schema(models.Page)


@attrs.frozen
class Odd:
    value: Literal["a"]


@attrs.frozen
class Mixed:
    value: tuple[int, str]


@attrs.frozen
class Either:
    value: int | str


@pytest.mark.parametrize("model", [Odd, Mixed, Either])
def test_what_has_no_type_in_arrow_is_refused_and_never_guessed(model):
    with pytest.raises(ArgumentError, match=rf"^model: {model.__name__}\.value: no column type for "):
        arrow_schema(model)


@pytest.mark.parametrize("model", [int, "Shift", None])
def test_a_class_that_is_no_model_is_refused(model):
    with pytest.raises(ArgumentError, match="give a class, as in model=Shift"):
        arrow_schema(model)


# values


def test_money_is_exact(invoice):
    [row] = to_arrow([invoice]).to_pylist()
    assert row["totals"]["net"] == invoice.totals.net
    assert [line["quantity"] for line in row["lines"]] == [line.quantity for line in invoice.lines]
    assert type(row["totals"]["net"]) is Decimal


@pytest.mark.parametrize("text", ["9999999999.99", "-9999999999.99", "0.01", "-0.01", "0"])
def test_every_amount_that_the_wire_reads_fits(text):
    totals = decode(f'{{"net": "{text}", "vat": "0", "gross": "{text}", "vat_lines": []}}'.encode(), models.Totals)
    assert to_arrow([totals])["net"].to_pylist() == [Decimal(text)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (Decimal("1.005"), "expected at most 2 decimals; nothing is rounded"),
        (Decimal("NaN"), "expected a finite decimal"),
        (Decimal("-Infinity"), "expected a finite decimal"),
        (Decimal("1E+12"), "expected at most 12 digits before the point"),
        (12.5, "expected a Decimal, got float"),
        (None, "expected a Decimal, got NoneType"),
    ],
)
def test_money_that_does_not_fit_is_an_error_that_says_where(invoice, value, reason):
    bad = attrs.evolve(invoice, lines=(*invoice.lines, attrs.evolve(invoice.lines[0], amount=value)))
    with pytest.raises(ArgumentError) as caught:
        to_arrow([invoice, bad])
    assert caught.value.parameter == f"records[1].lines[{len(invoice.lines)}].amount"
    assert caught.value.reason == reason


def test_money_does_not_depend_on_the_decimal_context(invoice):
    with decimal.localcontext() as context:
        context.prec = 3
        row = to_arrow([attrs.evolve(invoice.totals, net=Decimal("9999999999.9900"))])
    assert row["net"].to_pylist() == [Decimal("9999999999.99")]


@pytest.mark.parametrize("text", ["1E+3", "0E+30", "0E-30", "-0.00", "1." + "0" * 60])
def test_a_decimal_may_be_written_in_any_way(invoice, text):
    table = to_arrow([attrs.evolve(invoice.totals, net=Decimal(text))])
    assert table["net"].to_pylist() == [Decimal(text)]


def test_times_are_in_utc_whatever_their_zone(shift):
    zones = [PARIS, UTC, timezone(timedelta(hours=5, minutes=45)), ZoneInfo("America/Cayenne")]
    moved = [attrs.evolve(shift, starts_at=shift.starts_at.astimezone(zone)) for zone in zones]
    assert set(to_arrow(moved)["starts_at"].to_pylist()) == {shift.starts_at}


def test_the_hour_that_comes_twice_stays_two_hours(shift):
    nights = [datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1)]
    first, second = to_arrow([attrs.evolve(shift, starts_at=night) for night in nights])["starts_at"].to_pylist()
    assert second - first == timedelta(hours=1)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_naive_time_is_refused(shift):
    with pytest.raises(ArgumentError, match=r"^records\[0\]\.starts_at: .* got a naive one$"):
        to_arrow([attrs.evolve(shift, starts_at=datetime(2026, 11, 7, 20))])  # noqa: DTZ001  # the case


def test_a_time_before_the_first_of_utc_is_refused(shift):
    with pytest.raises(ArgumentError, match="out of range in UTC"):
        to_arrow([attrs.evolve(shift, starts_at=datetime.min.replace(tzinfo=timezone(timedelta(hours=1))))])


def test_an_enum_value_that_this_release_does_not_know_is_kept(shift):
    known, unknown = to_arrow([shift, attrs.evolve(shift, status=models.ShiftStatus("swapped"))])["status"].to_pylist()
    assert (known, unknown) == ("published", "swapped")


def test_none_is_null_and_not_a_number_nor_an_empty_text(shift):
    column = to_arrow([shift, attrs.evolve(shift, employee_id="")])["employee_id"]
    assert (column.to_pylist(), column.null_count) == ([None, ""], 1)


def test_a_nested_model_that_is_none_is_null_whole(plain):
    moment = datetime(2026, 11, 7, 22, tzinfo=UTC)
    fix = models.Fix(lat=48.85, lon=2.35, fix_at=moment, age_s=1.5, source=models.FixSource.GNSS)
    table = to_arrow([device.PositionBody(fix=None), device.PositionBody(fix=fix)])
    assert table["fix"].to_pylist() == [None, plain(fix)]
    table.validate(full=True)


def test_a_list_within_a_record_may_be_empty(invoice):
    assert to_arrow([attrs.evolve(invoice, lines=(), notes=())])["lines"].to_pylist() == [[]]


def test_the_subject_of_an_event_is_its_json(shift):
    moment = shift.starts_at
    known = models.Event(id=1, type=models.EventType.SHIFT_CREATED, at=moment, subject=shift)
    unknown = models.Event(
        id=2, type=models.EventType("robot.started"), at=moment, subject=models.UnknownSubject('{"é": 1}'.encode())
    )
    first, second = to_arrow([known, unknown])["subject"].to_pylist()
    assert decode(first.encode(), models.Shift) == shift
    assert second == '{"é": 1}'


def test_the_subject_of_an_event_is_checked_as_any_record(shift):
    wrong = attrs.evolve(shift, starts_at=datetime(2026, 11, 7))  # noqa: DTZ001  # the case
    event = models.Event(id=1, type=models.EventType.SHIFT_CREATED, at=shift.starts_at, subject=wrong)
    with pytest.raises(ArgumentError, match=r"^records\[0\]\.subject\.starts_at: .*naive"):
        to_arrow([event])
    with pytest.raises(ArgumentError, match=r"^records\[0\]\.subject: expected Absence or .*, got Position$"):
        to_arrow([attrs.evolve(event, subject=models.Position.__new__(models.Position))])


def test_the_subject_of_an_event_that_the_wire_can_not_carry_is_refused(invoice):
    wide = attrs.evolve(invoice, totals=attrs.evolve(invoice.totals, net=Amount("999999999999")))
    event = models.Event(id=1, type=models.EventType.INVOICE_ISSUED, at=invoice.created_at, subject=wide)
    with pytest.raises(ArgumentError, match=r"^records\[0\]\.subject: can't be written as JSON$"):
        to_arrow([event])


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("post", 7, "expected a str, got int"),
        ("post", "half \ud83d", "expected text that UTF-8 can spell, got half of a surrogate pair"),
        ("break_minutes", 30.0, "expected an int, got float"),
        ("break_minutes", True, "expected an int, got bool"),
        ("break_minutes", 2**63, "expected a whole number of 64 bits"),
        ("starts_at", date(2026, 11, 7), "expected a datetime with a time zone, got date"),
    ],
)
def test_a_value_of_another_type_is_an_error_without_the_value(shift, field, value, reason):
    with pytest.raises(ArgumentError) as caught:
        to_arrow([attrs.evolve(shift, **{field: value})])
    assert (caught.value.parameter, caught.value.reason) == (f"records[0].{field}", reason)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_day_is_no_moment(invoice):
    with pytest.raises(ArgumentError, match=r"^records\[0\]\.issued_on: expected a date, got datetime$"):
        to_arrow([attrs.evolve(invoice, issued_on=invoice.created_at)])


def test_a_whole_number_may_stand_for_a_real_one_and_text_may_not():
    gap = device.DeviceSettings(pre_alarm_s=15)
    assert to_arrow([gap])["pre_alarm_s"].to_pylist() == [15.0]
    with pytest.raises(ArgumentError, match="expected a float, got str"):
        to_arrow([attrs.evolve(gap, pre_alarm_s="15")])


# which columns


def test_an_empty_list_has_the_columns_of_its_class():
    table = to_arrow([], model=models.Invoice)
    assert (table.num_rows, table.schema) == (0, arrow_schema(models.Invoice))


def test_an_empty_list_without_a_class_says_what_to_do():
    with pytest.raises(ArgumentError, match=r"^model: .* as in model=Shift$"):
        to_arrow([])


def test_columns_do_not_depend_on_the_first_record(shift):
    bare, full = shift, attrs.evolve(shift, employee_id="emp_1", notes="Relève")
    assert to_arrow([bare, full]).schema == to_arrow([full, bare]).schema == arrow_schema(models.Shift)


def test_a_record_of_another_class_is_refused(shift, invoice):
    with pytest.raises(ArgumentError, match=r"^records\[1\]: expected Shift, got Invoice$"):
        to_arrow([shift, invoice])
    with pytest.raises(ArgumentError, match=r"^records\[0\]: expected Invoice, got Shift$"):
        to_arrow([shift], model=models.Invoice)


@pytest.mark.parametrize(
    ("records", "advice"),
    [
        (models.Page(items=()), "not a list of models, but Page: give its items"),
        (models.UnknownSubject(b"{}"), "not a list of models, but UnknownSubject: give a list, a pager or another iterable"),
        (None, "not a list of models, but NoneType: give a list, a pager or another iterable"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_advice(records, advice):
    with pytest.raises(ArgumentError) as caught:
        to_arrow(records)
    assert (caught.value.parameter, caught.value.reason) == ("records", advice)


# batches


def test_batches_have_the_asked_size_and_the_columns_of_the_table(shift):
    shifts = [attrs.evolve(shift, version=number) for number in range(25)]
    batches = list(iter_batches(shifts, 10))
    assert [batch.num_rows for batch in batches] == [10, 10, 5]
    assert pa.Table.from_batches(batches).equals(to_arrow(shifts))


def test_a_bad_record_of_a_later_batch_is_counted_from_the_start(shift):
    shifts = [shift] * 14 + [attrs.evolve(shift, version="x")]
    with pytest.raises(ArgumentError, match=r"^records\[14\]\.version: "):
        list(iter_batches(shifts, 10))


def test_no_records_are_no_batch():
    assert list(iter_batches([], model=models.Shift)) == []


@pytest.mark.parametrize("size", [0, -1, 2.5, True])
def test_a_batch_size_that_is_none_is_told_at_the_call(shift, size):
    with pytest.raises(ArgumentError, match=r"^size: give a whole number, 1 or more$"):
        iter_batches([shift], size)


def test_records_are_read_as_batches_are_asked_for(shift):
    read = []

    def records():
        for number in range(100):
            read.append(number)
            yield shift

    batches = iter_batches(records(), 10, model=models.Shift)
    assert read == []
    next(batches)
    assert len(read) == 10


def test_memory_is_that_of_a_batch_and_not_of_the_list(shift):
    def peak(count):
        before, arrow = pa.total_allocated_bytes(), 0
        tracemalloc.start()
        for _ in iter_batches((attrs.evolve(shift) for _ in range(count)), 200):
            arrow = max(arrow, pa.total_allocated_bytes() - before)
        python = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return python + arrow

    peak(200)
    assert peak(6000) < 1.5 * peak(600)


def test_a_parquet_file_gives_back_what_was_written(invoice, tmp_path):
    table = to_arrow([invoice, attrs.evolve(invoice, number=None, lines=())])
    pq.write_table(table, tmp_path / "invoices.parquet")
    assert pq.read_table(tmp_path / "invoices.parquet").equals(table)
