"""githubkit, without its cache of answers on disk; its models are distributions of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NAME = "githubkit"
REQUIREMENTS = ("githubkit",)
PACKAGES = ("githubkit", "githubkit_schemas")

MAKE = "from githubkit import GitHub; client = GitHub('k', base_url='{url}/github', http_cache=False)"
COLD = f"{MAKE}\nassert client.rest.gitignore.get_template('C').parsed_data.name == 'C'"

RECORD = {
    "key": "mit",
    "name": "MIT License",
    "spdx_id": "MIT",
    "url": "https://api.github.com/licenses/mit",
    "node_id": "MDc6TGljZW5zZW1pdA==",
    "html_url": "http://choosealicense.com/licenses/mit/",
}
ANSWERS = {"/github/gitignore/templates/C": {"name": "C", "source": "# Object files\n*.o\n"}}


def page(count: int) -> bytes:
    """A page of licences."""
    return json.dumps([RECORD | {"key": f"licence-{number}"} for number in range(count)]).encode()


def calls(url: str) -> Callable[[], object]:
    """One GET, typed."""
    from githubkit import GitHub

    client = GitHub("k", base_url=f"{url}/github", http_cache=False)
    client.__enter__()  # without it each call makes a connection
    return lambda: client.rest.gitignore.get_template("C").parsed_data.name


def async_calls(url: str) -> Callable[[], Awaitable[object]]:
    """One GET, typed."""
    from githubkit import GitHub

    client = GitHub("k", base_url=f"{url}/github", http_cache=False)
    entered: list[object] = []

    async def call() -> object:
        if not entered:
            entered.append(await client.__aenter__())
        return (await client.rest.gitignore.async_get_template("C")).parsed_data.name

    return call


def page_reader(body: bytes) -> Callable[[], object]:
    """A whole call whose answer is in memory already."""
    import httpx
    from githubkit import GitHub

    wire = httpx.MockTransport(
        lambda _: httpx.Response(200, content=body, headers={"Content-Type": "application/json"})
    )
    client = GitHub("k", base_url="http://127.0.0.1", http_cache=False, transport=wire)
    return lambda: client.rest.licenses.get_all_commonly_used().parsed_data
