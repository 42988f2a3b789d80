"""Hand one wearable from a guard to the next at the relève, and see who wore it when.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/hand_over_a_device.py`.
"""

from __future__ import annotations

from sekur_sdk import SekurClient
from sekur_sdk.models import DutyStatus


def main() -> None:
    with SekurClient.from_env() as client:
        site = next(iter(client.sites.list(status="active")))
        device = client.devices.create(label="PTI d'exemple", model="Raspberry Pi Zero 2 W", site_id=site.id)
        busy = {
            duty.employee_id
            for status in (DutyStatus.OPEN, DutyStatus.ON_BREAK)
            for duty in client.duties.list(status=status)
        }
        free = [guard for guard in client.employees.list(status="active") if guard.id not in busy]
        leaving, coming = free[:2]

        draft = client.instructions.create(
            kind="site", site_id=site.id, title="Remise du PTI", text="Vérifier la batterie avant de prendre le PTI."
        )
        client.instructions.publish(draft.id)
        for instruction in (
            client.instructions.list(unread_by=coming.id, site_id=site.id, sort="-created_at", page_size=1).page().items
        ):
            client.instructions.acknowledge(instruction.id, employee_id=coming.id, edition=instruction.edition)
            print(f"read       {instruction.title}, edition {instruction.edition}")

        first = client.duties.start(employee_id=leaving.id, site_id=site.id, device_id=device.id)
        print(f"worn by    {leaving.staff_number} since {first.started_at:%H:%M:%S}")
        client.duties.end(first.id)
        client.logbook.append(
            site.id, author_id=leaving.id, category="releve", text=f"Relève, {device.label} transmis."
        )
        second = client.duties.start(employee_id=coming.id, site_id=site.id, device_id=device.id)
        print(f"worn by    {coming.staff_number} since {second.started_at:%H:%M:%S}")
        client.duties.end(second.id)

        history = [duty for duty in client.duties.list(site_id=site.id) if duty.device_id == device.id]
        print(f"history    {len(history)} duties with {device.label}")


if __name__ == "__main__":
    main()
