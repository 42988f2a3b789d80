"""Professional cards and qualifications: given, checked, watched until their end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.models.events import EventType
from sekur_sdk.models.qualifications import (
    CardActivity,
    CardCheckResult,
    CardStatus,
    ProfessionalCard,
    Qualification,
    QualificationStatus,
)
from sekur_sdk.rules.cnaps import NumberKind, card_is_valid, parse_number, warning_days
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import rule_broken
from sekur_sdk.sandbox.store.records import cards, documents, employees, qualifications
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sekur_sdk.sandbox.inputs.people import CardCheck, CardUpdate, QualificationCreate, QualificationUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

_HELD = {"check": CardStatus.VALID, "withdraw": CardStatus.WITHDRAWN}
CARD_LIFE: Life[CardStatus] = {
    CardStatus.VALID: _HELD,
    CardStatus.EXPIRING: _HELD,
    CardStatus.EXPIRED: {"withdraw": CardStatus.WITHDRAWN},
    CardStatus.WITHDRAWN: {},
}
QUALIFICATION_LIFE: Life[QualificationStatus] = {
    QualificationStatus.VALID: {"archive": QualificationStatus.ARCHIVED},
    QualificationStatus.EXPIRED: {"archive": QualificationStatus.ARCHIVED},
    QualificationStatus.ARCHIVED: {},
}
_ENDING = timedelta(days=181)
"""A little more than the first warning: which cards the watch looks at."""


def create_card(
    tx: Transaction,
    *,
    employee_id: str,
    number: str,
    activities: Iterable[str] = (CardActivity.GUARDING,),
    dog_icad: str | None = None,
    expires_on: date | None = None,
    paths: tuple[str, str] = ("$.number", "$.expires_on"),
) -> ProfessionalCard:
    """A card; `paths` are where its number and its end stand in the body."""
    named(tx.connection, employees, employee_id, "$.employee_id", "employee")
    try:
        parsed = parse_number(number)
    except ValueError as error:
        raise rule_broken(paths[0], str(error)) from error
    if parsed.kind != NumberKind.CARD:
        raise rule_broken(paths[0], "A card's number begins with CAR")
    if expires_on not in (None, parsed.valid_until):
        raise rule_broken(paths[1], "A card expires on the day that its number spells")
    table = cards.table
    if cards.first(tx.connection, table.c.number == number, table.c.status != CardStatus.WITHDRAWN) is not None:
        raise rule_broken(paths[0], "Another card has this number")
    kinds = tuple(dict.fromkeys(map(CardActivity, activities)))
    _check_dog(kinds, dog_icad)
    card = cards.create(
        tx,
        employee_id=employee_id,
        number=number,
        number_is_regular=parsed.serial_is_regular,
        activities=kinds,
        dog_icad=dog_icad,
        expires_on=parsed.valid_until,
        status=CardStatus.VALID,
    )
    tx.record(EventType.CARD_CREATED, card)
    _show_on_employee(tx, employee_id)
    return _warn(tx, card)


def update_card(tx: Transaction, card: ProfessionalCard, data: CardUpdate) -> ProfessionalCard:
    """The card with the sent fields changed."""
    refuse_ended(CARD_LIFE, "card", card)
    changes = typed(ProfessionalCard, data.changes())
    if not changes:
        return card
    wanted = attrs.evolve(card, **changes)
    _check_dog(wanted.activities, wanted.dog_icad)
    return _change_card(tx, card, **changes)


def check_card(tx: Transaction, card: ProfessionalCard, data: CardCheck, *, by: str) -> ProfessionalCard:
    """The card with what the CNAPS's teleservice said of it."""
    step(CARD_LIFE, "card", card, "check")
    if data.checked_at is not None and data.checked_at > tx.now:
        raise rule_broken("$.checked_at", "A check is not in the future")
    named(tx.connection, documents, data.document_id, "$.document_id", "document")
    return _change_card(
        tx,
        card,
        checked_at=data.checked_at or tx.now,
        checked_by=by,
        check_result=CardCheckResult(data.result),
        check_document_id=data.document_id,
    )


def withdraw_card(tx: Transaction, card: ProfessionalCard) -> ProfessionalCard:
    """The card, held no more."""
    changed = _change_card(tx, card, status=step(CARD_LIFE, "card", card, "withdraw"))
    _show_on_employee(tx, card.employee_id)
    return changed


def watch_cards(tx: Transaction) -> None:
    """Tell of each card that came to 180, 90 or 30 days of its end, and of each that has expired."""
    table = cards.table
    held = table.c.status.in_((CardStatus.VALID, CardStatus.EXPIRING))
    for card in cards.all(tx.connection, held, table.c.expires_on <= french_day(tx.now) + _ENDING):
        _warn(tx, card)


