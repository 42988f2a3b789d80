"""Put up checkpoints, plan a round over them, walk it with one scan made without network, and report what was found.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/walk_a_round.py`.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from sekur_sdk import SekurClient
from sekur_sdk.models import RoundMode, RoundSchedule


def main() -> None:
    with SekurClient.from_env() as client:
        site = next(iter(client.sites.list(status="active")))
        guard = next(iter(client.employees.list(status="active")))
        tags = [f"tag-{uuid.uuid4()}" for _ in range(3)]
        places = [
            client.checkpoints.create(site_id=site.id, name=f"Pointeau {number}", tag_kind="nfc", tag=tag)
            for number, tag in enumerate(tags, start=1)
        ]
        template = client.round_templates.create(
            site_id=site.id,
            name="Ronde d'exemple",
            mode=RoundMode.ORDERED,
            checkpoint_ids=[place.id for place in places],
            schedule=RoundSchedule(start_times=("22:00", "02:00")),
            expected_minutes=30,
        )
        planned = sum(1 for _ in client.rounds.list(template_id=template.id))
        print(f"planned     {planned} rounds of the next 24 hours")

        round_ = client.rounds.create(template_id=template.id, employee_id=guard.id)
        client.rounds.start(round_.id)
        client.rounds.scan(round_.id, uid=str(uuid.uuid4()), method="nfc", tag=tags[0])
        # a telephone whose clock is five minutes slow, in a cellar: it sends later what it read, with its clock as it sends
        slow = timedelta(minutes=5)
        late = client.rounds.scan(
            round_.id,
            uid=str(uuid.uuid4()),
            method="nfc",
            tag=tags[1],
            scanned_at=datetime.now(UTC) - slow,
            device_at=datetime.now(UTC) - slow,
        )
        print(f"mended      by {late.drift_s:.0f} s, in order: {late.order_ok}")
        client.rounds.scan(
            round_.id,
            uid=str(uuid.uuid4()),
            method="manual",
            checkpoint_id=places[2].id,
            manual_reason="Badge arraché",
            anomaly="Badge du pointeau 3 arraché.",
        )
        done = client.rounds.end(round_.id)
        print(f"round       {done.status}, {done.scanned} of {len(done.checkpoint_ids)}, {done.anomalies} anomaly")
        for entry in client.logbook.list(site.id, sort="-seq", page_size=2).page().items:
            print(f"logbook     {entry.category}: {entry.text}")
        client.round_templates.archive(template.id)


if __name__ == "__main__":
    main()
