"""Who may call: static tokens and OAuth2 client credentials, scopes by module. Only hashes of tokens are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.access import RoleStatus, TokenStatus, UserStatus
from sekur_sdk.models.portal import ClientUserStatus
from sekur_sdk.sandbox.ids import new_id
from sekur_sdk.sandbox.problems import RefusalError
from sekur_sdk.sandbox.store import outside_tables, people_tables, schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from litestar.connection import ASGIConnection
    from litestar.datastructures import State
    from litestar.handlers import BaseRouteHandler

    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

MODULES = (
    "organisation",
    "users",
    "clients",
    "sites",
    "employees",
    "documents",
    "planning",
    "duties",
    "billing",
    "payroll",
    "subscription",
    "logbook",
    "rounds",
    "devices",
    "alerts",
    "geolocation",
    "privacy",
    "pti",
    "events",
    "webhooks",
    "signatures",
    "exports",
)
ALL_SCOPES = tuple(f"{module}:{right}" for module in MODULES for right in ("read", "write"))
TOKEN_LIFE = timedelta(hours=1)

EVENT_MODULES = {
    "absence": "planning",
    "alert": "alerts",
    "availability_incident": "subscription",
    "card": "employees",
    "checkpoint": "rounds",
    "client": "clients",
    "command": "devices",
    "contract": "billing",
    "credit_note": "billing",
    "cycle": "planning",
    "client_user": "clients",
    "device": "devices",
    "document": "documents",
    "duty": "duties",
    "einvoice_status": "billing",
    "employee": "employees",
    "employment_contract": "employees",
    "export": "exports",
    "instruction": "sites",
    "instruction_acknowledgement": "sites",
    "invoice": "billing",
    "logbook_entry": "logbook",
    "organisation": "organisation",
    "payment": "billing",
    "payroll_run": "payroll",
    "post": "sites",
    "pti_session": "pti",
    "qualification": "employees",
    "quota": "subscription",
    "quote": "billing",
    "role": "users",
    "round": "rounds",
    "share": "clients",
    "shift": "planning",
    "signature_request": "signatures",
    "site": "sites",
    "subscription": "subscription",
    "token": "users",
    "user": "users",
    "webhook": "webhooks",
}
"""Whose scope it takes to be told of a subject's events."""


def covers(scopes: Collection[str], scope: str) -> bool:
    """Whether `scopes` cover `scope`; writing includes reading."""
    module, _, right = scope.partition(":")
    return scope in scopes or (right == "read" and f"{module}:write" in scopes)


@attrs.frozen
class Caller:
    """Whose token it is. `id` stays the same over the tokens of one OAuth client.

    `user_id` is the account that it acts for, if any. `client_user_id` says that it is a client's person's: such a token
    has no scope, and opens the client's own view alone.
    """

    id: str
    name: str
    scopes: frozenset[str]
    client_user_id: str | None = None
    user_id: str | None = None

    def may(self, scope: str) -> bool:
        """Whether the scopes cover `scope`; writing includes reading."""
        return covers(self.scopes, scope)


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
        # what was found once needs no second look until its expiry, or until a commit that changed accounts
        self._known: dict[str, tuple[Caller, datetime | None]] = {}
        store.on_commit(self._committed)

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
        found = self._known
        with self._store.read() as connection:
            row = connection.execute(sa.select(schema.token).where(schema.token.c.sha256 == hashed)).one_or_none()
            if row is None:
                known = _account_token(connection, hashed) or _client_token(connection, hashed)
            else:
                known = Caller(row.caller_id, row.name, frozenset(row.scopes)), row.expires_at
        if known is not None:
            # a commit meanwhile has put another dict in its place: what was read before it is not kept
            found[hashed] = known
        return known

    def _committed(self, transaction: Transaction) -> None:
        if transaction.access_changed:
            self._known = {}


def _account_token(connection: sa.Connection, hashed: str) -> tuple[Caller, datetime | None] | None:
    """The caller of a token that accounts manage: never more than its user may, nobody while that is not active."""
    token, account, role = people_tables.api_token, people_tables.account, people_tables.role
    row = connection.execute(sa.select(token).where(token.c.sha256 == hashed)).one_or_none()
    if row is None or row.status == TokenStatus.REVOKED:
        return None
    scopes = frozenset(row.scopes)
    if row.user_id is not None:
        user = connection.execute(sa.select(account).where(account.c.id == row.user_id)).one()
        if user.status != UserStatus.ACTIVE:
            return None
        held = connection.execute(
            sa.select(role.c.scopes).where(role.c.id.in_(user.role_ids), role.c.status == RoleStatus.ACTIVE)
        )
        mine = {scope for scopes in held.scalars() for scope in scopes}
        readable = {scope.replace(":write", ":read") for scope in scopes}
        scopes = frozenset(scope for scope in scopes | readable if covers(mine, scope))
    return Caller(row.id, row.name, scopes, user_id=row.user_id), row.expires_at


def _client_token(connection: sa.Connection, hashed: str) -> tuple[Caller, datetime | None] | None:
    """The caller of a client's person's token: nobody while that person is not active."""
    token, user = outside_tables.client_token, outside_tables.client_user
    select = (
        sa.select(token)
        .join(user)
        .where(
            token.c.sha256 == hashed,
            token.c.status != TokenStatus.REVOKED,
            user.c.status == ClientUserStatus.ACTIVE,
        )
    )
    row = connection.execute(select).one_or_none()
    return None if row is None else (Caller(row.id, row.name, frozenset(), row.user_id), row.expires_at)


def _unauthorised(detail: str, *, error: str | None = None) -> RefusalError:
    challenge = 'Bearer realm="sekur"' + (f', error="{error}"' if error else "")
    return RefusalError(401, detail, headers={"WWW-Authenticate": challenge})


def for_clients(
    connection: ASGIConnection[BaseRouteHandler, Caller, object, State], _handler: BaseRouteHandler
) -> None:
    """A guard that lets a client's person's token through, and notes its caller; any other is refused."""
    access: Access = connection.app.state.access
    caller = access.caller(connection.headers.get("authorization"))
    if caller.client_user_id is None:
        raise RefusalError(403, "This is the view of a client's own people: it takes a token of one.")
    connection.scope["user"] = caller


@attrs.frozen
class Needs:
    """A guard that lets a request through when its token has one of `scopes`, and notes its caller."""

    scopes: tuple[str, ...]

    def __call__(
        self, connection: ASGIConnection[BaseRouteHandler, Caller, object, State], _handler: BaseRouteHandler
    ) -> None:
        """Raise a refusal of 401 or 403, or do nothing."""
        access: Access = connection.app.state.access
        caller = access.caller(connection.headers.get("authorization"))
        if not any(map(caller.may, self.scopes)):
            raise lacks(self.scopes)
        connection.scope["user"] = caller


def lacks(scopes: tuple[str, ...]) -> RefusalError:
    """403 for a token with none of `scopes`."""
    return RefusalError(
        403,
        f"The token lacks the scope {' or '.join(scopes)}.",
        headers={"WWW-Authenticate": f'Bearer realm="sekur", error="insufficient_scope", scope="{" ".join(scopes)}"'},
    )


def needs(*scopes: str) -> Needs:
    """The guard for one of `scopes`."""
    assert set(scopes) <= set(ALL_SCOPES), scopes
    return Needs(scopes)
