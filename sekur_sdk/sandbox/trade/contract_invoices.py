"""A contract's months, billed from the hours that were worked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sekur_sdk.models.billing import LineKind
from sekur_sdk.models.scalars import Rate
from sekur_sdk.rules.billed_hours import (
    HOURLY,
    UnpricedHoursError,
    billed_hours,
    billing_period,
    share_of_period,
    units,
)
from sekur_sdk.rules.civil_time import Span, days
from sekur_sdk.rules.invoicing import AmountTooLargeError, make_line, total
from sekur_sdk.rules.public_holidays import HolidayCalendar, region_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import clients, contracts, duties, sites
from sekur_sdk.sandbox.trade.billing import french_day, party_of, refuse_backwards
from sekur_sdk.sandbox.trade.contracts import DATES, LIFE
from sekur_sdk.sandbox.trade.duties import IN_SERVICE
from sekur_sdk.sandbox.trade.invoices import billed, draft_invoice, spoken
from sekur_sdk.sandbox.trade.references import get as find
from sekur_sdk.sandbox.trade.steps import step
from sekur_sdk.sandbox.trade.worked_time import worked_by_employee

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sekur_sdk.models.billing import Invoice, Line
    from sekur_sdk.models.contracts import Contract, ContractPrice
    from sekur_sdk.sandbox.inputs.contracts import ContractInvoice
    from sekur_sdk.sandbox.store.writer import Transaction

_ONE_DAY = timedelta(days=1)


def invoice_contract(tx: Transaction, contract: Contract, data: ContractInvoice) -> Invoice:
    """A draft invoice of the hours worked at the contract's site in a period, and of its flat prices for that part of it."""
    step(LIFE, "contract", contract, "invoice")
    start, last = data.period_start, data.period_end
    _check_period(tx, contract, start, last)
    billing = billed(tx, _sharing(tx, contract), start, last)
    if billing is not None:
        raise RefusalError(
            409,
            f"The invoice {spoken(billing)} is for days of that period already.",
            allowed=LIFE[contract.status],
            current=contract,
        )
    try:
        lines = (*_hour_lines(tx, contract, start, last), *_flat_lines(contract, start, last))
        totals = total(lines)
    except UnpricedHoursError as error:
        raise _cannot(contract, f"The contract has no price for the {error.kind} hours of that period.") from error
    except AmountTooLargeError as error:
        raise _cannot(contract, f"The period comes to {error}.") from error
    if not lines:
        raise _cannot(contract, "Nothing was worked in that period, and the contract has no flat price.")
    client = find(tx.connection, clients, contract.client_id, "client")
    return draft_invoice(
        tx,
        contract_id=contract.id,
        client_id=client.id,
        site_id=contract.site_id,
        buyer=party_of(client),
        title=contract.title,
        lines=lines,
        totals=totals,
        period_start=start,
        period_end=last,
    )


def _sharing(tx: Transaction, contract: Contract) -> list[str]:
    """The contracts whose invoices bill the same: itself, and where it bills hours all that bill those of its site."""
    others = contracts.all(tx.connection, contracts.table.c.site_id == contract.site_id) if _is_hourly(contract) else []
    return [contract.id, *(other.id for other in others if _is_hourly(other))]


def _is_hourly(contract: Contract) -> bool:
    return any(price.kind in HOURLY for price in contract.prices)


def _check_period(tx: Transaction, contract: Contract, start: date, last: date) -> None:
    refuse_backwards(start, last)
    if start < contract.starts_on:
        raise rule_broken("$.period_start", "Before the contract starts")
    if last > (contract.ends_on or DATES[1]):
        raise rule_broken("$.period_end", "After the contract ends")
    if last > french_day(tx.now):
        raise rule_broken("$.period_end", "Not in the future: hours are billed once they were worked")
    if last > billing_period(start, contract.billing_period)[1]:
        raise rule_broken("$.period_end", f"An invoice of this contract is for days of one {contract.billing_period}")


def _hour_lines(tx: Transaction, contract: Contract, start: date, last: date) -> Iterator[Line]:
    prices = {price.kind: price for price in contract.prices if price.kind in HOURLY}
    if not prices:
        return
    site = find(tx.connection, sites, contract.site_id, "site")
    zone, calendar = ZoneInfo(site.time_zone), HolidayCalendar(region_of(site.time_zone, site.address))
    worked = _worked(tx, contract, days(start, last + _ONE_DAY, zone))
    for kind, quantity in billed_hours(worked, prices, calendar=calendar, zone=zone).items():
        yield _line(prices[kind], quantity)


def _flat_lines(contract: Contract, start: date, last: date) -> Iterator[Line]:
    share = share_of_period(start, last, contract.billing_period)
    for price in contract.prices:
        if price.kind == LineKind.FLAT:
            quantity = units(price.quantity or Rate(1), share)
            if quantity > 0:
                yield _line(price, quantity)


def _line(price: ContractPrice, quantity: Rate) -> Line:
    return make_line(
        kind=price.kind,
        description=price.description,
        quantity=quantity,
        unit_price=price.unit_price,
        vat_rate=price.vat_rate,
    )


def _worked(tx: Transaction, contract: Contract, period: Span) -> list[Span]:
    """The time that was worked at the site within the period: a break counts where it is paid, at posts that say so.

    An agent who stays at the post works (C. trav. art. L3121-2), and what is worked and paid is what the client has had.

    Raises:
        RefusalError: 409, somebody's duty is not over.
    """
    table = duties.table
    found = duties.all(
        tx.connection,
        table.c.site_id == contract.site_id,
        table.c.started_at < period.end,
        (table.c.ended_at > period.start) | table.c.ended_at.is_(None),
    )
    for duty in found:
        if duty.status in IN_SERVICE:
            raise _cannot(contract, f"The duty {duty.id} of that period is not over: end it first.")
    here = worked_by_employee(tx.connection, period, None, site_id=contract.site_id)
    return [
        part
        for worked in here.values()
        for stretch in worked.stretches
        if (part := stretch.span.clipped(period)) is not None
    ]


def _cannot(contract: Contract, detail: str) -> RefusalError:
    return RefusalError(409, detail, allowed=LIFE[contract.status], current=contract)
