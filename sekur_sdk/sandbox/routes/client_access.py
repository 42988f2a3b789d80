"""A client's people, their tokens, and what is shared with them: for the company's own side."""

from __future__ import annotations

from sekur_sdk.models.access import NewApiToken
from sekur_sdk.sandbox.inputs.access import TokenStatusName
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.portal import (
    ClientTokenCreate,
    ClientUserCreate,
    ClientUserStatusName,
    ClientUserUpdate,
    ShareCreate,
    ShareKindName,
    ShareStatusName,
)
from sekur_sdk.sandbox.routes.resource import Routes
from sekur_sdk.sandbox.store.records import client_tokens, client_users, shares
from sekur_sdk.sandbox.trade import portal
from sekur_sdk.sandbox.trade.accounts import without_secret

_USERS = Routes(path="/client-users", module="clients", what="client user", records=client_users)
_TOKENS = Routes(path="/client-tokens", module="clients", what="client token", records=client_tokens)
_SHARES = Routes(path="/shares", module="clients", what="share", records=shares)
_TIMES = ("created_at", "updated_at")

HANDLERS = (
    _USERS.list(sorts=("last_name", *_TIMES), equal={"status": ClientUserStatusName, "client_id": str}),
    _USERS.get(),
    _USERS.create(ClientUserCreate, lambda tx, data, _: portal.create_client_user(tx, data)),
    _USERS.update(ClientUserUpdate, lambda tx, user, data, _: portal.update_client_user(tx, user, data)),
    _USERS.step("suspend", Nothing, lambda tx, user, *_: portal.step_client_user(tx, user, "suspend")),
    _USERS.step("reinstate", Nothing, lambda tx, user, *_: portal.step_client_user(tx, user, "reinstate")),
    _USERS.step("close", Nothing, lambda tx, user, *_: portal.step_client_user(tx, user, "close")),
    _TOKENS.list(
        sorts=("name", "expires_at", *_TIMES), default="created_at", equal={"status": TokenStatusName, "user_id": str}
    ),
    _TOKENS.get(),
    _TOKENS.create(
        ClientTokenCreate,
        lambda tx, data, _: portal.create_client_token(tx, data),
        answer=NewApiToken,
        kept=without_secret,
    ),
    _TOKENS.step("revoke", Nothing, lambda tx, token, *_: portal.revoke_client_token(tx, token)),
    _SHARES.list(
        sorts=_TIMES,
        default="created_at",
        equal={
            "status": ShareStatusName,
            "kind": ShareKindName,
            "client_id": str,
            "site_id": str,
            "subject_id": str,
        },
    ),
    _SHARES.get(),
    _SHARES.create(ShareCreate, lambda tx, data, change: portal.create_share(tx, data, change.caller)),
    _SHARES.step("withdraw", Nothing, lambda tx, share, *_: portal.withdraw_share(tx, share)),
)
