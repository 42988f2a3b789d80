"""Roles, accounts and static tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.access import ApiToken, NewApiToken, Role, RoleStatus, TokenStatus, User, UserStatus
from sekur_sdk.models.paging import Page


class Roles(Resource[ShellT]):
    """Sets of scopes that users have (habilitations)."""

    @listing("/roles")
    def list(self, *, status: RoleStatus | str | None = None, **options: Unpack[ListOptions]) -> Page[Role]:
        """All that meet the filters."""

    @fetch("/roles/{role_id}")
    def get(self, role_id: str, **options: Unpack[CallOptions]) -> Role:
        """One by its id."""

    @post("/roles")
    def create(self, *, name: str, scopes: Sequence[str], **options: Unpack[PostOptions]) -> Role:
        """A new role, of `scopes` that the token itself has."""

    @patch("/roles/{role_id}")
    def update(
        self,
        role_id: str,
        *,
        version: int,
        name: str | UnsetType = UNSET,
        scopes: Sequence[str] | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Role:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/roles/{role_id}/archive")
    def archive(self, role_id: str, **options: Unpack[StepOptions]) -> Role:
        """Counted no more."""

    @post("/roles/{role_id}/restore")
    def restore(self, role_id: str, **options: Unpack[StepOptions]) -> Role:
        """Counted again."""


class Users(Resource[ShellT]):
    """People's accounts."""

    @listing("/users")
    def list(
        self, *, status: UserStatus | str | None = None, employee_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[User]:
        """All that meet the filters."""

    @fetch("/users/{user_id}")
    def get(self, user_id: str, **options: Unpack[CallOptions]) -> User:
        """One by its id."""

    @post("/users")
    def invite(
        self,
        *,
        email: str,
        first_name: str,
        last_name: str,
        role_ids: Sequence[str],
        employee_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> User:
        """A new account, invited; it may do what any of its roles may."""

    @patch("/users/{user_id}")
    def update(
        self,
        user_id: str,
        *,
        version: int,
        employee_id: str | UnsetType | None = UNSET,
        email: str | UnsetType = UNSET,
        first_name: str | UnsetType = UNSET,
        last_name: str | UnsetType = UNSET,
        role_ids: Sequence[str] | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> User:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/users/{user_id}/activate")
    def activate(self, user_id: str, **options: Unpack[StepOptions]) -> User:
        """In service."""

    @post("/users/{user_id}/suspend")
    def suspend(self, user_id: str, **options: Unpack[StepOptions]) -> User:
        """The tokens of the account are refused until it is reinstated."""

    @post("/users/{user_id}/reinstate")
    def reinstate(self, user_id: str, **options: Unpack[StepOptions]) -> User:
        """Active again."""

    @post("/users/{user_id}/close")
    def close(self, user_id: str, **options: Unpack[StepOptions]) -> User:
        """For good; the tokens of the account are revoked."""


class ApiTokens(Resource[ShellT]):
    """Static tokens."""

    @listing("/tokens")
    def list(
        self, *, status: TokenStatus | str | None = None, user_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[ApiToken]:
        """All that meet the filters."""

    @fetch("/tokens/{token_id}")
    def get(self, token_id: str, **options: Unpack[CallOptions]) -> ApiToken:
        """One by its id."""

    @post("/tokens")
    def create(
        self,
        *,
        name: str,
        scopes: Sequence[str],
        user_id: str | None = None,
        expires_at: datetime | None = None,
        **options: Unpack[PostOptions],
    ) -> NewApiToken:
        """A new token with its `secret`, which is shown this once. `expires_at` is at most 366 days ahead, 90 when None."""

    @patch("/tokens/{token_id}")
    def update(
        self, token_id: str, *, version: int, name: str | UnsetType = UNSET, **options: Unpack[CallOptions]
    ) -> ApiToken:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/tokens/{token_id}/revoke")
    def revoke(self, token_id: str, **options: Unpack[StepOptions]) -> ApiToken:
        """Refused from now on."""
