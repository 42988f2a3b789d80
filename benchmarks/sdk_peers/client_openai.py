"""openai; it is built on httpx2."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NAME = "openai"
REQUIREMENTS = ("openai",)
PACKAGES = ("openai",)

MAKE = "from openai import OpenAI; client = OpenAI(api_key='k', base_url='{url}/openai')"
COLD = f"{MAKE}\nassert client.files.retrieve('file_1').bytes == 1200"

RECORD = {
    "id": "file_1",
    "object": "file",
    "bytes": 1200,
    "created_at": 1762542000,
    "expires_at": None,
    "filename": "planning.jsonl",
    "purpose": "batch",
    "status": "processed",
    "status_details": None,
}
ANSWERS = {"/openai/files/file_1": RECORD}


def page(count: int) -> bytes:
    """A page of files."""
    items = [RECORD | {"id": f"file_{number}"} for number in range(count)]
    return json.dumps({"object": "list", "data": items, "has_more": False}).encode()


def calls(url: str) -> Callable[[], object]:
    """One GET, typed."""
    from openai import OpenAI

    client = OpenAI(api_key="k", base_url=f"{url}/openai")
    return lambda: client.files.retrieve("file_1").bytes


def async_calls(url: str) -> Callable[[], Awaitable[object]]:
    """One GET, typed."""
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="k", base_url=f"{url}/openai")
    return lambda: client.files.retrieve("file_1")


def page_reader(body: bytes) -> Callable[[], object]:
    """A whole call whose answer is in memory already."""
    import httpx2
    from openai import OpenAI

    wire = httpx2.MockTransport(
        lambda _: httpx2.Response(200, content=body, headers={"Content-Type": "application/json"})
    )
    client = OpenAI(api_key="k", base_url="http://127.0.0.1", http_client=httpx2.Client(transport=wire))
    return lambda: client.files.list().data
