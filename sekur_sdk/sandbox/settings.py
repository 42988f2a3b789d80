"""What a sandbox is started with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import attrs


def utc_now() -> datetime:
    """The machine's wall clock."""
    return datetime.now(UTC)


@attrs.frozen(kw_only=True)
class Settings:
    """A sandbox's settings.

    `database` is the SQLite file, `token` a static API token that may do everything (none is made without it), `seed`
    whether an empty store gets the demo data, `now` the wall clock, `watch_every_s` how often silent wearables are
    looked for, `private_webhooks` whether webhooks may go to private networks' addresses.
    """

    database: Path
    token: str | None = attrs.field(default=None, repr=False)
    token_name: str = "Poste central"  # noqa: S105  # a person's or a place's name, which alerts show
    seed: bool = True
    now: Callable[[], datetime] = utc_now
    watch_every_s: float = 5.0
    private_webhooks: bool = False
