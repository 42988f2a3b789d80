"""All of the organisation's data, to take away."""

from __future__ import annotations

from typing import Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.exports import Export, ExportFormat, ExportStatus
from sekur_sdk.models.paging import Page


class ExportRecords(Resource[ShellT]):
    """All of the organisation's data, to take away."""

    @listing("/exports")
    def list(self, *, status: ExportStatus | str | None = None, **options: Unpack[ListOptions]) -> Page[Export]:
        """All that meet the filters."""

    @fetch("/exports/{export_id}")
    def get(self, export_id: str, **options: Unpack[CallOptions]) -> Export:
        """One by its id, and how far it is."""

    @post("/exports")
    def create(self, *, format: ExportFormat | str | None = None, **options: Unpack[PostOptions]) -> Export:  # noqa: A002  # the contract's word
        """A new export, a ZIP; `wait` waits for it and `download` brings it."""
