"""docs/faults.md is the table of the program, and each of its rows is made to happen by a test; what a row says is what is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from whole_wearable import WholeWearable, config

from edge_agent import agent_events as told
from edge_agent.alarm_rules import Pattern
from edge_agent.faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| `(\w+)` \| (yes|no) \| (yes|no) \| (yes|no) \| (.+?) \| `(.+?)` \|")


def test_the_page_has_the_rows_of_the_program_in_their_order() -> None:
    page = [
        (code, Fault(server == "yes", wearer == "yes", protects == "yes", french))
        for code, server, wearer, protects, french, _ in ROW.findall(PAGE)
    ]

    assert page == [(str(code), fault) for code, fault in FAULTS.items()]


@pytest.mark.parametrize("test", re.findall(r"`(tests/[^`]+)`", PAGE))
def test_each_row_names_a_test_that_there_is(test: str) -> None:
    if "::" not in test:
        assert (ROOT / test).is_file()
        return
    file, name = test.split("::")

    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.services
def test_what_a_row_says_is_done_for_each_fault(tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, 1), connect=False) as wearable:
        wearable.agent.start_duty()
        core = wearable.agent._core
        for code, fault in FAULTS.items():
            before = len(wearable.log.of(told.SignalChanged))
            core.post(lambda code=code: core.fault(code, "of a test"))
            wearable.log.wait_for(told.FaultRaised, lambda event, code=code: event.code == code)
            core.post(lambda code=code: core.fault_over(code))
            wearable.log.wait_for(told.FaultCleared, lambda event, code=code: event.code == code)
            raised = [event for event in wearable.log.of(told.AlarmRaised) if event.fault == code]
            felt = [event.pattern for event in wearable.log.of(told.SignalChanged)[before:]]
            assert bool(raised) == fault.server, code
            assert (Pattern.PROTECTION_LOST in felt) == fault.wearer, code
