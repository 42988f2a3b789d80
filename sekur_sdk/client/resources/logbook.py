"""The logbook (main courante) of a site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.logbook import (
    CalledService,
    ChainVerification,
    EntryLocation,
    LogbookCategory,
    LogbookEntry,
    Severity,
)
from sekur_sdk.models.paging import Page


class Logbook(Resource[ShellT]):
    """Entries of a site's logbook, never changed once recorded."""

    @listing("/sites/{site_id}/logbook")
    def list(
        self,
        site_id: str,
        *,
        category: LogbookCategory | str | None = None,
        severity: Severity | str | None = None,
        author_id: str | None = None,
        amends_id: str | None = None,
        shared_with_client: bool | None = None,
        to_acknowledge: bool | None = None,
        occurred_from: datetime | None = None,
        occurred_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[LogbookEntry]:
        """Entries of a site, in the order of `seq` unless sorted otherwise.

        Time is at or after `occurred_from`, before `occurred_before`; `to_acknowledge` keeps those that still have to be.
        """

    @fetch("/logbook-entries/{entry_id}")
    def get(self, entry_id: str, **options: Unpack[CallOptions]) -> LogbookEntry:
        """One by its id."""

    @post("/sites/{site_id}/logbook")
    def append(
        self,
        site_id: str,
        *,
        author_id: str,
        category: LogbookCategory | str,
        text: str,
        occurred_at: datetime | None = None,
        severity: Severity | str | None = None,
        title: str | None = None,
        persons: Sequence[str] | None = None,
        measures: str | None = None,
        called_services: Sequence[CalledService] | None = None,
        location: EntryLocation | None = None,
        attachments: Sequence[str] | None = None,
        alert_id: str | None = None,
        amends_id: str | None = None,
        shared_with_client: bool | None = None,
        requires_ack: bool | None = None,
        **options: Unpack[PostOptions],
    ) -> LogbookEntry:
        """Records an entry; `occurred_at` is now when None.

        `attachments` are ids of uploads, each given to one entry. `amends_id` is the entry that this one corrects.
        """

    @listing("/logbook-entries/{entry_id}/amendments")
    def amendments(self, entry_id: str, **options: Unpack[ListOptions]) -> Page[LogbookEntry]:
        """The original of an entry and all that amend it, in the order in which they came."""

    @post("/logbook-entries/{entry_id}/acknowledge")
    def acknowledge(self, entry_id: str, *, by: str | None = None, **options: Unpack[PostOptions]) -> LogbookEntry:
        """Read by `by` or the token's own name; said twice it is the first."""

    @post("/logbook-entries/{entry_id}/erase")
    def erase(
        self, entry_id: str, *, reason: str, by: str | None = None, **options: Unpack[PostOptions]
    ) -> LogbookEntry:
        """Erases what an entry told and its attachments (GDPR); its hash stays, and the chain holds. It can't be undone."""

    @fetch("/sites/{site_id}/logbook/verify")
    def verify(self, site_id: str, **options: Unpack[CallOptions]) -> ChainVerification:
        """Whether the site's chain holds, with the first link that does not."""
