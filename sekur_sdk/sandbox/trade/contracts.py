"""Contracts with clients: drafted, signed, renewed, ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from sekur_sdk.models.billing import LineKind
from sekur_sdk.models.contracts import BillingPeriod, Contract, ContractPrice, ContractStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.scalars import Rate
from sekur_sdk.models.sites import SiteStatus
from sekur_sdk.rules.civil_time import add_months
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import contracts, sites
from sekur_sdk.sandbox.trade.billing import french_day, open_client, vat_rate
from sekur_sdk.sandbox.trade.invoices import billed, spoken
from sekur_sdk.sandbox.trade.quotes import LIFE as QUOTE_LIFE
from sekur_sdk.sandbox.trade.quotes import change_quote
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekur_sdk.models.billing import Quote
    from sekur_sdk.sandbox.inputs.contracts import (
        ContractCreate,
        ContractEnd,
        ContractUpdate,
        PriceGiven,
        QuoteToContract,
    )
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[ContractStatus] = {
    ContractStatus.DRAFT: {
        "update": ContractStatus.DRAFT,
        "sign": ContractStatus.SIGNED,
        "cancel": ContractStatus.CANCELLED,
    },
    ContractStatus.SIGNED: {"cancel": ContractStatus.CANCELLED},
    ContractStatus.ACTIVE: {"invoice": ContractStatus.ACTIVE, "end": ContractStatus.ENDED},
    ContractStatus.ENDED: {"invoice": ContractStatus.ENDED},
    ContractStatus.CANCELLED: {},
}
_ONE_DAY = timedelta(days=1)
DATES = (date(2000, 1, 1), date(2100, 12, 31))
"""Days outside are taken for slips of the pen."""


def create_contract(tx: Transaction, data: ContractCreate) -> Contract:
    """A new draft."""
    return _create(
        tx,
        client_id=data.client_id,
        site_id=data.site_id,
        title=data.title,
        prices=_prices(tx, data.prices),
        billing_period=BillingPeriod(data.billing_period),
        starts_on=data.starts_on,
        ends_on=data.ends_on,
        renewal_months=data.renewal_months,
    )


def convert_to_contract(tx: Transaction, quote: Quote, data: QuoteToContract) -> Contract:
    """A draft contract of an accepted quote, at its prices."""
    status = step(QUOTE_LIFE, "quote", quote, "convert-to-contract")
    client_id, site_id = data.client_id or quote.client_id, data.site_id or quote.site_id
    if client_id is None:
        raise rule_broken("$.client_id", "The quote names no client: the contract has to")
    if site_id is None:
        raise rule_broken("$.site_id", "The quote names no site: the contract has to")
    contract = _create(
        tx,
        client_id=client_id,
        site_id=site_id,
        quote_id=quote.id,
        title=quote.title,
        prices=_quoted(quote),
        billing_period=BillingPeriod(data.billing_period),
        starts_on=data.starts_on,
        ends_on=data.ends_on,
        renewal_months=data.renewal_months,
    )
    change_quote(tx, quote, status=status, contract_id=contract.id)
    return contract


def update_contract(tx: Transaction, contract: Contract, data: ContractUpdate) -> Contract:
    """The draft with the sent fields changed."""
    step(LIFE, "contract", contract, "update")
    changes: dict[str, Any] = data.changes()
    if not changes:
        return contract
    if "prices" in changes:
        changes["prices"] = _prices(tx, changes["prices"])
    if "billing_period" in changes:
        changes["billing_period"] = BillingPeriod(changes["billing_period"])
    _check_dates(attrs.evolve(contract, **changes))
    return _change(tx, contract, **changes)


def sign(tx: Transaction, contract: Contract, signed_on: date | None) -> Contract:
    """The contract, signed, and active once its first day is there."""
    status = step(LIFE, "contract", contract, "sign")
    today = french_day(tx.now)
    day = signed_on or today
    if day > today:
        raise rule_broken("$.signed_on", "A contract is not signed in the future")
    if contract.starts_on <= today:
        status = ContractStatus.ACTIVE
    return _change(tx, contract, status=status, signed_on=day)


def cancel(tx: Transaction, contract: Contract) -> Contract:
    """The contract, given up before it began."""
    return _change(tx, contract, status=step(LIFE, "contract", contract, "cancel"))


def end(tx: Transaction, contract: Contract, data: ContractEnd) -> Contract:
    """The contract with its last day, not renewed any more: over, or active until then."""
    status = step(LIFE, "contract", contract, "end")
    today = french_day(tx.now)
    day = data.ends_on or today
    if day < contract.starts_on:
        raise rule_broken("$.ends_on", "A contract does not end before it starts")
    if contract.ends_on is not None and day > contract.ends_on:
        raise rule_broken("$.ends_on", "Not after the end that was agreed")
    billing = billed(tx, [contract.id], day + _ONE_DAY, date.max)
    if billing is not None:
        raise RefusalError(
            409,
            f"Days after that are billed by {spoken(billing)}: discard or credit it first.",
            allowed=LIFE[contract.status],
            current=contract,
        )
    return _change(
        tx,
        contract,
        status=status if day <= today else contract.status,
        ends_on=day,
        renewal_months=None,
        end_reason=data.reason,
    )


def watch_contracts(tx: Transaction) -> None:
    """Let contracts begin, be renewed and end on their days."""
    today = french_day(tx.now)
    table = contracts.table
    begun = (table.c.status == ContractStatus.SIGNED, table.c.starts_on <= today)
    for contract in contracts.all(tx.connection, *begun):
        _change(tx, contract, status=ContractStatus.ACTIVE)
    over = (table.c.status == ContractStatus.ACTIVE, table.c.ends_on < today)
    for contract in contracts.all(tx.connection, *over):
        if contract.renewal_months is None:
            _change(tx, contract, status=ContractStatus.ENDED)
        else:
            _change(tx, contract, ends_on=_renewed(contract, contract.renewal_months, today))


def _renewed(contract: Contract, months: int, today: date) -> date:
    assert contract.ends_on is not None, "a contract that is renewed has an end"
    # counted from the day after the first end, so that ends of months of 28 to 31 days stay what they were
    first, count = contract.ends_on + _ONE_DAY, 0
    ends_on = contract.ends_on
    while ends_on < today:
        count += 1
        ends_on = add_months(first, months * count) - _ONE_DAY
    return ends_on


def _create(tx: Transaction, *, client_id: str, site_id: str, **fields: Any) -> Contract:
    client = open_client(tx, client_id)
    site = sites.find(tx.connection, site_id)
    if site is None:
        raise rule_broken("$.site_id", "There is no such site")
    if site.client_id not in (None, client.id):
        raise rule_broken("$.site_id", "The site is another client's")
    if site.status == SiteStatus.CLOSED:
        raise rule_broken("$.site_id", "The site is closed")
    year = french_day(tx.now).year
    contract = contracts.create(
        tx,
        number=f"CT-{year}-{tx.next_number(f'contract-{year}'):06d}",
        client_id=client_id,
        site_id=site_id,
        status=ContractStatus.DRAFT,
        **fields,
    )
    _check_dates(contract)
    tx.record(EventType.CONTRACT_CREATED, contract)
    return contract


def _change(tx: Transaction, contract: Contract, **changes: object) -> Contract:
    changed = contracts.update(tx, contract, **changes)
    tx.record(EventType.CONTRACT_UPDATED, changed)
    return changed


def _check_dates(contract: Contract) -> None:
    for name in ("starts_on", "ends_on"):
        day = getattr(contract, name)
        if day is not None and not DATES[0] <= day <= DATES[1]:
            raise rule_broken(f"$.{name}", f"A day from {DATES[0]} to {DATES[1]}")
    if contract.ends_on is not None and contract.ends_on < contract.starts_on:
        raise rule_broken("$.ends_on", "A contract does not end before it starts")
    if contract.renewal_months is not None and contract.ends_on is None:
        raise rule_broken("$.renewal_months", "A contract without an end is not renewed")


def _prices(tx: Transaction, sent: Sequence[PriceGiven]) -> tuple[ContractPrice, ...]:
    today = french_day(tx.now)
    prices: list[ContractPrice] = []
    for place, given in enumerate(sent):
        path, kind = f"$.prices[{place}]", LineKind(given.kind)
        flat = kind == LineKind.FLAT
        if given.unit_price < 0:
            raise rule_broken(f"{path}.unit_price", "A price is not negative")
        if given.quantity is not None and not flat:
            raise rule_broken(f"{path}.quantity", "Hours are counted, not agreed")
        if given.quantity is not None and given.quantity <= 0:
            raise rule_broken(f"{path}.quantity", "A quantity is above 0")
        if not flat and any(price.kind == kind for price in prices):
            raise rule_broken(f"{path}.kind", "Hours of one kind have one price")
        prices.append(
            ContractPrice(
                kind=kind,
                description=given.description,
                unit_price=given.unit_price,
                vat_rate=vat_rate(given.vat_rate, f"{path}.vat_rate", today),
                quantity=(given.quantity or Rate(1)) if flat else None,
            )
        )
    return tuple(prices)


def _quoted(quote: Quote) -> tuple[ContractPrice, ...]:
    kinds = [line.kind for line in quote.lines if line.kind != LineKind.FLAT]
    if len(set(kinds)) < len(kinds) or any(line.discount_rate or line.unit_price < 0 for line in quote.lines):
        raise RefusalError(
            409,
            "The quote has two prices for hours of one kind, or a discount: a contract has one plain price of each.",
            allowed=("convert",),
            current=quote,
        )
    return tuple(
        ContractPrice(
            kind=line.kind,
            description=line.description,
            unit_price=line.unit_price,
            vat_rate=line.vat_rate,
            quantity=line.quantity if line.kind == LineKind.FLAT else None,
        )
        for line in quote.lines
    )
