"""Professional cards (cartes professionnelles)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import cards

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.cards import CardChange, CardFilters, Checking, NewCard
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.qualifications import ProfessionalCard


class AsyncCards(AsyncResource):
    """Professional cards (cartes professionnelles)."""

    def list(self, **given: Unpack[CardFilters]) -> AsyncPager[ProfessionalCard]:
        """All that meet the filters."""
        return self._list(cards.list_all, given)

    async def get(self, card_id: str, **options: Unpack[CallOptions]) -> ProfessionalCard:
        """One by its id."""
        return await self._shell.call(cards.get(card_id), options)

    async def create(self, **given: Unpack[NewCard]) -> ProfessionalCard:
        """A new card; its number spells the day that it expires."""
        return await self._call(cards.create, given)

    async def update(self, card_id: str, **given: Unpack[CardChange]) -> ProfessionalCard:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(cards.update, given, card_id)

    async def withdraw(self, card_id: str, **given: Unpack[Step]) -> ProfessionalCard:
        """In force no more."""
        return await self._call(cards.withdraw, given, card_id)

    async def check(self, card_id: str, **given: Unpack[Checking]) -> ProfessionalCard:
        """What the CNAPS's teleservice said, now and to the token's own name unless told."""
        return await self._call(cards.check, given, card_id)
