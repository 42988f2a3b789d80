"""The reference: httpx by hand, answers as plain dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NAME = "httpx"
REQUIREMENTS = ()  # in the environment of ours
PACKAGES = ("httpx",)

MAKE = "import httpx"
COLD = """import httpx
with httpx.Client(base_url='{url}', headers={{'Authorization': 'Bearer t0ken'}}) as client:
    answer = client.get('/api/v1/shifts/shf_1')
    answer.raise_for_status()
    assert answer.json()['version'] == 1"""

ANSWERS: dict[str, object] = {}  # those of ours


def calls(url: str) -> Callable[[], object]:
    """One GET, a dict."""
    import httpx

    client = httpx.Client(base_url=url, headers={"Authorization": "Bearer t0ken"})

    def call() -> object:
        answer = client.get("/api/v1/shifts/shf_1")
        answer.raise_for_status()
        return answer.json()["starts_at"]

    return call


def async_calls(url: str) -> Callable[[], Awaitable[object]]:
    """One GET, a dict."""
    import httpx

    client = httpx.AsyncClient(base_url=url, headers={"Authorization": "Bearer t0ken"})

    async def call() -> object:
        answer = await client.get("/api/v1/shifts/shf_1")
        answer.raise_for_status()
        return answer.json()["starts_at"]

    return call


page = None
page_reader = None
