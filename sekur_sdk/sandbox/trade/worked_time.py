"""What of the duties is worked time, for pay and for bills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.duties import Duty, DutyStatus
from sekur_sdk.models.payroll import PayrollProblemCode
from sekur_sdk.models.qualifications import CardActivity
from sekur_sdk.rules.civil_time import Span, without
from sekur_sdk.rules.public_holidays import Region, region_of
from sekur_sdk.sandbox.store import people_tables, schema
from sekur_sdk.sandbox.store.records import duties

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


@attrs.frozen
class Doubt:
    """A problem, and the duty that it is about."""

    code: PayrollProblemCode
    duty: Duty


@attrs.frozen
class Stretch:
    """Worked time without its unpaid breaks, and where it was."""

    span: Span
    activity: CardActivity
    time_zone: str
    region: Region


@attrs.define
class Worked:
    """The worked time of an employee, by its start, with what is doubtful about it."""

    stretches: list[Stretch] = attrs.field(factory=list)
    doubts: list[Doubt] = attrs.field(factory=list)

    def within(self, span: Span) -> tuple[Stretch, ...]:
        """The stretches of which a part is in `span`."""
        return tuple(stretch for stretch in self.stretches if stretch.span.clipped(span) is not None)


def worked_by_employee(
    connection: sa.Connection, window: Span, employee_ids: Collection[str] | None, *, site_id: str | None = None
) -> dict[str, Worked]:
    """The time of each employee's duties that touch `window`: of all employees and at all sites, unless some are named.

    Duties that are closed or validated count, those that are not validated with a problem; open ones do not. A break counts
    as worked time where the duty's post says that breaks are paid; a duty without a shift has no post, its breaks are unpaid.
    """
    duty, shift, post = schema.duty, schema.shift, people_tables.post
    select = (
        sa.select(
            *duties.columns, post.c.is_break_paid, post.c.activity, schema.site.c.time_zone, schema.site.c.address
        )
        .join(schema.site, schema.site.c.id == duty.c.site_id)
        .outerjoin(shift, shift.c.id == duty.c.shift_id)
        # an archived post may have its name's successor: the newest stands for both
        .outerjoin(post, post.c.id == sa.func.coalesce(shift.c.post_id, _newest_post()))
        .where(duty.c.started_at < window.end, sa.or_(duty.c.ended_at.is_(None), duty.c.ended_at > window.start))
        .order_by(duty.c.started_at, duty.c.id)
    )
    if employee_ids is not None:
        select = select.where(duty.c.employee_id.in_(employee_ids))
    if site_id is not None:
        select = select.where(duty.c.site_id == site_id)
    found: dict[str, Worked] = {}
    for *fields, is_break_paid, activity, zone, address in connection.execute(select):
        read = Duty(**dict(zip(duties.fields, fields, strict=True)))
        mine = found.setdefault(read.employee_id, Worked())
        place = (activity or CardActivity.GUARDING, zone, region_of(zone, address))
        _add(mine, read, place, breaks_paid=bool(is_break_paid))
    return found


def _newest_post() -> sa.ScalarSelect[str]:
    posts = people_tables.post.alias()
    return (
        sa.select(sa.func.max(posts.c.id))
        .where(posts.c.site_id == schema.shift.c.site_id, posts.c.name == schema.shift.c.post)
        .scalar_subquery()
    )


def _add(worked: Worked, duty: Duty, place: tuple[CardActivity, str, Region], *, breaks_paid: bool) -> None:
    if duty.ended_at is None:
        worked.doubts.append(Doubt(PayrollProblemCode.DUTY_OPEN, duty))
        return
    if duty.status != DutyStatus.VALIDATED:
        worked.doubts.append(Doubt(PayrollProblemCode.DUTY_NOT_VALIDATED, duty))
    if duty.ended_at <= duty.started_at:
        return
    whole = Span(duty.started_at, duty.ended_at)
    if any(stretch.span.end > whole.start for stretch in worked.stretches):
        worked.doubts.append(Doubt(PayrollProblemCode.DUTIES_OVERLAP, duty))
    holes = () if breaks_paid else tuple(_breaks(duty))
    worked.stretches.extend(Stretch(span, *place) for span in without(whole, holes))


def _breaks(duty: Duty) -> Iterator[Span]:
    for pause in duty.breaks:
        end = pause.ended_at or duty.ended_at
        if end is not None and end > pause.started_at:
            yield Span(pause.started_at, end)
