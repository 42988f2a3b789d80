"""Any record of any class, in and out of a table: the values are made from the annotations, as the columns are, by other code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekur_sdk import models
from sekur_sdk.models import device
from sekur_sdk.models.scalars import Amount, OpenEnum, Rate
from sekur_sdk.reports import arrow_schema, to_arrow

FACE = [getattr(models, name) for name in models.__all__]
RESOURCES = {found for found in FACE if attrs.has(found)} - {models.Page}
MESSAGES = {found for found in vars(device).values() if isinstance(found, type) and attrs.has(found)} - {
    device.Envelope
}
MODELS = sorted(RESOURCES | MESSAGES, key=lambda model: model.__name__)
MADE = [model for model in MODELS if model not in (models.Event, device.DeviceAddress)]
"""Those of which any value can be made: an event's subject is JSON and has tests of its own, an address checks its parts."""

MOMENTS = st.datetimes(
    min_value=datetime(1950, 1, 1),  # noqa: DTZ001  # hypothesis adds the zones
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001  # hypothesis adds the zones
    timezones=st.sampled_from([UTC, ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")]),
)
SCALARS = {
    str: st.text(st.characters(codec="utf-8"), max_size=8),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=8),
    datetime: MOMENTS,
    date: st.dates(),
    Amount: st.decimals(-999999999999, 999999999999, places=2),
    Rate: st.decimals(-999999999999, 999999999999, places=4),
    NoneType: st.none(),
}


def values(annotation):
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is None:
        return plain_values(annotation)
    if origin is Annotated:
        return values(arguments[0])
    parts = [values(argument) for argument in arguments if argument is not Ellipsis]
    if origin in (Union, UnionType):
        return st.one_of(parts)
    if origin is dict:
        return st.dictionaries(*parts, max_size=2)
    return st.lists(parts[0], max_size=2).map(tuple) if Ellipsis in arguments else st.tuples(*parts)


def plain_values(kind):
    if attrs.has(kind):
        return records_of(kind)
    if issubclass(kind, OpenEnum):
        return st.one_of(st.sampled_from(kind), SCALARS[str].map(kind))
    return SCALARS[kind]


def records_of(model):
    hints = get_type_hints(model, include_extras=True)
    return st.builds(model, **{field.name: values(hints[field.name]) for field in attrs.fields(model)})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_resource_and_message_has_columns(model):
    assert arrow_schema(model).names == [field.name for field in attrs.fields(model)]


@pytest.mark.parametrize("model", MADE, ids=lambda model: model.__name__)
def test_any_record_comes_back_as_it_was(model, plain):
    @settings(max_examples=30)
    @given(st.lists(records_of(model), max_size=3))
    def check(found):
        table = to_arrow(found, model=model)
        table.validate(full=True)
        assert table.to_pylist() == plain(found)

    check()
