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

from sekur_sdk.models.logbook import ChainBreak, ChainBreakReason, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sekur_sdk.models.logbook import CalledService, EntryLocation, LogbookEntry

GENESIS_HASH = "0" * 64
"""What the first entry of a site follows: 32 zero bytes, in hexadecimal."""


def canonical_json(fields: Mapping[str, object]) -> bytes:
    """`fields` as JSON with sorted keys, separators `,` and `:`, in UTF-8 without ASCII escapes."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chain_hash(prev_hash: str, fields: Mapping[str, object]) -> str:
    """SHA-256 (hexadecimal) over the raw bytes of `prev_hash` and the canonical JSON of `fields`."""
    return hashlib.sha256(bytes.fromhex(prev_hash) + canonical_json(fields)).hexdigest()


def hashed_fields(entry: LogbookEntry) -> dict[str, object]:
    """What of an entry the hash covers: everything that a reader relies on.

    Place, order, author, times (UTC, RFC 3339), category and text are always there; the severity where it is not `info`, and
    each other field that was given. Coordinates are texts of seven decimals, metres of two; files are their SHA-256, in
    their order. What comes later is not covered: the acknowledgement, an erasure.
    """
    fields: dict[str, object] = {
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
    if entry.called_services:
        fields["called_services"] = [_service(service) for service in entry.called_services]
    if entry.location is not None:
        fields["location"] = _location(entry.location)
    given: dict[str, object] = {
        "alert_id": entry.alert_id,
        "amends_id": entry.amends_id,
        "erases_id": entry.erases_id,
        "title": entry.title,
        "measures": entry.measures,
        "persons": list(entry.persons),
        "attachments": [attachment.sha256 for attachment in entry.attachments],
        "shared_with_client": entry.shared_with_client,
        "requires_ack": entry.requires_ack,
    }
    return fields | {name: value for name, value in given.items() if value}


def sealed(entry: LogbookEntry, prev_hash: str) -> LogbookEntry:
    """`entry` with its two hashes, following the entry whose hash is `prev_hash`."""
    return attrs.evolve(entry, prev_hash=prev_hash, hash=chain_hash(prev_hash, hashed_fields(entry)))


def first_broken(entries: Iterable[LogbookEntry]) -> LogbookEntry | None:
    """The first of a site's `entries`, in their order from 1, that does not follow from the one before, or None."""
    prev_hash, seq = GENESIS_HASH, 1
    for entry in entries:
        if link_break(entry, seq, prev_hash) is not None:
            return entry
        prev_hash, seq = entry.hash, seq + 1
    return None


def first_break(
    entries: Iterable[LogbookEntry], *, last_seq: int | None = None, last_hash: str | None = None
) -> ChainBreak | None:
    """What is wrong with the first of a site's `entries`, in their order from 1, that does not hold, or None.

    `last_seq` and `last_hash` are of the last entry where they were kept elsewhere: without them nobody sees that the end of
    a chain was cut off. An erased entry is held by its hash, in which the next one's stands, and by the later entry that
    says it was erased: without that it was emptied by somebody else.
    """
    prev_hash, seq, last_id = GENESIS_HASH, 1, None
    emptied: dict[str, ChainBreak] = {}
    for entry in entries:
        if last_seq is not None and seq > last_seq:
            return ChainBreak(
                seq=entry.seq, entry_id=entry.id, reason=ChainBreakReason.UNEXPECTED, expected=None, found=entry.hash
            )
        broken = link_break(entry, seq, prev_hash)
        if broken is not None:
            return broken
        if entry.erased_at is not None:
            emptied[entry.id] = _changed(entry, prev_hash)
        if entry.erases_id is not None:
            emptied.pop(entry.erases_id, None)
        prev_hash, seq, last_id = entry.hash, seq + 1, entry.id
    if last_seq is not None and seq <= last_seq:
        # the hash of the first that is missing is known where it was the last
        return ChainBreak(seq=seq, reason=ChainBreakReason.MISSING, expected=last_hash if seq == last_seq else None)
    if last_hash is not None and prev_hash != last_hash:
        return ChainBreak(
            seq=seq - 1, entry_id=last_id, reason=ChainBreakReason.HASH, expected=last_hash, found=prev_hash
        )
    return next(iter(emptied.values()), None)


def link_break(entry: LogbookEntry, seq: int, prev_hash: str) -> ChainBreak | None:
    """What is wrong with `entry` as the one of number `seq` after the one whose hash is `prev_hash`, or None.

    The content of an erased entry is gone: its hash is taken as it is.
    """
    if entry.seq != seq:
        if entry.seq < seq:
            return ChainBreak(seq=entry.seq, entry_id=entry.id, reason=ChainBreakReason.UNEXPECTED, found=entry.hash)
        # what stands there follows the missing one, and so tells its hash where it is but one
        expected = entry.prev_hash if entry.seq == seq + 1 else None
        return ChainBreak(seq=seq, reason=ChainBreakReason.MISSING, expected=expected)
    if entry.prev_hash != prev_hash:
        return ChainBreak(
            seq=seq,
            entry_id=entry.id,
            reason=ChainBreakReason.PREV_HASH,
            expected=prev_hash,
            found=entry.prev_hash,
        )
    if entry.erased_at is None and entry.hash != chain_hash(prev_hash, hashed_fields(entry)):
        return _changed(entry, prev_hash)
    return None


def _changed(entry: LogbookEntry, prev_hash: str) -> ChainBreak:
    expected = chain_hash(prev_hash, hashed_fields(entry))
    return ChainBreak(
        seq=entry.seq, entry_id=entry.id, reason=ChainBreakReason.HASH, expected=expected, found=entry.hash
    )


def _service(service: CalledService) -> dict[str, object]:
    fields: dict[str, object] = {"name": service.name, "called_at": _utc(service.called_at)}
    return fields if service.arrived_at is None else fields | {"arrived_at": _utc(service.arrived_at)}


def _location(location: EntryLocation) -> dict[str, object]:
    fields = {
        "lat": _decimals(location.lat, 7),
        "lon": _decimals(location.lon, 7),
        "accuracy_m": _decimals(location.accuracy_m, 2),
        "zone": location.zone,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _decimals(value: float | None, places: int) -> str | None:
    # as text: languages spell the same number in different ways
    return None if value is None else f"{value:.{places}f}"


def _utc(at: datetime) -> str:
    # as on the wire: Z, and microseconds only where there are any
    return msgspec.json.decode(msgspec.json.encode(at.astimezone(UTC)), type=str)
