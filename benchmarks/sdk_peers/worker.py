"""``python worker.py client_NAME.py URL``: does what each line of its input says, and prints what it took as JSON.

Runs in the client's own environment: the standard library alone.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import json
import os
import sys
import tracemalloc
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

MIB = 1024 * 1024


def load(file: str) -> ModuleType:
    """The client's module, from its file: what it is named after must not be hidden by it."""
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Worker:
    """One client in its process, its connections kept between bursts."""

    def __init__(self, client: ModuleType, url: str) -> None:
        self._client = client
        self._url = url
        self._runner = asyncio.Runner()
        self._call: Callable[[], object] | None = None
        self._async_call: Callable[[], Awaitable[object]] | None = None
        self._body = b""
        self._read: Callable[[], object] | None = None

    def get(self, count: int) -> float:
        """Seconds of one GET, the median of a burst."""
        call = self._call = self._call or self._client.calls(self._url)
        return median(_seconds(call) for _ in range(count))

    def async_get(self, count: int) -> float:
        """Seconds of one asynchronous GET, the median of a burst in turn."""
        call = self._async_call = self._async_call or self._client.async_calls(self._url)

        async def burst() -> float:
            spent = []
            for _ in range(count):
                began = perf_counter()
                await call()
                spent.append(perf_counter() - began)
            return median(spent)

        return self._runner.run(burst())

    def page(self, count: int) -> list[float]:
        """Seconds to read a page of so many records into models, and to `json.loads` it."""
        if self._read is None:
            self._body = self._client.page(count)
            self._read = self._client.page_reader(self._body)
        items = self._read()
        assert len(items) == count, len(items)  # type: ignore[arg-type]  # any client's list
        del items
        gc.collect()
        models = _seconds(self._read)
        gc.collect()
        return [models, _seconds(lambda: json.loads(self._body))]

    def kept(self, count: int) -> list[float]:
        """MiB (tracemalloc) that the models of a page keep, and what the lists and dicts of `json.loads` do."""
        body = self._client.page(count)
        read = self._client.page_reader(body)
        read()
        return [_kept(read), _kept(lambda: json.loads(body))]


def _seconds(call: Callable[[], object]) -> float:
    began = perf_counter()
    result = call()
    spent = perf_counter() - began
    del result
    return spent


def _kept(make: Callable[[], object]) -> float:
    gc.collect()
    tracemalloc.start()
    made = make()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del made
    return size / MIB


if __name__ == "__main__":
    worker = Worker(load(sys.argv[1]), sys.argv[2])
    for line in sys.stdin:
        name, number = line.split()
        sys.stdout.write(json.dumps(getattr(worker, name)(int(number))) + "\n")
        sys.stdout.flush()
    os._exit(0)  # a client's own farewell to connections it left open is not of interest
