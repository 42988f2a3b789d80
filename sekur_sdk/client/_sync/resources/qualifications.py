# Made from client/_async by tools/generate_sync.py: change it there.
"""Qualifications of employees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import qualifications

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.qualifications import NewQualification, QualificationChange, QualificationFilters
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.qualifications import Qualification


class Qualifications(Resource):
    """Qualifications of employees."""

    def list(self, **given: Unpack[QualificationFilters]) -> Pager[Qualification]:
        """All that meet the filters."""
        return self._list(qualifications.list_all, given)

    def get(self, qualification_id: str, **options: Unpack[CallOptions]) -> Qualification:
        """One by its id."""
        return self._shell.call(qualifications.get(qualification_id), options)

    def create(self, **given: Unpack[NewQualification]) -> Qualification:
        """A new qualification, without an end unless `expires_on` is given."""
        return self._call(qualifications.create, given)

    def update(self, qualification_id: str, **given: Unpack[QualificationChange]) -> Qualification:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(qualifications.update, given, qualification_id)

    def archive(self, qualification_id: str, **given: Unpack[Step]) -> Qualification:
        """Counted no more."""
        return self._call(qualifications.archive, given, qualification_id)
