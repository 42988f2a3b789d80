"""Client access: a client's own people, and what is shared with them."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class ClientUserStatus(OpenEnum):
    """Whether a client's user may look."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@attrs.frozen(kw_only=True)
class ClientUser:
    """A person of a client; sees `site_ids` of it, all its sites when empty."""

    id: str
    client_id: str
    email: str = attrs.field(repr=False)
    first_name: str = attrs.field(repr=False)
    last_name: str = attrs.field(repr=False)
    site_ids: tuple[str, ...] = ()
    status: ClientUserStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class ShareKind(OpenEnum):
    """What is shared: the published shifts or the rounds of a site, one logbook entry, issued invoice, or document as a report."""

    SHIFTS = "shifts"
    ROUNDS = "rounds"
    LOGBOOK_ENTRY = "logbook_entry"
    INVOICE = "invoice"
    REPORT = "report"


class ShareStatus(OpenEnum):
    """Whether the client sees it."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


@attrs.frozen(kw_only=True)
class Share:
    """Something that a client is shown. `site_id` is None for what is about the client as a whole."""

    id: str
    kind: ShareKind
    subject_id: str
    client_id: str
    site_id: str | None = None
    status: ShareStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
