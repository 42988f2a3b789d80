"""The electronic logbook (main courante) of a site."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class LogbookCategory(OpenEnum):
    """What an entry tells. The codes are the trade's French ones: they are part of the hashed record."""

    DUTY_START = "prise_de_service"
    DUTY_END = "fin_de_service"
    HANDOVER = "releve"
    ROUND = "ronde"
    ANOMALY = "anomalie"
    ALARM = "alarme"
    LONE_WORKER_ALARM = "alarme_dati"
    ALARM_CHECK = "levee_de_doute"
    FIRE = "incendie"
    FIRST_AID = "secours_a_personne"
    ACCIDENT = "accident"
    THEFT = "vol_degradation"
    INTRUSION = "intrusion"
    AGGRESSION = "agression"
    VISITOR = "visiteur"
    DELIVERY = "livraison"
    KEYS = "cles"
    INSTRUCTION = "consigne"
    NOTHING_TO_REPORT = "ras"
    OTHER = "autre"


class Severity(OpenEnum):
    """How serious an entry is."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@attrs.frozen(kw_only=True)
class CalledService:
    """Somebody called to the site: police, fire brigade, a technician."""

    name: str
    called_at: Timestamp
    arrived_at: Timestamp | None = None


@attrs.frozen(kw_only=True)
class EntryLocation:
    """Where something happened: a place on the map (WGS 84, `accuracy_m` in metres), a named zone of the site, or both."""

    lat: float | None = attrs.field(default=None, repr=False)
    lon: float | None = attrs.field(default=None, repr=False)
    accuracy_m: float | None = None
    zone: str | None = None


@attrs.frozen(kw_only=True)
class EntryAttachment:
    """A file of an entry, with its SHA-256 (hex) as of when the entry was appended."""

    id: str
    sha256: str


@attrs.frozen(kw_only=True)
class LogbookEntry:
    """An entry, never changed once recorded; what corrects it is a later entry, whose `amends_id` names it.

    `seq` counts from 1 within the site; `hash` is the SHA-256 (hex) over `prev_hash` and the entry's canonical JSON
    (`sekur_sdk.rules.logbook_chain`). The hash does not cover the acknowledgement, which comes later. An erased entry (GDPR,
    `erased_at`) has lost its text and all that tells of people, and kept its place and its hash; a later entry, whose
    `erases_id` names it, says so under a hash of its own.
    """

    id: str
    site_id: str
    seq: int
    author_id: str
    occurred_at: Timestamp
    recorded_at: Timestamp
    category: LogbookCategory
    severity: Severity = Severity.INFO
    title: str | None = attrs.field(default=None, repr=False)
    text: str = attrs.field(repr=False)
    persons: tuple[str, ...] = attrs.field(default=(), repr=False)
    measures: str | None = attrs.field(default=None, repr=False)
    called_services: tuple[CalledService, ...] = ()
    location: EntryLocation | None = None
    attachments: tuple[EntryAttachment, ...] = ()
    alert_id: str | None = None
    amends_id: str | None = None
    erases_id: str | None = None
    shared_with_client: bool = False
    requires_ack: bool = False
    acknowledged_at: Timestamp | None = None
    acknowledged_by: str | None = attrs.field(default=None, repr=False)
    erased_at: Timestamp | None = None
    erased_by: str | None = attrs.field(default=None, repr=False)
    erasure_reason: str | None = attrs.field(default=None, repr=False)
    prev_hash: str
    hash: str


class ChainBreakReason(OpenEnum):
    """What is wrong with a link.

    It is not there, it does not follow from the one before, its content is not what was hashed, it can't be read, or it stands
    where the server recorded none.
    """

    MISSING = "missing"
    PREV_HASH = "prev_hash"
    HASH = "hash"
    UNREADABLE = "unreadable"
    UNEXPECTED = "unexpected"


@attrs.frozen(kw_only=True)
class ChainBreak:
    """The first link of a chain that does not hold: the hash (hex) that it should have, and the one that was found."""

    seq: int
    entry_id: str | None = None
    reason: ChainBreakReason
    expected: str | None = None
    found: str | None = None


@attrs.frozen(kw_only=True)
class ChainVerification:
    """A site's chain, read from its first entry: `seq` and `hash` are of the last that was recorded, for keeping elsewhere."""

    site_id: str
    seq: int
    hash: str
    verified_at: Timestamp
    broken: ChainBreak | None = None
