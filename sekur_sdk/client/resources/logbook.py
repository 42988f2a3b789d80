"""The logbook (main courante) of a site."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from sekur_sdk.client.endpoint import Resource, listing, post
from sekur_sdk.client.options import ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry, Severity
from sekur_sdk.models.paging import Page


class Logbook(Resource[ShellT]):
    """Entries of a site's logbook, never changed once recorded."""

    @listing("/sites/{site_id}/logbook")
    def list(
        self,
        site_id: str,
        *,
        category: LogbookCategory | str | None = None,
        occurred_from: datetime | None = None,
        occurred_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[LogbookEntry]:
        """Entries of a site, in the order of `seq` unless sorted otherwise.

        Kept by `category` and time: at or after `occurred_from`, before `occurred_before`.
        """

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
        alert_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> LogbookEntry:
        """Records an entry; `occurred_at` is now when None."""
