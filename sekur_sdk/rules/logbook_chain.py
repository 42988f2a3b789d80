"""The hash chain of a logbook: each entry's hash covers the one before, so that a later change shows.

Tamper-evident, not tamper-proof, and no qualified electronic timestamp (eIDAS): whoever holds the whole logbook can
recompute the chain. Evidence needs the last hash kept elsewhere, such as mailed to the client each day.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING

import attrs
import msgspec

from sekur_sdk.models.logbook import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sekur_sdk.models.logbook import LogbookEntry

GENESIS_HASH = "0" * 64
"""What the first entry of a site follows: 32 zero bytes, in hexadecimal."""


def canonical_json(fields: Mapping[str, str | int]) -> bytes:
    """`fields` as JSON with sorted keys, separators `,` and `:`, in UTF-8 without ASCII escapes."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chain_hash(prev_hash: str, fields: Mapping[str, str | int]) -> str:
    """SHA-256 (hexadecimal) over the raw bytes of `prev_hash` and the canonical JSON of `fields`."""
    return hashlib.sha256(bytes.fromhex(prev_hash) + canonical_json(fields)).hexdigest()


def hashed_fields(entry: LogbookEntry) -> dict[str, str | int]:
    """What of an entry the hash covers.

    Everything a reader relies on: place, order, author, times (UTC, RFC 3339), category and text; the severity where it
    is not `info` and the alert where there is one.
    """
    fields: dict[str, str | int] = {
        "seq": entry.seq,
        "site_id": entry.site_id,
        "occurred_at": _utc(entry.occurred_at),
        "recorded_at": _utc(entry.recorded_at),
        "author_id": entry.author_id,
        "category": str(entry.category),
        "text": entry.text,
    }
    if entry.severity != Severity.INFO:
        fields["severity"] = str(entry.severity)
    if entry.alert_id is not None:
        fields["alert_id"] = entry.alert_id
    return fields


def sealed(entry: LogbookEntry, prev_hash: str) -> LogbookEntry:
    """`entry` with its two hashes, following the entry whose hash is `prev_hash`."""
    return attrs.evolve(entry, prev_hash=prev_hash, hash=chain_hash(prev_hash, hashed_fields(entry)))


def first_broken(entries: Iterable[LogbookEntry]) -> LogbookEntry | None:
    """The first of a site's `entries`, in their order from 1, that does not follow from the one before, or None."""
    prev_hash, seq = GENESIS_HASH, 1
    for entry in entries:
        if (entry.seq, entry.prev_hash) != (seq, prev_hash) or entry.hash != chain_hash(
            prev_hash, hashed_fields(entry)
        ):
            return entry
        prev_hash, seq = entry.hash, seq + 1
    return None


def _utc(at: datetime) -> str:
    # as on the wire: Z, and microseconds only where there are any
    return msgspec.json.decode(msgspec.json.encode(at.astimezone(UTC)), type=str)
