"""The SDK beside the clients that integrators know, each in an environment of its own, in one run, in turns.

Ours is the base install of this tree's wheel. The reference is plain httpx in that environment; a page of records is compared with
``json.loads`` of the same bytes. Peers' rows are there to compare and have no bar. Each client fetches what its own service would answer, from
one server on the loopback in a process of its own. Times are medians: of a start (import, cold script) processor time, which what else
runs on the machine disturbs less, of calls and pages elapsed time. Memory is what tracemalloc sees kept.

Code is Python source as it travels, deflated in a zip, which is how the peers' figures that the bar stands beside were taken (hcloud 2.27: 111 kB):
of ours client, models and wire (with the package's face), of a peer its packages. The row below it has the same unpacked, without a bar.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from types import ModuleType  # a field's type, which attrs users resolve at run time
from typing import TYPE_CHECKING

import attrs

from benchmarks.row import Row
from benchmarks.sdk_peers import environments
from benchmarks.sdk_peers.environments import Environment, PeerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

HERE = Path(environments.__file__).parent
PEERS = ("openai", "anthropic", "stripe", "hcloud", "githubkit", "azure_core", "pydantic")
OURS = "sekur-sdk"

STARTS = 11
"""New interpreters for each figure that needs them."""
BURSTS = 12
CALLS = 40
PAGES = 5
RECORDS = 10_000

LAZY = "import sekur_sdk"
CLOCKED = "from time import process_time; began = process_time()\n{}\nprint(process_time() - began)"

MAX_CODE_KB = 250
MAX_DISTRIBUTIONS = 10
MAX_KEPT_MIB = 12


@attrs.frozen
class Client:
    """A client to measure and the environment it runs in."""

    module: ModuleType
    environment: Environment

    @property
    def name(self) -> str:
        """As its distribution is called."""
        name: str = self.module.NAME
        return name

    @property
    def bar_is_ours(self) -> bool:
        """Whether the bars are for it."""
        return self.name == OURS


def measure() -> list[Row]:
    """Return the rows of ours, each followed by those of its peers."""
    sekur, httpx = _load("sekur"), _load("httpx")
    own = environments.ours()
    reference = Client(httpx, own)
    clients = [Client(sekur, own)]
    for name in PEERS:
        module = _load(name)
        try:
            clients.append(Client(module, environments.peer(module)))
        except PeerUnavailableError as error:
            sys.stderr.write(f"{module.NAME} is left out: {error}\n")
    with _serving(reference, *clients) as url:
        return [
            *_imports(reference, clients, url),
            *_cold(reference, clients, url),
            *_gets(reference, clients, url),
            *_pages(clients),
            *_sizes(clients),
            *_types(clients),
        ]


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"benchmarks.sdk_peers.client_{name}")


def _row(metric: str, client: Client, value: float, reference: float, bar: float, unit: str = "ms") -> Row:
    return Row(f"{metric}: {client.name}", value, reference, bar if client.bar_is_ours else None, unit)


def _in_turns(rounds: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median of each over the rounds; one more round at the start fills caches and is not counted."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, take in measures.items():
            value = take()
            if number:
                found[name].append(value)
    return {name: median(values) for name, values in found.items()}


def _imports(reference: Client, clients: list[Client], url: str) -> Iterable[Row]:
    measures = {
        client.name: partial(_clocked, client.environment.python, client.module.MAKE.format(url=url))
        for client in (reference, *clients)
    }
    lazy = f"lazily, {OURS}"
    measures[lazy] = partial(_clocked, reference.environment.python, LAZY)
    times = _in_turns(STARTS, measures)
    base = times[reference.name] * 1e3
    for client in clients:
        yield _row("import, client made / import httpx", client, times[client.name] * 1e3, base, 1.35)
        if client.bar_is_ours:
            yield _row("lazy import alone / import httpx", client, times[lazy] * 1e3, base, 0.6)


def _clocked(python: Path, statements: str) -> float:
    """Seconds of the statements in a new interpreter, without its own start."""
    return float(_run(python, CLOCKED.format(statements)))


def _cold(reference: Client, clients: list[Client], url: str) -> Iterable[Row]:
    fetching = [client for client in clients if client.module.COLD]
    measures = {
        client.name: partial(_process, client.environment.python, client.module.COLD.format(url=url))
        for client in (reference, *fetching)
    }
    times = _in_turns(STARTS, measures)
    for client in fetching:
        yield _row(
            "cold script / the same with httpx", client, times[client.name] * 1e3, times[reference.name] * 1e3, 1.3
        )


def _process(python: Path, script: str) -> float:
    """Seconds of a whole process."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(python, script)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime


