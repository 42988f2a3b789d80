# ruff: noqa: INP001  # a script, not a package
"""Makes the synchronous shell of the client from the asynchronous one.

`python tools/generate_sync.py` writes `sekur_sdk/client/_sync`; with `--check` it writes nothing, and exits 1 when what is there is not what would be
written. `seam.py` is written by hand on each side and left alone.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

import unasync

CLIENT = Path(__file__).resolve().parent.parent / "sekur_sdk" / "client"
BY_HAND = "seam.py"
HEADER = "# Made from client/_async by tools/generate_sync.py: change it there.\n"

_ASYNC_NAME = re.compile(r"\bAsync[A-Z]\w*")
_KEPT_FOR_UNASYNC = {"AsyncIterable", "AsyncIterator", "AsyncGenerator"}
_NAMES = {"aclose": "close", "_async": "_sync"}


def generate() -> dict[str, str]:
    """The synchronous sources, by their path below `client/_sync`."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "_async", Path(folder) / "_sync"
        shutil.copytree(CLIENT / "_async", source, ignore=shutil.ignore_patterns("__pycache__"))
        (source / BY_HAND).unlink()
        files = sorted(source.rglob("*.py"))
        rule = unasync.Rule("/_async/", "/_sync/", additional_replacements=_replacements(files))
        unasync.unasync_files([str(file) for file in files], [rule])
        return {
            str(file.relative_to(target)): HEADER + _finish(file.read_text("utf-8"))
            for file in sorted(target.rglob("*.py"))
        }


def _replacements(files: list[Path]) -> dict[str, str]:
    names = {name for file in files for name in _ASYNC_NAME.findall(file.read_text("utf-8"))}
    return _NAMES | {name: name.removeprefix("Async") for name in names - _KEPT_FOR_UNASYNC}


def _finish(text: str) -> str:
    text = _unwrap_awaitable(text).replace("collections.abc import Awaitable, ", "collections.abc import ")
    return text.replace(
        "The asynchronous shell, written by hand.", "The synchronous shell, made from the asynchronous one."
    )


def _unwrap_awaitable(text: str) -> str:
    """`Awaitable[X]` as `X`, whatever brackets X has."""
    opening = "Awaitable["
    while (start := text.find(opening)) >= 0:
        depth, end = 1, start + len(opening)
        while depth:
            depth += {"[": 1, "]": -1}.get(text[end], 0)
            end += 1
        text = text[:start] + text[start + len(opening) : end - 1] + text[end:]
    return text


def differences(sources: dict[str, str]) -> list[str]:
    """The files of `client/_sync` that are missing, left over or not as generated."""
    target = CLIENT / "_sync"
    there = {str(file.relative_to(target)) for file in target.rglob("*.py")} - {BY_HAND}
    wrong = {name for name in sources.keys() & there if (target / name).read_text("utf-8") != sources[name]}
    return sorted(wrong | (sources.keys() ^ there))


def _write(sources: dict[str, str]) -> None:
    target = CLIENT / "_sync"
    for name in differences(sources):
        if name in sources:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_text(sources[name], "utf-8")
        else:
            (target / name).unlink()


def main(arguments: list[str]) -> int:
    """Writes, or checks with `--check`."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python tools/generate_sync.py [--check]\n")
        return 2
    sources = generate()
    if not arguments:
        _write(sources)
        return 0
    wrong = differences(sources)
    for name in wrong:
        sys.stderr.write(f"sekur_sdk/client/_sync/{name} is out of date: run python tools/generate_sync.py\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
