# Made from client/_async by tools/generate_sync.py: change it there.
"""Instructions (consignes) that guards must have read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import instructions

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.instructions import (
        InstructionChange,
        InstructionFilters,
        NewInstruction,
        Publishing,
        Reading,
        ReadingFilters,
        Revision,
    )
    from sekur_sdk.client.options import CallOptions, ListOptions
    from sekur_sdk.models.instructions import Instruction, InstructionAcknowledgement, InstructionEdition


class Instructions(Resource):
    """Instructions (consignes) that guards must have read."""

    def list(self, **given: Unpack[InstructionFilters]) -> Pager[Instruction]:
        """All that meet the filters."""
        return self._list(instructions.list_all, given)

    def get(self, instruction_id: str, **options: Unpack[CallOptions]) -> Instruction:
        """One by its id."""
        return self._shell.call(instructions.get(instruction_id), options)

    def create(self, **given: Unpack[NewInstruction]) -> Instruction:
        """A new draft; a `temporary` instruction has an end, one of a `shift` names it."""
        return self._call(instructions.create, given)

    def update(self, instruction_id: str, **given: Unpack[InstructionChange]) -> Instruction:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(instructions.update, given, instruction_id)

    def withdraw(self, instruction_id: str, **given: Unpack[Step]) -> Instruction:
        """In force no more."""
        return self._call(instructions.withdraw, given, instruction_id)

    def publish(self, instruction_id: str, **given: Unpack[Publishing]) -> Instruction:
        """The draft as edition 1, published by `by` or the token's own name."""
        return self._call(instructions.publish, given, instruction_id)

    def revise(self, instruction_id: str, **given: Unpack[Revision]) -> Instruction:
        """The next edition, which has to be read anew."""
        return self._call(instructions.revise, given, instruction_id)

    def acknowledge(self, instruction_id: str, **given: Unpack[Reading]) -> InstructionAcknowledgement:
        """That an employee has read the newest `edition`; said twice it is the first."""
        return self._call(instructions.acknowledge, given, instruction_id)

    def editions(self, instruction_id: str, **options: Unpack[ListOptions]) -> Pager[InstructionEdition]:
        """All editions as they were published, never changed."""
        return self._list(instructions.list_editions, options, instruction_id)

    def acknowledgements(
        self, instruction_id: str, **given: Unpack[ReadingFilters]
    ) -> Pager[InstructionAcknowledgement]:
        """Who has read it."""
        return self._list(instructions.list_acknowledgements, given, instruction_id)
