"""Checkpoints, templates of rounds, rounds and scans."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sekur_sdk.models.logbook import LogbookEntry
from sekur_sdk.models.rounds import Scan
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.company import KeptStatus
from sekur_sdk.sandbox.inputs.rounds import (
    AnomalyReport,
    CheckpointCreate,
    CheckpointUpdate,
    MethodName,
    ModeName,
    RoundCreate,
    RoundEnd,
    RoundStart,
    RoundStatusName,
    RoundUpdate,
    ScanCreate,
    TemplateCreate,
    TemplateUpdate,
)
from sekur_sdk.sandbox.routes.reading import at_or_after, before
from sekur_sdk.sandbox.routes.resource import Filter, Routes
from sekur_sdk.sandbox.store.records import checkpoints, round_templates, rounds, scans
from sekur_sdk.sandbox.trade import checkpoints as places
from sekur_sdk.sandbox.trade import rounds as trade
from sekur_sdk.sandbox.trade.scans import scan_checkpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

_CHECKPOINTS = Routes(path="/checkpoints", module="rounds", what="checkpoint", records=checkpoints)
_TEMPLATES = Routes(path="/round-templates", module="rounds", what="round template", records=round_templates)
_ROUNDS = Routes(path="/rounds", module="rounds", what="round", records=rounds)
_SCANS = Routes(path="/scans", module="rounds", what="scan", records=scans)
_TIMES = ("created_at", "updated_at")


def _period(name: str, column: sa.Column[datetime]) -> Mapping[str, Filter]:
    def since(at: datetime, _store: object) -> sa.ColumnElement[bool]:
        found = at_or_after(column, f"{name}_from", at)
        assert found is not None
        return found

    def until(at: datetime, _store: object) -> sa.ColumnElement[bool]:
        found = before(column, f"{name}_before", at)
        assert found is not None
        return found

    return {f"{name}_from": Filter(datetime, since), f"{name}_before": Filter(datetime, until)}


HANDLERS = (
    _CHECKPOINTS.list(sorts=("name", *_TIMES), equal={"site_id": str, "status": KeptStatus}),
    _CHECKPOINTS.get(),
    _CHECKPOINTS.create(CheckpointCreate, lambda tx, data, _: places.create_checkpoint(tx, data)),
    _CHECKPOINTS.update(CheckpointUpdate, lambda tx, place, data, _: places.update_checkpoint(tx, place, data)),
    _CHECKPOINTS.step("archive", Nothing, lambda tx, place, *_: places.step_checkpoint(tx, place, "archive")),
    _CHECKPOINTS.step("restore", Nothing, lambda tx, place, *_: places.step_checkpoint(tx, place, "restore")),
    _TEMPLATES.list(sorts=("name", *_TIMES), equal={"site_id": str, "status": KeptStatus}),
    _TEMPLATES.get(),
    _TEMPLATES.create(TemplateCreate, lambda tx, data, _: places.create_template(tx, data)),
    _TEMPLATES.update(TemplateUpdate, lambda tx, template, data, _: places.update_template(tx, template, data)),
    _TEMPLATES.step("archive", Nothing, lambda tx, template, *_: places.step_template(tx, template, "archive")),
    _TEMPLATES.step("restore", Nothing, lambda tx, template, *_: places.step_template(tx, template, "restore")),
    _ROUNDS.list(
        sorts=("planned_at", *_TIMES),
        default="planned_at",
        equal={
            "site_id": str,
            "template_id": str,
            "employee_id": str,
            "device_id": str,
            "status": RoundStatusName,
            "mode": ModeName,
        },
        more=_period("planned", rounds.table.c.planned_at),
    ),
    _ROUNDS.get(),
    _ROUNDS.create(RoundCreate, lambda tx, data, _: trade.create_round(tx, data)),
    _ROUNDS.update(RoundUpdate, lambda tx, round_, data, _: trade.update_round(tx, round_, data)),
    _ROUNDS.step("start", RoundStart, lambda tx, round_, data, _: trade.start_round(tx, round_, data)),
    _ROUNDS.step(
        "scan",
        ScanCreate,
        lambda tx, round_, data, change: scan_checkpoint(tx, round_, data, caller=change.caller),
        answer=Scan,
    ),
    _ROUNDS.step(
        "report-anomaly",
        AnomalyReport,
        lambda tx, round_, data, change: trade.report_anomaly(tx, round_, data, caller=change.caller),
        answer=LogbookEntry,
    ),
    _ROUNDS.step("end", RoundEnd, lambda tx, round_, data, _: trade.end_round(tx, round_, data.at)),
    _ROUNDS.step("cancel", Nothing, lambda tx, round_, *_: trade.cancel_round(tx, round_)),
    _SCANS.list(
        sorts=("scanned_at", "received_at"),
        default="scanned_at",
        changed="received_at",
        equal={
            "round_id": str,
            "checkpoint_id": str,
            "employee_id": str,
            "device_id": str,
            "method": MethodName,
            "valid": bool,
        },
        more=_period("scanned", scans.table.c.scanned_at),
    ),
    _SCANS.get(),
)
