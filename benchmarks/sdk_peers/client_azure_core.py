"""azure-core: a pipeline that clients are built on, answers as plain dicts; aiohttp is what its asynchronous calls ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NAME = "azure-core"
REQUIREMENTS = ("azure-core",)
ALSO = ("aiohttp",)
PACKAGES = ("azure.core",)

MAKE = """from azure.core import PipelineClient
from azure.core.pipeline import policies
client = PipelineClient('{url}', policies=[
    policies.HeadersPolicy(), policies.UserAgentPolicy(), policies.RequestIdPolicy(), policies.RetryPolicy(), policies.NetworkTraceLoggingPolicy()])"""
COLD = (
    MAKE
    + """
from azure.core.rest import HttpRequest
assert client.send_request(HttpRequest('GET', '{url}/api/v1/shifts/shf_1')).json()['version'] == 1"""
)
ANSWERS: dict[str, object] = {}  # those of ours


def calls(url: str) -> Callable[[], object]:
    """One GET, a dict."""
    from azure.core import PipelineClient
    from azure.core.pipeline import policies
    from azure.core.rest import HttpRequest

    chain = [
        policies.HeadersPolicy(),
        policies.UserAgentPolicy(),
        policies.RequestIdPolicy(),
        policies.RetryPolicy(),
        policies.NetworkTraceLoggingPolicy(),
    ]
    client, record = PipelineClient(url, policies=chain), f"{url}/api/v1/shifts/shf_1"
    return lambda: client.send_request(HttpRequest("GET", record)).json()["starts_at"]


def async_calls(url: str) -> Callable[[], Awaitable[object]]:
    """One GET, a dict."""
    from azure.core import AsyncPipelineClient
    from azure.core.pipeline import policies
    from azure.core.rest import HttpRequest

    chain = [
        policies.HeadersPolicy(),
        policies.UserAgentPolicy(),
        policies.RequestIdPolicy(),
        policies.AsyncRetryPolicy(),
        policies.NetworkTraceLoggingPolicy(),
    ]
    client, record = AsyncPipelineClient(url, policies=chain), f"{url}/api/v1/shifts/shf_1"

    async def call() -> object:
        return (await client.send_request(HttpRequest("GET", record))).json()["starts_at"]

    return call


page = None
page_reader = None
