"""Employees, the register of them, their cards, qualifications and contracts of employment."""

from __future__ import annotations

from datetime import date

from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.inputs.people import (
    CardCheck,
    CardCreate,
    CardStatusName,
    CardUpdate,
    EmployeeCreate,
    EmployeeHire,
    EmployeeLeave,
    EmployeeStatusName,
    EmployeeUpdate,
    EmploymentCreate,
    EmploymentEnd,
    EmploymentKindName,
    EmploymentSign,
    EmploymentStatusName,
    EmploymentUpdate,
    QualificationCreate,
    QualificationName,
    QualificationStatusName,
    QualificationUpdate,
)
from sekur_sdk.sandbox.paging import Listing
from sekur_sdk.sandbox.routes.resource import Filter, Routes, lister
from sekur_sdk.sandbox.store.records import (
    cards,
    employees,
    employment_contracts,
    qualifications,
    register_entries,
)
from sekur_sdk.sandbox.trade import cards as papers
from sekur_sdk.sandbox.trade import employees as staff
from sekur_sdk.sandbox.trade import employment

_EMPLOYEES = Routes(path="/employees", module="employees", what="employee", records=employees)
_CARDS = Routes(path="/cards", module="employees", what="card", records=cards)
_QUALIFICATIONS = Routes(path="/qualifications", module="employees", what="qualification", records=qualifications)
_CONTRACTS = Routes(
    path="/employment-contracts", module="employees", what="employment contract", records=employment_contracts
)
_TIMES = ("created_at", "updated_at")

HANDLERS = (
    _EMPLOYEES.list(
        sorts=("last_name", "staff_number", *_TIMES), equal={"status": EmployeeStatusName, "staff_number": str}
    ),
    _EMPLOYEES.get(),
    _EMPLOYEES.create(EmployeeCreate, lambda tx, data, _: staff.create_employee(tx, data)),
    _EMPLOYEES.update(EmployeeUpdate, lambda tx, employee, data, _: staff.update_employee(tx, employee, data)),
    _EMPLOYEES.step(
        "activate", EmployeeHire, lambda tx, employee, data, _: staff.hire(tx, employee, "activate", data.hired_on)
    ),
    _EMPLOYEES.step("leave", EmployeeLeave, lambda tx, employee, data, _: staff.leave(tx, employee, data.left_on)),
    _EMPLOYEES.step(
        "rehire", EmployeeHire, lambda tx, employee, data, _: staff.hire(tx, employee, "rehire", data.hired_on)
    ),
    lister(
        "/personnel-register",
        "employees",
        "register entries",
        Listing(register_entries, sorts=("seq",), default="seq", changed="recorded_at"),
        equal={"employee_id": str, "number": int},
    ),
    _CARDS.list(
        sorts=("expires_on", *_TIMES),
        default="expires_on",
        equal={"employee_id": str, "status": CardStatusName, "number": str},
        more={"expires_before": Filter(date, lambda day, _: cards.table.c.expires_on < day)},
    ),
    _CARDS.get(),
    _CARDS.create(CardCreate, lambda tx, data, _: papers.create_card(tx, **fields_of(data))),
    _CARDS.update(CardUpdate, lambda tx, card, data, _: papers.update_card(tx, card, data)),
    _CARDS.step(
        "check",
        CardCheck,
        lambda tx, card, data, change: papers.check_card(tx, card, data, by=data.by or change.caller.name),
    ),
    _CARDS.step("withdraw", Nothing, lambda tx, card, *_: papers.withdraw_card(tx, card)),
    _QUALIFICATIONS.list(
        sorts=("obtained_on", *_TIMES),
        equal={"employee_id": str, "kind": QualificationName, "status": QualificationStatusName},
        more={"expires_before": Filter(date, lambda day, _: qualifications.table.c.expires_on < day)},
    ),
    _QUALIFICATIONS.get(),
    _QUALIFICATIONS.create(QualificationCreate, lambda tx, data, _: papers.create_qualification(tx, data)),
    _QUALIFICATIONS.update(QualificationUpdate, lambda tx, held, data, _: papers.update_qualification(tx, held, data)),
    _QUALIFICATIONS.step("archive", Nothing, lambda tx, held, *_: papers.archive_qualification(tx, held)),
    _CONTRACTS.list(
        sorts=("starts_on", *_TIMES),
        default="starts_on",
        equal={"employee_id": str, "kind": EmploymentKindName, "status": EmploymentStatusName},
    ),
    _CONTRACTS.get(),
    _CONTRACTS.create(EmploymentCreate, lambda tx, data, _: employment.create_contract(tx, data)),
    _CONTRACTS.update(EmploymentUpdate, lambda tx, contract, data, _: employment.update_contract(tx, contract, data)),
    _CONTRACTS.step(
        "sign", EmploymentSign, lambda tx, contract, data, _: employment.sign(tx, contract, data.signed_on)
    ),
    _CONTRACTS.step("end", EmploymentEnd, lambda tx, contract, data, _: employment.end(tx, contract, data)),
    _CONTRACTS.step("cancel", Nothing, lambda tx, contract, *_: employment.cancel(tx, contract)),
)
