"""Duties: prise et fin de service."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.device import DutyAction
from sekur_sdk.models.duties import Duty
from sekur_sdk.models.paging import Page
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.duties import DutyCorrect, DutyStart, DutyStep, DutyValidate
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared, forbidden_step, rule_broken
from sekur_sdk.sandbox.routes.reading import at_or_after, before, equals, listed, one
from sekur_sdk.sandbox.routes.resource import Routes
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import duties
from sekur_sdk.sandbox.trade import clocking
from sekur_sdk.sandbox.trade.duties import LIFE, STEPS, Step, take_step
from sekur_sdk.sandbox.trade.positions import judge_again
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_DUTIES = Listing(duties, sorts=("started_at", "created_at", "updated_at"), default="started_at", changed="updated_at")
_STEP = declared(400, 401, 403, 404, 409, 412, 422)


@get(
    "/duties",
    guards=[needs("duties:read")],
    sync_to_thread=True,
    operation_id="list_duties",
    opt=_DUTIES.told,
    responses=declared(400, 401, 403),
)
def list_duties(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromQuery[str | None] = None,
    employee_id: FromQuery[str | None] = None,
    status: FromQuery[Literal["open", "on_break", "closed", "validated"] | None] = None,
    shift_id: FromQuery[str | None] = None,
    forgotten_end: FromQuery[bool | None] = None,
    started_from: FromQuery[datetime | None] = None,
    started_before: FromQuery[datetime | None] = None,
) -> Response[Page[Duty]]:
    """The duties, by their start."""
    table = duties.table
    return listed(
        store,
        _DUTIES,
        paging,
        equals(table.c.site_id, site_id),
        equals(table.c.employee_id, employee_id),
        equals(table.c.status, status),
        equals(table.c.shift_id, shift_id),
        equals(table.c.forgotten_end, forgotten_end),
        at_or_after(table.c.started_at, "started_from", started_from),
        before(table.c.started_at, "started_before", started_before),
    )


@get(
    "/duties/{id:str}",
    guards=[needs("duties:read")],
    sync_to_thread=True,
    operation_id="get_duty",
    responses=declared(400, 401, 403, 404),
)
def get_duty(store: NamedDependency[Store], id: FromPath[str]) -> Response[Duty]:  # noqa: A002  # the path parameter's name in the contract
    """One duty."""
    return one(store, duties, id, "duty")


@post(
    "/duties",
    guards=[needs("duties:write")],
    dto=Body[DutyStart],
    return_dto=None,
    sync_to_thread=True,
    operation_id="start_duty",
    responses=declared(400, 401, 403, 409, 422),
)
def start_duty(data: JSONBody[DutyStart], change: NamedDependency[Change]) -> Response[Duty]:
    """A duty that starts."""
    return change.created(lambda tx: clocking.start(tx, data), "/api/v1/duties")


@post(
    "/duties/{id:str}/break-start",
    guards=[needs("duties:write")],
    dto=Body[DutyStep],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="start_break",
    responses=_STEP,
)
def start_break(id: FromPath[str], data: JSONBody[DutyStep], change: NamedDependency[Change]) -> Response[Duty]:  # noqa: A002  # as above
    """The duty, on break."""
    return change.done(lambda tx: _step(tx, change, id, data, DutyAction.BREAK_START))


@post(
    "/duties/{id:str}/break-end",
    guards=[needs("duties:write")],
    dto=Body[DutyStep],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="end_break",
    responses=_STEP,
)
def end_break(id: FromPath[str], data: JSONBody[DutyStep], change: NamedDependency[Change]) -> Response[Duty]:  # noqa: A002  # as above
    """The duty, its break over."""
    return change.done(lambda tx: _step(tx, change, id, data, DutyAction.BREAK_END))


@post(
    "/duties/{id:str}/end",
    guards=[needs("duties:write")],
    dto=Body[DutyStep],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="end_duty",
    responses=_STEP,
)
def end_duty(id: FromPath[str], data: JSONBody[DutyStep], change: NamedDependency[Change]) -> Response[Duty]:  # noqa: A002  # as above
    """The duty, closed."""
    return change.done(lambda tx: _step(tx, change, id, data, DutyAction.END))


def _step(tx: Transaction, change: Change, id_: str, data: DutyStep, action: DutyAction) -> Duty:
    duty = find(tx.connection, duties, id_, "duty")
    change.check_version(duty)
    if action not in STEPS[duty.status]:
        raise forbidden_step("duty", duty.status, LIFE[duty.status], duty)
    at = clocking.past(tx, "$.at", data.at)
    last = max(
        [duty.started_at, *(moment for pause in duty.breaks for moment in (pause.started_at, pause.ended_at) if moment)]
    )
    if at < last:
        raise rule_broken("$.at", "A step does not come before the one that it follows")
    changed = take_step(tx, duty, Step(action, at))
    judge_again(tx, changed)
    return changed


_ROUTES = Routes(path="/duties", module="duties", what="duty", records=duties)

HANDLERS = (
    list_duties,
    get_duty,
    start_duty,
    start_break,
    end_break,
    end_duty,
    _ROUTES.step(
        "correct",
        DutyCorrect,
        lambda tx, duty, data, change: clocking.correct(tx, duty, data, by=data.by or change.caller.name),
    ),
    _ROUTES.step(
        "validate",
        DutyValidate,
        lambda tx, duty, data, change: clocking.validate(tx, duty, by=data.by or change.caller.name),
    ),
)
