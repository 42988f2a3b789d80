"""One page of a list."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

ItemT = TypeVar("ItemT")


@attrs.frozen(kw_only=True)
class Page(Generic[ItemT]):
    """Part of a list, and the cursor of the next part; the last part has none."""

    items: tuple[ItemT, ...]
    next_cursor: str | None = None