def create_qualification(tx: Transaction, data: QualificationCreate) -> Qualification:
    """A qualification that an employee has."""
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    named(tx.connection, documents, data.document_id, "$.document_id", "document")
    if data.kind == "other" and data.label is None:
        raise rule_broken("$.label", "A qualification of another kind has a label")
    _check_days(tx, data.obtained_on, data.expires_on)
    made = qualifications.create(tx, **typed(Qualification, fields_of(data)), status=_qualified(tx, data.expires_on))
    tx.record(EventType.QUALIFICATION_CREATED, made)
    return made


def update_qualification(tx: Transaction, held: Qualification, data: QualificationUpdate) -> Qualification:
    """The qualification with the sent fields changed."""
    refuse_ended(QUALIFICATION_LIFE, "qualification", held)
    changes = typed(Qualification, data.changes())
    if not changes:
        return held
    wanted = attrs.evolve(held, **changes)
    named(tx.connection, documents, wanted.document_id, "$.document_id", "document")
    if wanted.kind == "other" and wanted.label is None:
        raise rule_broken("$.label", "A qualification of another kind has a label")
    _check_days(tx, wanted.obtained_on, wanted.expires_on)
    return _change_qualification(tx, held, **changes, status=_qualified(tx, wanted.expires_on))


def archive_qualification(tx: Transaction, held: Qualification) -> Qualification:
    """The qualification, counted no more."""
    return _change_qualification(tx, held, status=step(QUALIFICATION_LIFE, "qualification", held, "archive"))


def watch_qualifications(tx: Transaction) -> None:
    """Tell of each qualification that has expired."""
    table = qualifications.table
    over = (table.c.status == QualificationStatus.VALID, table.c.expires_on < french_day(tx.now))
    for held in qualifications.all(tx.connection, *over):
        changed = qualifications.update(tx, held, status=QualificationStatus.EXPIRED)
        tx.record(EventType.QUALIFICATION_EXPIRED, changed)


def _warn(tx: Transaction, card: ProfessionalCard) -> ProfessionalCard:
    """The card after the warning that is due today; each is given once, one that was missed by a later one."""
    today = french_day(tx.now)
    if not card_is_valid(card.expires_on, today):
        changed = cards.update(tx, card, status=CardStatus.EXPIRED)
        tx.record(EventType.CARD_EXPIRED, changed)
        return changed
    due = [(card.expires_on - day).days for day in warning_days(card.expires_on) if day <= today]
    if not due or (card.warned_days is not None and card.warned_days <= min(due)):
        return card
    changed = cards.update(tx, card, status=CardStatus.EXPIRING, warned_days=min(due))
    tx.record(EventType.CARD_EXPIRING, changed)
    return changed


def _show_on_employee(tx: Transaction, employee_id: str) -> None:
    """Show the card that is valid longest on its employee, for those who look there alone."""
    employee = employees.find(tx.connection, employee_id)
    assert employee is not None
    table = cards.table
    held = cards.all(tx.connection, table.c.employee_id == employee_id, table.c.status != CardStatus.WITHDRAWN)
    newest = max(held, key=lambda card: card.expires_on, default=None)
    number, expires_on = (newest.number, newest.expires_on) if newest else (None, None)
    if (number, expires_on) != (employee.card_number, employee.card_expires_on):
        changed = employees.update(tx, employee, card_number=number, card_expires_on=expires_on)
        tx.record(EventType.EMPLOYEE_UPDATED, changed)


def _change_card(tx: Transaction, card: ProfessionalCard, **changes: object) -> ProfessionalCard:
    changed = cards.update(tx, card, **changes)
    tx.record(EventType.CARD_UPDATED, changed)
    return changed


def _change_qualification(tx: Transaction, held: Qualification, **changes: object) -> Qualification:
    changed = qualifications.update(tx, held, **changes)
    tx.record(EventType.QUALIFICATION_UPDATED, changed)
    return changed


def _check_dog(activities: tuple[CardActivity, ...], dog_icad: str | None) -> None:
    if (dog_icad is not None) and CardActivity.DOG_HANDLING not in activities:
        raise rule_broken("$.dog_icad", "A dog belongs to a card for dog_handling")


def _check_days(tx: Transaction, obtained_on: date, expires_on: date | None) -> None:
    if obtained_on > french_day(tx.now):
        raise rule_broken("$.obtained_on", "A qualification is not obtained in the future")
    if expires_on is not None and expires_on < obtained_on:
        raise rule_broken("$.expires_on", "A qualification does not expire before it was obtained")


def _qualified(tx: Transaction, expires_on: date | None) -> QualificationStatus:
    over = expires_on is not None and expires_on < french_day(tx.now)
    return QualificationStatus.EXPIRED if over else QualificationStatus.VALID
