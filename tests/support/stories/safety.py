"""Stories of wearables and alarms, and of what is kept of people."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from sekur_sdk import (
    ConflictError,
    NewPosition,
    UnprocessableError,
    models,
)
from stories.teller import NIGHT, Teller


class Safety(Teller):
    """Alarms, places, privacy."""

    def alerts(self):
        first, second = self.sandbox.raise_alert("fall"), self.sandbox.raise_alert("sos")
        self.run(self.client.alerts.acknowledge(first.id, by="PC"))
        resolved = self.run(self.client.alerts.resolve(second.id, resolution="Fausse alerte", false_alarm=True))
        assert self.run(self.client.alerts.get(second.id)) == resolved

    def safety(self, site, guard):
        run, now = self.run, datetime.now(UTC)
        duty = run(self.client.duties.start(employee_id=guard.id, site_id=site.id))
        session = run(self.client.pti_sessions.open(duty_id=duty.id, heartbeat_s=60))
        run(self.client.pti_sessions.heartbeat(session.id))
        fix = models.Fix(lat=45.7, lon=4.8, fix_at=now, age_s=1.0, source="gnss")
        raised = {"uid": str(uuid.uuid4()), "kind": "sos", "duty_id": duty.id, "fix": fix, "silent": True}
        alert = run(self.client.alerts.create(**raised))
        assert run(self.client.alerts.create(**raised)) == alert
        run(self.client.alerts.escalate(alert.id, by="PC"))
        assert run(self.client.positions.last(guard.id)).alert_id == alert.id
        run(self.client.alerts.resolve(alert.id, resolution="RAS"))
        place = NewPosition(uid=str(uuid.uuid4()), lat=45.7, lon=4.8, fix_at=datetime.now(UTC), accuracy_m=5)
        assert run(self.client.positions.send(duty_id=duty.id, positions=[place])).stored == 1
        assert run(self.client.positions.send(duty_id=duty.id, positions=[place])).duplicates == 1
        assert run(self.client.positions.last(guard.id)).lat == place.lat
        early = attrs.evolve(place, uid=str(uuid.uuid4()), fix_at=NIGHT - timedelta(days=90))
        with pytest.raises(UnprocessableError) as refusal:
            run(self.client.positions.send(duty_id=duty.id, positions=[place, early]))
        assert [error.path for error in refusal.value.problem.errors] == ["$.positions[1].fix_at"]
        run(self.client.pti_sessions.end(session.id))
        run(self.client.duties.end(duty.id))
        assert run(self.client.pti_sessions.get(session.id)).status == "ended"
        with pytest.raises(ConflictError):
            run(self.client.positions.last(guard.id))

    def wearables(self):
        run, device = self.run, "dev_demo"
        expires_at = datetime.now(UTC) + timedelta(minutes=5)
        command = run(self.client.devices.send_command(device, kind="locate", expires_at=expires_at, args={"s": "30"}))
        assert run(self.client.devices.get_command(device, command.id)) == command
        assert self.side.collect(self.client.devices.commands(device, status="sent")) == [command]
        config = run(self.client.devices.configure(device, version=0, tilt_deg=50, silent_sos=True))
        config = run(self.client.devices.configure(device, version=config.version, tilt_deg=None))
        assert run(self.client.devices.get_config(device)) == config
        assert (config.settings.tilt_deg, config.settings.silent_sos) == (None, True)

    def privacy(self, guard):
        run = self.run
        export = run(self.client.privacy.export(employee_id=guard.id))
        assert run(self.client.privacy.get_export(export.id)) == export
        assert run(self.client.privacy.export_content(export.id)).startswith(b"PK")
        assert self.side.collect(self.client.privacy.exports(employee_id=guard.id)) == [export]
        with pytest.raises(ConflictError) as refusal:
            run(self.client.privacy.erase(employee_id=guard.id, reason="Demande"))
        assert refusal.value.current.id == guard.id
        run(self.client.employees.leave(guard.id))
        erasure = run(self.client.privacy.erase(employee_id=guard.id, reason="Demande"))
        assert run(self.client.privacy.get_erasure(erasure.id)) == erasure
        assert self.side.collect(self.client.privacy.erasures()) == [erasure]
        assert run(self.client.employees.get(guard.id)).status == "erased"
        assert self.side.collect(self.client.privacy.audit(employee_id=guard.id))
        assert run(self.client.privacy.purge(dry_run=True)).dry_run
