"""Contracts of employment: drafted, signed, ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.models.employees import EmployeeStatus
from sekur_sdk.models.employment import EmploymentContract, EmploymentKind, EmploymentStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import documents, employees, employment_contracts
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.people import EmploymentCreate, EmploymentEnd, EmploymentUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[EmploymentStatus] = {
    EmploymentStatus.DRAFT: {"sign": EmploymentStatus.SIGNED, "cancel": EmploymentStatus.CANCELLED},
    EmploymentStatus.SIGNED: {"end": EmploymentStatus.ENDED},
    EmploymentStatus.ENDED: {},
    EmploymentStatus.CANCELLED: {},
}
DPAE_AHEAD = timedelta(days=8)
"""The earliest day of the DPAE before the first of work (C. trav. art. R1221-4)."""
_OPEN_WHEN_SIGNED = frozenset({"dpae_number", "dpae_filed_on", "document_id"})
_MAX_WEEK_HOURS = 48


def create_contract(tx: Transaction, data: EmploymentCreate) -> EmploymentContract:
    """A new draft."""
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    employee = employees.find(tx.connection, data.employee_id)
    if employee is not None and employee.status == EmployeeStatus.LEFT:
        raise rule_broken("$.employee_id", "The employee has left")
    fields = typed(EmploymentContract, fields_of(data))
    contract = employment_contracts.create(tx, **fields, status=EmploymentStatus.DRAFT)
    _check(tx, contract)
    tx.record(EventType.EMPLOYMENT_CREATED, contract)
    return contract


def update_contract(tx: Transaction, contract: EmploymentContract, data: EmploymentUpdate) -> EmploymentContract:
    """The contract with the sent fields changed; a signed one is changed by another contract, but for its papers."""
    refuse_ended(LIFE, "contract of employment", contract)
    changes = typed(EmploymentContract, data.changes())
    if not changes:
        return contract
    if contract.status == EmploymentStatus.SIGNED and not changes.keys() <= _OPEN_WHEN_SIGNED:
        raise RefusalError(
            409,
            "The contract is signed: its DPAE and its document alone can be changed.",
            allowed=LIFE[contract.status],
            current=contract,
        )
    _check(tx, attrs.evolve(contract, **changes))
    return _change(tx, contract, **changes)


def sign(tx: Transaction, contract: EmploymentContract, signed_on: date | None) -> EmploymentContract:
    """The contract, signed; an employee has one at a time."""
    status = step(LIFE, "contract of employment", contract, "sign")
    day = signed_on or french_day(tx.now)
    if day > french_day(tx.now):
        raise rule_broken("$.signed_on", "A contract is not signed in the future")
    table = employment_contracts.table
    signed = (table.c.employee_id == contract.employee_id, table.c.status == EmploymentStatus.SIGNED)
    for other in employment_contracts.all(tx.connection, *signed):
        if _overlap(other, contract):
            raise RefusalError(
                409,
                "The employee has another contract for that time: end it first.",
                allowed=("cancel",),
                current=contract,
            )
    return _change(tx, contract, status=status, signed_on=day)


def cancel(tx: Transaction, contract: EmploymentContract) -> EmploymentContract:
    """The draft, given up."""
    return _change(tx, contract, status=step(LIFE, "contract of employment", contract, "cancel"))


def end(tx: Transaction, contract: EmploymentContract, data: EmploymentEnd) -> EmploymentContract:
    """The contract at its end."""
    status = step(LIFE, "contract of employment", contract, "end")
    day = data.ended_on or french_day(tx.now)
    if day < contract.starts_on:
        raise rule_broken("$.ended_on", "A contract does not end before it starts")
    if day > french_day(tx.now):
        raise rule_broken("$.ended_on", "An end is told once it is there")
    return _change(tx, contract, status=status, ended_on=day, end_reason=data.reason)


def _change(tx: Transaction, contract: EmploymentContract, **changes: object) -> EmploymentContract:
    changed = employment_contracts.update(tx, contract, **changes)
    tx.record(EventType.EMPLOYMENT_UPDATED, changed)
    return changed


def _check(tx: Transaction, contract: EmploymentContract) -> None:
    if not 0 < contract.weekly_hours <= _MAX_WEEK_HOURS:
        raise rule_broken("$.weekly_hours", f"A week has above 0 and at most {_MAX_WEEK_HOURS} hours")
    fixed = contract.kind != EmploymentKind.CDI
    if fixed and contract.ends_on is None and contract.kind != EmploymentKind.CDD:
        raise rule_broken("$.ends_on", "A contract of this kind has an end")
    if not fixed and contract.ends_on is not None:
        raise rule_broken("$.ends_on", "A CDI has no end")
    if (contract.kind == EmploymentKind.CDD) != (contract.reason is not None):
        raise rule_broken("$.reason", "A CDD has a reason, no other contract has one")
    for name in ("trial_ends_on", "ends_on"):
        day = getattr(contract, name)
        if day is not None and day < contract.starts_on:
            raise rule_broken(f"$.{name}", "Not before the contract starts")
    _check_dpae(contract)
    named(tx.connection, documents, contract.document_id, "$.document_id", "document")


def _check_dpae(contract: EmploymentContract) -> None:
    filed = contract.dpae_filed_on
    if (filed is None) != (contract.dpae_number is None):
        raise rule_broken("$.dpae_number", "A DPAE has its number and its day")
    if filed is not None and not contract.starts_on - DPAE_AHEAD <= filed <= contract.starts_on:
        raise rule_broken(
            "$.dpae_filed_on", f"A DPAE is filed in the {DPAE_AHEAD.days} days before the contract starts"
        )


def _overlap(one: EmploymentContract, other: EmploymentContract) -> bool:
    return one.starts_on <= (other.ends_on or date.max) and other.starts_on <= (one.ends_on or date.max)
