"""stripe; httpx is what its asynchronous calls ask for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

NAME = "stripe"
REQUIREMENTS = ("stripe",)
ALSO = ("httpx",)
PACKAGES = ("stripe",)

MAKE = "import stripe; client = stripe.StripeClient('sk_test_k', base_addresses={{'api': '{url}/stripe'}})"
COLD = f"{MAKE}\nassert client.v1.customers.retrieve('cus_1').balance == 1200"

RECORD: dict[str, object] = {
    "id": "cus_1",
    "object": "customer",
    "address": None,
    "balance": 1200,
    "created": 1762542000,
    "currency": "eur",
    "description": "Entrepôt",
    "email": None,
    "livemode": False,
    "name": "ACME",
    "phone": None,
    "metadata": {},
}
ANSWERS = {"/stripe/v1/customers/cus_1": RECORD}


def page(count: int) -> bytes:
    """A page of customers."""
    items = [RECORD | {"id": f"cus_{number}"} for number in range(count)]
    return json.dumps({"object": "list", "url": "/v1/customers", "data": items, "has_more": False}).encode()


def calls(url: str) -> Callable[[], object]:
    """One GET, typed."""
    import stripe

    client = stripe.StripeClient("sk_test_k", base_addresses={"api": f"{url}/stripe"})
    return lambda: client.v1.customers.retrieve("cus_1").balance


def async_calls(url: str) -> Callable[[], Awaitable[object]]:
    """One GET, typed."""
    import stripe

    client = stripe.StripeClient("sk_test_k", base_addresses={"api": f"{url}/stripe"})
    return lambda: client.v1.customers.retrieve_async("cus_1")


def page_reader(body: bytes) -> Callable[[], object]:
    """A whole call whose answer is in memory already."""
    import stripe

    class InMemory(stripe.HTTPClient):  # type: ignore[misc]  # not installed where this is checked
        name = "memory"

        def request(
            self, method: str, url: str, headers: object, post_data: object = None
        ) -> tuple[bytes, int, Mapping[str, str]]:
            return body, 200, {"Content-Type": "application/json"}

        def close(self) -> None:
            pass

    client = stripe.StripeClient("sk_test_k", http_client=InMemory())
    return lambda: client.v1.customers.list().data
