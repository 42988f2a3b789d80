"""An agent killed again and again while its broker is frozen, killed and restarted, behind it the real sandbox: who has which alarm?

Run as a program it is the agent that is killed: words on its input, its events on its output.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import attrs
import sqlalchemy as sa
from whole_wearable import WholeWearable, config, decide_fall

from edge_agent.config import DeviceSection, HealthSection, WearerSection
from sekur_sdk.models.device import Channel
from sekur_sdk.sandbox.ingest.ingest import Ingest
from sekur_sdk.sandbox.ingest.mqtt import MqttLink
from sekur_sdk.sandbox.seed import seed
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import alerts
from sekur_sdk.sandbox.trade import alerts as trade

if TYPE_CHECKING:
    from collections.abc import Callable

    from real_parts.mosquitto import Broker

    from edge_agent.agent_events import AgentEvent

CONTROL = "SEKUR_TEST_CONTROL"
PUBACK_IS_ENOUGH = "puback-is-enough"
"""The control: an agent that forgets an alarm when the broker has it."""


class Server:
    """The sandbox's store and ingest behind a broker, without HTTP."""

    def __init__(self, path: Path, port: int) -> None:
        self.store = Store(path, lambda: datetime.now(UTC))
        if self._is_new():
            self.store.write(seed)
        self.link = MqttLink(Ingest(self.store), self.store, host="127.0.0.1", port=port)
        self.link.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.link.stop()
        self.store.close()

    def alarms(self) -> set[str]:
        """The uids of the alarms that came, technical ones too."""
        with self.store.read() as connection:
            return {str(alert.uid) for alert in alerts.all(connection, schema.alert.c.uid.is_not(None))}

    def faults(self) -> list[str | None]:
        """The codes of the technical alerts."""
        with self.store.read() as connection:
            return [alert.fault for alert in alerts.all(connection)]

    def incidents(self) -> dict[str, int]:
        """How often each alarm took effect: alerts of its uid, by the events that opened them."""
        counted: dict[str, int] = {}
        with self.store.read() as connection:
            rows = connection.execute(sa.select(schema.event.c.data).where(schema.event.c.type == "alert.opened"))
            for (data,) in rows:
                marker = data.find('"uid":"')
                if marker >= 0:
                    uid = data[marker + 7 : marker + 43]
                    counted[uid] = counted.get(uid, 0) + 1
        return counted

    def missing_numbers(self) -> int:
        """Numbers that neither came nor were told as dropped."""
        gap = schema.seq_gap
        with self.store.read() as connection:
            total = connection.execute(sa.select(sa.func.sum(gap.c.last_seq - gap.c.first_seq + 1))).scalar()
        return int(total or 0)

    def messages(self) -> int:
        """How many messages were stored."""
        with self.store.read() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(schema.message)).scalar() or 0)

    def resolve_all(self) -> None:
        """What a control room does with each alarm."""

        def resolve(tx: Any) -> None:
            for alert in alerts.all(tx.connection, schema.alert.c.status.in_(trade.UNRESOLVED)):
                trade.resolve(tx, alert, by="test", resolution="RAS", false_alarm=False)

        self.store.write(resolve)

    def _is_new(self) -> bool:
        with self.store.read() as connection:
            return connection.execute(sa.select(schema.organisation.c.id)).first() is None


class AgentProcess:
    """The agent of the demo's wearable in a process of its own."""

    def __init__(
        self, folder: Path, port: int, *, pre_alarm_s: float = 0.0, control: str = "", prefix: tuple[str, ...] = ()
    ) -> None:
        command = [*prefix, sys.executable, "-u", __file__, str(folder), str(port), str(pre_alarm_s)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if not os.environ.get("SEKUR_TEST_SHOW") else None,
            text=True,
            env={**os.environ, CONTROL: control},
        )
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def wait_for(self, wanted: Callable[[str], bool], timeout: float = 20.0) -> str:
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for line in self.lines:
                    if wanted(line):
                        return line
                left = deadline - time.monotonic()
                if left <= 0 or not self._reader.is_alive():
                    raise TimeoutError(f"not among {self.lines}")
                self._changed.wait(min(left, 0.2))

    def uids(self, event: str) -> set[str]:
        """The uids of the events of a kind so far."""
        with self._changed:
            return {line.split()[1] for line in self.lines if line.startswith(event + " ")}

    def kill(self) -> None:
        self.process.kill()
        self._end()

    def stop(self) -> None:
        self.send("stop")
        self._end()

    def _end(self) -> None:
        self.process.wait(timeout=30)
        self._reader.join(timeout=5)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line.strip())
                self._changed.notify_all()


