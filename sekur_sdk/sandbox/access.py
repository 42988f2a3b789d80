"""Who may call: static tokens and OAuth2 client credentials, scopes by module. Only hashes of tokens are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.sandbox.ids import new_id
from sekur_sdk.sandbox.problems import RefusalError
from sekur_sdk.sandbox.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from litestar.connection import ASGIConnection
    from litestar.datastructures import State
    from litestar.handlers import BaseRouteHandler

    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

MODULES = (
    "organisation",
    "sites",
    "employees",
    "planning",
    "duties",
    "billing",
    "logbook",
    "devices",
    "alerts",
    "geolocation",
    "events",
)
ALL_SCOPES = tuple(f"{module}:{right}" for module in MODULES for right in ("read", "write"))
TOKEN_LIFE = timedelta(hours=1)


@attrs.frozen
class Caller:
    """Whose token it is. `id` stays the same over the tokens of one OAuth client."""

    id: str
    name: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether the scopes cover `scope`; writing includes reading."""
        module, _, right = scope.partition(":")
        return scope in self.scopes or (right == "read" and f"{module}:write" in self.scopes)


@attrs.frozen
class IssuedToken:
    """A new access token; its text is known only now."""

    text: str = attrs.field(repr=False)
    expires_in: int
    scopes: tuple[str, ...]


def digest(secret: str) -> str:
    """What is kept of a token or a client secret: both are long and random, a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token() -> str:
    """The text of a new static token."""
    return f"sek_{secrets.token_urlsafe(32)}"


class Access:
    """Tokens and clients of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # tokens never change once issued: what was found once needs no second look but at its expiry
        self._known: dict[str, tuple[Caller, datetime | None]] = {}

    def allow(self, token: str, *, name: str, scopes: Iterable[str] = ALL_SCOPES) -> None:
        """Make `token` a static one; one that is there already is left as it is."""
        hashed, granted = digest(token), tuple(scopes)
        with self._store.read() as connection:
            if connection.execute(sa.select(schema.token.c.sha256).where(schema.token.c.sha256 == hashed)).first():
                return
        self._store.write(
            lambda tx: tx.connection.execute(
                sa.insert(schema.token).values(
                    sha256=hashed, caller_id=tx.new_id("tok"), name=name, scopes=granted, created_at=tx.now
                )
            )
        )

    def register_client(self, *, name: str, scopes: Iterable[str] = ALL_SCOPES) -> tuple[str, str]:
        """A new OAuth client: its id and its secret."""
        secret, granted = secrets.token_urlsafe(32), tuple(scopes)
        client_id = new_id("cli", self._store.now())
        self._store.write(
            lambda tx: tx.connection.execute(
                sa.insert(schema.oauth_client).values(
                    id=client_id, name=name, secret_sha256=digest(secret), scopes=granted, created_at=tx.now
                )
            )
        )
        return client_id, secret

    def issue(self, client_id: str, secret: str, wanted: tuple[str, ...]) -> IssuedToken:
        """An access token for an OAuth client, for all its scopes where none are wanted.

        Raises:
            RefusalError: unknown client, wrong secret, or a scope that the client does not have.
        """
        client = schema.oauth_client
        with self._store.read() as connection:
            row = connection.execute(sa.select(client).where(client.c.id == client_id)).one_or_none()
        if row is None or not hmac.compare_digest(row.secret_sha256, digest(secret)):
            raise RefusalError(
                401, "Unknown client, or a wrong secret.", headers={"WWW-Authenticate": 'Basic realm="sekur"'}
            )
        owner = Caller(row.id, row.name, frozenset(row.scopes))
        if not all(owner.may(scope) for scope in wanted):
            raise RefusalError(400, "A scope that the client does not have, or that does not exist.")
        scopes = wanted or row.scopes
        text = f"sat_{secrets.token_urlsafe(32)}"

        def keep(tx: Transaction) -> None:
            tx.connection.execute(sa.delete(schema.token).where(schema.token.c.expires_at < tx.now))
            tx.connection.execute(
                sa.insert(schema.token).values(
                    sha256=digest(text),
                    caller_id=owner.id,
                    name=owner.name,
                    scopes=scopes,
                    expires_at=tx.now + TOKEN_LIFE,
                    created_at=tx.now,
                )
            )

        self._store.write(keep)
        return IssuedToken(text, int(TOKEN_LIFE.total_seconds()), scopes)

    def caller(self, authorization: str | None) -> Caller:
        """Whose `Authorization` header it is.

        Raises:
            RefusalError: 401.
        """
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise _unauthorised("A bearer token is needed.")
        hashed = digest(token.strip())
        known = self._known.get(hashed) or self._look_up(hashed)
        if known is None:
            raise _unauthorised("The token is not known.", error="invalid_token")
        caller, expires_at = known
        if expires_at is not None and expires_at <= self._store.now():
            self._known.pop(hashed, None)
            raise _unauthorised("The token has expired.", error="invalid_token")
        return caller

    def _look_up(self, hashed: str) -> tuple[Caller, datetime | None] | None:
        with self._store.read() as connection:
            row = connection.execute(sa.select(schema.token).where(schema.token.c.sha256 == hashed)).one_or_none()
        if row is None:
            return None
        known = Caller(row.caller_id, row.name, frozenset(row.scopes)), row.expires_at
        self._known[hashed] = known
        return known


def _unauthorised(detail: str, *, error: str | None = None) -> RefusalError:
    challenge = 'Bearer realm="sekur"' + (f', error="{error}"' if error else "")
    return RefusalError(401, detail, headers={"WWW-Authenticate": challenge})


@attrs.frozen
class Needs:
    """A guard that lets a request through when its token has `scope`, and notes its caller."""

    scope: str

    def __call__(
        self, connection: ASGIConnection[BaseRouteHandler, Caller, object, State], _handler: BaseRouteHandler
    ) -> None:
        """Raise a refusal of 401 or 403, or do nothing."""
        access: Access = connection.app.state.access
        caller = access.caller(connection.headers.get("authorization"))
        if not caller.may(self.scope):
            raise RefusalError(
                403,
                f"The token lacks the scope {self.scope}.",
                headers={"WWW-Authenticate": f'Bearer realm="sekur", error="insufficient_scope", scope="{self.scope}"'},
            )
        connection.scope["user"] = caller


def needs(scope: str) -> Needs:
    """The guard for `scope`."""
    assert scope in ALL_SCOPES, scope
    return Needs(scope)
