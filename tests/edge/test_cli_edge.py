"""`sekur-edge` as its user meets it: exit codes and one clear message, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from receipting_server import ReceiptingServer

if TYPE_CHECKING:
    from pathlib import Path

    from real_parts.mosquitto import Broker, StartBroker

CONFIG = """\
[device]
tenant = "acme"
id = "w-1"
[broker]
host = "127.0.0.1"
port = {port}
[wearer]
employee_id = "emp_1"
site_id = "site_1"
[storage]
path = "outbox.db"
[gps]
enabled = false
"""


def sekur_edge(*arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "edge_agent", *arguments], capture_output=True, text=True, timeout=timeout, check=False
    )


def refused(*arguments: str) -> str:
    done = sekur_edge(*arguments)
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def write_config(folder: Path, port: int = 1, more: str = "") -> str:
    file = folder / "wearable.toml"
    file.write_text(CONFIG.format(port=port) + more, encoding="utf-8")
    return str(file)


@pytest.mark.services
def test_a_configuration_is_checked_and_told(tmp_path: Path) -> None:
    done = sekur_edge("check", "--config", write_config(tmp_path))

    assert done.returncode == 0
    assert "acme/w-1" in done.stdout


@pytest.mark.services
@pytest.mark.parametrize("command", ["check", "run"])
def test_an_unknown_key_is_one_message_with_the_file_and_the_key(tmp_path: Path, command: str) -> None:
    message = refused(command, "--config", write_config(tmp_path, more="[alarms]\ntilt_dag = 3\n"))

    assert message == f"sekur-edge: {tmp_path}/wearable.toml: alarms.tilt_dag: unknown key; did you mean 'tilt_deg'?\n"


@pytest.mark.services
def test_a_device_without_its_sensor_protects_nobody_and_says_so(tmp_path: Path) -> None:
    message = refused("run", "--config", write_config(tmp_path, more="[sensor]\nbus = 250\n"))

    assert message.startswith("sekur-edge: no accelerometer: /dev/i2c-250 does not exist: enable I2C")


@pytest.mark.services
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("replay", "none.csv"), "none.csv: there is no such file"),
        (("replay", "none.csv", "--speed", "0"), "'0' is not a number from 0.1 to 100"),
        (("replay", "none.csv", "--broker", "nowhere"), "'nowhere' is not HOST:PORT"),
        (("run",), "--config"),
        (("walk",), "invalid choice: 'walk'"),
        (("run", "--config", "none.toml"), "none.toml: can't be read: No such file"),
    ],
)
def test_bad_arguments_are_one_message(arguments: tuple[str, ...], part: str) -> None:
    assert part in refused(*arguments)


@pytest.mark.services
def test_without_its_extra_the_command_says_which_to_install(tmp_path: Path) -> None:
    # a numpy that can't be found stands first on the path, as on a machine without the extra
    (tmp_path / "numpy.py").write_text("raise ModuleNotFoundError('No module named numpy', name='numpy')\n")
    done = subprocess.run(
        [sys.executable, "-m", "edge_agent", "replay", "x.csv"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )

    assert done.returncode == 2
    assert done.stderr == "sekur-edge: numpy is not installed: pip install 'sekur-sdk[edge]'\n"


@pytest.mark.services
def test_a_fall_that_was_expected_ends_with_0_and_one_that_was_not_with_3(recordings_dir: Path) -> None:
    spec = f"{recordings_dir}/sisfall.npz:SA01/F01/R01"
    expected = sekur_edge("replay", spec, "--speed", "6")
    surprised = sekur_edge("replay", spec, "--speed", "6", "--expect", "none")

    assert expected.returncode == 0, expected
    assert "1 alarm (fall)" in expected.stdout.splitlines()[-1]
    assert surprised.returncode == 3, surprised


@pytest.mark.services
def test_a_replay_publishes_to_the_broker_that_it_is_given(recordings_dir: Path, broker: Broker) -> None:
    spec = f"{recordings_dir}/sisfall.npz:SA01/F01/R01"
    done = sekur_edge("replay", spec, "--speed", "6", "--broker", f"127.0.0.1:{broker.port}")

    assert done.returncode == 0, done
    assert "1 published, 0 receipted" in done.stdout.splitlines()[-1]


@pytest.mark.services
def test_importing_the_agent_loads_no_http_library() -> None:
    code = "import sys, edge_agent.agent; print([name for name in sys.modules if name.split('.')[0] == 'httpx'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


RUN = """
import sys
from edge_agent import hardware
from edge_agent.clock import SystemClock
from edge_agent.drivers.adxl345 import ADXL345
from edge_agent.drivers.emulated.adxl345 import EmulatedADXL345
from edge_agent.drivers.emulated.bus import EmulatedBus
from edge_agent.drivers.emulated.wearer import SimulatedStanding
clock = SystemClock()
bus = EmulatedBus(clock, {0x53: EmulatedADXL345(clock, SimulatedStanding(), device_id=int(sys.argv.pop(1), 16))})
# no I2C bus here: the emulated one stands at the only place that opens the real one
hardware.SMBus2Bus.open = lambda number: bus.reopen()
from edge_agent.cli import main
sys.exit(main())
"""


class Run:
    """`sekur-edge run` on an emulated bus."""

    def __init__(self, config: str, device_id: str = "E5") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", RUN, device_id, "run", "--config", config],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def wait_for(self, part: str, timeout: float = 20) -> None:
        deadline = time.monotonic() + timeout
        while not any(part in line for line in self.lines):
            assert time.monotonic() < deadline, self.lines
            assert self.process.poll() is None, self.lines
            threading.Event().wait(0.02)

    def end(self, number: int | None = None) -> tuple[int, str]:
        if number is not None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self._reader.join(5)
        assert self.process.stderr is not None
        told = self.process.stderr.read()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process.stderr.close()
        return code, told


@pytest.mark.services
def test_a_wrong_chip_id_ends_run_before_a_duty_begins(tmp_path: Path) -> None:
    code, told = Run(write_config(tmp_path), device_id="33").end()

    assert code == 2
    assert told.startswith("sekur-edge: no accelerometer: ")
    assert "0x33" in told
    assert len(told.splitlines()) == 1


@pytest.mark.services
def test_run_takes_up_a_duty_without_a_broker_and_ends_in_order_on_sigterm(tmp_path: Path) -> None:
    run = Run(write_config(tmp_path))
    run.wait_for("duty: start")

    assert run.end(signal.SIGTERM) == (0, "")


@pytest.mark.services
def test_a_duty_that_was_open_goes_on_when_run_starts_again(tmp_path: Path) -> None:
    first = Run(write_config(tmp_path))
    first.wait_for("duty: start")
    first.end(signal.SIGKILL)
    second = Run(write_config(tmp_path))
    second.wait_for("started, on duty")

    assert second.end(signal.SIGTERM) == (0, "")
    assert not any("duty: start" in line for line in second.lines)


@pytest.mark.services
def test_a_duty_is_taken_up_and_ended_by_signal(tmp_path: Path, broker: Broker) -> None:
    run = Run(write_config(tmp_path, broker.port))
    run.wait_for("duty: start")
    run.process.send_signal(signal.SIGUSR1)
    run.wait_for("duty: end")

    assert run.end(signal.SIGTERM) == (0, "")


@pytest.mark.services
def test_a_broker_that_refuses_the_credentials_is_one_message(tmp_path: Path, start_broker: StartBroker) -> None:
    broker = start_broker("allow_anonymous false")
    code, told = Run(write_config(tmp_path, broker.port)).end()

    assert code == 2
    assert f"the broker 127.0.0.1:{broker.port} refuses this device: Not authorized" in told
    assert len(told.splitlines()) == 1


@pytest.mark.services
def test_simulated_wearables_speak_the_contract_and_their_alarms_are_receipted(broker: Broker) -> None:
    server = ReceiptingServer(broker.port)
    try:
        server.wait_subscribed()
        done = sekur_edge(
            "simulate", "--broker", f"127.0.0.1:{broker.port}", "--devices", "20", "--seconds", "4",
            "--health-every", "1", "--position-every", "1", "--alarm-every", "2",
        )  # fmt: skip
    finally:
        server.stop()

    assert done.returncode == 0, done.stdout + done.stderr
    assert "connections  20, lost 0" in done.stdout
    assert server.unreadable == []
    assert {type(envelope.body).__name__ for _, envelope in server.messages.values()} == {
        "AlertBody", "DutyBody", "HealthBody", "PositionBody",
    }  # fmt: skip


@pytest.mark.services
def test_a_simulation_without_a_broker_is_one_message() -> None:
    assert "start the broker" in refused("simulate", "--broker", "127.0.0.1:1")
