"""What the demo shows while it runs and at its end: a live panel on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

import attrs
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


@attrs.frozen
class Seen:
    """A step that was seen to happen, `at_s` seconds after the demo began."""

    step: str
    at_s: float
    detail: str


@attrs.frozen
class Latency:
    """How long one leg of the alarm's way took."""

    leg: str
    seconds: float


class Progress:
    """Tells each step as it is seen, and the whole as a table at the end.

    On a terminal the step waited for turns below the lines of those seen; elsewhere there are only the lines.
    """

    def __init__(self, console: Console, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._monotonic = monotonic
        self._began = monotonic()
        self._spinner = Spinner("dots", text="")
        self._live = Live(self._spinner, console=console, transient=True) if console.is_terminal else None
        self.seen: list[Seen] = []
        self.latencies: list[Latency] = []
        self.counts: dict[str, int] = {}

    @classmethod
    def on_stdout(cls) -> Self:
        """Progress on the standard output."""
        return cls(Console(file=sys.stdout, highlight=False, soft_wrap=True))

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """No more waiting is shown."""
        if self._live is not None:
            self._live.stop()

    def elapsed_s(self) -> float:
        """Seconds since the demo began."""
        return self._monotonic() - self._began

    def note(self, text: str) -> None:
        """A line that is no step."""
        self._console.print(f"        {text}", markup=False)

    def waiting_for(self, step: str) -> None:
        """Show what comes next."""
        self._spinner.update(text=Text(f" {step} …"))

    def saw(self, step: str, detail: str = "") -> None:
        """A step was seen."""
        seen = Seen(step, self.elapsed_s(), detail)
        self.seen.append(seen)
        line = f"{seen.at_s:6.1f}s {step}"
        self._console.print(f"{line}: {detail}" if detail else line, markup=False)

    def took(self, leg: str, seconds: float) -> None:
        """One leg of the alarm's way took so long."""
        self.latencies.append(Latency(leg, seconds))

    def close_with_tables(self) -> None:
        """Print what happened, when, how long the legs took, and the counts."""
        happened = Table(title="What happened", title_justify="left")
        happened.add_column("when", justify="right")
        happened.add_column("what")
        happened.add_column("seen as")
        for seen in self.seen:
            happened.add_row(f"{seen.at_s:.1f} s", seen.step, seen.detail)
        self._console.print(happened, markup=False)
        if self.latencies:
            legs = Table(title="How long it took", title_justify="left")
            legs.add_column("from → to")
            legs.add_column("seconds", justify="right")
            for latency in self.latencies:
                legs.add_row(latency.leg, f"{latency.seconds:.3f}")
            self._console.print(legs)
        if self.counts:
            counts = Table(title="Counts", title_justify="left")
            counts.add_column("what")
            counts.add_column("how many", justify="right")
            for what, number in self.counts.items():
                counts.add_row(what, str(number))
            self._console.print(counts)
