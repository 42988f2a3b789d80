"""Qualifications of employees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import qualifications

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.qualifications import NewQualification, QualificationChange, QualificationFilters
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.qualifications import Qualification


class AsyncQualifications(AsyncResource):
    """Qualifications of employees."""

    def list(self, **given: Unpack[QualificationFilters]) -> AsyncPager[Qualification]:
        """All that meet the filters."""
        return self._list(qualifications.list_all, given)

    async def get(self, qualification_id: str, **options: Unpack[CallOptions]) -> Qualification:
        """One by its id."""
        return await self._shell.call(qualifications.get(qualification_id), options)

    async def create(self, **given: Unpack[NewQualification]) -> Qualification:
        """A new qualification, without an end unless `expires_on` is given."""
        return await self._call(qualifications.create, given)

    async def update(self, qualification_id: str, **given: Unpack[QualificationChange]) -> Qualification:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(qualifications.update, given, qualification_id)

    async def archive(self, qualification_id: str, **given: Unpack[Step]) -> Qualification:
        """Counted no more."""
        return await self._call(qualifications.archive, given, qualification_id)
