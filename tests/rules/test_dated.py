"""Dated tables."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sekur_sdk.rules import dated
from sekur_sdk.rules.dated import Dated, in_force

FILES = sorted(Path(dated.__file__).with_name("data").glob("*.json"))
TABLE = (Dated(date(2026, 7, 1), 6, "later"), Dated(date(2022, 3, 1), 4, "first"))


@pytest.mark.parametrize(("on", "value"), [("2022-03-01", 4), ("2026-06-30", 4), ("2026-07-01", 6), ("2030-01-01", 6)])
def test_a_value_holds_from_its_day_to_the_next(on: str, value: int) -> None:
    assert in_force(TABLE, date.fromisoformat(on)).value == value


def test_before_the_first_value_there_is_none() -> None:
    with pytest.raises(LookupError, match="2022-02-28"):
        in_force(TABLE, date(2022, 2, 28))


def tables(data: Any) -> list[list[dict[str, Any]]]:
    return [*data.values()] if isinstance(data, dict) else [data]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_each_value_has_a_source_and_each_table_is_in_order(file: Path) -> None:
    for table in tables(json.loads(file.read_text(encoding="utf-8"))):
        assert table
        assert all(row["source"] for row in table)
        since = [row["since"] for row in table if "since" in row]
        assert since == sorted(set(since))
