"""A sandbox that listens on the loopback while its context is open."""

from __future__ import annotations

import secrets
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sekur_sdk.testing.errors import SandboxMissingError

if TYPE_CHECKING:
    from types import TracebackType

    from sekur_sdk.models.alerts import Alert
    from sekur_sdk.sandbox.server import SandboxServer
    from sekur_sdk.sandbox.store.writer import Transaction

_TOKEN_NAME = "Poste central"  # noqa: S105  # a place's name, which alerts show


class LiveSandbox:
    """A SEKUR of this machine's own, over real HTTP: `url` and `token` are what a client is made with.

    It has the demo data: an invented company with sites, employees, shifts, a quote, wearables and a logbook. Nothing outlives it.

    Raises:
        SandboxMissingError: the extra `sandbox` is not installed.
    """

    def __init__(self) -> None:
        try:
            import sekur_sdk.sandbox.server  # noqa: F401, PLC0415  # needs the extra
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("sekur_sdk"):
                raise
            raise SandboxMissingError(error.name) from error
        self._token = f"test_{secrets.token_urlsafe(24)}"
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._running: SandboxServer | None = None
        self._log, self._boot = _new_uid(), _new_uid()
        self._seq = 0

    @property
    def url(self) -> str:
        """Where clients find it, without the `/api/v1`."""
        return self._server.url

    @property
    def token(self) -> str:
        """An API token that may do everything."""
        return self._token

    @property
    def environ(self) -> dict[str, str]:
        """What `SekurClient.from_env` reads."""
        return {"SEKUR_BASE_URL": self.url, "SEKUR_TOKEN": self.token}

    @property
    def _server(self) -> SandboxServer:
        if self._running is None:
            raise RuntimeError("the sandbox is not running: use it in a `with` block, or start it")
        return self._running

    def start(self) -> None:
        """Listen on a free port of 127.0.0.1; return once it answers."""
        from sekur_sdk.sandbox.server import SandboxServer  # noqa: PLC0415  # needs the extra
        from sekur_sdk.sandbox.settings import Settings  # noqa: PLC0415  # as above

        self._folder = tempfile.TemporaryDirectory(prefix="sekur-sandbox-")
        try:
            settings = Settings(
                database=Path(self._folder.name) / "sandbox.sqlite3", token=self._token, token_name=_TOKEN_NAME
            )
            server = SandboxServer(settings)
            server.start()
        except BaseException:
            self._folder.cleanup()
            raise
        self._running = server

    def stop(self) -> None:
        """End event streams, stop listening, delete its data. Nothing happens when it is not running."""
        server, self._running = self._running, None
        if server is not None:
            server.stop()
        if self._folder is not None:
            self._folder.cleanup()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def reset(self) -> None:
        """Put the data back to the demo data; `url` and `token` stay good, OAuth clients and tokens that were made are gone.

        Events go on being numbered: a number from before is never given again.
        """
        self._server.store.write(_begin_anew)
        self._server.access.allow(self._token, name=_TOKEN_NAME)
        self._seq = 0

    def register_client(self, name: str = "test", scopes: tuple[str, ...] | None = None) -> tuple[str, str]:
        """A new OAuth client, its id and its secret, with all scopes unless some are given (`planning:read`)."""
        if scopes is None:
            return self._server.access.register_client(name=name)
        return self._server.access.register_client(name=name, scopes=scopes)

    def raise_alert(self, kind: str = "fall", *, device_id: str = "dev_demo", silent: bool = False) -> Alert:
        """An alert as a wearable raises one, just now; its position is not known.

        Raises:
            ValueError: the contract knows no such kind, or there is no such wearable.
        """
        from sekur_sdk.models.device import AlertKind, DeviceAddress  # noqa: PLC0415  # not loaded before it is needed
        from sekur_sdk.sandbox.seed import DEMO_TENANT  # noqa: PLC0415  # as above
        from sekur_sdk.sandbox.store.records import alerts  # noqa: PLC0415  # as above
        from sekur_sdk.sandbox.store.schema import alert as table  # noqa: PLC0415  # as above
        from sekur_sdk.wire import encode  # noqa: PLC0415  # as above

        refused = f"the sandbox took no alert of kind {kind!r} from the wearable {device_id!r}"
        if not AlertKind(kind).is_known:
            raise ValueError(refused)
        now, uid = datetime.now(UTC), _new_uid()
        self._seq += 1
        message = {
            "v": 1,
            "uid": uid,
            "log": self._log,
            "seq": self._seq,
            "boot": self._boot,
            "up_ms": 1000 * self._seq,
            "at": now,
            "clock": "synced",
            "duty": None,
            "body": {"kind": kind, "started_at": now, "silent": silent},
        }
        topic = DeviceAddress(DEMO_TENANT, device_id).topic("alert")
        self._server.ingest.handle(topic, encode(message))
        with self._server.store.read() as connection:
            raised = alerts.first(connection, table.c.uid == uid, table.c.device_id == device_id)
        if raised is None:
            raise ValueError(refused)
        return raised


def _begin_anew(tx: Transaction) -> None:
    import sqlalchemy as sa  # noqa: PLC0415  # needs the extra

    from sekur_sdk.sandbox.seed import seed  # noqa: PLC0415  # as above
    from sekur_sdk.sandbox.store import safety_tables, schema  # noqa: PLC0415  # as above

    tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    # what is written once can't be erased but without its triggers
    triggers = tx.connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in triggers:
        tx.connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for table in reversed(schema.metadata.sorted_tables):
        if table is safety_tables.secret:
            continue
        gone = sa.delete(table)
        if table is schema.counter:
            gone = gone.where(schema.counter.c.name != "event")
        tx.connection.execute(gone)
    tx.access_changed = True
    for _, statement in triggers:
        tx.connection.exec_driver_sql(statement)
    seed(tx)


def _new_uid() -> str:
    from sekur_sdk.models.uid import new_uid  # noqa: PLC0415  # not loaded before it is needed

    return new_uid(int(datetime.now(UTC).timestamp() * 1000))
