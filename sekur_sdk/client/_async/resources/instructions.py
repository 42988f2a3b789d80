"""Instructions (consignes) that guards must have read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import instructions

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
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


class AsyncInstructions(AsyncResource):
    """Instructions (consignes) that guards must have read."""

    def list(self, **given: Unpack[InstructionFilters]) -> AsyncPager[Instruction]:
        """All that meet the filters."""
        return self._list(instructions.list_all, given)

    async def get(self, instruction_id: str, **options: Unpack[CallOptions]) -> Instruction:
        """One by its id."""
        return await self._shell.call(instructions.get(instruction_id), options)

    async def create(self, **given: Unpack[NewInstruction]) -> Instruction:
        """A new draft; a `temporary` instruction has an end, one of a `shift` names it."""
        return await self._call(instructions.create, given)

    async def update(self, instruction_id: str, **given: Unpack[InstructionChange]) -> Instruction:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(instructions.update, given, instruction_id)

    async def withdraw(self, instruction_id: str, **given: Unpack[Step]) -> Instruction:
        """In force no more."""
        return await self._call(instructions.withdraw, given, instruction_id)

    async def publish(self, instruction_id: str, **given: Unpack[Publishing]) -> Instruction:
        """The draft as edition 1, published by `by` or the token's own name."""
        return await self._call(instructions.publish, given, instruction_id)

    async def revise(self, instruction_id: str, **given: Unpack[Revision]) -> Instruction:
        """The next edition, which has to be read anew."""
        return await self._call(instructions.revise, given, instruction_id)

    async def acknowledge(self, instruction_id: str, **given: Unpack[Reading]) -> InstructionAcknowledgement:
        """That an employee has read the newest `edition`; said twice it is the first."""
        return await self._call(instructions.acknowledge, given, instruction_id)

    def editions(self, instruction_id: str, **options: Unpack[ListOptions]) -> AsyncPager[InstructionEdition]:
        """All editions as they were published, never changed."""
        return self._list(instructions.list_editions, options, instruction_id)

    def acknowledgements(
        self, instruction_id: str, **given: Unpack[ReadingFilters]
    ) -> AsyncPager[InstructionAcknowledgement]:
        """Who has read it."""
        return self._list(instructions.list_acknowledgements, given, instruction_id)
