"""The hash chain of a logbook."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.models.logbook import (
    CalledService,
    ChainBreak,
    ChainBreakReason,
    EntryAttachment,
    EntryLocation,
    LogbookCategory,
    LogbookEntry,
    Severity,
)
from sekur_sdk.rules.logbook_chain import (
    GENESIS_HASH,
    canonical_json,
    chain_hash,
    first_break,
    first_broken,
    hashed_fields,
    sealed,
)
from sekur_sdk.wire import decode

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))["logbook_chain"]


def chain(*texts: str) -> list[LogbookEntry]:
    entries: list[LogbookEntry] = []
    prev_hash = GENESIS_HASH
    for seq, text in enumerate(texts, start=1):
        entry = LogbookEntry(
            id=f"log_{seq}",
            site_id="site_1",
            seq=seq,
            author_id="agt_1",
            occurred_at=datetime(2026, 11, 7, 19, seq, tzinfo=UTC),
            recorded_at=datetime(2026, 11, 7, 19, seq, 5, tzinfo=UTC),
            category=LogbookCategory.NOTHING_TO_REPORT,
            text=text,
            prev_hash="",
            hash="",
        )
        entries.append(sealed(entry, prev_hash))
        prev_hash = entries[-1].hash
    return entries


@pytest.mark.parametrize("vector", VECTORS, ids=["first", "second"])
def test_the_reference_vectors_hold(vector: dict[str, Any]) -> None:
    assert chain_hash(vector["prev_hash"], vector["entry"]) == vector["hash"]


def test_canonical_json_is_sorted_tight_and_in_utf8() -> None:
    assert canonical_json({"b": 2, "a": "refermée"}) == '{"a":"refermée","b":2}'.encode()


def test_a_resource_of_the_wire_hashes_as_its_vector(request: pytest.FixtureRequest) -> None:
    example = request.config.rootpath / "docs" / "contract" / "examples" / "logbook-entry.json"
    entry = decode(example.read_bytes(), LogbookEntry)
    assert sealed(entry, entry.prev_hash) == entry


def test_an_untouched_chain_is_whole() -> None:
    assert first_broken(chain("a", "b", "c")) is None


CHANGES = [
    {"text": "autre"},
    {"author_id": "agt_2"},
    {"category": LogbookCategory.FIRE},
    {"severity": Severity.HIGH},
    {"alert_id": "alt_1"},
    {"site_id": "site_2"},
    {"occurred_at": datetime(2026, 11, 7, 20, tzinfo=UTC)},
    {"recorded_at": datetime(2026, 11, 7, 20, tzinfo=UTC)},
    {"seq": 7},
    {"hash": "0" * 64},
    {"prev_hash": "0" * 64},
    {"title": "Ronde"},
    {"persons": ("Témoin",)},
    {"measures": "Porte refermée"},
    {"called_services": (CalledService(name="Pompiers", called_at=datetime(2026, 11, 7, 19, tzinfo=UTC)),)},
    {"location": EntryLocation(lat=48.9, lon=2.38)},
    {"location": EntryLocation(zone="Quai 3")},
    {"attachments": (EntryAttachment(id="att_1", sha256="ab" * 32),)},
    {"amends_id": "log_1"},
    {"erases_id": "log_1"},
    {"shared_with_client": True},
    {"requires_ack": True},
]


@pytest.mark.parametrize("change", CHANGES, ids=[next(iter(change)) for change in CHANGES])
def test_a_changed_entry_shows(change: dict[str, Any]) -> None:
    first, second, third = chain("a", "b", "c")
    forged = attrs.evolve(second, **change)
    assert first_broken([first, forged, third]) is forged


def test_a_removed_entry_shows() -> None:
    first, _, third = chain("a", "b", "c")
    assert first_broken([first, third]) is third


@given(st.text(), st.text())
def test_two_texts_have_two_hashes(one: str, other: str) -> None:
    encodable = [text.encode("utf-8", "ignore").decode() for text in (one, other)]
    (a,), (b,) = chain(encodable[0]), chain(encodable[1])
    assert (a.hash == b.hash) == (encodable[0] == encodable[1])


def test_a_time_of_another_zone_hashes_as_the_same_moment() -> None:
    (entry,) = chain("a")
    elsewhere = attrs.evolve(entry, occurred_at=entry.occurred_at.astimezone(timezone(timedelta(hours=1))))
    assert first_broken([elsewhere]) is None


def test_the_times_are_hashed_as_the_wire_spells_them() -> None:
    (entry,) = chain("a")
    assert hashed_fields(entry)["occurred_at"] == "2026-11-07T19:01:00Z"


def test_a_break_names_the_link_with_what_it_should_be_and_what_it_is() -> None:
    first, second, third = chain("a", "b", "c")
    forged = attrs.evolve(second, text="autre")
    expected = chain_hash(first.hash, hashed_fields(forged))
    assert first_break([first, forged, third]) == ChainBreak(
        seq=2, entry_id="log_2", reason=ChainBreakReason.HASH, expected=expected, found=second.hash
    )
    resealed = sealed(forged, first.hash)
    assert first_break([first, resealed, third]) == ChainBreak(
        seq=3, entry_id="log_3", reason=ChainBreakReason.PREV_HASH, expected=resealed.hash, found=second.hash
    )
    assert first_break([first, third]) == ChainBreak(seq=2, reason=ChainBreakReason.MISSING, expected=second.hash)
    assert first_break([first, second, third]) is None


def test_an_end_that_was_cut_off_or_added_shows_against_what_was_kept_elsewhere() -> None:
    first, second, third = chain("a", "b", "c")
    kept = {"last_seq": 3, "last_hash": third.hash}
    assert first_break([first, second, third], **kept) is None
    assert first_break([first, second], **kept) == ChainBreak(
        seq=3, reason=ChainBreakReason.MISSING, expected=third.hash
    )
    assert first_break([], **kept) == ChainBreak(seq=1, reason=ChainBreakReason.MISSING)
    forged = sealed(attrs.evolve(third, text="autre"), second.hash)
    assert first_break([first, second, forged], **kept) == ChainBreak(
        seq=3, entry_id="log_3", reason=ChainBreakReason.HASH, expected=third.hash, found=forged.hash
    )
    broken = first_break([first, second, third], last_seq=2, last_hash=second.hash)
    assert broken == ChainBreak(seq=3, entry_id="log_3", reason=ChainBreakReason.UNEXPECTED, found=third.hash)


def test_an_erased_entry_is_held_by_its_hash_and_by_the_entry_that_says_so() -> None:
    first, second, third = chain("a", "b", "c")
    erased = attrs.evolve(second, text="", erased_at=second.recorded_at, erased_by="DPO", erasure_reason="RGPD")
    told = sealed(
        attrs.evolve(third, id="log_4", seq=4, text="Entrée 2 effacée", erases_id=second.id, prev_hash=third.hash),
        third.hash,
    )
    assert first_break([first, erased, third, told]) is None
    emptied = first_break([first, erased, third])
    assert emptied == ChainBreak(
        seq=2,
        entry_id="log_2",
        reason=ChainBreakReason.HASH,
        expected=chain_hash(first.hash, hashed_fields(erased)),
        found=second.hash,
    )
    forged = attrs.evolve(erased, hash="0" * 64)
    broken = first_break([first, forged, third, told])
    assert broken is not None
    assert (broken.seq, broken.reason) == (3, ChainBreakReason.PREV_HASH)


def test_an_acknowledgement_and_fields_that_were_not_given_leave_the_hash_as_it_was() -> None:
    [first] = chain("a")
    read = attrs.evolve(first, acknowledged_at=first.recorded_at, acknowledged_by="Poste central")
    assert hashed_fields(read) == hashed_fields(first)
    assert set(hashed_fields(first)) == set(VECTORS[0]["entry"])
