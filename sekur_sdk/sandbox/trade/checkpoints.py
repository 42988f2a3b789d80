"""Checkpoints and the templates of rounds over them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import attrs

from sekur_sdk.models.device import ScanMethod
from sekur_sdk.models.rounds import Checkpoint, CheckpointStatus, RoundMode, RoundSchedule, RoundTemplate
from sekur_sdk.models.sites import SiteStatus
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import checkpoints, round_templates, sites
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.round_plan import cancel_planned, plan, plan_again
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.rounds import (
        CheckpointCreate,
        CheckpointUpdate,
        RoundTimes,
        TemplateCreate,
        TemplateUpdate,
    )
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[CheckpointStatus] = {
    CheckpointStatus.ACTIVE: {"archive": CheckpointStatus.ARCHIVED},
    CheckpointStatus.ARCHIVED: {"restore": CheckpointStatus.ACTIVE},
}
TAGGED = (ScanMethod.NFC, ScanMethod.QR, ScanMethod.BLE)
"""The kinds that have a tag with a text."""


def tag_hash(tag: str) -> str:
    """What is kept of a tag's text."""
    return hashlib.sha256(tag.encode()).hexdigest()


def create_checkpoint(tx: Transaction, data: CheckpointCreate) -> Checkpoint:
    """A new checkpoint."""
    _check_site(tx, data.site_id)
    fields = fields_of(data)
    tag = fields.pop("tag")
    fields["tag_hash"] = None if tag is None else tag_hash(tag)
    made = checkpoints.create(tx, **typed(Checkpoint, fields), status=CheckpointStatus.ACTIVE)
    _check_checkpoint(tx, made)
    return made


def update_checkpoint(tx: Transaction, checkpoint: Checkpoint, data: CheckpointUpdate) -> Checkpoint:
    """The checkpoint with the sent fields changed."""
    refuse_ended(LIFE, "checkpoint", checkpoint)
    changes: dict[str, Any] = data.changes()
    if not changes:
        return checkpoint
    if "tag" in changes:
        changes["tag_hash"] = tag_hash(changes.pop("tag"))
    _check_checkpoint(tx, attrs.evolve(checkpoint, **changes))
    return checkpoints.update(tx, checkpoint, **changes)


def step_checkpoint(tx: Transaction, checkpoint: Checkpoint, action: str) -> Checkpoint:
    """The checkpoint after a step; one that templates use is not archived, a tag that another has by now not restored."""
    status = step(LIFE, "checkpoint", checkpoint, action)
    if status == CheckpointStatus.ACTIVE and _tag_is_taken(tx, checkpoint):
        raise RefusalError(409, "Another checkpoint has its tag by now.", allowed=(), current=checkpoint)
    table = round_templates.table
    in_use = (table.c.site_id == checkpoint.site_id, table.c.status == CheckpointStatus.ACTIVE)
    if status == CheckpointStatus.ARCHIVED and any(
        checkpoint.id in template.checkpoint_ids for template in round_templates.all(tx.connection, *in_use)
    ):
        raise RefusalError(
            409, "Templates of rounds have this checkpoint: take it out first.", allowed=(), current=checkpoint
        )
    return checkpoints.update(tx, checkpoint, status=status)


def create_template(tx: Transaction, data: TemplateCreate) -> RoundTemplate:
    """A new template; with a schedule its next rounds are planned at once."""
    _check_site(tx, data.site_id)
    fields = fields_of(data) | {"schedule": _schedule(data.schedule), "mode": RoundMode(data.mode)}
    fields["checkpoint_ids"] = tuple(data.checkpoint_ids)
    template = round_templates.create(tx, **fields, status=CheckpointStatus.ACTIVE)
    _check_checkpoints(tx, template)
    plan(tx, template)
    return template


