"""The pytest plugin: fixtures for the tests of programs that use the SDK.

It is found by itself once `sekur-sdk` is installed, and loads nothing but pytest until a test asks for a fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekur_sdk.client._async.client import AsyncSekurClient
    from sekur_sdk.client._sync.client import SekurClient
    from sekur_sdk.client.options import Timeouts
    from sekur_sdk.client.retry import RetryPolicy
    from sekur_sdk.testing.live import LiveSandbox
    from sekur_sdk.testing.proxy import FaultyLine


class ClientSettings(TypedDict, total=False):
    """What a test may set of the clients that the fixtures make, as `SekurClient` takes it."""

    timeout: float | Timeouts
    deadline: float | None
    retries: RetryPolicy


@pytest.fixture(scope="session")
def sekur_server() -> Iterator[LiveSandbox]:
    """The session's sandbox, as the last test left it: for fixtures of a wider scope; tests take `sekur_sandbox`."""
    from sekur_sdk.testing.errors import SandboxMissingError  # noqa: PLC0415  # see the module's docstring
    from sekur_sdk.testing.live import LiveSandbox  # noqa: PLC0415  # as above

    try:
        sandbox = LiveSandbox()
    except SandboxMissingError as error:
        pytest.fail(str(error), pytrace=False)
    with sandbox:
        yield sandbox


@pytest.fixture
def sekur_sandbox(sekur_server: LiveSandbox) -> LiveSandbox:
    """A live sandbox with the demo data and nothing else."""
    sekur_server.reset()
    return sekur_server


@pytest.fixture
def sekur_faults(sekur_sandbox: LiveSandbox) -> Iterator[FaultyLine]:
    """The line to the sandbox, on which faults can be injected; the clients of a test that asks for it go over it."""
    from sekur_sdk.testing.proxy import FaultyLine  # noqa: PLC0415  # see the module's docstring

    with FaultyLine(sekur_sandbox.url) as line:
        yield line


@pytest.fixture
def sekur_client_settings() -> ClientSettings:
    """What the clients are made with, beside the address and the token: nothing; override it to set more."""
    return {}


@pytest.fixture
def sekur_url(request: pytest.FixtureRequest, sekur_sandbox: LiveSandbox) -> str:
    """Where the test's clients go: to the sandbox, or over `sekur_faults` if the test asks for it."""
    if "sekur_faults" in request.fixturenames:
        line: FaultyLine = request.getfixturevalue("sekur_faults")
        return line.url
    return sekur_sandbox.url


@pytest.fixture
def sekur_client(
    sekur_sandbox: LiveSandbox, sekur_url: str, sekur_client_settings: ClientSettings
) -> Iterator[SekurClient]:
    """A client of the sandbox that may do everything, closed after the test."""
    from sekur_sdk.client._sync.client import SekurClient  # noqa: PLC0415  # see the module's docstring

    with SekurClient(sekur_url, token=sekur_sandbox.token, **sekur_client_settings) as client:
        yield client


@pytest.fixture
def async_sekur_client(
    sekur_sandbox: LiveSandbox, sekur_url: str, sekur_client_settings: ClientSettings
) -> Iterator[AsyncSekurClient]:
    """An asynchronous client of the sandbox that may do everything; the test uses it in `async with async_sekur_client:`.

    It is no asynchronous fixture, so that it works with whatever runs asynchronous tests.
    """
    from sekur_sdk.client._async.client import AsyncSekurClient  # noqa: PLC0415  # see the module's docstring

    client = AsyncSekurClient(sekur_url, token=sekur_sandbox.token, **sekur_client_settings)
    yield client
    if client._shell.is_closed:  # noqa: SLF001  # of the same distribution
        return
    import asyncio  # noqa: PLC0415  # see the module's docstring

    # that ends the client, but connections of an event loop that is gone can't be closed any more
    asyncio.run(client.aclose())
    pytest.fail("async_sekur_client was left open: use it in `async with async_sekur_client:`", pytrace=False)
