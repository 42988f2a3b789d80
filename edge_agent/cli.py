"""The command `sekur-edge`."""

from __future__ import annotations

import argparse
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import attrs

from edge_agent.config import BrokerSection, Config, ConfigError, DeviceSection, WearerSection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from edge_agent.agent_events import AgentEvent, BrokerConnected, BrokerLost
    from edge_agent.replay import Outcome

OK: Final = 0
STOPPED_DEAD: Final = 1
BAD_INPUT: Final = 2
NOT_AS_EXPECTED: Final = 3

_EXTRA_MODULES: Final = frozenset({"numpy", "paho", "smbus2", "gpsd", "gpiod"})
_FIRST_WORD_S: Final = 8.0

SWITCH_S: Final = 0.0001
"""How long a busy thread keeps the interpreter from another, 5 ms by Python's own choice: an alarm passes through four threads."""


class _Refusal(Exception):  # noqa: N818  # not an error of the program: the message for the user
    """One clear message: what is wrong, where, what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; answers its exit code: 0 fine, 1 a part died, 2 bad input, 3 not what was expected."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except (ConfigError, _Refusal) as error:
        return _refuse(str(error))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA_MODULES:
            raise
        return _refuse(f"{error.name} is not installed: pip install 'sekur-sdk[edge]'")
    except KeyboardInterrupt:
        return 130


def _refuse(message: str) -> int:
    sys.stderr.write(f"sekur-edge: {message}\n")
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="sekur-edge", description="The wearable's program. It is not a certified lone-worker device.")
    commands = parser.add_subparsers(dest="name", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="protect a wearer, on the device's own hardware")
    run.add_argument("--config", type=Path, required=True, metavar="FILE")
    run.set_defaults(command=_run)

    replay = commands.add_parser("replay", help="the whole agent on a recording, with an emulated sensor")
    replay.add_argument("recording", metavar="RECORDING", help="FILE.txt, FILE.csv or FILE.npz:SUBJECT/ACTIVITY/TRIAL")
    replay.add_argument("--config", type=Path, metavar="FILE", help="alarm settings and broker; defaults without")
    replay.add_argument("--expect", choices=("alarm", "none"), default="alarm")
    replay.add_argument("--speed", type=_speed, default=4.0, metavar="N", help="times faster than it was (default 4)")
    replay.add_argument("--broker", type=_endpoint, metavar="HOST:PORT", help="publish there; the outbox only without")
    replay.set_defaults(command=_replay)

    simulate = commands.add_parser("simulate", help="many wearables that speak the contract: what does a broker bear?")
    simulate.add_argument("--broker", type=_endpoint, required=True, metavar="HOST:PORT")
    simulate.add_argument("--devices", type=_count, default=10, metavar="N")
    simulate.add_argument("--seconds", type=_seconds, default=60.0, metavar="S", help="how long (default 60)")
    simulate.add_argument("--tenant", default="demo", help="the first part of their topics (default demo)")
    simulate.add_argument("--prefix", default="sim", help="their ids are PREFIX-00000 and on (default sim)")
    simulate.add_argument("--health-every", type=_seconds, default=60.0, metavar="S")
    simulate.add_argument("--position-every", type=_seconds, default=30.0, metavar="S")
    simulate.add_argument("--alarm-every", type=_seconds, default=600.0, metavar="S", help="on average, of kind test")
    simulate.set_defaults(command=_simulate)

    check = commands.add_parser("check", help="read a configuration and say what it comes to")
    check.add_argument("--config", type=Path, required=True, metavar="FILE")
    check.set_defaults(command=_check)
    return parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}; see {self.prog} --help\n")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.1 <= speed <= 100:  # noqa: PLR2004  # the message says it
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0.1 to 100")
    return speed


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:  # noqa: PLR2004  # the message says it
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10000")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 86_400:  # noqa: PLR2004  # the message says it
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.1 to 86400")
    return seconds


def _endpoint(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 1 <= int(port) <= 65535:  # noqa: PLR2004  # TCP's
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, like 127.0.0.1:1883")
    return host.strip("[]"), int(port)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# check


def _check(arguments: argparse.Namespace) -> int:
    config = Config.load(arguments.config)
    _check_password(config)
    broker, alarms = config.broker, config.alarms
    _say(f"{arguments.config}: fine")
    _say(f"  device   {config.device.tenant}/{config.device.id}, worn by {config.wearer.employee_id}")
    _say(f"  broker   {broker.host}:{broker.port_number}, {'TLS' if broker.uses_tls else 'not encrypted'}")
    _say(f"  sensor   {config.sensor.chip} on /dev/i2c-{config.sensor.bus} at 0x{config.sensor.address:02X}")
    _say(f"  gpsd     {f'{config.gps.host}:{config.gps.port}' if config.gps.enabled else 'not used'}")
    _say(
        f"  alarms   pre-alarm {alarms.pre_alarm_s:g} s; tilt {alarms.tilt_deg:g} deg for {alarms.tilt_hold_s:g} s; "
        f"no motion ({alarms.no_motion_mg:g} mg) for {alarms.no_motion_hold_s:g} s"
    )
    _say(f"  outbox   {config.storage.path}, telemetry up to {config.storage.telemetry_budget_mib:g} MiB")
    return OK


def _check_password(config: Config) -> None:
    try:
        config.broker.password()
    except (OSError, LookupError, UnicodeDecodeError) as error:
        raise _Refusal(
            f"the broker's password can't be read: {error}; see [broker] password_file, password_env"
        ) from error


# run


def _run(arguments: argparse.Namespace) -> int:
    config = Config.load(arguments.config)
    _check_password(config)

    from edge_agent.agent import Agent  # noqa: PLC0415  # numpy and paho are an extra
    from edge_agent.agent_events import BrokerConnected, BrokerLost  # noqa: PLC0415  # see above
    from edge_agent.clock import SystemClock  # noqa: PLC0415  # see above
    from edge_agent.detection import ProfileError  # noqa: PLC0415  # see above
    from edge_agent.drivers.gpio import WearerInterfaceError  # noqa: PLC0415  # see above
    from edge_agent.drivers.gpsd import GpsdSource  # noqa: PLC0415  # see above
    from edge_agent.faults import FaultCode  # noqa: PLC0415  # see above
    from edge_agent.hardware import NoSensorError, probe_sensor, sensor_factory, wearer_interface  # noqa: PLC0415  # see above
    from edge_agent.outbox_file import OutboxError  # noqa: PLC0415  # see above

    sys.setswitchinterval(SWITCH_S)
    clock = SystemClock()
    make_sensor = sensor_factory(config.sensor, clock)
    # a device that can't feel a fall must not look as if it protected somebody
    try:
        probe_sensor(make_sensor)
    except NoSensorError as error:
        raise _Refusal(f"no accelerometer: {error}") from error

    words: queue.SimpleQueue[AgentEvent] = queue.SimpleQueue()
    first_word: queue.SimpleQueue[BrokerConnected | BrokerLost] = queue.SimpleQueue()

    def on_event(event: AgentEvent) -> None:
        words.put(event)
        if isinstance(event, BrokerConnected | BrokerLost):
            first_word.put(event)

    position = GpsdSource(clock=clock, host=config.gps.host, port=config.gps.port) if config.gps.enabled else None
    try:
        agent = Agent(config, clock, make_sensor, position, wearer_interface(config.wearer, clock), on_event=on_event)
        agent.start()
    except (OutboxError, ProfileError, WearerInterfaceError) as error:
        raise _Refusal(str(error)) from error

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    signal.signal(signal.SIGUSR1, lambda *_: agent.toggle_duty())
    try:
        _say("sekur-edge runs; SIGTERM ends it, SIGUSR1 takes up or ends a duty. Not a certified lone-worker device.")
        if not agent.duty.monitoring:
            # with a duty already open the device goes on, whatever the broker says: what it notices is stored
            word = _first_word(first_word, ended)
            if isinstance(word, BrokerLost) and word.code is not FaultCode.BROKER_UNREACHABLE:
                broker = config.broker
                raise _Refusal(
                    f"the broker {broker.host}:{broker.port_number} refuses this device: {word.reason}; "
                    "check [broker] user, password and certificates"
                )
            if config.wearer.duty_at_start and not ended.is_set():
                agent.start_duty()
        return _watch(words, ended, lambda: all(agent.threads_alive.values()))
    finally:
        agent.stop()


def _first_word(
    words: queue.SimpleQueue[BrokerConnected | BrokerLost], ended: threading.Event
) -> BrokerConnected | BrokerLost | None:
    """What first came of connecting; None when nothing did in time: a broker that can't be reached stops nobody."""
    for _ in range(int(_FIRST_WORD_S * 10)):
        if ended.is_set():
            return None
        try:
            return words.get(timeout=0.1)
        except queue.Empty:
            continue
    return None


