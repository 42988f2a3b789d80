# Made from client/_async by tools/generate_sync.py: change it there.
"""The client."""

from __future__ import annotations

import os
import warnings
import weakref
from functools import cached_property
from typing import TYPE_CHECKING, Self

from sekur_sdk.client._sync import seam
from sekur_sdk.client._sync.shell import Shell
from sekur_sdk.client._sync.tokens import ClientCredentials, StaticToken
from sekur_sdk.client.errors import ConfigurationError
from sekur_sdk.client.options import DEFAULT_DEADLINE_S, Timeouts, read_seconds, read_timeouts
from sekur_sdk.client.protocol import read_base_url
from sekur_sdk.client.retry import RetryPolicy
from sekur_sdk.client.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Unpack

    from sekur_sdk.client._sync.resources.alerts import Alerts
    from sekur_sdk.client._sync.resources.devices import Devices
    from sekur_sdk.client._sync.resources.duties import Duties
    from sekur_sdk.client._sync.resources.employees import Employees
    from sekur_sdk.client._sync.resources.events import Events
    from sekur_sdk.client._sync.resources.invoices import Invoices
    from sekur_sdk.client._sync.resources.logbook import Logbook
    from sekur_sdk.client._sync.resources.organisation import OwnOrganisation
    from sekur_sdk.client._sync.resources.positions import Positions
    from sekur_sdk.client._sync.resources.quotes import Quotes
    from sekur_sdk.client._sync.resources.shifts import Shifts
    from sekur_sdk.client._sync.resources.sites import Sites
    from sekur_sdk.client._sync.tokens import Tokens
    from sekur_sdk.client._sync.transport import Transport
    from sekur_sdk.client.operations.service import Grant, Health
    from sekur_sdk.client.options import CallOptions

BASE_URL_VARIABLE = "SEKUR_BASE_URL"
TOKEN_VARIABLE = "SEKUR_TOKEN"  # noqa: S105  # a name


class SekurClient:
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
        transport: Transport | None = None,
    ) -> None:
        address = read_base_url(base_url)
        self._shell = Shell(
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{' closed' if self._shell.is_closed else ''}>"

    def close(self) -> None:
        """Closes the connections."""
        self._unclosed.detach()
        self._shell.close()

    def health(self, **options: Unpack[CallOptions]) -> Health:
        """Whether the server answers, and its release; needs no credentials."""
        from sekur_sdk.client.operations import service  # noqa: PLC0415  # a domain is loaded when first asked for

        return self._shell.call(service.health(), options)

    @cached_property
    def organisation(self) -> OwnOrganisation:
        """The company an account belongs to."""
        from sekur_sdk.client._sync.resources.organisation import OwnOrganisation  # noqa: PLC0415  # a domain is loaded when first asked for

        return OwnOrganisation(self._shell)

    @cached_property
    def sites(self) -> Sites:
        """Guarded places."""
        from sekur_sdk.client._sync.resources.sites import Sites  # noqa: PLC0415  # a domain is loaded when first asked for

        return Sites(self._shell)

    @cached_property
    def employees(self) -> Employees:
        """The people who work for the company."""
        from sekur_sdk.client._sync.resources.employees import Employees  # noqa: PLC0415  # a domain is loaded when first asked for

        return Employees(self._shell)

    @cached_property
    def shifts(self) -> Shifts:
        """The planning."""
        from sekur_sdk.client._sync.resources.shifts import Shifts  # noqa: PLC0415  # a domain is loaded when first asked for

        return Shifts(self._shell)

    @cached_property
    def duties(self) -> Duties:
        """Start, breaks and end of service."""
        from sekur_sdk.client._sync.resources.duties import Duties  # noqa: PLC0415  # a domain is loaded when first asked for

        return Duties(self._shell)

    @cached_property
    def quotes(self) -> Quotes:
        """Quotes."""
        from sekur_sdk.client._sync.resources.quotes import Quotes  # noqa: PLC0415  # a domain is loaded when first asked for

        return Quotes(self._shell)

    @cached_property
    def invoices(self) -> Invoices:
        """Invoices."""
        from sekur_sdk.client._sync.resources.invoices import Invoices  # noqa: PLC0415  # a domain is loaded when first asked for

        return Invoices(self._shell)

    @cached_property
    def logbook(self) -> Logbook:
        """The logbooks (main courante) of the sites."""
        from sekur_sdk.client._sync.resources.logbook import Logbook  # noqa: PLC0415  # a domain is loaded when first asked for

        return Logbook(self._shell)

    @cached_property
    def devices(self) -> Devices:
        """Wearables."""
        from sekur_sdk.client._sync.resources.devices import Devices  # noqa: PLC0415  # a domain is loaded when first asked for

        return Devices(self._shell)

    @cached_property
    def alerts(self) -> Alerts:
        """Calls for help and technical alarms."""
        from sekur_sdk.client._sync.resources.alerts import Alerts  # noqa: PLC0415  # a domain is loaded when first asked for

        return Alerts(self._shell)

    @cached_property
    def positions(self) -> Positions:
        """Where wearables were."""
        from sekur_sdk.client._sync.resources.positions import Positions  # noqa: PLC0415  # a domain is loaded when first asked for

        return Positions(self._shell)

    @cached_property
    def events(self) -> Events:
        """What changes, as it happens."""
        from sekur_sdk.client._sync.resources.events import Events  # noqa: PLC0415  # a domain is loaded when first asked for

        return Events(self._shell)

    def _read_credentials(
        self,
        token: Secret | str | None,
        client_id: str | None,
        client_secret: Secret | str | None,
        scopes: Sequence[str],
    ) -> Tokens:
        if isinstance(scopes, str):
            raise ConfigurationError("scopes: give a list, as in ['planning:read']")
        if token is not None and client_id is None and client_secret is None:
            return StaticToken(_read_secret("token", token))
        if token is None and client_id and client_secret is not None:
            return ClientCredentials(
                client_id, _read_secret("client_secret", client_secret), scopes, _granter(self._shell)
            )
        raise ConfigurationError("give either token, or client_id and client_secret")


def _granter(shell: Shell) -> Callable[[str, Secret, Sequence[str]], Grant]:
    def fetch(client_id: str, client_secret: Secret, scopes: Sequence[str]) -> Grant:
        from sekur_sdk.client.operations import service  # noqa: PLC0415  # a domain is loaded when first asked for

        return shell.call(service.token(client_id, client_secret, scopes), {})

    return fetch


def _read_secret(parameter: str, value: Secret | str) -> Secret:
    try:
        return value if isinstance(value, Secret) else Secret(value)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{parameter}: {error}") from None


def _warn_unclosed(name: str) -> None:
    warnings.warn(f"a {name} was not closed: use it in a `with` block, or close it", ResourceWarning, stacklevel=2)
