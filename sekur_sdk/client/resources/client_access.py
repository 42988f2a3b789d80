"""Who of a client may look at what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.access import ApiToken, NewApiToken, TokenStatus
from sekur_sdk.models.paging import Page
from sekur_sdk.models.portal import ClientUser, ClientUserStatus, Share, ShareKind, ShareStatus


class ClientUsers(Resource[ShellT]):
    """A client's own people."""

    @listing("/client-users")
    def list(
        self,
        *,
        status: ClientUserStatus | str | None = None,
        client_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[ClientUser]:
        """All that meet the filters."""

    @fetch("/client-users/{client_user_id}")
    def get(self, client_user_id: str, **options: Unpack[CallOptions]) -> ClientUser:
        """One by its id."""

    @post("/client-users")
    def create(
        self,
        *,
        client_id: str,
        email: str,
        first_name: str,
        last_name: str,
        site_ids: Sequence[str] | None = None,
        **options: Unpack[PostOptions],
    ) -> ClientUser:
        """A person who may look at `site_ids` of the client, at all its sites when None."""

    @patch("/client-users/{client_user_id}")
    def update(
        self,
        client_user_id: str,
        *,
        version: int,
        email: str | UnsetType = UNSET,
        first_name: str | UnsetType = UNSET,
        last_name: str | UnsetType = UNSET,
        site_ids: Sequence[str] | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> ClientUser:
        """Changes what is given.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/client-users/{client_user_id}/suspend")
    def suspend(self, client_user_id: str, **options: Unpack[StepOptions]) -> ClientUser:
        """The person's tokens are refused until it is reinstated."""

    @post("/client-users/{client_user_id}/reinstate")
    def reinstate(self, client_user_id: str, **options: Unpack[StepOptions]) -> ClientUser:
        """Active again."""

    @post("/client-users/{client_user_id}/close")
    def close(self, client_user_id: str, **options: Unpack[StepOptions]) -> ClientUser:
        """For good; the person's tokens are revoked."""


class ClientTokens(Resource[ShellT]):
    """Tokens of clients' people: for the `portal` calls, and no others. `user_id` is the client user."""

    @listing("/client-tokens")
    def list(
        self, *, status: TokenStatus | str | None = None, user_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[ApiToken]:
        """All that meet the filters."""

    @fetch("/client-tokens/{token_id}")
    def get(self, token_id: str, **options: Unpack[CallOptions]) -> ApiToken:
        """One by its id."""

    @post("/client-tokens")
    def create(
        self, *, user_id: str, name: str, expires_at: datetime | None = None, **options: Unpack[PostOptions]
    ) -> NewApiToken:
        """A new token with its `secret`, which is shown this once. `expires_at` is at most 366 days ahead, 90 when None."""

    @post("/client-tokens/{token_id}/revoke")
    def revoke(self, token_id: str, **options: Unpack[StepOptions]) -> ApiToken:
        """Refused from now on."""


class Shares(Resource[ShellT]):
    """What clients are shown."""

    @listing("/shares")
    def list(
        self,
        *,
        status: ShareStatus | str | None = None,
        kind: ShareKind | str | None = None,
        client_id: str | None = None,
        site_id: str | None = None,
        subject_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Share]:
        """All that meet the filters."""

    @fetch("/shares/{share_id}")
    def get(self, share_id: str, **options: Unpack[CallOptions]) -> Share:
        """One by its id."""

    @post("/shares")
    def create(self, *, kind: ShareKind | str, subject_id: str, **options: Unpack[PostOptions]) -> Share:
        """Shows something to the client that it is about; `subject_id` is the site of `shifts` or `rounds`, the document of a `report`."""

    @post("/shares/{share_id}/withdraw")
    def withdraw(self, share_id: str, **options: Unpack[StepOptions]) -> Share:
        """Shown no more."""
