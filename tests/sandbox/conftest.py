"""A real sandbox for each test: a store in a file, the HTTP server on loopback, a clock that the test moves."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from wearable import Wearable

from sekur_sdk.sandbox.ingest.ingest import Ingest
from sekur_sdk.sandbox.seed import seed
from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.sandbox.settings import Settings
from sekur_sdk.sandbox.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "test-token-0123456789"
START = datetime(2026, 11, 7, 19, 0, tzinfo=UTC)


class Clock:
    """The server's wall clock: stands still until the test moves it."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's file with the demo data as of the clock's start; tests work on copies."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    opened = Store(path, Clock())
    opened.write(seed)
    opened.close()
    return path


@pytest.fixture
def store(demo_database: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """An open store with the demo data, without HTTP."""
    opened = Store(shutil.copy(demo_database, tmp_path / "store.sqlite3"), clock)
    yield opened
    opened.close()


@pytest.fixture
def ingest(store: Store) -> Ingest:
    return Ingest(store)


@pytest.fixture
def wearable(ingest: Ingest, clock: Clock) -> Wearable:
    """The demo's wearable, its messages handed straight to the ingest."""
    return Wearable(ingest.handle, clock)


@pytest.fixture
def settings(demo_database: Path, tmp_path: Path, clock: Clock) -> Settings:
    database = shutil.copy(demo_database, tmp_path / "sandbox.sqlite3")
    return Settings(database=database, token=TOKEN, now=clock, watch_every_s=3600)


@pytest.fixture(scope="session")
def stopping() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Stops servers beside the tests that follow: a stop takes uvicorn 0.2 s. One that fails, fails the session."""
    with ThreadPoolExecutor(4) as pool:
        stops: list[Future[None]] = []

        def submit(stop: Callable[[], None]) -> None:
            stops.append(pool.submit(stop))

        yield submit
        for stop in stops:
            stop.result(30)


@pytest.fixture
def sandbox(settings: Settings, stopping: Callable[[Callable[[], None]], None]) -> Iterator[SandboxServer]:
    server = SandboxServer(settings)
    server.start()
    yield server
    stopping(server.stop)


@pytest.fixture
def api(sandbox: SandboxServer) -> Iterator[httpx.Client]:
    """A plain HTTP client with the token, at the contract's base."""
    with httpx.Client(
        base_url=f"{sandbox.url}/api/v1", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10
    ) as client:
        yield client


@pytest.fixture(scope="module")
def shared_clock() -> Clock:
    """The clock of `shared_sandbox`."""
    return Clock()


@pytest.fixture(scope="module")
def shared_sandbox(
    demo_database: Path, tmp_path_factory: pytest.TempPathFactory, shared_clock: Clock
) -> Iterator[SandboxServer]:
    """One sandbox for all tests of a module: for those that look at nothing but what they made."""
    database = shutil.copy(demo_database, tmp_path_factory.mktemp("shared") / "sandbox.sqlite3")
    with SandboxServer(Settings(database=database, token=TOKEN, now=shared_clock, watch_every_s=3600)) as server:
        yield server


@pytest.fixture(scope="module")
def shared_api(shared_sandbox: SandboxServer) -> Iterator[httpx.Client]:
    """As `api`, over `shared_sandbox`."""
    with httpx.Client(
        base_url=f"{shared_sandbox.url}/api/v1", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10
    ) as client:
        yield client


@pytest.fixture(scope="session")
def examples() -> Path:
    return Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"


@pytest.fixture
def quote_body(examples: Path) -> dict[str, object]:
    """The contract's own example of a new quote, for a site that the demo data has."""
    body: dict[str, object] = json.loads((examples / "request-quote-create.json").read_text())
    body["site_id"] = "sit_entrepot"
    return body


@pytest.fixture
def shift_body() -> dict[str, object]:
    return {
        "site_id": "sit_entrepot",
        "employee_id": "emp_demo",
        "post": "Rondier nuit",
        "starts_at": "2026-11-08T19:00:00+01:00",
        "ends_at": "2026-11-09T07:00:00+01:00",
    }
