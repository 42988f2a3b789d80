"""Lists of models as Arrow tables, and as the frames of pandas and Polars.

Columns come from the class of the records, so that a list without any has them all. Nothing is rounded, cut or guessed: what a column
can't hold is an error that says where it is. Times are microseconds in UTC, money is decimal, a nested model a struct, a tuple a list.
An enum is text, known to this release or not; a field of one of several models (an event's subject) is text too: its JSON on the wire.

An export holds all fields, names, texts and positions of people among them, which a model's repr leaves out.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from sekur_sdk.client.arguments import whole
from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.reports.errors import LibraryMissingError

try:
    import pyarrow as pa
except ModuleNotFoundError as error:
    raise LibraryMissingError("tables and frames need pyarrow: pip install 'sekur-sdk[reports]'") from error

from sekur_sdk.reports.columns import NoColumnError, UnfitError, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    import polars as pl

ModelT = TypeVar("ModelT", bound=attrs.AttrsInstance)

BATCH_SIZE = 10_000
"""Records of a batch: a few MiB of the contract's resources."""


def arrow_schema(model: type[attrs.AttrsInstance]) -> pa.Schema:
    """The columns of `model`, in the order of its fields; one that may be None is nullable, no other is.

    Raises:
        ArgumentError: not a model, or it has a field that is no column.
    """
    try:
        return pa.schema([field for field, _ in fields_of(_model("model", model))])
    except NoColumnError as error:
        raise ArgumentError("model", str(error)) from error


def iter_batches(
    records: Iterable[ModelT], size: int = BATCH_SIZE, *, model: type[ModelT] | None = None
) -> Iterator[pa.RecordBatch]:
    """`records` in batches of `size` rows (the last may have fewer), made as they are asked for; no records, no batch.

    One batch is in memory at a time, so that a list longer than memory can be written. Without `model` the columns are those of a
    pager's items, or else of the class of the first record, which is read at once.

    Raises:
        ArgumentError: no class to take the columns from, a record of another class, or a value that its column can't hold.
        SekurError: a page of the pager could not be fetched.
    """
    rows = whole("size", size, low=1)
    found, stream = _with_class(records, model)
    return _batches(stream, rows, found, arrow_schema(found))


def to_arrow(records: Iterable[ModelT], *, model: type[ModelT] | None = None) -> pa.Table:
    """`records` as a table; an empty one has the columns too, of `model`, or of a pager's items.

    Raises:
        ArgumentError: no class to take the columns from, a record of another class, or a value that its column can't hold.
        SekurError: a page of the pager could not be fetched.
    """
    found, stream = _with_class(records, model)
    schema = arrow_schema(found)
    return pa.Table.from_batches(_batches(stream, BATCH_SIZE, found, schema), schema)


def to_pandas(records: Iterable[ModelT], *, model: type[ModelT] | None = None) -> pd.DataFrame:
    """`records` as a frame of pandas whose columns are Arrow's: a missing whole number makes no float of the others, money stays decimal.

    `to_arrow(records).to_pandas()` has NumPy's columns instead.

    Raises:
        LibraryMissingError: pandas is not installed.
        ArgumentError: as in `to_arrow`.
        SekurError: a page of the pager could not be fetched.
    """
    try:
        import pandas as pd  # noqa: PLC0415  # the caller's own library
    except ModuleNotFoundError as error:
        raise LibraryMissingError("a frame of pandas needs pandas 2.2 or later: pip install 'pandas>=2.2'") from error
    return to_arrow(records, model=model).to_pandas(types_mapper=pd.ArrowDtype)


def to_polars(records: Iterable[ModelT], *, model: type[ModelT] | None = None) -> pl.DataFrame:
    """`records` as a frame of Polars.

    Raises:
        LibraryMissingError: Polars is not installed.
        ArgumentError: as in `to_arrow`.
        SekurError: a page of the pager could not be fetched.
    """
    try:
        import polars as pl  # noqa: PLC0415  # the caller's own library
    except ModuleNotFoundError as error:
        raise LibraryMissingError("a frame of Polars needs Polars 1 or later: pip install 'polars>=1'") from error
    return pl.DataFrame(to_arrow(records, model=model))


def _model(parameter: str, value: object) -> type[attrs.AttrsInstance]:
    if isinstance(value, type) and attrs.has(value):
        return value
    raise ArgumentError(parameter, "not one of the SDK's models: give a class, as in model=Shift")


def _with_class(records: Iterable[ModelT], model: type[ModelT] | None) -> tuple[type[ModelT], Iterator[ModelT]]:
    try:
        stream = iter(records)
    except TypeError:
        stream = None
    if stream is None:
        raise ArgumentError("records", f"not a list of models, but {type(records).__name__}: {_instead(records)}")
    if model is None:
        model = cast("type[ModelT] | None", getattr(records, "item_type", None))
    if model is None:
        for first in stream:
            return type(first), chain([first], stream)
        raise ArgumentError("model", "no record to take the columns from: name their class, as in model=Shift")
    return model, stream


def _instead(records: object) -> str:
    if hasattr(records, "__aiter__"):
        return "collect it first, as in [record async for record in pager]"
    if hasattr(records, "items"):
        return "give its items"
    return "give a list, a pager or another iterable"


def _batches(stream: Iterator[ModelT], size: int, model: type[ModelT], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    first = 0
    while part := list(islice(stream, size)):
        yield _batch(part, first, model, schema)
        first += len(part)


def _batch(records: list[ModelT], first: int, model: type[ModelT], schema: pa.Schema) -> pa.RecordBatch:
    for index, record in enumerate(records, first):
        if type(record) is not model:
            raise ArgumentError(f"records[{index}]", f"expected {model.__name__}, got {type(record).__name__}")
    columns = []
    for field, kind in fields_of(model):
        values = []
        for index, record in enumerate(records, first):
            try:
                values.append(kind.read(getattr(record, field.name)))
            except UnfitError as error:
                unfit = ArgumentError(f"records[{index}].{field.name}{error.path}", error.reason)
            else:
                continue
            raise unfit
        columns.append(pa.array(values, type=field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)
