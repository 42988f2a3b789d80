"""pydantic: no client, the models that one would write by hand for our page."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "pydantic"
REQUIREMENTS = ("pydantic",)
PACKAGES = ("pydantic",)

MAKE = "import pydantic"
COLD = None
ANSWERS: dict[str, object] = {}
calls = None
async_calls = None


def page(count: int) -> bytes:
    """The same page as for ours."""
    ours = runpy.run_path(str(Path(__file__).with_name("client_sekur.py")))
    encoded: bytes = ours["page"](count)
    return encoded


def page_reader(body: bytes) -> Callable[[], object]:
    """The page validated from its bytes."""
    from enum import StrEnum

    from pydantic import AwareDatetime, ConfigDict, create_model

    frozen = ConfigDict(frozen=True)
    fields: dict[str, object] = dict.fromkeys(("id", "site_id", "post"), str)
    fields |= dict.fromkeys(("starts_at", "ends_at", "created_at", "updated_at"), AwareDatetime)
    fields |= dict.fromkeys(("employee_id", "notes"), str | None)
    fields |= dict.fromkeys(("break_minutes", "version"), int)
    fields["status"] = StrEnum("ShiftStatus", ["draft", "published"])
    shift = create_model("Shift", __config__=frozen, **fields)
    items = tuple[shift, ...]  # type: ignore[valid-type]  # made at run time
    shifts = create_model("Shifts", __config__=frozen, items=items, next_cursor=str | None)
    return lambda: shifts.model_validate_json(body).items
