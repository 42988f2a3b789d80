"""What a forked child must not share with its parent: sockets, and locks that another thread may have held."""

from __future__ import annotations

import os
import warnings
import weakref
from typing import Protocol


class Forkable(Protocol):
    """Something that holds sockets or locks."""

    def after_fork(self) -> None:
        """Lets go of the parent's sockets without a word on them, and makes its locks anew; called in the child alone."""
        ...


_alive: weakref.WeakSet[Forkable] = weakref.WeakSet()


def remember(thing: Forkable) -> None:
    """Has `thing` told of every fork, as long as it lives."""
    _alive.add(thing)


def _after_fork() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the parent still uses them, and closes them
        for thing in list(_alive):
            thing.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
