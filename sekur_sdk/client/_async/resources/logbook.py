"""The logbook (main courante) of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.pager import AsyncPager
from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import logbook

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Unpack

    from sekur_sdk.client.options import ListOptions, PostOptions
    from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry, Severity


class AsyncLogbook(AsyncResource):
    """Entries of a site's logbook, never changed once recorded."""

    def list(
        self,
        site_id: str,
        *,
        category: LogbookCategory | str | None = None,
        occurred_from: datetime | None = None,
        occurred_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> AsyncPager[LogbookEntry]:
        """Entries of a site, in the order of `seq` unless sorted otherwise.

        Kept by `category` and time: at or after `occurred_from`, before `occurred_before`.
        """
        return AsyncPager(
            self._shell,
            logbook.list_all(site_id, category=category, occurred_from=occurred_from, occurred_before=occurred_before),
            options,
        )

    async def append(
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
        return await self._shell.call(
            logbook.append(
                site_id,
                author_id=author_id,
                category=category,
                text=text,
                occurred_at=occurred_at,
                severity=severity,
                alert_id=alert_id,
            ),
            options,
        )
