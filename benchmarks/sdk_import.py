"""How long ``import sekur_sdk`` takes beside ``import httpx``, each in a new interpreter, the interpreter's own start not counted."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from benchmarks.row import Row

RUNS = 15
CLOCKED_IMPORT = "from time import perf_counter; began = perf_counter(); import {}; print(perf_counter() - began)"


def measure() -> list[Row]:
    """Return the medians of interleaved runs, in milliseconds."""
    seconds: dict[str, list[float]] = {"sekur_sdk": [], "httpx": []}
    for module in seconds:  # the first import of each compiles and reads from the disk: it is not counted
        _import_time(module)
    for _ in range(RUNS):
        for module, times in seconds.items():
            times.append(_import_time(module))
    ours, reference = (median(times) * 1e3 for times in seconds.values())
    return [Row("import sekur_sdk / import httpx", ours, reference, bar=0.6)]


def _import_time(module: str) -> float:
    command = [sys.executable, "-c", CLOCKED_IMPORT.format(module)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
