"""The client."""

from __future__ import annotations

import os
import warnings
import weakref
from functools import cached_property
from typing import TYPE_CHECKING, Self

from sekur_sdk.client._async import seam
from sekur_sdk.client._async.shell import AsyncShell
from sekur_sdk.client._async.tokens import AsyncClientCredentials, AsyncStaticToken
from sekur_sdk.client.errors import ConfigurationError
from sekur_sdk.client.options import DEFAULT_DEADLINE_S, Timeouts, read_seconds, read_timeouts
from sekur_sdk.client.protocol import read_base_url
from sekur_sdk.client.retry import RetryPolicy
from sekur_sdk.client.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Unpack

    from sekur_sdk.client._async.resources.alerts import AsyncAlerts
    from sekur_sdk.client._async.resources.devices import AsyncDevices
    from sekur_sdk.client._async.resources.duties import AsyncDuties
    from sekur_sdk.client._async.resources.employees import AsyncEmployees
    from sekur_sdk.client._async.resources.events import AsyncEvents
    from sekur_sdk.client._async.resources.invoices import AsyncInvoices
    from sekur_sdk.client._async.resources.logbook import AsyncLogbook
    from sekur_sdk.client._async.resources.organisation import AsyncOwnOrganisation
    from sekur_sdk.client._async.resources.positions import AsyncPositions
    from sekur_sdk.client._async.resources.quotes import AsyncQuotes
    from sekur_sdk.client._async.resources.shifts import AsyncShifts
    from sekur_sdk.client._async.resources.sites import AsyncSites
    from sekur_sdk.client._async.tokens import AsyncTokens
    from sekur_sdk.client._async.transport import AsyncTransport
    from sekur_sdk.client.operations.service import Grant, Health
    from sekur_sdk.client.options import CallOptions

BASE_URL_VARIABLE = "SEKUR_BASE_URL"
TOKEN_VARIABLE = "SEKUR_TOKEN"  # noqa: S105  # a name


class AsyncSekurClient:
    """A client of one server; keep one for all calls, and close it (a `with` block does).

    `base_url` names the server, with or without `/api/v1`. Credentials are a `token`, or `client_id` and `client_secret`
    (OAuth2 client credentials, for `scopes` or all that the client has). `timeout` is for one try: seconds to wait for the
    server, or `Timeouts`; `deadline` is for a whole call with its tries, in seconds, None for no limit. `transport` replaces httpx;
    the client closes it.

    Raises:
        ConfigurationError: what was given names no server, or no or two kinds of credentials.
    """

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
    ) -> None:
        address = read_base_url(base_url)
        self._shell = AsyncShell(
            transport or seam.DefaultTransport(address),
            base_url=address,
            timeouts=read_timeouts(timeout, Timeouts()),
            deadline=None if deadline is None else read_seconds("deadline", deadline),
            retries=retries or RetryPolicy(),
        )
        self._shell.tokens = self._read_credentials(token, client_id, client_secret, scopes)
        self._unclosed = weakref.finalize(self, _warn_unclosed, type(self).__name__)
        self._unclosed.atexit = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """A client for `SEKUR_BASE_URL` with the token `SEKUR_TOKEN`, from the process's environment or from `environ`.

        Raises:
            ConfigurationError: one of them is not set, or is no address or token.
        """
        values = os.environ if environ is None else environ
        missing = [name for name in (BASE_URL_VARIABLE, TOKEN_VARIABLE) if not values.get(name)]
        if missing:
            raise ConfigurationError(f"set {' and '.join(missing)} in the environment")
        return cls(values[BASE_URL_VARIABLE], token=values[TOKEN_VARIABLE])

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

    @cached_property
    def organisation(self) -> AsyncOwnOrganisation:
        """The company an account belongs to."""
        from sekur_sdk.client._async.resources.organisation import AsyncOwnOrganisation  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncOwnOrganisation(self._shell)

    @cached_property
    def sites(self) -> AsyncSites:
        """Guarded places."""
        from sekur_sdk.client._async.resources.sites import AsyncSites  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncSites(self._shell)

    @cached_property
    def employees(self) -> AsyncEmployees:
        """The people who work for the company."""
        from sekur_sdk.client._async.resources.employees import AsyncEmployees  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncEmployees(self._shell)

    @cached_property
    def shifts(self) -> AsyncShifts:
        """The planning."""
        from sekur_sdk.client._async.resources.shifts import AsyncShifts  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncShifts(self._shell)

    @cached_property
    def duties(self) -> AsyncDuties:
        """Start, breaks and end of service."""
        from sekur_sdk.client._async.resources.duties import AsyncDuties  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncDuties(self._shell)

    @cached_property
    def quotes(self) -> AsyncQuotes:
        """Quotes."""
        from sekur_sdk.client._async.resources.quotes import AsyncQuotes  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncQuotes(self._shell)

    @cached_property
    def invoices(self) -> AsyncInvoices:
        """Invoices."""
        from sekur_sdk.client._async.resources.invoices import AsyncInvoices  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncInvoices(self._shell)

    @cached_property
    def logbook(self) -> AsyncLogbook:
        """The logbooks (main courante) of the sites."""
        from sekur_sdk.client._async.resources.logbook import AsyncLogbook  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncLogbook(self._shell)

    @cached_property
    def devices(self) -> AsyncDevices:
        """Wearables."""
        from sekur_sdk.client._async.resources.devices import AsyncDevices  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncDevices(self._shell)

    @cached_property
    def alerts(self) -> AsyncAlerts:
        """Calls for help and technical alarms."""
        from sekur_sdk.client._async.resources.alerts import AsyncAlerts  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncAlerts(self._shell)

    @cached_property
    def positions(self) -> AsyncPositions:
        """Where wearables were."""
        from sekur_sdk.client._async.resources.positions import AsyncPositions  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncPositions(self._shell)

    @cached_property
    def events(self) -> AsyncEvents:
        """What changes, as it happens."""
        from sekur_sdk.client._async.resources.events import AsyncEvents  # noqa: PLC0415  # a domain is loaded when first asked for

        return AsyncEvents(self._shell)

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
            return AsyncStaticToken(_read_secret("token", token))
        if token is None and client_id and client_secret is not None:
            return AsyncClientCredentials(
                client_id, _read_secret("client_secret", client_secret), scopes, _granter(self._shell)
            )
        raise ConfigurationError("give either token, or client_id and client_secret")


def _granter(shell: AsyncShell) -> Callable[[str, Secret, Sequence[str]], Awaitable[Grant]]:
    async def fetch(client_id: str, client_secret: Secret, scopes: Sequence[str]) -> Grant:
        from sekur_sdk.client.operations import service  # noqa: PLC0415  # a domain is loaded when first asked for

        return await shell.call(service.token(client_id, client_secret, scopes), {})

    return fetch


def _read_secret(parameter: str, value: Secret | str) -> Secret:
    try:
        return value if isinstance(value, Secret) else Secret(value)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{parameter}: {error}") from None


def _warn_unclosed(name: str) -> None:
    warnings.warn(f"a {name} was not closed: use it in a `with` block, or close it", ResourceWarning, stacklevel=2)
