"""Take alerts in charge as they come: those that are open already, then each that is raised or escalated.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/watch_and_acknowledge_alerts.py`. With a number it ends after so many alerts; `--drill` raises a test alert first.
"""

from __future__ import annotations

import argparse
import uuid
from itertools import chain

from sekur_sdk import ConflictError, SekurClient
from sekur_sdk.models import Alert


def main(count: int | None, *, drill: bool) -> None:
    taken = 0
    with (
        SekurClient.from_env() as client,
        # before the list is read: what is raised meanwhile is not missed
        client.events.stream(types=["alert.opened", "alert.escalated"]) as events,
    ):
        if drill:
            guard = next(iter(client.employees.list(status="active")))
            client.alerts.create(uid=str(uuid.uuid4()), kind="test", employee_id=guard.id)
        waiting = (client.alerts.list(status=status) for status in ("escalated", "open"))
        for alert in chain(*waiting, (event.subject for event in events)):
            if not isinstance(alert, Alert):
                continue
            try:
                client.alerts.acknowledge(alert.id, by="Poste central")
            except ConflictError:
                # somebody else has it
                continue
            print(f"acknowledged {alert.kind} of {alert.occurred_at:%H:%M:%S}, level {alert.escalation_level}")
            taken += 1
            if taken == count:
                return


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take alerts in charge as they come.")
    parser.add_argument("count", type=int, nargs="?", help="end after so many alerts")
    parser.add_argument("--drill", action="store_true", help="raise a test alert first")
    options = parser.parse_args()
    main(options.count, drill=options.drill)
