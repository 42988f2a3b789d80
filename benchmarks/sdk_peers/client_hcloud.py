"""hcloud; it has no asynchronous client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "hcloud"
REQUIREMENTS = ("hcloud",)
PACKAGES = ("hcloud",)

MAKE = "from hcloud import Client; client = Client(token='k', api_endpoint='{url}/hcloud')"
COLD = f"{MAKE}\nassert client.images.get_by_id(1).disk_size == 10"

RECORD = {
    "id": 1,
    "type": "system",
    "status": "available",
    "name": "debian-13",
    "description": "Debian 13",
    "image_size": None,
    "disk_size": 10,
    "created": "2026-11-07T19:00:00+00:00",
    "created_from": None,
    "bound_to": None,
    "os_flavor": "debian",
    "os_version": "13",
    "architecture": "arm",
    "rapid_deploy": True,
    "protection": {"delete": False},
    "deprecated": None,
    "labels": {},
}
ANSWERS = {"/hcloud/images/1": {"image": RECORD}}


def page(count: int) -> bytes:
    """A page of images."""
    paging = {"page": 1, "per_page": count, "previous_page": None, "next_page": None, "last_page": 1}
    items = [RECORD | {"id": number} for number in range(count)]
    return json.dumps({"images": items, "meta": {"pagination": paging | {"total_entries": count}}}).encode()


def calls(url: str) -> Callable[[], object]:
    """One GET, typed."""
    from hcloud import Client

    client = Client(token="k", api_endpoint=f"{url}/hcloud")
    return lambda: client.images.get_by_id(1).created


async_calls = None


def page_reader(body: bytes) -> Callable[[], object]:
    """A whole call whose answer is in memory already."""
    from hcloud import Client

    # hcloud takes no transport of one's own: its session is replaced
    class Answer:
        ok, status_code = True, 200
        headers: ClassVar = {"Content-Type": "application/json"}
        content = body

        def json(self) -> object:
            return json.loads(body)

    class InMemory:
        def request(self, *_what: object, **_options: object) -> Answer:
            return Answer()

    client = Client(token="k", api_endpoint="http://127.0.0.1")
    client._client._session = InMemory()
    return lambda: client.images.get_list().images
