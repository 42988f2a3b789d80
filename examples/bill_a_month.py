"""Bill last month from the hours that were worked: contract, duties, draft, invoice, a credit note, the payment.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/bill_a_month.py`.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sekur_sdk import ConflictError, CreditedLine, NewPrice, SekurClient

PARIS = ZoneInfo("Europe/Paris")
AGREED = (("day", "24.95"), ("night", "27.45"), ("sunday", "29.90"), ("holiday", "49.90"))


def main() -> None:
    last = datetime.now(PARIS).date().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    with SekurClient.from_env() as client:
        customer = client.clients.create(name="Entrepôts Exemplaires", billing_address="2 quai d'Essai, 69002 Lyon")
        site = client.sites.create(name="Quai d'Essai", client_id=customer.id, address="2 quai d'Essai, 69002 Lyon")
        contract = client.contracts.create(
            client_id=customer.id,
            site_id=site.id,
            title="Surveillance du quai",
            prices=[
                *(
                    NewPrice(kind=kind, description=f"Heures {kind}", unit_price=Decimal(price))
                    for kind, price in AGREED
                ),
                NewPrice(kind="flat", description="Mise à disposition d'un PTI", unit_price=35, quantity=2),
            ],
            starts_on=first,
        )
        contract = client.contracts.sign(contract.id)
        print(f"contract  {contract.number} {contract.status}")

        guard = client.employees.create(
            staff_number=f"E{secrets.randbelow(10**6):06}",
            first_name="Camille",
            last_name="Exemplaire",
            job_title="Agent de sécurité",
            coefficient=130,
            hired_on=first,
        )
        for night in (first, first + timedelta(days=7)):
            work(client, guard.id, site.id, night)
        print(f"worked    {len(list(client.duties.list(site_id=site.id)))} nights")

        draft = client.contracts.invoice(contract.id, period_start=first, period_end=last)
        hours = ", ".join(f"{line.quantity.normalize():f} {line.kind}" for line in draft.lines)
        print(f"draft     {hours}")
        invoice = client.invoices.send(client.invoices.issue(draft.id).id)
        print(f"invoice   {invoice.number} {invoice.totals.gross} EUR incl. VAT, due on {invoice.due_on}")

        try:
            client.contracts.invoice(contract.id, period_start=first, period_end=last)
        except ConflictError as refusal:
            # a period is billed once
            print(f"refused   {refusal}")

        note = client.invoices.credit(invoice.id, reason="Une heure de trop", lines=[CreditedLine(line=1, quantity=1)])
        print(f"credit    {note.number} {note.totals.gross} EUR incl. VAT")
        left = client.invoices.get(invoice.id).balance
        client.payments.create(invoice_id=invoice.id, amount=left, method="transfer", status="confirmed")
        print(f"{client.invoices.get(invoice.id).status}      {left} EUR")


def work(client: SekurClient, employee_id: str, site_id: str, night: date) -> None:
    """A duty from 19:00 to 07:00 of the next day with a break of half an hour."""
    starts = datetime(night.year, night.month, night.day, 19, tzinfo=PARIS)
    duty = client.duties.start(employee_id=employee_id, site_id=site_id, started_at=starts)
    client.duties.start_break(duty.id, at=starts + timedelta(hours=6))
    client.duties.end_break(duty.id, at=starts + timedelta(hours=6, minutes=30))
    client.duties.end(duty.id, at=starts + timedelta(hours=12))


if __name__ == "__main__":
    main()
