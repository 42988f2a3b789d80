"""What the subscription to SEKUR costs and is used of, what more accounts would cost, and what an outage gives back.

Start a server with `sekur sandbox serve`, set SEKUR_BASE_URL to its address and SEKUR_TOKEN to its token, and run
`python examples/check_the_subscription.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sekur_sdk import SekurClient

WANTED = 34
"""Accounts: dearer by one pack alone than by 30 and units."""


def main() -> None:
    with SekurClient.from_env() as client:
        now = client.subscription.get()
        print(f"used      {now.used} of {now.quota} accounts, {now.monthly_price} euros a month excluding VAT")
        print(f"renews    on {now.renews_on}; notice by {now.notice_by}")
        for strategy in ("combine", "single_pack"):
            price = client.subscription.price(licences=WANTED, strategy=strategy)
            print(f"price     {WANTED} accounts, {strategy}: {price.monthly} a month, {price.year} a year")

        ended = datetime.now(UTC).replace(microsecond=0)
        outage = client.availability_incidents.create(
            kind="outage", started_at=ended - timedelta(hours=30), ended_at=ended
        )
        report = client.availability_incidents.report()
        print(f"outage    {report.downtime_minutes:.0f} minutes, {report.allowance_minutes:.0f} are allowed a year")
        for penalty in report.penalties:
            print(f"penalty   {penalty.amount} euros, cap {report.cap} ({penalty.reading})")
        client.availability_incidents.withdraw(outage.id)


if __name__ == "__main__":
    main()
