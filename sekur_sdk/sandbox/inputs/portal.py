"""Inputs of client access."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, Email, IdText, Name, ShortName

SiteIds = Annotated[list[IdText], msgspec.Meta(max_length=200)]
ClientUserStatusName = Literal["active", "suspended", "closed"]
ShareKindName = Literal["shifts", "rounds", "logbook_entry", "invoice", "report"]
ShareStatusName = Literal["active", "withdrawn"]


class ClientUserCreate(Strict, kw_only=True, frozen=True):
    """A person of a client."""

    client_id: IdText
    email: Email
    first_name: ShortName
    last_name: ShortName
    site_ids: SiteIds = msgspec.field(default_factory=list)


class ClientUserUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a client's person."""

    email: Email | UnsetType = UNSET
    first_name: ShortName | UnsetType = UNSET
    last_name: ShortName | UnsetType = UNSET
    site_ids: SiteIds | UnsetType = UNSET


class ClientTokenCreate(Strict, kw_only=True, frozen=True):
    """A new token of a client's person, for 90 days unless told."""

    user_id: IdText
    name: Name
    expires_at: At | None = None


class ShareCreate(Strict, kw_only=True, frozen=True):
    """What to show to a client."""

    kind: ShareKindName
    subject_id: IdText
