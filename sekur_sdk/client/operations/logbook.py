"""The logbook (main courante) of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from sekur_sdk.client.arguments import body, choice, given_choice, given_timestamp, identifier, query, timestamp, words
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import post
from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry, Severity
from sekur_sdk.models.paging import Page

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.client.operation import Operation


def list_all(
    site_id: str, *, category: str | None, occurred_from: datetime | None, occurred_before: datetime | None
) -> Operation[Page[LogbookEntry]]:
    """GET /sites/{site_id}/logbook."""
    filters = query(
        given_choice("category", category, LogbookCategory),
        given_timestamp("occurred_from", occurred_from),
        given_timestamp("occurred_before", occurred_before),
    )
    return read(f"/sites/{identifier('site_id', site_id)}/logbook", Page[LogbookEntry], filters)


def append(
    site_id: str,
    *,
    author_id: str,
    category: str,
    text: str,
    occurred_at: datetime | None,
    severity: str | None,
    alert_id: str | None,
) -> Operation[LogbookEntry]:
    """POST /sites/{site_id}/logbook."""
    return post(
        f"/sites/{identifier('site_id', site_id)}/logbook",
        LogbookEntry,
        body(
            author_id=identifier("author_id", author_id),
            category=choice("category", category, LogbookCategory),
            text=words("text", text),
            occurred_at=UNSET if occurred_at is None else timestamp("occurred_at", occurred_at),
            severity=UNSET if severity is None else choice("severity", severity, Severity),
            alert_id=UNSET if alert_id is None else identifier("alert_id", alert_id),
        ),
    )
