"""Instructions (consignes) that guards must have read."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  # read at run time
from typing import Required, TypedDict, Unpack

import attrs

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.instructions import (
    Instruction,
    InstructionAcknowledgement,
    InstructionEdition,
    InstructionKind,
    InstructionStatus,
)
from sekur_sdk.models.paging import Page


class InstructionFilters(ListOptions, total=False):
    """Filters and options of the list."""

    status: InstructionStatus | str
    kind: InstructionKind | str
    site_id: str
    post_id: str
    unread_by: str


class _InstructionFields(TypedDict, total=False):
    """Fields that need not be given."""

    valid_from: datetime | None
    valid_until: datetime | None
    must_read: bool


class NewInstruction(_InstructionFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    kind: Required[InstructionKind | str]
    title: Required[str]
    text: Required[str]
    site_id: str | None
    post_id: str | None
    shift_id: str | None


class InstructionChange(_InstructionFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    title: str
    text: str


class Publishing(Step, total=False):
    """Fields and options of the action."""

    by: str | None


class Revision(_InstructionFields, Step, total=False):
    """What the next edition says otherwise, and options."""

    title: str
    text: str


class Reading(Step, total=False):
    """Who has read which edition, and options."""

    employee_id: Required[str]
    edition: Required[int]


class ReadingFilters(ListOptions, total=False):
    """Filters and options of the list."""

    employee_id: str
    edition: int


def _at(instruction_id: str, action: str = "") -> str:
    return f"/instructions/{identifier('instruction_id', instruction_id)}{action}"


def list_all(**given: Unpack[InstructionFilters]) -> Operation[Page[Instruction]]:
    """GET /instructions."""
    return listed("/instructions", Page[Instruction], given, InstructionFilters)


def get(instruction_id: str) -> Operation[Instruction]:
    """GET /instructions/{id}."""
    return read(_at(instruction_id), Instruction)


def create(**given: Unpack[NewInstruction]) -> Operation[Instruction]:
    """POST /instructions."""
    return new("/instructions", Instruction, given, NewInstruction)


def update(instruction_id: str, **given: Unpack[InstructionChange]) -> Operation[Instruction]:
    """PATCH /instructions/{id}."""
    return change(_at(instruction_id), Instruction, given, InstructionChange)


def withdraw(instruction_id: str, **given: Unpack[Step]) -> Operation[Instruction]:
    """POST /instructions/{id}/withdraw."""
    return act(_at(instruction_id, "/withdraw"), Instruction, given)


def publish(instruction_id: str, **given: Unpack[Publishing]) -> Operation[Instruction]:
    """POST /instructions/{id}/publish."""
    return act(_at(instruction_id, "/publish"), Instruction, given, Publishing)


def revise(instruction_id: str, **given: Unpack[Revision]) -> Operation[Instruction]:
    """POST /instructions/{id}/revise."""
    return act(_at(instruction_id, "/revise"), Instruction, given, Revision)


def acknowledge(instruction_id: str, **given: Unpack[Reading]) -> Operation[InstructionAcknowledgement]:
    """POST /instructions/{id}/acknowledge."""
    return attrs.evolve(
        act(_at(instruction_id, "/acknowledge"), InstructionAcknowledgement, given, Reading), subject=Instruction
    )


def list_editions(instruction_id: str) -> Operation[Page[InstructionEdition]]:
    """GET /instructions/{id}/editions."""
    return read(_at(instruction_id, "/editions"), Page[InstructionEdition])


def list_acknowledgements(
    instruction_id: str, **given: Unpack[ReadingFilters]
) -> Operation[Page[InstructionAcknowledgement]]:
    """GET /instructions/{id}/acknowledgements."""
    return listed(_at(instruction_id, "/acknowledgements"), Page[InstructionAcknowledgement], given, ReadingFilters)
