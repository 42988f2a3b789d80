"""A committed alarm survives a power cut: the real outbox, ten thousand simulated cuts, and the same without the mechanism."""

from __future__ import annotations

import itertools
import shutil
from typing import TYPE_CHECKING

import pytest
from power_cuts import fast_folder, simulate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.services


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = fast_folder(tmp_path)
    yield folder
    if folder != tmp_path:
        shutil.rmtree(folder)


def test_ten_thousand_power_cuts_lose_no_committed_alarm_no_state_and_use_no_number_twice(folder: Path) -> None:
    figures = simulate(folder, 10_000, seeds=itertools.count(1))

    assert figures.cuts == 10_000
    assert figures.acknowledged > 50_000
    assert figures.sound, figures


def test_the_same_cuts_lose_alarms_when_the_file_is_not_synced_at_each_commit(folder: Path) -> None:
    figures = simulate(folder, 500, synchronous="NORMAL", seeds=itertools.count(1))

    assert figures.cuts_with_loss > 50
    assert figures.states_lost > 0


def test_cuts_lose_nothing_with_the_log_as_long_as_sqlite_makes_it(folder: Path) -> None:
    figures = simulate(folder, 300, seeds=itertools.count(1000), checkpoint_pages=1000, steps=300)

    assert figures.sound, figures
