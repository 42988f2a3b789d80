"""Health messages, and how the device notices what is wrong with itself and with the server."""

from __future__ import annotations

import pytest

from edge_agent.drivers.accelerometer import SensorFaultCode
from edge_agent.drivers.gnss import FixFault
from edge_agent.faults import FAULTS, UNKNOWN, FaultCode, fault_of
from edge_agent.health import FaultSeen, Health


def on_duty() -> Health:
    health = Health()
    health.start(0.0)
    return health


def test_health_goes_out_at_the_start_of_a_duty_and_every_minute() -> None:
    health = on_duty()

    assert [at for at in (0.0, 30.0, 60.0, 61.0, 120.0) if health.due(at)] == [0.0, 60.0, 120.0]


def test_a_device_that_was_asleep_sends_one_health_message_and_not_all_it_missed() -> None:
    health = on_duty()

    assert [health.due(at) for at in (1000.0, 1000.0, 1030.0)] == [True, True, False]


def test_no_health_goes_out_off_duty() -> None:
    health = on_duty()
    health.stop()

    assert not health.due(1000.0)
    assert health.next_deadline is None


def test_the_wearer_is_told_within_180_s_of_the_last_receipt_once() -> None:
    health = on_duty()
    health.answered(10.0)
    assert health.check(183.9) is None

    seen = health.check(184.0)

    assert seen is not None
    assert (seen.code, seen.present) == (FaultCode.NO_RECEIPT, True)
    assert not health.protects
    assert health.check(250.0) is None


def test_a_receipt_ends_the_loss_of_protection() -> None:
    health = on_duty()
    health.check(180.0)

    assert health.answered(200.0) == FaultSeen(
        FaultCode.NO_RECEIPT, present=False, detail="no receipt for 3 health messages"
    )
    assert health.protects


def test_the_next_deadline_is_the_next_moment_at_which_something_is_to_be_said() -> None:
    health = on_duty()
    health.due(0.0)
    assert health.next_deadline == 60.0
    health.due(60.0), health.due(120.0)

    assert health.next_deadline == 174.0


def test_a_fault_is_told_once_until_it_ends() -> None:
    health = Health()

    assert health.begin("sensor_stuck", "axis x") == FaultSeen("sensor_stuck", present=True, detail="axis x")
    assert health.begin("sensor_stuck") is None
    assert health.end("sensor_stuck") == FaultSeen("sensor_stuck", present=False, detail="axis x")
    assert health.end("sensor_stuck") is None


@pytest.mark.parametrize("code", [*FaultCode, *SensorFaultCode, *FixFault])
def test_every_code_of_the_program_has_its_row(code: str) -> None:
    assert code in FAULTS


def test_a_fault_that_ends_protection_is_told_to_the_wearer() -> None:
    assert [code for code, fault in FAULTS.items() if not fault.protects and not fault.wearer] == []


def test_an_unknown_code_is_taken_for_the_worst() -> None:
    assert fault_of("something_new") is UNKNOWN
    assert (UNKNOWN.server, UNKNOWN.wearer, UNKNOWN.protects) == (True, True, False)
