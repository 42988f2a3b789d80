"""Where the device is worn: one key of the configuration, and the profile that decides falls."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edge_agent.alarm_events import FallDecided
from edge_agent.config import AlarmsSection, Config, ConfigError
from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.drivers.emulated.wearer import SimulatedFall
from edge_agent.watching import Watching


def values(**wearer):
    return {
        "device": {"tenant": "demo", "id": "dev_1"},
        "broker": {"host": "127.0.0.1"},
        "wearer": {"employee_id": "emp_1", "site_id": "sit_1", **wearer},
    }


def test_it_is_the_waist_unless_told():
    assert Config.from_values(values(), Path("edge.toml")).wearer.worn_at == "waist"
    assert Config.from_values(values(worn_at="pocket"), Path("edge.toml")).wearer.worn_at == "pocket"


def test_another_place_is_refused_with_those_there_are():
    with pytest.raises(ConfigError, match=r"wearer\.worn_at.*waist, chest, pocket"):
        Config.from_values(values(worn_at="wrist"), Path("edge.toml"))


@pytest.mark.parametrize("worn_at", ["waist", "chest", "pocket"])
def test_a_fall_is_told_with_its_score_above_one_half_and_what_drove_it(worn_at):
    watching = Watching(AlarmsSection(), lambda _since, _until: False, worn_at)
    acc = SimulatedFall(seed=4).acceleration(np.arange(-4.0, 8.0, 0.01)).astype(np.float32)
    told = [
        event
        for start in range(0, len(acc), 32)
        for event in watching.feed(SampleBlock(acc[start : start + 32], start / 100, 100.0, start))
    ]
    (fall,) = [event for event in told if isinstance(event, FallDecided)]
    assert 0.5 < fall.score <= 1.0
    assert 1 <= len(fall.features) <= 6
