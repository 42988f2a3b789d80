"""Inputs of the logbook and of alerts."""

from __future__ import annotations

from typing import Literal

from sekur_sdk.sandbox.inputs.body import Strict
from sekur_sdk.sandbox.inputs.scalars import At, IdText, LongText, Name

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


class EntryAppend(Strict, kw_only=True, frozen=True):
    """A new logbook entry, for now unless told when."""

    author_id: IdText
    category: Category
    text: LongText
    occurred_at: At | None = None
    severity: SeverityName = "info"
    alert_id: IdText | None = None


class AlertAcknowledge(Strict, kw_only=True, frozen=True):
    """Who takes the alert in charge; the token's own name unless told."""

    by: Name | None = None


class AlertResolve(Strict, kw_only=True, frozen=True):
    """How the alert ended."""

    resolution: LongText
    false_alarm: bool = False
    by: Name | None = None