def _watch(words: queue.SimpleQueue[AgentEvent], ended: threading.Event, alive: Callable[[], bool]) -> int:
    """Print what happens until the end; a dead thread ends the program, so that its supervisor starts it anew."""
    from edge_agent.agent_lines import line_of  # noqa: PLC0415  # see _run

    while not ended.is_set():
        try:
            line = line_of(words.get(timeout=0.2))
        except queue.Empty:
            line = None
        if line is not None:
            _say(line)
        if not alive():
            sys.stderr.write("sekur-edge: a part of the program has died; it ends, to be started anew\n")
            return STOPPED_DEAD
    return OK


# simulate


def _simulate(arguments: argparse.Namespace) -> int:
    from edge_agent.clock import SystemClock  # noqa: PLC0415  # paho is an extra
    from edge_agent.simulation import Load, simulate  # noqa: PLC0415  # see above

    load = Load(
        devices=arguments.devices,
        seconds=arguments.seconds,
        tenant=arguments.tenant,
        prefix=arguments.prefix,
        health_s=arguments.health_every,
        position_s=arguments.position_every,
        alarm_s=arguments.alarm_every,
    )
    host, port = arguments.broker
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    _say(f"{load.devices} simulated wearables for {load.seconds:g} s on {host}:{port}; SIGINT ends it")
    try:
        outcome = simulate(load, host, port, SystemClock(), ended=ended.is_set)
    except (OSError, ValueError) as error:
        raise _Refusal(f"{host}:{port}: {error}; start the broker, or name another") from error
    for line in outcome.lines(load.seconds):
        _say(line)
    return OK if outcome.alarms_receipted == outcome.alarms else NOT_AS_EXPECTED


