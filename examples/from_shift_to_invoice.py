"""Plan a night, write the logbook, quote it and issue the invoice.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/from_shift_to_invoice.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sekur_sdk import NewLine, SekurClient
from sekur_sdk.models import Party

PARIS = ZoneInfo("Europe/Paris")


def main() -> None:
    with SekurClient.from_env() as client:
        site = next(iter(client.sites.list(status="active")))
        guard = next(iter(client.employees.list(status="active")))
        # ten days after all that the guard has been given so far
        planned = [shift.starts_at for shift in client.shifts.list(employee_id=guard.id)]
        last = max([datetime.now(PARIS), *planned]).astimezone(PARIS)
        night = last.replace(hour=20, minute=0, second=0, microsecond=0) + timedelta(days=10)

        shift = client.shifts.create(
            site_id=site.id,
            employee_id=guard.id,
            post="Rondier nuit",
            starts_at=night,
            ends_at=night + timedelta(hours=11),
            break_minutes=20,
        )
        (shift,) = client.shifts.publish(ids=[shift.id]).shifts
        print(f"shift    {shift.id} {shift.status}")

        entry = client.logbook.append(site.id, author_id=guard.id, category="consigne", text="Porte sud à vérifier")
        print(f"logbook  no. {entry.seq}")

        quote = client.quotes.create(
            buyer=Party(name=site.customer_name, address=site.address),
            title="Surveillance de nuit",
            lines=[NewLine(kind="night", description="Agent de sécurité", quantity=11, unit_price=Decimal("27.45"))],
            site_id=site.id,
        )
        client.quotes.send(quote.id)
        client.quotes.accept(quote.id)
        invoice = client.quotes.convert(quote.id, period_start=night.date(), period_end=night.date())
        invoice = client.invoices.issue(invoice.id)
        print(f"invoice  {invoice.number} {invoice.totals.net} EUR excl. VAT, {invoice.totals.gross} EUR incl. VAT")


if __name__ == "__main__":
    main()
