"""Professional cards (cartes professionnelles)."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  # read at run time
from datetime import date, datetime  # noqa: TC003  # read at run time
from typing import Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.paging import Page
from sekur_sdk.models.qualifications import CardActivity, CardCheckResult, CardStatus, ProfessionalCard


class CardFilters(ListOptions, total=False):
    """Filters and options of the list."""

    employee_id: str
    status: CardStatus | str
    number: str
    expires_before: date


class _CardFields(TypedDict, total=False):
    """Fields that need not be given."""

    dog_icad: str | None
    activities: Sequence[CardActivity | str]


class NewCard(_CardFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    employee_id: Required[str]
    number: Required[str]
    expires_on: date | None


class CardChange(_CardFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]


class Checking(Step, total=False):
    """Fields and options of the action."""

    result: Required[CardCheckResult | str]
    checked_at: datetime | None
    by: str | None
    document_id: str | None


def _at(card_id: str, action: str = "") -> str:
    return f"/cards/{identifier('card_id', card_id)}{action}"


def list_all(**given: Unpack[CardFilters]) -> Operation[Page[ProfessionalCard]]:
    """GET /cards."""
    return listed("/cards", Page[ProfessionalCard], given, CardFilters)


def get(card_id: str) -> Operation[ProfessionalCard]:
    """GET /cards/{id}."""
    return read(_at(card_id), ProfessionalCard)


def create(**given: Unpack[NewCard]) -> Operation[ProfessionalCard]:
    """POST /cards."""
    return new("/cards", ProfessionalCard, given, NewCard)


def update(card_id: str, **given: Unpack[CardChange]) -> Operation[ProfessionalCard]:
    """PATCH /cards/{id}."""
    return change(_at(card_id), ProfessionalCard, given, CardChange)


def withdraw(card_id: str, **given: Unpack[Step]) -> Operation[ProfessionalCard]:
    """POST /cards/{id}/withdraw."""
    return act(_at(card_id, "/withdraw"), ProfessionalCard, given)


def check(card_id: str, **given: Unpack[Checking]) -> Operation[ProfessionalCard]:
    """POST /cards/{id}/check."""
    return act(_at(card_id, "/check"), ProfessionalCard, given, Checking)