def _run(python: Path, script: str) -> str:
    done = subprocess.run([str(python), "-c", script], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{python} failed at\n{script}\n{done.stderr}")
    return done.stdout


def _gets(reference: Client, clients: list[Client], url: str) -> Iterable[Row]:
    fetching = [client for client in clients if client.module.calls]
    yield from _bursts("get", "one GET / httpx", reference, fetching, url)
    fetching = [client for client in clients if client.module.async_calls]
    yield from _bursts("async_get", "one async GET / httpx", reference, fetching, url)


def _bursts(verb: str, metric: str, reference: Client, clients: list[Client], url: str) -> Iterable[Row]:
    with ExitStack() as stack:
        workers = {client.name: stack.enter_context(_working(client, url)) for client in (reference, *clients)}
        times = _in_turns(BURSTS, {name: partial(_burst, ask, verb) for name, ask in workers.items()})
    for client in clients:
        yield _row(metric, client, times[client.name] * 1e3, times[reference.name] * 1e3, 1.2)


def _burst(ask: Callable[[str, int], list[float]], verb: str) -> float:
    return ask(verb, CALLS)[0]


def _pages(clients: list[Client]) -> Iterable[Row]:
    able = [client for client in clients if client.module.page_reader]
    spent: dict[str, list[list[float]]] = {client.name: [] for client in able}
    with ExitStack() as stack:
        workers = {client.name: stack.enter_context(_working(client, "")) for client in able}
        for number in range(PAGES + 1):
            for name, ask in workers.items():
                values = ask("page", RECORDS)
                if number:
                    spent[name].append(values)
    for client in able:
        models, plain = (median(column) * 1e3 for column in zip(*spent[client.name], strict=True))
        yield _row(f"page of {RECORDS} / json.loads", client, models, plain, 1.25)
    for client in able:
        with _working(client, "") as ask:
            kept = ask("kept", RECORDS)[0]
        yield _row(f"page of {RECORDS}, kept / {MAX_KEPT_MIB} MiB", client, kept, MAX_KEPT_MIB, 1.0, "MiB")


@contextmanager
def _working(client: Client, url: str) -> Iterator[Callable[[str, int], list[float]]]:
    """Asks a process of the client's own environment."""
    file = client.module.__file__
    assert file is not None
    command = [str(client.environment.python), "-W", "ignore", "-P", str(HERE / "worker.py"), file, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def ask(name: str, count: int) -> list[float]:
            asked.write(f"{name} {count}\n")
            asked.flush()
            line = answered.readline()
            if not line:
                raise RuntimeError(f"{client.name}: its worker ended at {name}; what it said stands above")
            values = json.loads(line)
            return values if isinstance(values, list) else [values]

        try:
            yield ask
        finally:
            asked.close()


@contextmanager
def _serving(*clients: Client) -> Iterator[str]:
    """The address of a server with the answers of all clients, while it runs."""
    answers = {path: answer for client in clients for path, answer in client.module.ANSWERS.items()}
    command = [sys.executable, str(HERE / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(answers) + "\n")
        process.stdin.flush()
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()


def _sizes(clients: list[Client]) -> Iterable[Row]:
    able = [client for client in clients if client.module.COLD]
    for client in able:
        files = _sources(client)
        yield _row(f"code, packed / {MAX_CODE_KB} kB", client, _packed_bytes(files) / 1000, MAX_CODE_KB, 1.0, "kB")
    for client in able:
        unpacked = sum(file.stat().st_size for file in _sources(client)) / 1000
        yield Row(f"code, unpacked / {MAX_CODE_KB} kB: {client.name}", unpacked, MAX_CODE_KB, None, "kB")
    for client in able:
        brought = client.environment.distributions
        metric = f"distributions installed / {MAX_DISTRIBUTIONS}"
        # itself and what it brings
        yield _row(metric, client, brought, MAX_DISTRIBUTIONS, 1.0, "")


def _sources(client: Client) -> list[Path]:
    site = client.environment.packages
    if client.bar_is_ours:
        roots = [site / "sekur_sdk" / part for part in ("client", "models", "wire")]
        return [site / "sekur_sdk" / "__init__.py", *(file for root in roots for file in root.rglob("*.py"))]
    return [file for package in client.module.PACKAGES for file in (site / package.replace(".", "/")).rglob("*.py")]


def _packed_bytes(files: list[Path]) -> int:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file)
    return len(packed.getvalue())


def _types(clients: list[Client]) -> Iterable[Row]:
    for client in clients:
        if client.module.COLD is None:
            continue
        # of ours every package: its extras are installed where this runs
        python = Path(sys.executable) if client.bar_is_ours else client.environment.python
        score = _type_score(python, client.module.PACKAGES[0]) * 100
        bar = 1.0 if client.bar_is_ours else None
        yield Row(f"types known (verifytypes) / 100 %: {client.name}", score, 100, bar, "%", at_least=True)


def _type_score(python: Path, package: str) -> float:
    # `--verifytypes` takes the first interpreter of PATH, whatever `--pythonpath` says
    environment = os.environ | {"PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(Path(sys.executable).parent / "basedpyright"), "--verifytypes", package, "--ignoreexternal"]
    done = subprocess.run(
        [*command, "--outputjson"], capture_output=True, text=True, check=False, env=environment, cwd="/"
    )
    score: float = json.loads(done.stdout)["typeCompleteness"]["completenessScore"]
    return score
