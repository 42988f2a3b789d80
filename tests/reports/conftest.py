"""Records of the contract's own examples, and what any value of a model looks like in plain Python."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import attrs
import pytest

from sekur_sdk import models
from sekur_sdk.wire import decode

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"


@pytest.fixture
def invoice():
    return decode((EXAMPLES / "invoice.json").read_bytes(), models.Invoice)


@pytest.fixture
def shift():
    moment = datetime(2026, 11, 7, 19, tzinfo=UTC)
    return models.Shift(
        id="shf_1",
        site_id="sit_1",
        post="PC sécurité",
        starts_at=moment,
        ends_at=moment.replace(hour=23),
        status=models.ShiftStatus.PUBLISHED,
        version=1,
        created_at=moment,
        updated_at=moment,
    )


def plain(value):
    """The value as Arrow gives it back: dicts, lists, times in UTC, enums as text."""
    if attrs.has(type(value)):
        return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return [(key, plain(item)) for key, item in value.items()]
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return str(value) if isinstance(value, Enum) else value


@pytest.fixture(name="plain")
def plain_form():
    return plain
