"""Inputs of webhooks."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, Name

Url = Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^https?://[!-~]+$")]
EventTypeName = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}\.[a-z_]{1,23}$")]
EventTypes = Annotated[list[EventTypeName], msgspec.Meta(max_length=200)]
OverlapHours = Annotated[int, msgspec.Meta(ge=0, le=168)]
WebhookStatusName = Literal["active", "disabled"]
DeliveryStatusName = Literal["pending", "delivered", "dead"]


class WebhookCreate(Strict, kw_only=True, frozen=True):
    """A new webhook; without `event_types`, or with none, all that the token may read."""

    url: Url
    event_types: EventTypes = msgspec.field(default_factory=list)
    description: Name | None = None


class WebhookUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a webhook."""

    url: Url | UnsetType = UNSET
    event_types: EventTypes | UnsetType = UNSET
    description: Name | UnsetType | None = UNSET


class SecretRotate(Strict, kw_only=True, frozen=True):
    """How long the secret before is still good."""

    overlap_hours: OverlapHours = 24


class WebhookReplayRange(Strict, kw_only=True, frozen=True):
    """The events to send again: from this time on, and before that one."""

    occurred_from: At
    occurred_before: At | None = None