# replay


def _replay(arguments: argparse.Namespace) -> int:
    config = Config.load(arguments.config) if arguments.config is not None else _config_of_a_replay()
    if arguments.broker is not None:
        host, port = arguments.broker
        config = attrs.evolve(config, broker=attrs.evolve(config.broker, host=host, port=port))
    connect = arguments.broker is not None or arguments.config is not None

    from edge_agent.agent_lines import line_of  # noqa: PLC0415  # numpy and paho are an extra
    from edge_agent.recordings import RecordingError  # noqa: PLC0415  # see above
    from edge_agent.replay import Expectation, ReplayError, replay  # noqa: PLC0415  # see above

    def show(seconds: float, event: AgentEvent) -> None:
        line = line_of(event)
        if line is not None:
            _say(f"{seconds:8.2f} s  {line}")

    try:
        outcome = replay(arguments.recording, config, speed=arguments.speed, connect=connect, show=show)
    except (RecordingError, ReplayError) as error:
        raise _Refusal(str(error)) from error
    expectation = Expectation(arguments.expect)
    fulfilled = outcome.fulfils(expectation)
    _say(_closing_line(outcome, connect=connect) + f"; expected {expectation}: {'yes' if fulfilled else 'NO'}")
    return OK if fulfilled else NOT_AS_EXPECTED


def _closing_line(outcome: Outcome, *, connect: bool) -> str:
    raised = f"{len(outcome.alarms)} alarm{'s' if len(outcome.alarms) != 1 else ''}"
    kinds = f" ({', '.join(outcome.alarms)})" if outcome.alarms else ""
    if not connect:
        sent = f"{outcome.waiting} messages in the outbox, no broker"
    elif not outcome.connected:
        sent = f"{outcome.waiting} messages in the outbox, the broker was not reached"
    else:
        sent = f"{outcome.published} published, {outcome.receipted} receipted"
    gaps = f", {outcome.gaps} gaps" if outcome.gaps else ""
    return f"{raised}{kinds}; {outcome.samples} samples{gaps}; {sent}"


def _config_of_a_replay() -> Config:
    return Config(
        device=DeviceSection(tenant="replay", id="replay"),
        broker=BrokerSection(host="127.0.0.1"),
        wearer=WearerSection(employee_id="replay", site_id="replay"),
    )
