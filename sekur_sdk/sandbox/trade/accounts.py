"""Accounts: roles, the users who have them, the tokens that act for them. Nobody gives what it may not do itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.access import (
    ApiToken,
    NewApiToken,
    Role,
    RoleStatus,
    TokenStatus,
    User,
    UserStatus,
)
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.access import ALL_SCOPES, Caller, covers, digest, new_token
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import api_tokens, employees, roles, users
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.subscription import watch_quota
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sekur_sdk.sandbox.inputs.access import (
        RoleCreate,
        RoleUpdate,
        TokenCreate,
        TokenUpdate,
        UserInvite,
        UserUpdate,
    )
    from sekur_sdk.sandbox.store.writer import Transaction

ROLE_LIFE: Life[RoleStatus] = {
    RoleStatus.ACTIVE: {"archive": RoleStatus.ARCHIVED},
    RoleStatus.ARCHIVED: {"restore": RoleStatus.ACTIVE},
}
USER_LIFE: Life[UserStatus] = {
    UserStatus.INVITED: {"activate": UserStatus.ACTIVE, "close": UserStatus.CLOSED},
    UserStatus.ACTIVE: {"suspend": UserStatus.SUSPENDED, "close": UserStatus.CLOSED},
    UserStatus.SUSPENDED: {"reinstate": UserStatus.ACTIVE, "close": UserStatus.CLOSED},
    UserStatus.CLOSED: {},
}
TOKEN_LIFE: Life[TokenStatus] = {
    TokenStatus.ACTIVE: {"revoke": TokenStatus.REVOKED},
    TokenStatus.EXPIRED: {},
    TokenStatus.REVOKED: {},
}
DEFAULT_DAYS, MAX_DAYS = timedelta(days=90), timedelta(days=366)
"""How long a token works: unless told, and at most."""


def create_role(tx: Transaction, data: RoleCreate, caller: Caller) -> Role:
    """A new role."""
    _check_role(tx, data.name, data.scopes, caller)
    role = roles.create(tx, name=data.name, scopes=_ordered(data.scopes), status=RoleStatus.ACTIVE)
    tx.record(EventType.ROLE_CREATED, role)
    return role


def update_role(tx: Transaction, role: Role, data: RoleUpdate, caller: Caller) -> Role:
    """The role with the sent fields changed, at once for all who have it."""
    refuse_ended(ROLE_LIFE, "role", role)
    changes = data.changes()
    if not changes:
        return role
    wanted = attrs.evolve(role, **typed(Role, changes))
    _check_role(tx, wanted.name, wanted.scopes if "scopes" in changes else (), caller, besides=role.id)
    return _change_role(tx, role, name=wanted.name, scopes=_ordered(wanted.scopes))


def step_role(tx: Transaction, role: Role, action: str, caller: Caller) -> Role:
    """The role after a step; one that a user has can't be archived."""
    status = step(ROLE_LIFE, "role", role, action)
    if action == "restore":
        _check_scopes(role.scopes, caller, "$")
    elif any(role.id in user.role_ids for user in users.all(tx.connection, users.table.c.status != UserStatus.CLOSED)):
        raise RefusalError(409, "A user has the role: take it away first.", allowed=(), current=role)
    return _change_role(tx, role, status=status)


def invite_user(tx: Transaction, data: UserInvite, caller: Caller) -> User:
    """A new account, invited."""
    _check_user(tx, data.email, data.role_ids, data.employee_id, caller)
    fields = typed(User, fields_of(data)) | {"role_ids": _ordered(data.role_ids)}
    user = users.create(tx, **fields, status=UserStatus.INVITED)
    tx.record(EventType.USER_INVITED, user)
    return user


def update_user(tx: Transaction, user: User, data: UserUpdate, caller: Caller) -> User:
    """The account with the sent fields changed."""
    refuse_ended(USER_LIFE, "user", user)
    changes = typed(User, data.changes())
    if not changes:
        return user
    wanted = attrs.evolve(user, **changes)
    new_roles = set(wanted.role_ids) - set(user.role_ids)
    _check_user(
        tx,
        wanted.email,
        tuple(id_ for id_ in wanted.role_ids if id_ in new_roles),
        wanted.employee_id if wanted.employee_id != user.employee_id else None,
        caller,
        besides=user.id,
    )
    return _change_user(tx, user, **changes | {"role_ids": _ordered(wanted.role_ids)})


def step_user(tx: Transaction, user: User, action: str) -> User:
    """The account after a step; tokens of a closed one are revoked, those of a suspended one rest."""
    status = step(USER_LIFE, "user", user, action)
    changes: dict[str, object] = {"status": status}
    if action == "activate":
        changes["activated_at"] = tx.now
    if action == "close":
        changes["closed_at"] = tx.now
        table = api_tokens.table
        mine = (table.c.user_id == user.id, table.c.status == TokenStatus.ACTIVE)
        for token in api_tokens.all(tx.connection, *mine):
            _change_token(tx, token, status=TokenStatus.REVOKED, revoked_at=tx.now)
    changed = _change_user(tx, user, **changes)
    watch_quota(tx, changed)
    return changed


