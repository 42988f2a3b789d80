"""Write an entry with a photo into a site's logbook, correct it by an amendment, and acknowledge it.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/append_logbook_with_photo.py [PHOTO]`; without a photo it sends a single grey pixel.
"""

from __future__ import annotations

import base64
import sys
from datetime import UTC, datetime, timedelta

from sekur_sdk import SekurClient, UnprocessableError
from sekur_sdk.models import CalledService, EntryLocation, LogbookCategory, Severity

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAICAgAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==")


def main() -> None:
    with SekurClient.from_env() as client:
        site = next(iter(client.sites.list(status="active")))
        guard = next(iter(client.employees.list(status="active")))
        if len(sys.argv) > 1:
            photo = client.attachments.upload(sys.argv[1])
        else:
            photo = client.attachments.upload(PIXEL, name="porte-sud.gif", content_type="image/gif")
        print(f"photo         {photo.size} bytes, SHA-256 {photo.sha256[:12]}")

        seen_at = datetime.now(UTC) - timedelta(minutes=20)
        entry = client.logbook.append(
            site.id,
            author_id=guard.id,
            category=LogbookCategory.INTRUSION,
            severity=Severity.HIGH,
            title="Porte sud forcée",
            text="Porte sud forcée, personne sur place à l'arrivée.",
            occurred_at=seen_at,
            measures="Périmètre contrôlé, porte condamnée.",
            called_services=[CalledService(name="Police nationale", called_at=seen_at + timedelta(minutes=2))],
            location=EntryLocation(zone="Accès sud"),
            attachments=[photo.id],
            shared_with_client=True,
            requires_ack=True,
        )
        print(f"entry         number {entry.seq}, hash {entry.hash[:12]}")

        try:
            client.logbook.append(site.id, author_id=guard.id, category="autre", text="?", attachments=[photo.id])
        except UnprocessableError as refusal:
            # a file is one entry's
            print(f"refused       {refusal.problem.errors[0].path}")

        amendment = client.logbook.append(
            site.id,
            author_id=guard.id,
            category=LogbookCategory.INTRUSION,
            text="Il s'agit de la porte nord.",
            amends_id=entry.id,
        )
        told = [one.text for one in client.logbook.amendments(entry.id)]
        print(
            f"amendment     number {amendment.seq}; {len(told)} texts, the first still as it was: {told[0] == entry.text}"
        )

        read = client.logbook.acknowledge(entry.id, by="Chef de poste")
        left = sum(1 for _ in client.logbook.list(site.id, to_acknowledge=True))
        print(f"acknowledged  at {read.acknowledged_at:%H:%M:%S}; {left} others wait")


if __name__ == "__main__":
    main()
