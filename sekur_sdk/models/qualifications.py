"""What a guard may do: the professional card and the qualifications."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class CardActivity(OpenEnum):
    """What a card allows (CSI art. L611-1)."""

    GUARDING = "guarding"
    DOG_HANDLING = "dog_handling"
    REMOTE_MONITORING = "remote_monitoring"
    CLOSE_PROTECTION = "close_protection"
    CASH_IN_TRANSIT = "cash_in_transit"
    AIRPORT_SECURITY = "airport_security"
    EVENT_SECURITY = "event_security"


class CardStatus(OpenEnum):
    """The life of a card; `expiring` from 180 days before its end."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class CardCheckResult(OpenEnum):
    """What the CNAPS's teleservice said of a card."""

    VALID = "valid"
    INVALID = "invalid"
    UNREACHABLE = "unreachable"


@attrs.frozen(kw_only=True)
class ProfessionalCard:
    """A carte professionnelle (CSI art. L612-20). Its last valid day is `expires_on`.

    `number_is_regular` is False when the number has not the form of those known. `warned_days` is the last warning
    given: 180, 90 or 30 days before the end. `dog_icad` identifies the dog of a handler.
    """

    id: str
    employee_id: str
    number: str = attrs.field(repr=False)
    number_is_regular: bool
    activities: tuple[CardActivity, ...]
    dog_icad: str | None = None
    expires_on: date
    warned_days: int | None = None
    checked_at: Timestamp | None = None
    checked_by: str | None = attrs.field(default=None, repr=False)
    check_result: CardCheckResult | None = None
    check_document_id: str | None = None
    status: CardStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class QualificationKind(OpenEnum):
    """Qualifications of the trade, by their French names."""

    TFP_APS = "tfp_aps"
    CQP_APS = "cqp_aps"
    MAC_APS = "mac_aps"
    SSIAP_1 = "ssiap_1"
    SSIAP_2 = "ssiap_2"
    SSIAP_3 = "ssiap_3"
    CYNOPHILE = "cynophile"
    SST = "sst"
    H0B0 = "h0b0"
    OTHER = "other"


class QualificationStatus(OpenEnum):
    """Whether a qualification counts."""

    VALID = "valid"
    EXPIRED = "expired"
    ARCHIVED = "archived"


@attrs.frozen(kw_only=True)
class Qualification:
    """A qualification of an employee; its last valid day is `expires_on`, None without an end."""

    id: str
    employee_id: str
    kind: QualificationKind
    label: str | None = None
    obtained_on: date
    expires_on: date | None = None
    document_id: str | None = None
    status: QualificationStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
