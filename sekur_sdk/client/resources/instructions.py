"""Instructions (consignes) that guards must have read."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.instructions import (
    Instruction,
    InstructionAcknowledgement,
    InstructionEdition,
    InstructionKind,
    InstructionStatus,
)
from sekur_sdk.models.paging import Page


class Instructions(Resource[ShellT]):
    """Instructions (consignes) that guards must have read."""

    @listing("/instructions")
    def list(
        self,
        *,
        status: InstructionStatus | str | None = None,
        kind: InstructionKind | str | None = None,
        site_id: str | None = None,
        post_id: str | None = None,
        unread_by: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Instruction]:
        """All that meet the filters."""

    @fetch("/instructions/{instruction_id}")
    def get(self, instruction_id: str, **options: Unpack[CallOptions]) -> Instruction:
        """One by its id."""

    @post("/instructions")
    def create(
        self,
        *,
        kind: InstructionKind | str,
        title: str,
        text: str,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
        must_read: bool | None = None,
        site_id: str | None = None,
        post_id: str | None = None,
        shift_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Instruction:
        """A new draft; a `temporary` instruction has an end, one of a `shift` names it."""

    @patch("/instructions/{instruction_id}")
    def update(
        self,
        instruction_id: str,
        *,
        version: int,
        valid_from: datetime | UnsetType | None = UNSET,
        valid_until: datetime | UnsetType | None = UNSET,
        must_read: bool | UnsetType = UNSET,
        title: str | UnsetType = UNSET,
        text: str | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Instruction:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/instructions/{instruction_id}/withdraw")
    def withdraw(self, instruction_id: str, **options: Unpack[StepOptions]) -> Instruction:
        """In force no more."""

    @post("/instructions/{instruction_id}/publish")
    def publish(self, instruction_id: str, *, by: str | None = None, **options: Unpack[StepOptions]) -> Instruction:
        """The draft as edition 1, published by `by` or the token's own name."""

    @post("/instructions/{instruction_id}/revise")
    def revise(
        self,
        instruction_id: str,
        *,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
        must_read: bool | None = None,
        title: str | None = None,
        text: str | None = None,
        **options: Unpack[StepOptions],
    ) -> Instruction:
        """The next edition, which has to be read anew."""

    @post("/instructions/{instruction_id}/acknowledge", subject=Instruction)
    def acknowledge(
        self, instruction_id: str, *, employee_id: str, edition: int, **options: Unpack[StepOptions]
    ) -> InstructionAcknowledgement:
        """That an employee has read the newest `edition`; said twice it is the first."""

    @listing("/instructions/{instruction_id}/editions")
    def editions(self, instruction_id: str, **options: Unpack[ListOptions]) -> Page[InstructionEdition]:
        """All editions as they were published, never changed."""

    @listing("/instructions/{instruction_id}/acknowledgements")
    def acknowledgements(
        self,
        instruction_id: str,
        *,
        employee_id: str | None = None,
        edition: int | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[InstructionAcknowledgement]:
        """Who has read it."""
