"""The client."""

from __future__ import annotations

import os
import warnings
import weakref
from typing import TYPE_CHECKING, Self

from sekur_sdk.client._async import seam
from sekur_sdk.client._async.shell import AsyncShell
from sekur_sdk.client._async.tokens import AsyncClientCredentials, AsyncStaticToken
from sekur_sdk.client.domains import Domains
from sekur_sdk.client.errors import ConfigurationError
from sekur_sdk.client.lazy import lazy
from sekur_sdk.client.network import read_network
from sekur_sdk.client.options import DEFAULT_DEADLINE_S, Timeouts, read_seconds, read_timeouts
from sekur_sdk.client.protocol import read_base_url
from sekur_sdk.client.retry import RetryPolicy
from sekur_sdk.client.secret import Secret, read_secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Unpack

    from sekur_sdk.client._async.middleware import AsyncMiddleware
    from sekur_sdk.client._async.resources.attachments import AsyncAttachments
    from sekur_sdk.client._async.resources.documents import AsyncDocuments
    from sekur_sdk.client._async.resources.events import AsyncEvents
    from sekur_sdk.client._async.resources.exports import AsyncExports
    from sekur_sdk.client._async.resources.portal import AsyncPortal
    from sekur_sdk.client._async.tokens import AsyncTokens
    from sekur_sdk.client._async.transport import AsyncTransport
    from sekur_sdk.client.operations.service import Grant, Health
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.client.tls import CABundle, ClientCertificate


class AsyncSekurClient(Domains[AsyncShell]):
    """A client of one server; keep one for all calls, and close it (a `with` block does).

    `base_url` names the server, with or without `/api/v1`. Credentials are a `token`, or `client_id` and `client_secret`
    (OAuth2 client credentials, for `scopes` or all that the client has). `timeout` is for one try: seconds to wait for the
    server, or `Timeouts`; `deadline` is for a whole call with its tries, in seconds, None for no limit. `middleware` sees each try.

    `proxy` is a URL (the environment's when None); `ca_bundle` a file or folder of authorities to trust instead of the system's, or an
    `ssl.SSLContext`; `client_certificate` a PEM file with its key, or the two of them. `transport` replaces httpx; the client closes it.
    Threads may share a client, and a forked child has connections of its own; so has each event loop.

    Raises:
        ConfigurationError: what was given names no server, or no or two kinds of credentials.
    """

    documents: AsyncDocuments = lazy("AsyncDocuments")
    """Stored files with what they are."""
    attachments: AsyncAttachments = lazy("AsyncAttachments")
    """Files that belong to logbook entries."""
    events: AsyncEvents = lazy("AsyncEvents")
    """What changes, as it happens."""
    exports: AsyncExports = lazy("AsyncExports")
    """All of the organisation's data, to take away."""
    portal: AsyncPortal = lazy("AsyncPortal")
    """What a client's own people see, with a token of theirs."""

    def __init__(
        self,
        base_url: str,
        *,
        token: Secret | str | None = None,
        client_id: str | None = None,
        client_secret: Secret | str | None = None,
        scopes: Sequence[str] = (),
        timeout: float | Timeouts | None = None,
        deadline: float | None = DEFAULT_DEADLINE_S,
        retries: RetryPolicy | None = None,
        transport: AsyncTransport | None = None,
        middleware: Sequence[AsyncMiddleware] = (),
        proxy: Secret | str | None = None,
        ca_bundle: CABundle | None = None,
        client_certificate: ClientCertificate | None = None,
        max_connections: int | None = None,
    ) -> None:
        address = read_base_url(base_url)
        if transport is None:
            network = read_network(proxy, ca_bundle, client_certificate, max_connections)
            transport = seam.DefaultTransport(address, network)
        elif (proxy, ca_bundle, client_certificate, max_connections) != (None,) * 4:
            raise ConfigurationError("transport: proxy, certificates and max_connections are its own to set")
        self._shell = AsyncShell(
            transport,
            base_url=address,
            timeouts=read_timeouts(timeout, Timeouts()),
            deadline=None if deadline is None else read_seconds("deadline", deadline),
            retries=retries or RetryPolicy(),
            middleware=middleware,
        )
        self._shell.tokens = self._read_credentials(token, client_id, client_secret, scopes)
        self._unclosed = weakref.finalize(self, _warn_unclosed, type(self).__name__)
        self._unclosed.atexit = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """A client as the process's environment, or `environ`, says; what it does not say is read from the user's configuration file.

        `SEKUR_BASE_URL` with `SEKUR_TOKEN`, or with `SEKUR_CLIENT_ID`, `SEKUR_CLIENT_SECRET` and perhaps `SEKUR_SCOPES`; `SEKUR_PROXY`,
        `SEKUR_CA_BUNDLE`, `SEKUR_CLIENT_CERTIFICATE`, `SEKUR_CLIENT_KEY`. `sekur login` writes the file.

        Raises:
            ConfigurationError: one of them is not set, or is no address or token.
        """
        from sekur_sdk.client.configuration import read_settings  # noqa: PLC0415  # not loaded before it is asked for

        base_url, settings = read_settings(os.environ if environ is None else environ)
        return cls(base_url, **settings)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{' closed' if self._shell.is_closed else ''}>"

    async def aclose(self) -> None:
        """Closes the connections."""
        self._unclosed.detach()
        await self._shell.aclose()

    async def health(self, **options: Unpack[CallOptions]) -> Health:
        """Whether the server answers, and its release; needs no credentials."""
        from sekur_sdk.client.operations import service  # noqa: PLC0415  # a domain is loaded when first asked for

        return await self._shell.call(service.health(), options)

    def _read_credentials(
        self,
        token: Secret | str | None,
        client_id: str | None,
        client_secret: Secret | str | None,
        scopes: Sequence[str],
    ) -> AsyncTokens:
        if isinstance(scopes, str):
            raise ConfigurationError("scopes: give a list, as in ['planning:read']")
        if token is not None and client_id is None and client_secret is None:
            return AsyncStaticToken(read_secret("token", token))
        if token is None and client_id and client_secret is not None:
            return AsyncClientCredentials(
                client_id, read_secret("client_secret", client_secret), scopes, _granter(self._shell)
            )
        raise ConfigurationError("give either token, or client_id and client_secret")


def _granter(shell: AsyncShell) -> Callable[[str, Secret, Sequence[str], float], Awaitable[Grant]]:
    async def fetch(client_id: str, client_secret: Secret, scopes: Sequence[str], within: float) -> Grant:
        from sekur_sdk.client.operations import service  # noqa: PLC0415  # a domain is loaded when first asked for

        return await shell.call(service.token(client_id, client_secret, scopes), {"deadline": within})

    return fetch


def _warn_unclosed(name: str) -> None:
    warnings.warn(f"a {name} was not closed: use it in a `with` block, or close it", ResourceWarning, stacklevel=2)
