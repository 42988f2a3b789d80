"""Build a client's monthly report in French: hours planned and worked, rounds, logbook, invoices; as CSV, stored and shown to the client.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/client_month_report.py [2026-11]`; this month without one.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sekur_sdk import SekurClient, models

if TYPE_CHECKING:
    from collections.abc import Iterator

PARIS = ZoneInfo("Europe/Paris")
Row = tuple[str, str, str]


def main() -> None:
    first = date.fromisoformat(f"{sys.argv[1]}-01") if len(sys.argv) > 1 else datetime.now(PARIS).date().replace(day=1)
    start = datetime.combine(first, datetime.min.time(), PARIS)
    end = datetime.combine((first + timedelta(days=32)).replace(day=1), datetime.min.time(), PARIS)
    with SekurClient.from_env() as client:
        customer = next(iter(client.clients.list(status="active")))
        sites = list(client.sites.list(client_id=customer.id))
        rows = [row for site in sites for row in report(client, site, start, end)]
        print(f"client     {customer.name}, {first:%m/%Y}")
        print(f"report     {len(rows)} lines, sites: {len(sites)}")

        text = io.StringIO()
        # what a French spreadsheet opens: semicolons, and a mark that says UTF-8
        writer = csv.writer(text, delimiter=";")
        writer.writerows([("Site", "Rubrique", "Valeur"), *rows])
        content = text.getvalue().encode("utf-8-sig")
        name = f"rapport-{first:%Y-%m}.csv"
        stored = client.attachments.upload(content, name=name, content_type="text/csv")
        document = client.documents.create(
            attachment_id=stored.id,
            kind="other",
            title=f"Rapport mensuel {first:%m/%Y}",
            subject_kind="client",
            subject_id=customer.id,
        )
        client.shares.create(kind="report", subject_id=document.id)
        print(f"stored     {name}, {document.size} bytes, shown to the client's own people")


def report(client: SekurClient, site: models.Site, start: datetime, end: datetime) -> Iterator[Row]:
    """The lines of one site."""
    shifts = [
        shift
        for shift in client.shifts.list(site_id=site.id, starts_from=start, starts_before=end)
        if shift.status not in ("draft", "cancelled", "replaced")
    ]
    planned = sum((shift.ends_at - shift.starts_at for shift in shifts), timedelta())
    yield site.name, "Vacations planifiées", f"{len(shifts)} ({hours(planned)})"

    duties = list(client.duties.list(site_id=site.id, started_from=start, started_before=end))
    yield site.name, "Heures effectuées", hours(sum((worked(duty) for duty in duties), timedelta()))

    rounds = [
        made
        for made in client.rounds.list(site_id=site.id, planned_from=start, planned_before=end)
        if made.status in ("completed", "incomplete", "missed")
    ]
    done = sum(made.status == "completed" for made in rounds)
    yield site.name, "Rondes complètes", f"{done} sur {len(rounds)}"

    entries = list(client.logbook.list(site.id, occurred_from=start, occurred_before=end))
    for category, count in sorted(Counter(entry.category.value for entry in entries).items()):
        yield site.name, f"Main courante : {category.replace('_', ' ')}", str(count)
    for entry in entries:
        if entry.category in ("anomalie", "intrusion", "vol_degradation", "agression"):
            yield site.name, f"{entry.occurred_at.astimezone(PARIS):%d/%m %H:%M}", entry.text

    for invoice in client.invoices.list(site_id=site.id):
        if invoice.issued_on is not None and start.date() <= invoice.issued_on < end.date():
            yield site.name, f"Facture {invoice.number}", f"{invoice.totals.gross} € TTC"


def worked(duty: models.Duty) -> timedelta:
    """From start to end, without its breaks; until now for one that lasts."""
    end = duty.ended_at or datetime.now(UTC)
    breaks = sum(((pause.ended_at or end) - pause.started_at for pause in duty.breaks), timedelta())
    return end - duty.started_at - breaks


def hours(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60:02}"


if __name__ == "__main__":
    main()