def update_template(tx: Transaction, template: RoundTemplate, data: TemplateUpdate) -> RoundTemplate:
    """The template with the sent fields changed; the rounds that its schedule has planned follow."""
    refuse_ended(LIFE, "round template", template)
    changes: dict[str, Any] = data.changes()
    if not changes:
        return template
    if "schedule" in changes:
        changes["schedule"] = _schedule(changes["schedule"])
    if "checkpoint_ids" in changes:
        changes["checkpoint_ids"] = tuple(changes["checkpoint_ids"])
    if "mode" in changes:
        changes["mode"] = RoundMode(changes["mode"])
    _check_checkpoints(tx, attrs.evolve(template, **changes))
    changed = round_templates.update(tx, template, **changes)
    plan_again(tx, changed)
    return changed


def step_template(tx: Transaction, template: RoundTemplate, action: str) -> RoundTemplate:
    """The template after a step; archived, its rounds that have not begun are cancelled."""
    status = step(LIFE, "round template", template, action)
    if status == CheckpointStatus.ACTIVE:
        _check_checkpoints(tx, template, restored=True)
    changed = round_templates.update(tx, template, status=status)
    if status == CheckpointStatus.ARCHIVED:
        cancel_planned(tx, changed)
    else:
        plan(tx, changed)
    return changed


def _check_site(tx: Transaction, site_id: str) -> None:
    named(tx.connection, sites, site_id, "$.site_id", "site")
    site = sites.find(tx.connection, site_id)
    if site is not None and site.status == SiteStatus.CLOSED:
        raise rule_broken("$.site_id", "The site is closed")


def _check_checkpoint(tx: Transaction, checkpoint: Checkpoint) -> None:
    if (checkpoint.tag_hash is None) == (checkpoint.tag_kind in TAGGED):
        raise rule_broken("$.tag", "A checkpoint of kind nfc, qr or ble has a tag, no other one has")
    if (checkpoint.lat is None) != (checkpoint.lon is None):
        path = "lat" if checkpoint.lat is None else "lon"
        raise rule_broken(f"$.{path}", "Latitude and longitude go together")
    if (checkpoint.lat is None) != (checkpoint.radius_m is None):
        path = "lat" if checkpoint.lat is None else "radius_m"
        raise rule_broken(f"$.{path}", "A place on the map has a radius")
    if checkpoint.tag_kind == ScanMethod.GPS and checkpoint.lat is None:
        raise rule_broken("$.lat", "A checkpoint of kind gps is a place on the map")
    if _tag_is_taken(tx, checkpoint):
        raise rule_broken("$.tag", "Another checkpoint has this tag")


def _tag_is_taken(tx: Transaction, checkpoint: Checkpoint) -> bool:
    if checkpoint.tag_hash is None:
        return False
    table = checkpoints.table
    others = (
        table.c.tag_hash == checkpoint.tag_hash,
        table.c.status == CheckpointStatus.ACTIVE,
        table.c.id != checkpoint.id,
    )
    return checkpoints.first(tx.connection, *others) is not None


def _check_checkpoints(tx: Transaction, template: RoundTemplate, *, restored: bool = False) -> None:
    if len(set(template.checkpoint_ids)) < len(template.checkpoint_ids):
        raise rule_broken("$.checkpoint_ids", "A checkpoint stands in a round once")
    for number, id_ in enumerate(template.checkpoint_ids):
        found = checkpoints.find(tx.connection, id_)
        if found is None or found.site_id != template.site_id or found.status != CheckpointStatus.ACTIVE:
            if restored:
                raise RefusalError(
                    409, "A checkpoint of the template is archived: restore it first.", allowed=(), current=template
                )
            raise rule_broken(f"$.checkpoint_ids[{number}]", "There is no such active checkpoint at the site")


def _schedule(times: RoundTimes | None) -> RoundSchedule | None:
    if times is None:
        return None
    return RoundSchedule(start_times=tuple(sorted(set(times.start_times))), weekdays=tuple(sorted(set(times.weekdays))))
