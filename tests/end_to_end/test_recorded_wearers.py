"""Recorded wearers, from the chip's registers to the operator and back.

Each trial of SisFall moves an emulated ADXL345 of its own; the agent takes its positions from a real gpsd fed with NMEA and publishes
through a real mosquitto to the sandbox, where an operator works on the SDK. Four go on at the same time, each with a device of its own.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import attrs
import pytest
from real_parts.gpsd import Gpsd
from real_parts.mosquitto import Broker
from real_parts.receiver import Sky

from edge_agent import agent_events as told
from edge_agent.clock import SystemClock
from edge_agent.drivers.gpsd import GpsdSource
from edge_agent.recordings import load_recording
from sekur_sdk import SekurClient
from sekur_sdk.cli.demo.guard import DECISION_S, PRE_ALARM_S, UPRIGHT_S, Guard, Movement
from sekur_sdk.models.alerts import Alert, AlertStatus
from sekur_sdk.models.device import AlertKind, AlertState
from sekur_sdk.sandbox.ingest.mqtt import MqttLink
from sekur_sdk.sandbox.seed import DEMO_EMPLOYEE, DEMO_SITE, DEMO_TENANT
from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

FALLS = ("SA01/F01/R01", "SA07/F05/R02", "SE06/F03/R01", "SA20/F14/R02")
DAILY_LIFE = ("SA01/D05/R01", "SA04/D11/R01", "SE03/D08/R01", "SA10/D18/R02")

TOKEN = "end-to-end-token"
PLACE = Sky(latitude=45.7640, longitude=4.8357)
SOON_S = 20.0

# one interpreter runs them all: more would keep each other from their sensors, as no wearable has to bear
_AT_ONCE = 4


@attrs.frozen
class Outcome:
    """What became of one trial: at the wearable, at the server, and back at the wearable."""

    asked: bool
    raised: tuple[str, ...]
    alerts: tuple[Alert, ...]
    positions: int
    felt: tuple[AlertState, ...]
    gaps: int


@pytest.fixture(scope="module")
def outcomes(
    mosquitto_path: Path, gpsd_path: Path, recordings_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Outcome]]:
    folder = tmp_path_factory.mktemp("end-to-end")
    with ExitStack() as stack:
        broker = Broker(mosquitto_path, folder / "mosquitto", ())
        stack.callback(broker.stop)
        broker.start()
        gpsd = stack.enter_context(Gpsd(gpsd_path, folder / "gpsd", sky=PLACE, period_s=0.5, device=True))
        gpsd.wait_for_fix()
        sandbox = stack.enter_context(SandboxServer(Settings(database=folder / "sandbox.sqlite3", token=TOKEN)))
        link = MqttLink(sandbox.ingest, sandbox.store, host="127.0.0.1", port=broker.port)
        stack.callback(link.stop)
        link.start()
        link.wait_until_subscribed(SOON_S)
        client = stack.enter_context(SekurClient(base_url=f"{sandbox.url}/api/v1", token=TOKEN))

        trials = FALLS + DAILY_LIFE
        # read before any sensor runs: unpacking a whole set holds the interpreter for longer than a sensor's FIFO lasts
        movements = {
            trial: Movement.recorded(load_recording(f"{recordings_dir / 'sisfall.npz'}:{trial}")) for trial in trials
        }

        def wear(trial: str) -> Outcome:
            return _wear(trial, movements[trial], folder, broker, gpsd, client)

        with ThreadPoolExecutor(_AT_ONCE) as together:
            yield dict(zip(trials, together.map(wear, trials), strict=True))


def _wear(trial: str, movement: Movement, folder: Path, broker: Broker, gpsd: Gpsd, client: SekurClient) -> Outcome:
    device = client.devices.create(label=trial.replace("/", " "), model="ADXL345", site_id=DEMO_SITE)
    own = folder / device.id
    own.mkdir()
    guard = Guard(
        movement,
        folder=own,
        tenant=DEMO_TENANT,
        device_id=device.id,
        employee_id=DEMO_EMPLOYEE,
        site_id=DEMO_SITE,
        position_source=GpsdSource(clock=SystemClock(), host="127.0.0.1", port=gpsd.port),
        broker_port=broker.port,
    )
    with guard:
        assert guard.seen.wait_for(told.BrokerConnected, timeout_s=SOON_S)
        guard.agent.start_duty()
        time.sleep(UPRIGHT_S)  # the wearer stands for that long
        guard.moves(movement.moment)
        raised = guard.seen.wait_for(
            told.AlarmRaised,
            lambda alarm: alarm.kind != AlertKind.TECHNICAL,
            timeout_s=movement.moment_s + DECISION_S + PRE_ALARM_S,
        )
        if raised is not None:
            _handle(guard, raised[1].uid, client)
        guard.agent.end_duty()
        calls = tuple(alert for alert in client.alerts.list(device_id=device.id) if alert.kind != AlertKind.TECHNICAL)
        return Outcome(
            asked=bool(guard.seen.all_of(told.PreAlarmStarted)),
            raised=tuple(
                alarm.uid for alarm in guard.seen.all_of(told.AlarmRaised) if alarm.kind != AlertKind.TECHNICAL
            ),
            alerts=calls,
            positions=sum(1 for _ in client.positions.list(device_id=device.id)),
            felt=tuple(change.state for change in guard.seen.all_of(told.AlertStateChanged)),
            gaps=guard.agent.gaps,
        )


def _handle(guard: Guard, uid: str, client: SekurClient) -> None:
    """The operator acknowledges and resolves the alert once the wearable knows that it was received."""

    def feels(state: AlertState) -> bool:
        return (
            guard.seen.wait_for(
                told.AlertStateChanged, lambda change: change.uid == uid and change.state == state, timeout_s=SOON_S
            )
            is not None
        )

    assert feels(AlertState.RECEIVED)
    (alert,) = (alert for alert in client.alerts.list() if alert.uid == uid)
    client.alerts.acknowledge(alert.id)
    assert feels(AlertState.ACKNOWLEDGED)
    client.alerts.resolve(alert.id, resolution="Agent rejoint")
    assert feels(AlertState.RESOLVED)


@pytest.mark.parametrize("trial", FALLS)
def test_a_recorded_fall_becomes_one_alert_that_a_person_handles_and_the_wearer_feels(
    trial: str, outcomes: dict[str, Outcome]
) -> None:
    outcome = outcomes[trial]
    (alert,) = outcome.alerts
    assert outcome.raised == (alert.uid,)
    assert alert.kind == AlertKind.FALL
    assert alert.status == AlertStatus.RESOLVED
    assert outcome.felt == (AlertState.RECEIVED, AlertState.ACKNOWLEDGED, AlertState.RESOLVED)


@pytest.mark.parametrize("trial", FALLS)
def test_the_alert_of_a_recorded_fall_carries_where_gpsd_says_it_is(trial: str, outcomes: dict[str, Outcome]) -> None:
    (alert,) = outcomes[trial].alerts
    assert alert.fix is not None
    assert not alert.fix_is_stale
    assert alert.fix.age_s < 5
    assert (alert.fix.lat, alert.fix.lon) == pytest.approx((PLACE.latitude, PLACE.longitude), abs=1e-4)


@pytest.mark.parametrize("trial", DAILY_LIFE)
def test_recorded_daily_life_neither_asks_the_wearer_nor_calls_for_help(
    trial: str, outcomes: dict[str, Outcome]
) -> None:
    outcome = outcomes[trial]
    assert not outcome.asked
    assert outcome.raised == ()
    assert outcome.alerts == ()


@pytest.mark.parametrize("trial", FALLS + DAILY_LIFE)
def test_no_sample_was_lost_and_positions_came_while_on_duty(trial: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[trial].gaps == 0
    assert outcomes[trial].positions > 0
