"""Every fault of the chain, who is told, and whether protection holds (INRS, « sécurité positive »: a fault is announced)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import attrs

from edge_agent.drivers.accelerometer import SensorFaultCode


class FaultCode(StrEnum):
    """What the agent itself notices; drivers add the codes of `SensorFaultCode` and of the positioning source."""

    SENSOR_SILENT = "sensor_silent"
    SAMPLES_DROPPED = "samples_dropped"
    STORAGE_SLOW = "storage_slow"
    STORAGE_FAILED = "storage_failed"
    STORAGE_CORRUPT = "storage_corrupt"
    BROKER_UNREACHABLE = "broker_unreachable"
    BROKER_REFUSED = "broker_refused"
    TLS_FAILED = "tls_failed"
    TLS_CLOCK = "tls_clock"
    IDENTITY_TAKEN = "identity_taken"
    MESSAGE_REFUSED = "message_refused"
    NO_RECEIPT = "no_receipt"
    CLOCK_WRONG = "clock_wrong"
    THREAD_DEAD = "thread_dead"
    INTERNAL_ERROR = "internal_error"
    WEARER_INTERFACE = "wearer_interface"


@attrs.frozen
class Fault:
    """One row of the table.

    Attributes:
        server: a technical alarm is raised; those that only say that the server can't be reached are not, since the
            server notices the silence itself.
        wearer: the wearer feels that protection is lost.
        protects: a fall now would still become an alarm that a person sees.
        french: what the wearer and the operator read.
    """

    server: bool
    wearer: bool
    protects: bool
    french: str


_SENSOR: Final = "Le capteur de chute ne répond pas correctement : pas de détection de chute."

FAULTS: Final[dict[str, Fault]] = {
    SensorFaultCode.MISSING: Fault(True, True, False, "Capteur de chute absent : pas de détection de chute."),
    SensorFaultCode.WRONG_ID: Fault(True, True, False, "Capteur de chute inconnu : pas de détection de chute."),
    SensorFaultCode.SELF_TEST_FAILED: Fault(True, True, False, "Autotest du capteur de chute échoué."),
    SensorFaultCode.STUCK: Fault(True, True, False, "Capteur de chute figé : pas de détection de chute."),
    SensorFaultCode.BUS_ERROR: Fault(True, True, False, _SENSOR),
    SensorFaultCode.OVERRUN: Fault(True, False, True, "Le capteur de chute a perdu des mesures."),
    FaultCode.SENSOR_SILENT: Fault(True, True, False, "Le capteur de chute n'envoie plus de mesures."),
    FaultCode.SAMPLES_DROPPED: Fault(True, False, True, "Le terminal est surchargé : des mesures sont perdues."),
    FaultCode.STORAGE_SLOW: Fault(True, False, True, "La carte mémoire est lente : l'alarme est partie sans attendre."),
    FaultCode.STORAGE_FAILED: Fault(True, False, True, "La carte mémoire n'enregistre plus."),
    FaultCode.STORAGE_CORRUPT: Fault(True, False, True, "La carte mémoire avait des données illisibles."),
    FaultCode.BROKER_UNREACHABLE: Fault(False, False, True, "Pas de liaison avec le serveur."),
    FaultCode.BROKER_REFUSED: Fault(False, True, False, "Le serveur refuse ce terminal."),
    FaultCode.TLS_FAILED: Fault(False, True, False, "La liaison chiffrée avec le serveur échoue."),
    FaultCode.TLS_CLOCK: Fault(False, True, False, "L'horloge du terminal est fausse : la liaison chiffrée échoue."),
    FaultCode.IDENTITY_TAKEN: Fault(True, False, True, "Un autre terminal utilise la même identité."),
    FaultCode.MESSAGE_REFUSED: Fault(True, False, True, "Le serveur refuse un message de ce terminal."),
    FaultCode.NO_RECEIPT: Fault(False, True, False, "Plus de réponse du serveur : protection perdue."),
    FaultCode.CLOCK_WRONG: Fault(True, False, True, "L'horloge du terminal est fausse."),
    FaultCode.THREAD_DEAD: Fault(True, True, False, "Une partie du programme s'est arrêtée."),
    FaultCode.INTERNAL_ERROR: Fault(True, False, True, "Erreur interne du terminal."),
    FaultCode.WEARER_INTERFACE: Fault(True, False, True, "Boutons ou vibreur hors service."),
    "gpsd_unreachable": Fault(True, False, True, "Position indisponible : gpsd ne répond pas."),
    "gpsd_silent": Fault(True, False, True, "Position indisponible : gpsd ne répond pas."),
    "no_receiver": Fault(True, False, True, "Position indisponible : pas de récepteur GNSS."),
    "no_fix": Fault(True, False, True, "Position indisponible : pas de signal GNSS."),
    "stale_fix": Fault(True, False, True, "Position ancienne : le récepteur GNSS ne répond plus."),
}
"""Who is told of each fault. A code that is not here is told to everybody and counts as lost protection."""

UNKNOWN: Final = Fault(True, True, False, "Défaut inconnu du terminal.")


def fault_of(code: str) -> Fault:
    """The row of a code; `UNKNOWN`, the strictest, for one that the table does not have."""
    return FAULTS.get(code, UNKNOWN)