class TroubledBroker:
    """Freezes, kills and restarts a broker at random from a thread, while its context is open; leaves it running."""

    def __init__(self, broker: Broker, chance: random.Random) -> None:
        self._broker = broker
        self._chance = chance
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._trouble, daemon=True)
        self.frozen = self.killed = self.restarted = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _trouble(self) -> None:
        while not self._ended.wait(self._chance.uniform(0.5, 3.0)):
            match self._chance.choice(("freeze", "kill", "restart")):
                case "freeze":
                    self.frozen += 1
                    self._broker.freeze()
                    self._ended.wait(self._chance.uniform(0.1, 2.0))
                    self._broker.thaw()
                case "kill":
                    self.killed += 1
                    self._broker.kill()
                    self._ended.wait(self._chance.uniform(0.0, 2.0))
                    self._broker.start()
                case _:
                    self.restarted += 1
                    self._broker.restart()


@attrs.define
class Account:
    """Where every alarm is in the end."""

    kills: int = 0
    raised: set[str] = attrs.field(factory=set)
    committed: set[str] = attrs.field(factory=set)
    delivered: set[str] = attrs.field(factory=set)
    queued: set[str] = attrs.field(factory=set)
    twice: int = 0
    missing_numbers: int = 0
    messages: int = 0
    frozen: int = 0
    broker_killed: int = 0
    broker_restarted: int = 0

    @property
    def lost(self) -> set[str]:
        return self.committed - self.delivered - self.queued


def run_cycles(folder: Path, broker: Broker, cycles: int, *, seed_: int = 1, control: str = "") -> Account:
    """Kill an agent ``cycles`` times, then let a last one send what waits; the account."""
    chance = random.Random(seed_)
    account = Account()
    device = folder / "device"
    device.mkdir(parents=True, exist_ok=True)
    with Server(folder / "server.sqlite3", broker.port) as server:
        server.link.wait_until_subscribed(15)
        with TroubledBroker(broker, random.Random(seed_ + 1)) as trouble:
            for _ in range(cycles):
                _one_life(device, broker.port, chance, account, control)
                server.resolve_all()
        account.frozen, account.broker_killed = trouble.frozen, trouble.killed
        account.broker_restarted = trouble.restarted
        server.link.wait_until_subscribed(15)
        with AgentProcess(device, broker.port, control=control) as last:
            last.wait_for(lambda line: line.startswith("BrokerConnected"))
            _settle(server, last, device, account)
            last.stop()
        account.delivered = server.alarms()
        account.queued = queued(device / "outbox.db")
        account.twice = sum(count > 1 for count in server.incidents().values())
        account.missing_numbers = server.missing_numbers()
        account.messages = server.messages()
    return account


def queued(outbox: Path) -> set[str]:
    """The alarms that wait in an outbox that nobody has open."""
    connection = sqlite3.connect(outbox)
    try:
        return {uid for (uid,) in connection.execute("SELECT uid FROM message WHERE priority = 0")}
    finally:
        connection.close()


def _one_life(device: Path, port: int, chance: random.Random, account: Account, control: str) -> None:
    with AgentProcess(device, port, control=control) as agent:
        try:
            agent.wait_for(lambda line: line.startswith("AgentStarted"))
            if chance.random() < 0.3:
                agent.send("duty")
            for _ in range(chance.randrange(2, 10)):
                # one that is cancelled makes room for the next
                agent.send(chance.choice(("sos", "sos", "fall", "cancel", "cancel")))
                time.sleep(chance.uniform(0.0, 0.08))
            time.sleep(chance.uniform(0.0, 0.5))
        finally:
            agent.kill()
            account.kills += 1
            account.raised |= agent.uids("AlarmRaised")
            account.committed |= agent.uids("AlarmCommitted")


def _settle(server: Server, agent: AgentProcess, device: Path, account: Account) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        # health tells what was dropped, and that nothing waits
        if account.committed <= server.alarms() and server.missing_numbers() == 0:
            return
        agent.send("gaps")
        time.sleep(0.2)


def main() -> None:
    folder, port, pre_alarm_s = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    if os.environ.get(CONTROL) == PUBACK_IS_ENOUGH:
        Channel.needs_receipt = property(lambda _: False)  # type: ignore[assignment,method-assign]  # the mechanism, switched off

    def show(event: AgentEvent) -> None:
        fields = attrs.asdict(event)
        told = fields.get("uid") or fields.get("code") or fields.get("pattern") or fields.get("restored")
        sys.stdout.write(f"{type(event).__name__} {told}\n")
        sys.stdout.flush()

    configuration = attrs.evolve(
        config(folder, port, pre_alarm_s=pre_alarm_s),
        device=DeviceSection(tenant="demo", id="dev_demo"),
        wearer=WearerSection(employee_id="emp_demo", site_id="sit_entrepot"),
        health=HealthSection(interval_s=1.0),
    )
    wearable = WholeWearable(configuration, observe=show)
    agent = wearable.agent
    agent.start()
    actions = {
        "sos": agent.press_sos,
        "cancel": agent.press_cancel,
        "duty": agent.toggle_duty,
        "fall": lambda: decide_fall(wearable),
        "gaps": agent._outbox.tell_gaps,
    }
    for word in sys.stdin:
        if word.strip() == "stop":
            break
        actions[word.strip()]()
    agent.stop()


if __name__ == "__main__":
    main()
