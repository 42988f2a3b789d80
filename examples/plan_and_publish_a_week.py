"""Plan a week of nights with a cycle, see what the labour check says, publish, and write the calendar.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/plan_and_publish_a_week.py [CALENDAR.ics]`.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sekur_sdk import NewShift, SekurClient, UnprocessableError
from sekur_sdk.models import CycleSlot

PARIS = ZoneInfo("Europe/Paris")


def main() -> None:
    today = datetime.now(PARIS).date()
    with SekurClient.from_env() as client:
        site = next(iter(client.sites.list(status="active")))
        guards = [guard for guard in client.employees.list(status="active") if guard.card_expires_on]
        # those whose cards are valid the longest
        first, second = sorted(guards, key=lambda guard: guard.card_expires_on or today, reverse=True)[:2]
        planned = [
            shift.starts_at.astimezone(PARIS).date()
            for guard in (first, second)
            for shift in client.shifts.list(employee_id=guard.id, starts_from=at(today, 0))
        ]
        # the week after the next one, or after what they have already: shifts are told more than seven days ahead
        last = max([today, *planned])
        monday = last + timedelta(days=14 - last.weekday())

        cycle = client.cycles.create(
            name=f"Nuits à partir du {monday:%d/%m}",
            site_id=site.id,
            post="Renfort de nuit",
            length_days=4,
            anchor_on=monday,
            slots=[
                CycleSlot(day=day, start="20:00", end="06:00", employee_id=guard.id, break_minutes=20)
                for guard, days in ((first, (1, 2)), (second, (3, 4)))
                for day in days
            ],
        )
        week = client.cycles.generate(cycle.id, first_on=monday, last_on=monday + timedelta(days=6)).shifts
        print(f"planned    {len(week)} nights of {site.name}")

        # one more, all or nothing with as many others as there are: too long for a day
        extra = client.shifts.create_many(
            shifts=[
                NewShift(
                    site_id=site.id,
                    employee_id=second.id,
                    post="Inventaire",
                    starts_at=at(monday, 7),
                    ends_at=at(monday, 20),
                    break_minutes=20,
                )
            ]
        ).shifts
        period = {"starts_from": at(monday, 0), "starts_before": at(monday + timedelta(days=7), 0)}
        for finding in client.shifts.check(**period, site_id=site.id).findings:
            print(
                f"found      {finding.code} ({finding.severity}): {finding.measured} of {finding.limit} {finding.unit}"
            )
        try:
            client.shifts.publish(ids=[shift.id for shift in (*week, *extra)])
        except UnprocessableError as refusal:
            print(f"refused    {refusal.problem.errors[0].message.partition(':')[0]}")
        client.shifts.cancel(extra[0].id)

        published = client.shifts.publish(ids=[shift.id for shift in week]).shifts
        print(f"published  {len(published)} shifts")
        taken = client.shifts.acknowledge(published[0].id)
        print(f"taken      {taken.status} by {first.staff_number}")

        calendar = client.shifts.calendar(employee_id=first.id, **period)
        if sys.argv[1:]:
            Path(sys.argv[1]).write_bytes(calendar)
        print(f"calendar   {calendar.count(b'BEGIN:VEVENT')} events")


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), PARIS)


if __name__ == "__main__":
    main()
