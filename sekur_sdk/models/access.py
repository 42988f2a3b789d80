"""Who may do what: users, their roles (habilitations), API tokens."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class RoleStatus(OpenEnum):
    """Whether a role may be given."""

    ACTIVE = "active"
    ARCHIVED = "archived"


@attrs.frozen(kw_only=True)
class Role:
    """A set of scopes under a name (habilitation)."""

    id: str
    name: str
    scopes: tuple[str, ...]
    status: RoleStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class UserStatus(OpenEnum):
    """The life of an account."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@attrs.frozen(kw_only=True)
class User:
    """A person's account: it may do what any of its roles may. `employee_id` says which member of staff it is."""

    id: str
    email: str = attrs.field(repr=False)
    first_name: str = attrs.field(repr=False)
    last_name: str = attrs.field(repr=False)
    role_ids: tuple[str, ...]
    employee_id: str | None = None
    activated_at: Timestamp | None = None
    closed_at: Timestamp | None = None
    status: UserStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class TokenStatus(OpenEnum):
    """Whether a token works."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@attrs.frozen(kw_only=True)
class ApiToken:
    """A static token; the server keeps its hash alone. With a `user_id` it never may more than that user."""

    id: str
    name: str
    user_id: str | None = None
    scopes: tuple[str, ...]
    expires_at: Timestamp
    revoked_at: Timestamp | None = None
    status: TokenStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class NewApiToken(ApiToken):
    """A token as its creation answers, the only time that its `secret` is shown; None when that answer is replayed."""

    secret: str | None = attrs.field(default=None, repr=False)
