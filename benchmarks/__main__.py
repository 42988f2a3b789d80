"""Run benchmarks by name, all when none is named; exit 1 when a bar is missed, 2 for a name that is none."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.row import Row

NOT_BENCHMARKS = {"__main__", "falls", "row"}


def names() -> list[str]:
    """Return the benchmarks there are."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(module.name for module in found if not module.ispkg and module.name not in NOT_BENCHMARKS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and tell whether every bar was met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names())}; all when left out")
    parser.add_argument("--json", action="store_true", help="print a JSON list of rows and nothing else")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in names()]
    if unknown:
        sys.stderr.write(f"no benchmark is called {', '.join(unknown)}; there are: {', '.join(names())}\n")
        return 2
    rows: list[Row] = []
    for name in options.names or names():
        rows += importlib.import_module(f"benchmarks.{name}").measure()
    sys.stdout.write(json.dumps([row.as_dict() for row in rows], indent=2) + "\n" if options.json else _table(rows))
    return 0 if all(row.ok for row in rows) else 1


def _table(rows: list[Row]) -> str:
    width = max(len(row.name) for row in rows)
    lines = [f"{'':{width}}  {'ours':>12}  {'reference':>12}  {'ratio':>7}  {'bar':>7}"]
    for row in rows:
        ours, reference = f"{row.ours:.2f} {row.unit}", f"{row.reference:.2f} {row.unit}"
        bar, verdict = ("", "") if row.bar is None else (f"{row.bar:.2f}", "ok" if row.ok else "MISSED")
        line = f"{row.name:{width}}  {ours:>12}  {reference:>12}  {row.ratio:7.2f}  {bar:>7}  {verdict}"
        lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
