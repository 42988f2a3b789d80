"""The same table as a frame of pandas or Polars, and what is said when a library is not there."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import attrs
import pytest

from sekur_sdk import models, reports


@pytest.fixture
def devices(shift):
    moment = shift.starts_at
    first = models.Device(
        id="dev_1",
        label="Boîtier 1",
        model="edge",
        status=models.DeviceStatus("lent"),
        online=True,
        battery_pct=80,
        faults=("no_fix",),
        version=2**53 + 1,
        created_at=moment,
        updated_at=moment,
    )
    return [first, attrs.evolve(first, id="dev_2", battery_pct=None, faults=())]


def test_pandas_keeps_whole_numbers_beside_missing_ones(devices):
    frame = reports.to_pandas(devices)
    assert list(frame["version"]) == [2**53 + 1] * 2
    assert frame["battery_pct"].isna().tolist() == [False, True]
    assert str(frame["battery_pct"].dtype) == "int64[pyarrow]"


def test_pandas_keeps_times_in_utc_and_unknown_enum_values(devices):
    frame = reports.to_pandas(devices)
    assert frame["created_at"].tolist() == [device.created_at for device in devices]
    assert frame["status"].tolist() == ["lent", "lent"]


def test_pandas_sums_money_exactly(invoice):
    line = attrs.evolve(invoice.lines[0], amount=Decimal("0.10"))
    assert reports.to_pandas([line] * 3)["amount"].sum() == Decimal("0.30")


def test_polars_sums_money_exactly(invoice):
    line = attrs.evolve(invoice.lines[0], amount=Decimal("0.10"))
    assert reports.to_polars([line] * 3)["amount"].sum() == Decimal("0.30")


def test_polars_has_structs_lists_and_nulls(invoice, devices, plain):
    frame = reports.to_polars([invoice])
    assert frame["totals"].to_list() == [plain(invoice.totals)]
    assert frame["lines"].to_list() == [plain(invoice.lines)]
    assert reports.to_polars(devices)["battery_pct"].to_list() == [80, None]


@pytest.mark.parametrize("make", [reports.to_pandas, reports.to_polars], ids=["pandas", "polars"])
@pytest.mark.parametrize("model", [models.Shift, models.Invoice, models.Event], ids=lambda model: model.__name__)
def test_an_empty_list_is_a_frame_with_all_its_columns(make, model):
    frame = make([], model=model)
    assert (len(frame), list(frame.columns)) == (0, [field.name for field in attrs.fields(model)])


def run_without(library, code):
    """`code` in an interpreter in which `library` can't be imported, as where it is not installed."""
    script = f"""
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {library!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
from sekur_sdk import models, reports
try:
    {code}
except reports.LibraryMissingError as error:
    print(error)
"""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("library", "code", "message"),
    [
        ("pyarrow", "reports.to_arrow", "tables and frames need pyarrow: pip install 'sekur-sdk[reports]'"),
        ("pandas", "reports.to_pandas([], model=models.Shift)", "a frame of pandas needs pandas 2.2 or later: pip install 'pandas>=2.2'"),
        ("polars", "reports.to_polars([], model=models.Shift)", "a frame of Polars needs Polars 1 or later: pip install 'polars>=1'"),
    ],
)  # fmt: skip
def test_a_library_that_is_not_installed_is_named_with_the_command_that_installs_it(library, code, message):
    assert run_without(library, code) == message + "\n"


def test_importing_the_sdk_or_the_face_of_reports_loads_no_arrow():
    script = "import sekur_sdk, sekur_sdk.reports, sys; print({'pyarrow', 'pandas', 'polars', 'numpy', 'msgspec'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_a_table_loads_neither_frame_library_nor_http():
    script = (
        "from sekur_sdk.reports import to_arrow; import sys; print({'pandas', 'polars', 'httpx'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_the_face_has_these_names_and_no_other():
    assert sorted(reports.__all__) == [
        "LibraryMissingError",
        "arrow_schema",
        "iter_batches",
        "to_arrow",
        "to_pandas",
        "to_polars",
    ]
    assert all(getattr(reports, name) is not None for name in reports.__all__)
    assert set(reports.__all__) <= set(dir(reports))
    with pytest.raises(AttributeError, match="no attribute 'to_excell'"):
        _ = reports.to_excell
