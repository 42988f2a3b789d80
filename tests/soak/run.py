"""The long proofs, and their report: ``python tests/soak/run.py --report docs/soak.md``, at most an hour on two cores.

SOAK_SCALE (1 by default) makes all of it shorter, or longer. They run in lanes beside each other. Exit 1: a promise was
not kept. Needs what `make test` needs, and root for the network that is cut and the card that fails.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT)]

from failing_card import syncs_of  # noqa: E402  # found by the line above, as all that follow
from kill_cycles import PUBACK_IS_ENOUGH, AgentProcess, Server, run_cycles  # noqa: E402
from network_proofs import flap, seconds_to_notice  # noqa: E402
from power_cuts import fast_folder, simulate  # noqa: E402
from real_parts.mosquitto import Broker  # noqa: E402
from real_parts.partition import PartitionedBroker  # noqa: E402
from receipting_server import ReceiptingServer  # noqa: E402
from whole_wearable import WholeWearable, config  # noqa: E402

from edge_agent import agent_events as told  # noqa: E402
from edge_agent.alarm_rules import Pattern  # noqa: E402
from edge_agent.config import DeviceSection, HealthSection, WearerSection  # noqa: E402
from edge_agent.messages import Draft  # noqa: E402
from edge_agent.outbox import Outbox  # noqa: E402
from sekur_sdk.models.device import AlertBody, AlertKind, Channel, ClockState, HealthBody, PositionBody  # noqa: E402
from sekur_sdk.models.uid import new_uid  # noqa: E402

BAD = 1


@attrs.frozen
class Result:
    """One promise: whether it was kept, and the figures."""

    kept: bool
    figures: str


def mosquitto() -> Path:
    found = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if found is None:
        sys.exit("mosquitto is not installed (Debian package mosquitto)")
    return Path(found)


# The proofs


def power_cuts(folder: Path, scale: float) -> Result:
    work = fast_folder(folder)
    try:
        full = simulate(work, int(100_000 * scale), seeds=itertools.count(1))
        normal = simulate(work, max(200, int(2_000 * scale)), synchronous="NORMAL", seeds=itertools.count(1))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    figures = (
        f"{full.cuts:,} cuts, {full.acknowledged:,} commits looked for: {full.lost} lost, {full.states_lost} states lost, "
        f"{full.reused} numbers used twice, {full.corrupt} files damaged. Control, `synchronous=NORMAL`: "
        f"{normal.cuts_with_loss} of {normal.cuts:,} cuts lost alarms ({normal.lost:,} in all)"
    )
    return Result(full.sound and normal.cuts_with_loss > 0, figures)


def kills(folder: Path, scale: float) -> Result:
    with Broker(mosquitto(), folder / "broker") as broker:
        account = run_cycles(folder / "real", broker, max(5, int(500 * scale)))
    figures = (
        f"{account.kills} times `kill -9` of the agent; broker {account.frozen} times frozen, {account.broker_killed} times killed, "
        f"{account.broker_restarted} times restarted. {len(account.raised)} alarms raised, {len(account.committed)} committed, "
        f"{len(account.delivered & account.raised)} of them at the server, {len(account.queued)} queued, {len(account.lost)} lost, "
        f"{account.twice} took effect twice; of {account.messages} messages {account.missing_numbers} numbers unexplained"
    )
    kept = not (account.lost or account.twice or account.missing_numbers)
    return Result(kept and account.kills > 0, figures)


def kills_control(folder: Path, scale: float) -> Result:
    with Broker(mosquitto(), folder / "broker") as broker:
        account = run_cycles(folder / "control", broker, max(10, int(60 * scale)), seed_=3, control=PUBACK_IS_ENOUGH)
    return Result(
        bool(account.lost),
        f"control, an agent that forgets at the PUBACK: {len(account.lost)} of {len(account.committed)} alarms lost in {account.kills} kills",
    )


def flapping(folder: Path, scale: float) -> Result:
    with PartitionedBroker(mosquitto(), folder / "broker") as broker:
        found = flap(folder / "device", broker, 600 * scale)
    figures = (
        f"{600 * scale:.0f} s, {found.cuts} cuts of a second: {found.raised} SOS, {found.received} received, "
        f"the slowest {found.worst_s:.1f} s after it was raised, {found.connections} connections"
    )
    return Result(found.raised == found.received > 0, figures)


def half_open(folder: Path, scale: float) -> Result:
    del scale
    with PartitionedBroker(mosquitto(), folder / "broker") as broker:
        noticed_s = seconds_to_notice(folder / "device", broker, keepalive_s=15)
    return Result(
        noticed_s <= 2 * 15,
        f"keepalive 15 s: noticed after {noticed_s:.1f} s, bound 30 s; the SOS came after the healing",
    )


def protection(folder: Path, scale: float) -> Result:
    """The real 180 s, for each thing that may die, at the same time; scaled, the interval is."""
    interval_s = max(1.0, 60.0 * min(1.0, scale * 2 if scale < 0.5 else 1.0))
    deaths: dict[str, Callable[[Broker, Server], object]] = {
        "broker killed": lambda broker, _: broker.kill(),
        "broker frozen": lambda broker, _: broker.freeze(),
        "ingest dead": lambda _, server: server.link.stop(),
    }
    with concurrent.futures.ThreadPoolExecutor() as pool:
        waits = {
            name: pool.submit(_seconds_to_feel, folder / name.replace(" ", "-"), interval_s, death)
            for name, death in deaths.items()
        }
        found = {name: each.result() for name, each in waits.items()}
    figures = ", ".join(f"{name}: {seconds:.1f} s" for name, seconds in found.items())
    return Result(max(found.values()) <= 3 * interval_s, f"felt by the wearer, bound {3 * interval_s:.0f} s: {figures}")


_ONE_AT_A_TIME = threading.Lock()


def _seconds_to_feel(folder: Path, interval_s: float, death: Callable[[Broker, Server], object]) -> float:
    folder.mkdir(parents=True)
    configuration = attrs.evolve(
        # the emulated wearer stands still: his alarm would be felt in place of the loss
        config(folder / "device", 1, no_motion_hold_s=1800.0),
        device=DeviceSection(tenant="demo", id="dev_demo"),
        wearer=WearerSection(employee_id="emp_demo", site_id="sit_entrepot"),
        health=HealthSection(interval_s=interval_s),
    )
    with ExitStack() as stack:
        broker = stack.enter_context(Broker(mosquitto(), folder / "broker"))
        with _ONE_AT_A_TIME:
            # Alembic migrates one database at a time
            server = stack.enter_context(Server(folder / "server.sqlite3", broker.port))
        server.link.wait_until_subscribed(15)
        section = attrs.evolve(configuration.broker, port=broker.port, keepalive_s=15)
        with WholeWearable(attrs.evolve(configuration, broker=section)) as wearable:
            wearable.agent.start_duty()
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.channel is Channel.HEALTH)
            # the worst moment: right after an answer
            died_at = time.monotonic()
            death(broker, server)
            felt = wearable.log.wait_for(
                told.SignalChanged,
                lambda event: event.pattern is Pattern.PROTECTION_LOST,
                timeout=4 * interval_s + 10,
            )
            return felt.at - died_at


def stalled_card(folder: Path, scale: float) -> Result:
    """Syncs that take 30 s, 5 s, or fail, for as long as it takes to press ten times; then the card works again."""
    del scale
    slowest: dict[str, float] = {}
    with Broker(mosquitto(), folder / "broker") as broker:
        server = ReceiptingServer(broker.port)
        server.wait_subscribed()
        server.receipts = False
        try:
            for name, inject in (
                ("30 s", "delay_enter=30000000"),
                ("5 s", "delay_enter=5000000"),
                ("EIO", "error=EIO"),
            ):
                slowest[name] = _slowest_of_ten(folder / name.replace(" ", "-"), broker, server, inject)
        finally:
            server.stop()
    figures = ", ".join(f"{name}: {seconds * 1000:.0f} ms" for name, seconds in slowest.items())
    return Result(
        max(slowest.values()) < 1.0,
        f"slowest of ten SOS to the server, bound 1 s; syncs of {figures}; all committed afterwards",
    )


def _slowest_of_ten(device: Path, broker: Broker, server: ReceiptingServer, inject: str) -> float:
    def count(server: ReceiptingServer) -> int:
        return [body.kind for body in server.bodies(AlertBody)].count(AlertKind.SOS)

    times = []
    with AgentProcess(device, broker.port) as process:
        # its topics are those of the demo's device; the server here takes all
        process.wait_for(lambda line: line.startswith("BrokerConnected"))
        device.with_suffix(".log").touch()
        with syncs_of(process.process.pid, inject, device.with_suffix(".log")):
            for _ in range(10):
                before = count(server)
                pressed = time.monotonic()
                process.send("sos")
                server.wait_for(lambda server, before=before: count(server) > before, timeout=60)
                times.append(time.monotonic() - pressed)
                process.send("cancel")
        raised = process.uids("AlarmRaised")
        deadline = time.monotonic() + 60
        while not raised <= process.uids("AlarmCommitted"):
            if time.monotonic() > deadline:
                raise TimeoutError("alarms were not committed when the card worked again")
            time.sleep(0.1)
    return max(times)


def fleet(folder: Path, scale: float) -> Result:
    """The load generator on a mosquitto with a server that receipts."""
    seconds = max(10.0, 60 * scale)
    with Broker(mosquitto(), folder / "broker") as broker:
        server = ReceiptingServer(broker.port)
        server.wait_subscribed()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "edge_agent", "simulate", "--broker", f"127.0.0.1:{broker.port}", "--devices", "200",
                 "--seconds", f"{seconds:g}", "--health-every", "10", "--position-every", "5", "--alarm-every", "60"],
                capture_output=True, text=True, check=False, cwd=ROOT,
            )  # fmt: skip
        finally:
            server.stop()
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()[1:]]
    return Result(done.returncode == 0, f"200 wearables, {seconds:.0f} s: " + "; ".join(lines))


def bytes_a_day(folder: Path, scale: float) -> Result:
    """A tenth of a duty day through a real outbox, each message committed and forgotten by itself; what the kernel wrote."""
    del scale
    day = 24
    now = datetime(2026, 3, 1, tzinfo=UTC)
    outbox = Outbox(folder / "outbox.db", boot=new_uid(1), now=lambda: (now, 5, ClockState.SYNCED))
    outbox.start()

    def send(channel: Channel, body: HealthBody | PositionBody) -> None:
        message = outbox.submit(
            Draft(uid=new_uid(1), channel=channel, at=now, up_ms=5, clock=ClockState.SYNCED, duty=new_uid(1), body=body)
        )
        outbox.settle(10)
        outbox.done(message.uid)
        outbox.settle(10)

    try:
        outbox.settle(10)
        before = _written()
        for number in range(day * 60 // 10):
            send(Channel.HEALTH, HealthBody(protected=True, battery_pct=80))
            for _ in range(2):
                send(Channel.POSITION, PositionBody(fix=None))
            del number
        outbox.settle(10)
        written = (_written() - before) * 10
    finally:
        outbox.stop()
    return Result(
        True, f"a day on duty (health each 60 s, a position each 30 s) writes {written / 1e6:.0f} MB to the card"
    )


def _written() -> int:
    for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
        if line.startswith("write_bytes:"):
            return int(line.split()[1])
    return 0


PROOFS: dict[str, tuple[str, Callable[[Path, float], Result]]] = {
    "flapping": ("a link that flaps every second", flapping),
    "protection": ("protection that died is noticed", protection),
    "half-open": ("a half-open link is noticed within twice the keepalive", half_open),
    "kills": ("a committed alarm survives a process kill, and takes effect once", kills),
    "kills-control": ("and would not without receipts", kills_control),
    "power-cuts": ("a committed alarm survives a power cut", power_cuts),
    "stalled-card": ("a stalled or failing card can't hold an alarm", stalled_card),
    "fleet": ("the load generator", fleet),
    "bytes": ("what it costs the card", bytes_a_day),
}
LANES = (
    ("kills",),
    ("flapping",),
    ("protection",),
    ("half-open", "kills-control", "power-cuts", "stalled-card", "fleet", "bytes"),
)
"""What runs one after the other; the lanes run beside each other: some mostly wait."""


def one(name: str, scale: float) -> int:
    with tempfile.TemporaryDirectory(prefix="sekur-soak-") as folder:
        result = PROOFS[name][1](Path(folder), scale)
    sys.stdout.write(json.dumps(attrs.asdict(result)) + "\n")
    return 0


def all_of_them(scale: float, names: list[str], report: Path | None) -> int:
    began = time.monotonic()
    started_at = datetime.now(UTC)
    results: dict[str, tuple[Result, float]] = {}
    lock = threading.Lock()

    def run(name: str) -> None:
        since = time.monotonic()
        done = subprocess.run(
            [sys.executable, __file__, "--proof", name, "--scale", str(scale)],
            capture_output=True,
            text=True,
            check=False,
        )
        try:
            result = Result(**json.loads(done.stdout.splitlines()[-1]))
        except (ValueError, IndexError, TypeError):
            result = Result(False, f"the proof failed: {(done.stderr.splitlines() or ['no word'])[-1][:300]}")
        with lock:
            results[name] = (result, time.monotonic() - since)
            sys.stdout.write(f"{'kept  ' if result.kept else 'BROKEN'} {name}: {result.figures}\n")
            sys.stdout.flush()

    def run_lane(lane: tuple[str, ...]) -> None:
        for name in lane:
            if name in names:
                run(name)

    with concurrent.futures.ThreadPoolExecutor(len(LANES)) as pool:
        list(pool.map(run_lane, LANES))
    minutes = (time.monotonic() - began) / 60
    if report is not None:
        report.write_text(_page(results, started_at, scale, minutes), encoding="utf-8")
    return 0 if all(result.kept for result, _ in results.values()) else BAD


def _page(results: dict[str, tuple[Result, float]], started_at: datetime, scale: float, minutes: float) -> str:
    cores = os.cpu_count()
    lines = [
        "# The long proofs: last report",
        "",
        "Written by `make soak`; `SOAK_SCALE` sets its length. [promises.md](promises.md) says what each proves.",
        "",
        f"{started_at:%Y-%m-%d %H:%M} UTC, {minutes:.0f} minutes, scale {scale:g}, {cores} cores, Python {sys.version.split()[0]}, Linux.",
        "",
        "| proof | kept | figures | seconds |",
        "|---|---|---|---|",
    ]
    for name, (title, _) in PROOFS.items():
        if name in results:
            result, seconds = results[name]
            lines.append(f"| {title} | {'yes' if result.kept else '**no**'} | {result.figures} | {seconds:.0f} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="The long proofs of store-and-forward.")
    parser.add_argument("names", nargs="*", metavar="PROOF", help=f"one of: {', '.join(PROOFS)}; all when left out")
    parser.add_argument("--report", type=Path, metavar="FILE")
    parser.add_argument("--proof", choices=PROOFS, help=argparse.SUPPRESS)
    parser.add_argument("--scale", type=float, default=float(os.environ.get("SOAK_SCALE", "1")), help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in PROOFS]
    if unknown:
        parser.error(f"no proof is called {', '.join(unknown)}; there are: {', '.join(PROOFS)}")
    if options.proof is not None:
        return one(options.proof, options.scale)
    random.seed(1)
    return all_of_them(options.scale, options.names or list(PROOFS), options.report)


if __name__ == "__main__":
    sys.exit(main())
