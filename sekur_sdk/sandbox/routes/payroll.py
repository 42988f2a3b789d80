"""Pre-payroll: runs, their lines and problems, how codes are called in an export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from litestar import Response, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.payroll import PayrollSettings
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.payroll import (
    PayrollProblemName,
    PayrollRunCancel,
    PayrollRunCheck,
    PayrollRunCreate,
    PayrollSettingsUpdate,
    PayrollStatusName,
    Period,
)
from sekur_sdk.sandbox.paging import Listing
from sekur_sdk.sandbox.problems import declared, not_found
from sekur_sdk.sandbox.routes.reading import shown
from sekur_sdk.sandbox.routes.resource import Routes, lister
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import (
    payroll_hours,
    payroll_lines,
    payroll_problems,
    payroll_runs,
    payroll_settings,
)
from sekur_sdk.sandbox.trade import payroll
from sekur_sdk.sandbox.trade.payroll_export import as_csv
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_RUNS = Routes(path="/payroll-runs", module="payroll", what="payroll run", records=payroll_runs)


@get(
    "/payroll-runs/{id:str}/export",
    guards=[needs("payroll:read")],
    sync_to_thread=True,
    operation_id="download_payroll_run",
    media_type="text/csv",
    responses=declared(400, 401, 403, 404, 409),
)
def download_run(
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    format: FromQuery[Literal["csv"]] = "csv",  # noqa: A002  # as above
    decimal: FromQuery[Literal["point", "comma"]] = "point",
) -> Response[str]:
    """The quantities of a locked run as `matricule;code;valeur;date_debut;date_fin`, under the organisation's own codes."""
    with store.read() as connection:
        run = find(connection, payroll_runs, id, "payroll run")
        text = as_csv(connection, run, comma=decimal == "comma")
    name = f'attachment; filename="prepaie-{run.period}.{format}"'
    return Response(
        text,
        media_type="text/csv",
        headers={"Content-Disposition": name, "X-Content-Type-Options": "nosniff"},
    )


@get(
    "/payroll-settings",
    guards=[needs("payroll:read")],
    sync_to_thread=True,
    operation_id="get_payroll_settings",
    responses=declared(400, 401, 403, 404),
)
def get_settings(store: NamedDependency[Store]) -> Response[PayrollSettings]:
    """How the organisation's payroll software calls the codes."""
    with store.read() as connection:
        settings = payroll_settings.first(connection)
    if settings is None:
        raise not_found("payroll settings")
    return shown(settings)


@patch(
    "/payroll-settings",
    guards=[needs("payroll:write")],
    dto=Body[PayrollSettingsUpdate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="update_payroll_settings",
    responses=declared(400, 401, 403, 404, 409, 412, 422, 428),
)
def update_settings(
    data: JSONBody[PayrollSettingsUpdate], change: NamedDependency[Change]
) -> Response[PayrollSettings]:
    """The settings with the sent fields changed."""

    def update(tx: Transaction) -> PayrollSettings:
        settings = payroll_settings.first(tx.connection)
        if settings is None:
            raise not_found("payroll settings")
        change.require_version(settings)
        return payroll.update_settings(tx, settings, data)

    return change.done(update)


HANDLERS = (
    _RUNS.list(sorts=("period", "created_at", "updated_at"), equal={"status": PayrollStatusName, "period": Period}),
    _RUNS.get(),
    _RUNS.create(PayrollRunCreate, lambda tx, data, _: payroll.create_run(tx, data)),
    _RUNS.step("compute", Nothing, lambda tx, run, *_: payroll.compute(tx, run)),
    _RUNS.step(
        "check",
        PayrollRunCheck,
        lambda tx, run, data, change: payroll.check(
            tx, run, accept_problems=data.accept_problems, by=change.caller.name
        ),
    ),
    _RUNS.step("lock", Nothing, lambda tx, run, *_: payroll.lock(tx, run)),
    _RUNS.step("export", Nothing, lambda tx, run, *_: payroll.note_export(tx, run)),
    _RUNS.step("cancel", PayrollRunCancel, lambda tx, run, data, _: payroll.cancel(tx, run, data.reason)),
    download_run,
    lister(
        "/payroll-runs/{id:str}/lines",
        "payroll",
        "payroll lines",
        Listing(payroll_lines, sorts=("id",), default="id", changed="computed_at"),
        equal={"employee_id": str, "code": str},
        within=(_RUNS, payroll_lines.table.c.run_id),
    ),
    lister(
        "/payroll-runs/{id:str}/hours",
        "payroll",
        "payroll hours",
        Listing(payroll_hours, sorts=("id",), default="id", changed="computed_at"),
        equal={"employee_id": str},
        within=(_RUNS, payroll_hours.table.c.run_id),
    ),
    lister(
        "/payroll-runs/{id:str}/problems",
        "payroll",
        "payroll problems",
        Listing(payroll_problems, sorts=("id",), default="id", changed="computed_at"),
        equal={"employee_id": str, "code": PayrollProblemName},
        within=(_RUNS, payroll_problems.table.c.run_id),
    ),
    get_settings,
    update_settings,
)
