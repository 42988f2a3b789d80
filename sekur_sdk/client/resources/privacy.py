"""What is done with people's data: the audit, exports, erasures, the purge."""

from __future__ import annotations

from typing import Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.employees import Employee
from sekur_sdk.models.paging import Page
from sekur_sdk.models.privacy import AuditEvent, PrivacyErasure, PrivacyExport, PurgeReport


class Privacy(Resource[ShellT]):
    """Retention, and the rights of persons."""

    @listing("/audit-events")
    def audit(
        self,
        *,
        employee_id: str | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[AuditEvent]:
        """Who read positions, and every act of privacy."""

    @listing("/privacy/exports")
    def exports(self, *, employee_id: str | None = None, **options: Unpack[ListOptions]) -> Page[PrivacyExport]:
        """The exports that were asked for."""

    @fetch("/privacy/exports/{export_id}")
    def get_export(self, export_id: str, **options: Unpack[CallOptions]) -> PrivacyExport:
        """One export."""

    @post("/privacy/exports")
    def export(self, *, employee_id: str, **options: Unpack[PostOptions]) -> PrivacyExport:
        """Asks for all that is held about an employee (GDPR art. 15)."""

    @fetch("/privacy/exports/{export_id}/content", accept="application/zip")
    def export_content(self, export_id: str, **options: Unpack[CallOptions]) -> bytes:
        """All that is held about the employee now: a ZIP of `person.json` and the person's files.

        Raises:
            ConflictError: the export has expired.
        """

    @listing("/privacy/erasures")
    def erasures(self, *, employee_id: str | None = None, **options: Unpack[ListOptions]) -> Page[PrivacyErasure]:
        """The erasures that were done."""

    @fetch("/privacy/erasures/{erasure_id}")
    def get_erasure(self, erasure_id: str, **options: Unpack[CallOptions]) -> PrivacyErasure:
        """One erasure."""

    @post("/privacy/erasures", subject=Employee)
    def erase(self, *, employee_id: str, reason: str, **options: Unpack[PostOptions]) -> PrivacyErasure:
        """Erases an employee who has left (GDPR art. 17), irreversibly; what the law wants kept is kept under the id alone.

        Raises:
            ConflictError: still active, or on duty.
        """

    @post("/privacy/purge")
    def purge(self, *, dry_run: bool = False, **options: Unpack[PostOptions]) -> PurgeReport:
        """Deletes what is past its retention, as the server does each day by itself, or only counts it."""
