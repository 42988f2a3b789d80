"""anthropic; it is built on httpx2."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NAME = "anthropic"
REQUIREMENTS = ("anthropic",)
PACKAGES = ("anthropic",)

MAKE = "from anthropic import Anthropic; client = Anthropic(api_key='k', base_url='{url}/anthropic')"
COLD = f"{MAKE}\nassert client.models.retrieve('m').max_tokens == 1200"

RECORD = {
    "id": "m",
    "type": "model",
    "display_name": "Modèle",
    "created_at": "2026-11-07T19:00:00Z",
    "deprecated_at": None,
    "retires_at": None,
    "lifecycle": "active",
    "line": None,
    "capabilities": None,
    "max_input_tokens": 1200,
    "max_tokens": 1200,
}
ANSWERS = {"/anthropic/v1/models/m": RECORD}


def page(count: int) -> bytes:
    """A page of models."""
    items = [RECORD | {"id": f"m{number}"} for number in range(count)]
    return json.dumps({"data": items, "first_id": None, "last_id": None, "has_more": False}).encode()


def calls(url: str) -> Callable[[], object]:
    """One GET, typed."""
    from anthropic import Anthropic

    client = Anthropic(api_key="k", base_url=f"{url}/anthropic")
    return lambda: client.models.retrieve("m").created_at


def async_calls(url: str) -> Callable[[], Awaitable[object]]:
    """One GET, typed."""
    from anthropic import AsyncAnthropic

    client = AsyncAnthropic(api_key="k", base_url=f"{url}/anthropic")
    return lambda: client.models.retrieve("m")


def page_reader(body: bytes) -> Callable[[], object]:
    """A whole call whose answer is in memory already."""
    import httpx2
    from anthropic import Anthropic

    wire = httpx2.MockTransport(
        lambda _: httpx2.Response(200, content=body, headers={"Content-Type": "application/json"})
    )
    client = Anthropic(api_key="k", base_url="http://127.0.0.1", http_client=httpx2.Client(transport=wire))
    return lambda: client.models.list().data
