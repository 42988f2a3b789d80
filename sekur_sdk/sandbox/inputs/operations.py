"""Inputs of the logbook and of alerts."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from sekur_sdk.sandbox.inputs.body import Strict
from sekur_sdk.sandbox.inputs.scalars import AccuracyM, At, AttachmentIds, IdText, Lat, Lon, LongText, Name

Category = Literal[
    "prise_de_service",
    "fin_de_service",
    "releve",
    "ronde",
    "anomalie",
    "alarme",
    "alarme_dati",
    "levee_de_doute",
    "incendie",
    "secours_a_personne",
    "accident",
    "vol_degradation",
    "intrusion",
    "agression",
    "visiteur",
    "livraison",
    "cles",
    "consigne",
    "ras",
    "autre",
]
SeverityName = Literal["info", "low", "medium", "high", "critical"]


class ServiceCall(Strict, kw_only=True, frozen=True):
    """Somebody called to the site."""

    name: Name
    called_at: At
    arrived_at: At | None = None


class EntryPlace(Strict, kw_only=True, frozen=True):
    """Where something happened: a place on the map, a named zone, or both."""

    lat: Lat | None = None
    lon: Lon | None = None
    accuracy_m: AccuracyM | None = None
    zone: Name | None = None


class EntryAppend(Strict, kw_only=True, frozen=True):
    """A new logbook entry, for now unless told when."""

    author_id: IdText
    category: Category
    text: LongText
    occurred_at: At | None = None
    severity: SeverityName = "info"
    title: Name | None = None
    persons: Annotated[list[Name], msgspec.Meta(max_length=50)] = msgspec.field(default_factory=list)
    measures: LongText | None = None
    called_services: Annotated[list[ServiceCall], msgspec.Meta(max_length=20)] = msgspec.field(default_factory=list)
    location: EntryPlace | None = None
    attachments: AttachmentIds = msgspec.field(default_factory=list)
    alert_id: IdText | None = None
    amends_id: IdText | None = None
    shared_with_client: bool = False
    requires_ack: bool = False


class EntryAcknowledge(Strict, kw_only=True, frozen=True):
    """Who has read the entry; the token's own name unless told."""

    by: Name | None = None


class EntryErase(Strict, kw_only=True, frozen=True):
    """Why an entry's content goes (GDPR); by the token's own name unless told."""

    reason: LongText
    by: Name | None = None


class AlertAcknowledge(Strict, kw_only=True, frozen=True):
    """Who takes the alert in charge; the token's own name unless told."""

    by: Name | None = None


class AlertResolve(Strict, kw_only=True, frozen=True):
    """How the alert ended."""

    resolution: LongText
    false_alarm: bool = False
    by: Name | None = None
