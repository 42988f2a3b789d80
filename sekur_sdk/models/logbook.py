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
class LogbookEntry:
    """An entry, never changed once recorded.

    `seq` counts from 1 within the site; `hash` is the SHA-256 (hex) over `prev_hash` and the entry's canonical JSON
    (`sekur_sdk.rules.logbook_chain`).
    """

    id: str
    site_id: str
    seq: int
    author_id: str
    occurred_at: Timestamp
    recorded_at: Timestamp
    category: LogbookCategory
    severity: Severity = Severity.INFO
    text: str = attrs.field(repr=False)
    alert_id: str | None = None
    prev_hash: str
    hash: str