def create_token(tx: Transaction, data: TokenCreate, caller: Caller) -> NewApiToken:
    """A new token with its secret, of which the hash alone is kept; what an account's token makes is that account's unless told."""
    user_id = data.user_id or caller.user_id
    expires_at = data.expires_at or tx.now + DEFAULT_DAYS
    if not tx.now < expires_at <= tx.now + MAX_DAYS:
        raise rule_broken("$.expires_at", f"A token expires in the future, within {MAX_DAYS.days} days")
    _check_scopes(data.scopes, caller)
    if user_id is not None:
        named(tx.connection, users, user_id, "$.user_id", "user")
        user = users.find(tx.connection, user_id)
        if user is None or user.status != UserStatus.ACTIVE:
            raise rule_broken("$.user_id", "The user is not active")
        _check_scopes(data.scopes, Caller(user.id, "", scopes_of(tx.connection, user)), whose="user's roles")
    secret = new_token()
    token = api_tokens.create(
        tx,
        internal={"sha256": digest(secret)},
        name=data.name,
        user_id=user_id,
        scopes=_ordered(data.scopes),
        expires_at=expires_at,
        status=TokenStatus.ACTIVE,
    )
    tx.record(EventType.TOKEN_CREATED, token)
    return NewApiToken(**attrs.asdict(token, recurse=False), secret=secret)


def without_secret(token: NewApiToken) -> NewApiToken:
    """What may be kept of a creation's answer."""
    return attrs.evolve(token, secret=None)


def update_token(tx: Transaction, token: ApiToken, data: TokenUpdate) -> ApiToken:
    """The token under another name."""
    refuse_ended(TOKEN_LIFE, "token", token)
    changes = data.changes()
    return _change_token(tx, token, **changes) if changes else token


def revoke_token(tx: Transaction, token: ApiToken) -> ApiToken:
    """The token, refused from now on."""
    status = step(TOKEN_LIFE, "token", token, "revoke")
    return _change_token(tx, token, status=status, revoked_at=tx.now)


def expire_tokens(tx: Transaction) -> None:
    """Note of each token past its time that it has expired; it was refused from that time on anyway."""
    table = api_tokens.table
    for token in api_tokens.all(tx.connection, table.c.status == TokenStatus.ACTIVE, table.c.expires_at <= tx.now):
        _change_token(tx, token, status=TokenStatus.EXPIRED)


def scopes_of(connection: sa.Connection, user: User) -> frozenset[str]:
    """What an account may do: all that its roles may that are not archived."""
    table = roles.table
    held = roles.all(connection, table.c.id.in_(user.role_ids), table.c.status == RoleStatus.ACTIVE)
    return frozenset(scope for role in held for scope in role.scopes)


def _check_role(tx: Transaction, name: str, scopes: Sequence[str], caller: Caller, *, besides: str = "") -> None:
    if roles.first(tx.connection, roles.table.c.name == name, roles.table.c.id != besides) is not None:
        raise rule_broken("$.name", "Another role has this name")
    _check_scopes(scopes, caller)


def _check_scopes(scopes: Iterable[str], giver: Caller, path: str = "$.scopes", *, whose: str = "token") -> None:
    for place, scope in enumerate(scopes):
        where = f"{path}[{place}]" if path != "$" else path
        if scope not in ALL_SCOPES:
            raise rule_broken(where, "There is no such scope")
        if not covers(giver.scopes, scope):
            raise rule_broken(where, f"A scope that the {whose} does not have can't be given")


def _check_user(
    tx: Transaction,
    email: str,
    role_ids: Sequence[str],
    employee_id: str | None,
    caller: Caller,
    *,
    besides: str = "",
) -> None:
    table = users.table
    same = (sa.func.lower(table.c.email) == email.lower(), table.c.status != UserStatus.CLOSED, table.c.id != besides)
    if users.first(tx.connection, *same) is not None:
        raise rule_broken("$.email", "Another user has this address")
    for place, id_ in enumerate(role_ids):
        path = f"$.role_ids[{place}]"
        role = roles.find(tx.connection, id_)
        if role is None or role.status != RoleStatus.ACTIVE:
            raise rule_broken(path, "There is no such active role")
        if not all(covers(caller.scopes, scope) for scope in role.scopes):
            raise rule_broken(path, "A role that may more than the token can't be given")
    named(tx.connection, employees, employee_id, "$.employee_id", "employee")


def _ordered(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _change_role(tx: Transaction, role: Role, **changes: object) -> Role:
    changed = roles.update(tx, role, **changes)
    tx.access_changed = True
    tx.record(EventType.ROLE_UPDATED, changed)
    return changed


def _change_user(tx: Transaction, user: User, **changes: object) -> User:
    changed = users.update(tx, user, **changes)
    tx.access_changed = True
    tx.record(EventType.USER_UPDATED, changed)
    return changed


def _change_token(tx: Transaction, token: ApiToken, **changes: object) -> ApiToken:
    changed = api_tokens.update(tx, token, **changes)
    tx.access_changed = True
    tx.record(EventType.TOKEN_UPDATED, changed)
    return changed
