"""Inputs of instructions."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, Edition, IdText, LongText, Name

InstructionKindName = Literal["general", "site", "temporary", "shift"]
InstructionStatusName = Literal["draft", "published", "withdrawn"]


class InstructionCreate(Strict, kw_only=True, frozen=True):
    """A new instruction, a draft."""

    kind: InstructionKindName
    site_id: IdText | None = None
    post_id: IdText | None = None
    shift_id: IdText | None = None
    title: Name
    text: LongText
    must_read: bool = True
    valid_from: At | None = None
    valid_until: At | None = None


class InstructionUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a draft, or to say in the next edition."""

    title: Name | UnsetType = UNSET
    text: LongText | UnsetType = UNSET
    must_read: bool | UnsetType = UNSET
    valid_from: At | UnsetType | None = UNSET
    valid_until: At | UnsetType | None = UNSET


class InstructionRevise(InstructionUpdate, kw_only=True, frozen=True):
    """What the next edition says otherwise."""


class InstructionPublish(Strict, kw_only=True, frozen=True):
    """Who publishes; the token's own name unless told."""

    by: Name | None = None


class InstructionAcknowledge(Strict, kw_only=True, frozen=True):
    """Who has read which edition."""

    employee_id: IdText
    edition: Edition
