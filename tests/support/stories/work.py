"""Stories of the work on site: planning, duties, logbook, rounds."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from sekur_sdk import (
    ConflictError,
    NewShift,
    UnprocessableError,
    models,
)
from stories.teller import NIGHT, Teller


class Work(Teller):
    """What is planned and what is done."""

    def planning(self, site, guard):
        shifts, hours = self.client.shifts, timedelta(hours=1)
        shift = self.run(shifts.create(site_id=site.id, post="PC", starts_at=NIGHT, ends_at=NIGHT + 12 * hours))
        with pytest.raises(UnprocessableError):
            self.run(shifts.update(shift.id, version=1, employee_id=guard.id, status="published"))
        self.run(self.client.cards.create(employee_id=guard.id, number="CAR-075-2099-01-31-20240999998"))
        shift = self.run(shifts.update(shift.id, version=1, employee_id=guard.id, status="published"))
        assert self.run(shifts.get(shift.id)) == shift
        self.run(shifts.acknowledge(shift.id))
        self.run(shifts.unassign(shift.id))
        self.run(shifts.assign(shift.id, employee_id=guard.id))
        other = self.run(
            self.client.employees.create(
                staff_number="M3",
                first_name="Léa",
                last_name="Vald",
                job_title="ADS",
                card_number="CAR-075-2099-01-31-20240999997",
            )
        )
        day = NIGHT + timedelta(days=30)
        new = [
            NewShift(site_id=site.id, post="PC", starts_at=day, ends_at=day + 8 * hours, employee_id=other.id),
            NewShift(site_id=site.id, post="PC", starts_at=day + 48 * hours, ends_at=day + 56 * hours),
        ]
        two = self.run(shifts.create_many(shifts=new)).shifts
        self.run(shifts.assign(two[1].id, employee_id=guard.id))
        assert self.run(shifts.check(ids=[one.id for one in two])).findings == ()
        assert len(self.run(shifts.publish(starts_from=day, starts_before=day + timedelta(days=3))).shifts) == 2
        swapped = self.run(shifts.swap(two[0].id, other_shift_id=two[1].id, agreed=True))
        assert (swapped.employee_id, swapped.status) == (guard.id, "acknowledged")
        self.run(shifts.cancel(two[1].id))
        self.run(shifts.no_show(shift.id))
        stand_in = self.run(shifts.replace(shift.id, employee_id=other.id, starts_at=NIGHT + 2 * hours))
        assert stand_in.replaces_id == shift.id
        file = f"site;poste;date;début;fin\n{site.id};PC;24/12/2026;19:00;07:00\n"
        [imported] = self.run(shifts.import_csv(file)).shifts
        assert imported.starts_at == datetime(2026, 12, 24, 18, tzinfo=UTC)
        assert self.run(shifts.calendar(site_id=site.id, starts_from=NIGHT)).count(b"BEGIN:VEVENT") == 4
        self.absences(guard)
        self.cycles(site)

    def absences(self, guard):
        absences, day = self.client.absences, NIGHT + timedelta(days=100)
        for end in (absences.approve, absences.refuse, absences.cancel):
            absence = self.run(
                absences.create(employee_id=guard.id, kind="conge_paye", starts_at=day, ends_at=day + timedelta(days=2))
            )
            absence = self.run(absences.update(absence.id, version=1, kind="formation", notes="SST"))
            absence = self.run(end(absence.id))
            assert self.run(absences.get(absence.id)) == absence
            day += timedelta(days=10)

    def cycles(self, site):
        slot = models.CycleSlot(day=1, start="20:00", end="06:00")
        cycle = self.run(
            self.client.cycles.create(
                name="Nuits", site_id=site.id, post="PC", length_days=2, anchor_on=date(2026, 12, 1), slots=[slot]
            )
        )
        cycle = self.run(self.client.cycles.update(cycle.id, version=1, name="Une nuit sur deux"))
        assert self.run(self.client.cycles.get(cycle.id)) == cycle
        days = {"first_on": date(2026, 12, 1), "last_on": date(2026, 12, 4)}
        assert len(self.run(self.client.cycles.generate(cycle.id, **days)).shifts) == 2
        assert self.run(self.client.cycles.generate(cycle.id, **days)).shifts == ()
        self.run(self.client.cycles.archive(cycle.id))
        with pytest.raises(ConflictError) as refusal:
            self.run(self.client.cycles.generate(cycle.id, **days))
        assert refusal.value.current.status == "archived"
        self.run(self.client.cycles.restore(cycle.id))

    def duties(self, site, guard):
        duty = self.run(self.client.duties.start(employee_id=guard.id, site_id=site.id, method="qr"))
        duty = self.run(self.client.duties.start_break(duty.id))
        duty = self.run(self.client.duties.end_break(duty.id))
        duty = self.run(self.client.duties.end(duty.id))
        assert self.run(self.client.duties.get(duty.id)) == duty
        started_at = duty.started_at - timedelta(minutes=10)
        corrected = self.run(self.client.duties.correct(duty.id, started_at=started_at, breaks=[], reason="Badge"))
        assert (corrected.started_at, corrected.corrections[0].started_at) == (started_at, duty.started_at)
        assert self.run(self.client.duties.validate(duty.id, by="Paie")).validated_by == "Paie"

    def logbook(self, site, guard):
        append = self.client.logbook.append
        first = self.run(append(site.id, author_id=guard.id, category="ronde", text="RAS", requires_ack=True))
        photo = self.run(self.client.attachments.upload(b"photo", name="p.jpg", content_type="image/jpeg"))
        second = self.run(
            append(
                site.id,
                author_id=guard.id,
                category="anomalie",
                text="Porte ouverte",
                title="Porte",
                persons=["Un passant"],
                called_services=[models.CalledService(name="Police", called_at=first.recorded_at)],
                location=models.EntryLocation(zone="Quai 3"),
                attachments=[photo.id],
                amends_id=first.id,
                shared_with_client=True,
            )
        )
        assert self.run(self.client.logbook.get(second.id)) == second
        assert self.side.collect(self.client.logbook.amendments(second.id)) == [first, second]
        assert self.run(self.client.logbook.acknowledge(first.id)).acknowledged_by is not None
        assert self.run(self.client.logbook.erase(second.id, reason="Demande RGPD")).text == ""
        verified = self.run(self.client.logbook.verify(site.id))
        # the erasure is an entry too
        assert (verified.seq, verified.broken) == (second.seq + 1, None)

    def rounds(self, site, guard):
        run, places, templates, rounds = (
            self.run,
            self.client.checkpoints,
            self.client.round_templates,
            self.client.rounds,
        )
        place = run(places.create(site_id=site.id, name="Quai", tag_kind="qr", tag=f"quai-{site.id}"))
        place = run(places.update(place.id, version=1, instructions="Fermer"))
        run(places.restore(run(places.archive(place.id)).id))
        schedule = models.RoundSchedule(start_times=("22:00",))
        template = run(
            templates.create(site_id=site.id, name="Nuit", checkpoint_ids=[place.id], mode="ordered", schedule=schedule)
        )
        template = run(templates.update(template.id, version=1, schedule=None))
        run(templates.restore(run(templates.archive(template.id)).id))
        assert run(templates.get(template.id)).schedule is None
        other = run(rounds.create(template_id=template.id, employee_id=guard.id))
        run(rounds.cancel(run(rounds.update(other.id, version=1, employee_id=None)).id))
        round_ = run(rounds.create(template_id=template.id, employee_id=guard.id))
        run(rounds.start(round_.id))
        scan = run(rounds.scan(round_.id, uid=f"u-{site.id}", method="qr", tag=f"quai-{site.id}"))
        assert run(self.client.scans.get(scan.id)) == scan
        assert run(rounds.report_anomaly(round_.id, text="Vitre brisée")).author_id == guard.id
        done = run(rounds.end(round_.id))
        assert (done.status, done.completion) == ("completed", 1)
        assert run(rounds.get(round_.id)) == done
        assert run(places.get(place.id)).tag_hash == scan.tag_hash

    def attachments(self, folder):
        content = b"photo" * 100
        file = folder / "porte.jpg"
        file.write_bytes(content)
        attachment = self.run(self.client.attachments.upload(file, content_type="image/jpeg"))
        assert attachment.sha256 == hashlib.sha256(content).hexdigest()
        assert self.run(self.client.attachments.get(attachment.id)) == attachment
        self.run(self.client.attachments.download(attachment.id, folder / "copie.jpg"))
        assert (folder / "copie.jpg").read_bytes() == content
