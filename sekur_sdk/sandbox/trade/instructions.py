"""Instructions: drafts, editions that never change, and who has read them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa

from sekur_sdk.models.employees import EmployeeStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.instructions import (
    Instruction,
    InstructionAcknowledgement,
    InstructionEdition,
    InstructionKind,
    InstructionStatus,
)
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import (
    employees,
    instruction_acknowledgements,
    instruction_editions,
    instructions,
    posts,
    shifts,
    sites,
)
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, step
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.sandbox.inputs.instructions import InstructionAcknowledge, InstructionCreate, InstructionUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[InstructionStatus] = {
    InstructionStatus.DRAFT: {
        "update": InstructionStatus.DRAFT,
        "publish": InstructionStatus.PUBLISHED,
        "withdraw": InstructionStatus.WITHDRAWN,
    },
    InstructionStatus.PUBLISHED: {
        "revise": InstructionStatus.PUBLISHED,
        "acknowledge": InstructionStatus.PUBLISHED,
        "withdraw": InstructionStatus.WITHDRAWN,
    },
    InstructionStatus.WITHDRAWN: {},
}


def create_instruction(tx: Transaction, data: InstructionCreate) -> Instruction:
    """A new draft."""
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    _check_place(tx, data)
    _check_period(data)
    instruction = instructions.create(tx, **typed(Instruction, fields_of(data)), status=InstructionStatus.DRAFT)
    tx.record(EventType.INSTRUCTION_CREATED, instruction)
    return instruction


def update_instruction(tx: Transaction, instruction: Instruction, data: InstructionUpdate) -> Instruction:
    """The draft with the sent fields changed."""
    step(LIFE, "instruction", instruction, "update")
    changes = data.changes()
    if not changes:
        return instruction
    _check_period(attrs.evolve(instruction, **typed(Instruction, changes)))
    changed = instructions.update(tx, instruction, **changes)
    tx.record(EventType.INSTRUCTION_UPDATED, changed)
    return changed


def publish(tx: Transaction, instruction: Instruction, *, by: str) -> Instruction:
    """The draft as its first edition."""
    step(LIFE, "instruction", instruction, "publish")
    return _publish(tx, instruction, {}, by)


def revise(tx: Transaction, instruction: Instruction, data: InstructionUpdate, *, by: str) -> Instruction:
    """The next edition, which has to be read anew."""
    step(LIFE, "instruction", instruction, "revise")
    changes = data.changes()
    if not changes:
        raise rule_broken("$", "A new edition changes something")
    return _publish(tx, instruction, changes, by)


def withdraw(tx: Transaction, instruction: Instruction) -> Instruction:
    """The instruction, in force no more."""
    status = step(LIFE, "instruction", instruction, "withdraw")
    changed = instructions.update(tx, instruction, status=status)
    tx.record(EventType.INSTRUCTION_WITHDRAWN, changed)
    return changed


def acknowledge(tx: Transaction, instruction: Instruction, data: InstructionAcknowledge) -> InstructionAcknowledgement:
    """That an employee has read the newest edition; said twice it is the first."""
    step(LIFE, "instruction", instruction, "acknowledge")
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    employee = employees.find(tx.connection, data.employee_id)
    if employee is not None and employee.status != EmployeeStatus.ACTIVE:
        raise rule_broken("$.employee_id", "The employee is not active")
    if data.edition != instruction.edition:
        raise RefusalError(
            409, f"Edition {instruction.edition} is the newest: it has to be read.", allowed=(), current=instruction
        )
    table = instruction_acknowledgements.table
    known = instruction_acknowledgements.first(
        tx.connection,
        table.c.instruction_id == instruction.id,
        table.c.edition == data.edition,
        table.c.employee_id == data.employee_id,
    )
    if known is not None:
        return known
    made = instruction_acknowledgements.insert(
        tx,
        InstructionAcknowledgement(
            id=tx.new_id(instruction_acknowledgements.prefix),
            instruction_id=instruction.id,
            edition=data.edition,
            employee_id=data.employee_id,
            acknowledged_at=tx.now,
        ),
    )
    tx.record(EventType.INSTRUCTION_ACKNOWLEDGED, made)
    return made


def unread_by(employee_id: str, now: datetime) -> sa.ColumnElement[bool]:
    """That an instruction in force has to be read, and this employee has not read its newest edition."""
    table, read = instructions.table, instruction_acknowledgements.table
    return sa.and_(
        table.c.status == InstructionStatus.PUBLISHED,
        table.c.must_read,
        sa.or_(table.c.valid_from.is_(None), table.c.valid_from <= now),
        sa.or_(table.c.valid_until.is_(None), table.c.valid_until > now),
        ~sa.exists().where(
            read.c.instruction_id == table.c.id,
            read.c.edition == table.c.edition,
            read.c.employee_id == employee_id,
        ),
    )


def _publish(tx: Transaction, instruction: Instruction, changes: dict[str, object], by: str) -> Instruction:
    wanted = attrs.evolve(instruction, **typed(Instruction, changes))
    _check_period(wanted)
    if wanted.valid_until is not None and wanted.valid_until <= tx.now:
        raise rule_broken("$.valid_until", "An instruction is published before its end")
    changed = instructions.update(
        tx,
        instruction,
        **changes,
        edition=instruction.edition + 1,
        published_at=tx.now,
        published_by=by,
        status=InstructionStatus.PUBLISHED,
    )
    instruction_editions.insert(
        tx,
        InstructionEdition(
            id=tx.new_id(instruction_editions.prefix),
            instruction_id=changed.id,
            edition=changed.edition,
            title=changed.title,
            text=changed.text,
            must_read=changed.must_read,
            valid_from=changed.valid_from,
            valid_until=changed.valid_until,
            sha256=hashlib.sha256(changed.text.encode()).hexdigest(),
            published_at=tx.now,
            published_by=by,
        ),
    )
    tx.record(EventType.INSTRUCTION_PUBLISHED, changed)
    return changed


def _check_place(tx: Transaction, data: InstructionCreate) -> None:
    kind = InstructionKind(data.kind)
    if (data.site_id is None) != (kind == InstructionKind.GENERAL):
        raise rule_broken("$.site_id", "A general instruction has no site, each other one has")
    if (data.shift_id is None) != (kind != InstructionKind.SHIFT):
        raise rule_broken("$.shift_id", "An instruction of kind shift names its shift, no other one does")
    if data.valid_until is None and kind == InstructionKind.TEMPORARY:
        raise rule_broken("$.valid_until", "A temporary instruction has an end")
    for name, records in (("post", posts), ("shift", shifts)):
        id_ = getattr(data, f"{name}_id")
        found: Any = None if id_ is None else records.find(tx.connection, id_)
        if id_ is not None and (found is None or found.site_id != data.site_id):
            raise rule_broken(f"$.{name}_id", f"There is no such {name} at the site")


def _check_period(period: Instruction | InstructionCreate) -> None:
    start, end = period.valid_from, period.valid_until
    if start is not None and end is not None and end <= start:
        raise rule_broken("$.valid_until", "An instruction ends after it begins")
    if end is None and period.kind == InstructionKind.TEMPORARY:
        raise rule_broken("$.valid_until", "A temporary instruction has an end")
