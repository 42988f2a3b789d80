"""How far a long command is, on standard error and for a person alone."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ItemT = TypeVar("ItemT")

_EVERY = 50


def counted(items: Iterable[ItemT]) -> Iterator[ItemT]:
    """`items`, with their count shown while they come."""
    if not (sys.stderr.isatty() and not sys.stdout.isatty()):
        yield from items  # who sees them come needs no count
        return
    count = 0
    try:
        for count, item in enumerate(items, 1):
            if count % _EVERY == 0:
                sys.stderr.write(f"\r{count} ")
                sys.stderr.flush()
            yield item
    finally:
        if count >= _EVERY:
            sys.stderr.write("\r\x1b[K")


@contextlib.contextmanager
def bytes_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Shows a bar while bytes go through; gives what is to be told of them."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  # costs more than a call, and only a person needs it
    from rich.progress import Progress  # noqa: PLC0415  # as above

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
