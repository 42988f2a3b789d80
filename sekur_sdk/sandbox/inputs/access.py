"""Inputs of users, roles and tokens."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, Email, IdText, Name, Scope, ShortName

Scopes = Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=100)]
RoleIds = Annotated[list[IdText], msgspec.Meta(min_length=1, max_length=20)]
UserStatusName = Literal["invited", "active", "suspended", "closed"]
TokenStatusName = Literal["active", "expired", "revoked"]


class RoleCreate(Strict, kw_only=True, frozen=True):
    """A new role."""

    name: Name
    scopes: Scopes


class RoleUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a role."""

    name: Name | UnsetType = UNSET
    scopes: Scopes | UnsetType = UNSET


class UserInvite(Strict, kw_only=True, frozen=True):
    """A new account, invited."""

    email: Email
    first_name: ShortName
    last_name: ShortName
    role_ids: RoleIds
    employee_id: IdText | None = None


class UserUpdate(Patch, kw_only=True, frozen=True):
    """What to change of an account."""

    email: Email | UnsetType = UNSET
    first_name: ShortName | UnsetType = UNSET
    last_name: ShortName | UnsetType = UNSET
    role_ids: RoleIds | UnsetType = UNSET
    employee_id: IdText | UnsetType | None = UNSET


class TokenCreate(Strict, kw_only=True, frozen=True):
    """A new token, for 90 days unless told."""

    name: Name
    scopes: Scopes
    user_id: IdText | None = None
    expires_at: At | None = None


class TokenUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a token."""

    name: Name | UnsetType = UNSET
