"""`sekur demo`, run as a user runs it: its exit codes, what it tells, and that it leaves nothing behind."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from real_parts.ports import free_port

from sekur_sdk import wire
from sekur_sdk.cli.demo.sightings import Sightings
from sekur_sdk.models.device import AlertUpdate, Channel, Receipt, ReportedConfig, Status, parse_topic
from sekur_sdk.wire.messages import decode_message

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = [pytest.mark.services, pytest.mark.timeout(150)]

SEKUR = Path(sys.executable).with_name("sekur")


def demo(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SEKUR, "demo", *arguments],
        capture_output=True,
        text=True,
        timeout=140,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def steps_of(output: str) -> list[str]:
    return re.findall(r"^ *\d+\.\ds (.*?)(?::|$)", output, re.MULTILINE)


ALARM_STEPS = (
    "Broker and sandbox run",
    "The wearable runs",
    "The guard takes up duty",
    "The guard walks",
    "Position on duty",
    "The broker is down",
    "A fall is detected",
    "Pre-alarm",
    "Alarm",
    "The broker is back",
    "The alarm is forwarded",
    "The server has it",
    "The operator sees it",
    "The operator acknowledges, the wearer feels it",
    "The alert is resolved",
    "The logbook follows",
    "Planning",
    "Quote → invoice",
    "The guard ends duty",
)


def processes_of(marker: str) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            environment = (entry / "environ").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue  # it ended, or is not ours
        if marker.encode() in environment:
            found.append(entry.name)
    return found


def test_the_simulated_wearer_falls_and_every_step_to_the_acknowledged_alert_is_seen(tmp_path: Path) -> None:
    marker = f"DEMO_TEST_MARKER={os.getpid()}"
    name, _, value = marker.partition("=")
    run = demo(environment={name: value, "TMPDIR": str(tmp_path)})
    assert run.returncode == 0, run.stdout + run.stderr
    assert tuple(steps_of(run.stdout)) == ALARM_STEPS
    assert "simulated wearer (no recording)" in run.stdout
    assert "not a certified safety device" in run.stdout
    for table in ("What happened", "How long it took", "Counts"):
        assert table in run.stdout
    assert processes_of(marker) == []
    assert list(tmp_path.iterdir()) == []


def test_a_recorded_fall_takes_the_same_way(recordings_dir: Path) -> None:
    run = demo("--recording", f"{recordings_dir / 'sisfall.npz'}:SA01/F01/R01")
    assert run.returncode == 0, run.stdout + run.stderr
    assert set(ALARM_STEPS) - set(steps_of(run.stdout)) == {"The guard walks"}


def test_recorded_daily_life_is_expected_to_raise_nothing(recordings_dir: Path) -> None:
    run = demo("--recording", f"{recordings_dir / 'sisfall.npz'}:SA01/D05/R01", "--expect", "none")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Daily life" in steps_of(run.stdout)
    assert "Pre-alarm" not in steps_of(run.stdout)


def test_a_fall_where_none_was_expected_ends_with_3(recordings_dir: Path) -> None:
    run = demo("--recording", f"{recordings_dir / 'sisfall.npz'}:SA01/F01/R01", "--expect", "none")
    assert run.returncode == 3, run.stdout + run.stderr
    assert "Not as expected: no alarm was expected" in run.stdout


def test_daily_life_where_an_alarm_was_expected_ends_with_3(recordings_dir: Path) -> None:
    run = demo("--recording", f"{recordings_dir / 'sisfall.npz'}:SA04/D11/R01")
    assert run.returncode == 3, run.stdout + run.stderr
    assert "Not as expected: an alarm was expected" in run.stdout


def no_recording(folder: Path) -> Path:
    path = folder / "poem.csv"
    path.write_text("Sous le pont Mirabeau coule la Seine\n")
    return path


@pytest.mark.parametrize("arguments", [["--recording", "nowhere.npz:SA01/F01/R01"], ["--recording", "POEM"]])
def test_a_recording_that_is_none_is_one_line_and_2(arguments: Sequence[str], tmp_path: Path) -> None:
    run = demo(*[str(no_recording(tmp_path)) if word == "POEM" else word for word in arguments])
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "Traceback" not in run.stdout + run.stderr


@pytest.mark.parametrize("option", ["--http-port", "--mqtt-port"])
def test_a_busy_port_is_one_line_that_names_it_and_2(option: str) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        run = demo(option, str(port))
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert str(port) in run.stderr


def test_whoever_listens_in_on_the_broker_sees_nothing_but_valid_messages_of_the_contract() -> None:
    port = free_port()
    messages: Sightings[tuple[str, bytes]] = Sightings()
    listener = mqtt.Client(CallbackAPIVersion.VERSION2)
    listener.on_connect = lambda client, *_: client.subscribe("sekur/v1/#", qos=1)
    listener.on_message = lambda _client, _data, message: messages.add((message.topic, message.payload))
    listener.reconnect_delay_set(1, 1)
    listener.connect_async("127.0.0.1", port)
    listener.loop_start()
    try:
        run = demo("--mqtt-port", str(port))
    finally:
        listener.disconnect()
        listener.loop_stop()
    assert run.returncode == 0, run.stdout + run.stderr
    channels = {check(*message) for message in messages.all_of(tuple)}
    assert channels >= {
        Channel.ALERT,
        Channel.EVENT,
        Channel.POSITION,
        Channel.HEALTH,
        Channel.RECEIPT,
        Channel.ALERT_STATE,
    }


PLAIN = {
    Channel.STATUS: Status,
    Channel.CONFIG_REPORTED: ReportedConfig,
    Channel.RECEIPT: Receipt,
    Channel.ALERT_STATE: AlertUpdate,
}


def check(topic: str, payload: bytes) -> str:
    """The channel, once the payload is read as what belongs there."""
    _, channel = parse_topic(topic)
    if channel in PLAIN:
        wire.decode(payload, PLAIN[Channel(channel)])
    else:
        decode_message(channel, payload)
    return channel


def test_an_interrupted_demo_leaves_nothing_running(tmp_path: Path) -> None:
    marker = f"DEMO_TEST_MARKER=interrupted-{os.getpid()}"
    name, _, value = marker.partition("=")
    process = subprocess.Popen(
        [SEKUR, "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, name: value, "TMPDIR": str(tmp_path)},
    )
    assert process.stdout is not None
    stopper = threading.Timer(60, process.kill)
    stopper.start()
    with process.stdout:
        for line in process.stdout:
            if "The guard takes up duty" in line:
                process.send_signal(2)
                break
        rest = process.stdout.read()
    assert process.wait(30) == 130
    stopper.cancel()
    assert "Traceback" not in rest
    assert processes_of(marker) == []
    assert list(tmp_path.iterdir()) == []
