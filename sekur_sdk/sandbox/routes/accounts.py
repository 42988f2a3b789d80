"""Users, their roles, and tokens."""

from __future__ import annotations

from sekur_sdk.models.access import NewApiToken
from sekur_sdk.sandbox.inputs.access import (
    RoleCreate,
    RoleUpdate,
    TokenCreate,
    TokenStatusName,
    TokenUpdate,
    UserInvite,
    UserStatusName,
    UserUpdate,
)
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.company import KeptStatus
from sekur_sdk.sandbox.routes.resource import Routes
from sekur_sdk.sandbox.store.records import api_tokens, roles, users
from sekur_sdk.sandbox.trade import accounts

_ROLES = Routes(path="/roles", module="users", what="role", records=roles)
_USERS = Routes(path="/users", module="users", what="user", records=users)
_TOKENS = Routes(path="/tokens", module="users", what="api token", records=api_tokens)
_TIMES = ("created_at", "updated_at")

HANDLERS = (
    _ROLES.list(sorts=("name", *_TIMES), equal={"status": KeptStatus}),
    _ROLES.get(),
    _ROLES.create(RoleCreate, lambda tx, data, change: accounts.create_role(tx, data, change.caller)),
    _ROLES.update(RoleUpdate, lambda tx, role, data, change: accounts.update_role(tx, role, data, change.caller)),
    _ROLES.step("archive", Nothing, lambda tx, role, _, change: accounts.step_role(tx, role, "archive", change.caller)),
    _ROLES.step("restore", Nothing, lambda tx, role, _, change: accounts.step_role(tx, role, "restore", change.caller)),
    _USERS.list(sorts=("last_name", *_TIMES), equal={"status": UserStatusName, "employee_id": str}),
    _USERS.get(),
    _USERS.create(UserInvite, lambda tx, data, change: accounts.invite_user(tx, data, change.caller)),
    _USERS.update(UserUpdate, lambda tx, user, data, change: accounts.update_user(tx, user, data, change.caller)),
    _USERS.step("activate", Nothing, lambda tx, user, *_: accounts.step_user(tx, user, "activate")),
    _USERS.step("suspend", Nothing, lambda tx, user, *_: accounts.step_user(tx, user, "suspend")),
    _USERS.step("reinstate", Nothing, lambda tx, user, *_: accounts.step_user(tx, user, "reinstate")),
    _USERS.step("close", Nothing, lambda tx, user, *_: accounts.step_user(tx, user, "close")),
    _TOKENS.list(sorts=("name", "expires_at", *_TIMES), equal={"status": TokenStatusName, "user_id": str}),
    _TOKENS.get(),
    _TOKENS.create(
        TokenCreate,
        lambda tx, data, change: accounts.create_token(tx, data, change.caller),
        answer=NewApiToken,
        kept=accounts.without_secret,
    ),
    _TOKENS.update(TokenUpdate, lambda tx, token, data, _: accounts.update_token(tx, token, data)),
    _TOKENS.step("revoke", Nothing, lambda tx, token, *_: accounts.revoke_token(tx, token)),
)
