"""Guarded places and their posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.paging import Page
from sekur_sdk.models.qualifications import CardActivity, QualificationKind
from sekur_sdk.models.sites import Post, PostStatus, Site, SiteStatus


class Sites(Resource[ShellT]):
    """Guarded places."""

    @listing("/sites")
    def list(
        self, *, status: SiteStatus | str | None = None, client_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[Site]:
        """All that meet the filters."""

    @fetch("/sites/{site_id}")
    def get(self, site_id: str, **options: Unpack[CallOptions]) -> Site:
        """One by its id."""

    @post("/sites")
    def create(
        self,
        *,
        name: str,
        address: str,
        client_id: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        radius_m: float | None = None,
        customer_name: str | None = None,
        time_zone: str | None = None,
        status: Literal["prospect", "active"] | None = None,
        **options: Unpack[PostOptions],
    ) -> Site:
        """A new site, of a client (`client_id`) or of a customer known by name alone.

        `lat`, `lon` in degrees (WGS 84), `radius_m` of its geofence in metres, `time_zone` by its IANA name
        ("Europe/Paris" when None).
        """

    @patch("/sites/{site_id}")
    def update(
        self,
        site_id: str,
        *,
        version: int,
        client_id: str | UnsetType | None = UNSET,
        lat: float | UnsetType | None = UNSET,
        lon: float | UnsetType | None = UNSET,
        radius_m: float | UnsetType | None = UNSET,
        name: str | UnsetType = UNSET,
        address: str | UnsetType = UNSET,
        customer_name: str | UnsetType = UNSET,
        time_zone: str | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Site:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/sites/{site_id}/activate")
    def activate(self, site_id: str, **options: Unpack[StepOptions]) -> Site:
        """In service."""

    @post("/sites/{site_id}/close")
    def close(self, site_id: str, **options: Unpack[StepOptions]) -> Site:
        """Served no more."""

    @post("/sites/{site_id}/reopen")
    def reopen(self, site_id: str, **options: Unpack[StepOptions]) -> Site:
        """Served again."""


class Posts(Resource[ShellT]):
    """What guards do at sites (postes)."""

    @listing("/posts")
    def list(
        self, *, status: PostStatus | str | None = None, site_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[Post]:
        """All that meet the filters."""

    @fetch("/posts/{post_id}")
    def get(self, post_id: str, **options: Unpack[CallOptions]) -> Post:
        """One by its id."""

    @post("/posts")
    def create(
        self,
        *,
        site_id: str,
        name: str,
        notes: str | None = None,
        activity: CardActivity | str | None = None,
        qualifications: Sequence[QualificationKind | str] | None = None,
        is_break_paid: bool | None = None,
        **options: Unpack[PostOptions],
    ) -> Post:
        """A new post, which takes an `activity` of the card ("guarding") and all of `qualifications`."""

    @patch("/posts/{post_id}")
    def update(
        self,
        post_id: str,
        *,
        version: int,
        notes: str | UnsetType | None = UNSET,
        activity: CardActivity | str | UnsetType = UNSET,
        qualifications: Sequence[QualificationKind | str] | UnsetType = UNSET,
        is_break_paid: bool | UnsetType = UNSET,
        name: str | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Post:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/posts/{post_id}/archive")
    def archive(self, post_id: str, **options: Unpack[StepOptions]) -> Post:
        """Counted no more."""

    @post("/posts/{post_id}/restore")
    def restore(self, post_id: str, **options: Unpack[StepOptions]) -> Post:
        """Counted again."""
