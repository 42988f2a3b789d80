"""A link that is cut without a word, for real: network namespaces and a packet filter that drops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from network_proofs import flap, seconds_to_notice
from real_parts.partition import PartitionedBroker, what_is_missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.services


@pytest.fixture
def broker(mosquitto_path: Path, tmp_path: Path) -> Iterator[PartitionedBroker]:
    missing = what_is_missing()
    if missing is not None:
        pytest.skip(f"not run: needs {missing}")
    with PartitionedBroker(mosquitto_path, tmp_path / "broker") as broker:
        yield broker


def test_a_half_open_link_is_noticed_within_two_keepalives_and_the_sos_comes_after_it(
    broker: PartitionedBroker, tmp_path: Path
) -> None:
    # half a second for threads and timers
    assert seconds_to_notice(tmp_path / "device", broker, keepalive_s=5) <= 2 * 5 + 0.5


def test_a_link_that_flaps_every_second_loses_no_sos(broker: PartitionedBroker, tmp_path: Path) -> None:
    figures = flap(tmp_path / "device", broker, 12.0)

    assert figures.raised >= 5
    assert figures.received == figures.raised
