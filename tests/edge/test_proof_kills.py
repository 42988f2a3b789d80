"""A committed alarm survives a process kill and a broker that forgets: every one is at the server or in the outbox, and takes effect once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kill_cycles import PUBACK_IS_ENOUGH, AgentProcess, Server, run_cycles

if TYPE_CHECKING:
    from pathlib import Path

    from real_parts.mosquitto import Broker

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]


def test_kill_9_at_any_time_with_a_broker_that_dies_too_loses_no_committed_alarm_and_doubles_none(
    broker: Broker, tmp_path: Path
) -> None:
    account = run_cycles(tmp_path, broker, 12)

    assert account.kills == 12
    assert account.committed
    assert account.lost == set()
    assert account.queued == set()
    assert account.twice == 0
    assert account.missing_numbers == 0, "the server waits for numbers that nobody will send"


@pytest.mark.parametrize("control", ["", PUBACK_IS_ENOUGH])
def test_an_alarm_that_a_dying_broker_had_acknowledged_comes_all_the_same_and_would_not_without_receipts(
    broker: Broker, tmp_path: Path, control: str
) -> None:
    device = tmp_path / "device"
    with AgentProcess(device, broker.port, control=control) as agent:
        agent.wait_for(lambda line: line.startswith("BrokerConnected"))
        agent.send("sos")
        uid = agent.wait_for(lambda line: line.startswith("AlarmRaised")).split()[1]
        agent.wait_for(lambda line: line == f"MessagePublished {uid}")
        # nobody was subscribed: the broker has acknowledged what it now loses
        broker.kill()
        broker.start()
        with Server(tmp_path / "server.sqlite3", broker.port) as server:
            server.link.wait_until_subscribed(15)
            agent.send("cancel")
            # what was decided after the alarm has come: it could not still be on its way
            agent.wait_for(lambda line: line.startswith("BrokerLost"))
            if control:
                agent.send("duty")
                agent.wait_for(lambda line: line.startswith("DutyChanged"))
                agent.stop()
                assert uid not in server.alarms()
            else:
                agent.wait_for(lambda line: line == f"MessageReceipted {uid}")
                assert uid in server.alarms()
