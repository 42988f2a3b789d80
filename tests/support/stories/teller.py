"""What every story has: a side, its client, the sandbox behind it."""

from __future__ import annotations

from datetime import UTC, datetime

NIGHT = datetime(2026, 11, 7, 19, tzinfo=UTC)


class Teller:
    def __init__(self, side, client, sandbox):
        self.run, self.side, self.client, self.sandbox = side.run, side, client, sandbox
