"""What a subscription to SEKUR costs, in euros excluding VAT (SEKUR terms art. 7 and 8).

The prices are in `data/price_list.json`. The terms may be revised for each new order (art. 7.2) and bear no date: `on` is
the day of the order.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import attrs
import msgspec

from sekur_sdk.rules.civil_time import PARIS, Span, add_months, days_touched
from sekur_sdk.rules.dated import Dated, in_force, read_data
from sekur_sdk.rules.invoicing import rounded, standard_vat_rate
from sekur_sdk.rules.packs import Pack, PackStrategy, Purchase, cheapest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo


class Training(StrEnum):
    """The trainings on sale; the online one is the mandatory minimum."""

    ONLINE_5H = "online_5h"
    TRAINER_3H = "trainer_3h"
    TRAINER_4H = "trainer_4h"
    TRAINER_8H = "trainer_8h"


class _PriceList(msgspec.Struct, forbid_unknown_fields=True):
    since: date
    source: str
    management_month: str
    young_month: str
    young_included_licences: int
    young_until_months: int
    licences: list[tuple[int, str]]
    overage_month: str
    overage_days: int
    prepaid_months: int
    commitment_months: int
    employee_files: list[tuple[int, str]]
    signatures: list[tuple[int, str]]
    trainings: dict[Training, str]
    mandatory_training: Training


@attrs.frozen(kw_only=True)
class SubscriptionPrice:
    """Euros excluding VAT.

    `monthly` for management and licences together; `year_prepaid` for 12 months paid at once (11 of them), `year_monthly`
    for 12 monthly payments.
    """

    licences: Purchase
    monthly: Decimal
    year_prepaid: Decimal
    year_monthly: Decimal


@attrs.frozen(kw_only=True)
class Taxed:
    """Euros excluding VAT, the VAT, and both."""

    net: Decimal
    vat: Decimal
    gross: Decimal


@cache
def _lists() -> tuple[Dated[_PriceList], ...]:
    return tuple(Dated(row.since, row, row.source) for row in read_data("price_list", list[_PriceList]))


def _prices(on: date) -> _PriceList:
    return in_force(_lists(), on).value


def _catalogue(rows: list[tuple[int, str]]) -> tuple[Pack, ...]:
    return tuple(Pack(size, Decimal(price)) for size, price in rows)


def licences(quantity: int, *, on: date, strategy: PackStrategy = PackStrategy.COMBINE) -> Purchase:
    """What so many licences cost a month. Source: SEKUR terms art. 7.1, "Tarif des licences collaborateurs".

    Raises:
        ValueError: a negative quantity.
    """
    return cheapest(_catalogue(_prices(on).licences), quantity, strategy)


def is_young_company(created_on: date, ordered_on: date) -> bool:
    """Whether a company is less than 3 years old on the day of its order, which is what the special price asks for.

    Read at the order and kept for its 12 months; at a renewal "à contenu identique" (art. 10.2) it is kept too. Source:
    SEKUR terms art. 7.1.
    """
    return ordered_on < add_months(created_on, _prices(ordered_on).young_until_months)


def subscription(
    quantity: int, *, on: date, young: bool = False, strategy: PackStrategy = PackStrategy.COMBINE
) -> SubscriptionPrice:
    """The subscription with so many licences; a young company's includes the pack of 5.

    Source: SEKUR terms art. 7.1: 12 months of commitment, paid monthly or for the year with one month free.

    Raises:
        ValueError: a negative quantity.
    """
    if quantity < 0:
        raise ValueError(f"a quantity is not negative: {quantity}")
    to_buy = max(quantity - included_licences(on=on, young=young), 0)
    return _with_licences(licences(to_buy, on=on, strategy=strategy), on, young=young)


def included_licences(*, on: date, young: bool = False) -> int:
    """The licences that the price of management includes. Source: SEKUR terms art. 7.1."""
    return _prices(on).young_included_licences if young else 0


def licence_sizes(*, on: date) -> tuple[int, ...]:
    """The sizes that packs of licences are sold in, the unit among them. Source: SEKUR terms art. 7.1."""
    return tuple(size for size, _ in _prices(on).licences)


def with_packs(packs: Mapping[int, int], *, on: date, young: bool = False) -> SubscriptionPrice:
    """The subscription with the packs that were ordered, so many of each size, whether cheapest or not.

    Source: SEKUR terms art. 7.1.

    Raises:
        ValueError: a size that is not sold, or a negative number of packs.
    """
    prices = {pack.size: pack.price for pack in _catalogue(_prices(on).licences)}
    if any(size not in prices or count < 0 for size, count in packs.items()):
        raise ValueError("packs of sizes that are sold, none below zero times")
    price = sum((prices[size] * count for size, count in packs.items()), Decimal(0))
    return _with_licences(Purchase(price, dict(packs)), on, young=young)


def _with_licences(bought: Purchase, on: date, *, young: bool) -> SubscriptionPrice:
    prices = _prices(on)
    monthly = Decimal(prices.young_month if young else prices.management_month) + bought.price
    return SubscriptionPrice(
        licences=bought,
        monthly=rounded(monthly),
        year_prepaid=rounded(monthly * prices.prepaid_months),
        year_monthly=rounded(monthly * prices.commitment_months),
    )


def overage_month(accounts: int, *, on: date) -> Decimal:
    """What so many accounts above the quota cost for a month. Source: SEKUR terms art. 7.1.

    Raises:
        ValueError: a negative number of accounts.
    """
    if accounts < 0:
        raise ValueError(f"a number of accounts is not negative: {accounts}")
    return rounded(Decimal(_prices(on).overage_month) * accounts)


def overage_days(days: int, *, on: date) -> Decimal:
    """What one account above the quota costs for so many days of a month: a thirtieth a day, a month's price at most.

    The terms allow activation by the day and name no price for it (art. 7.1): this is the advised reading.

    Raises:
        ValueError: a negative number of days.
    """
    if days < 0:
        raise ValueError(f"a number of days is not negative: {days}")
    prices = _prices(on)
    return rounded(Decimal(prices.overage_month) * min(days, prices.overage_days) / prices.overage_days)


def days_active(activations: Iterable[Span], zone: ZoneInfo = PARIS) -> int:
    """How many local days an account was active on; a day touched counts whole, and once. Source: advised reading."""
    return len({day for activation in activations for day in days_touched(activation, zone)})


def employee_files(quantity: int, *, on: date, strategy: PackStrategy = PackStrategy.COMBINE) -> Purchase:
    """What so many employee files (fiches collaborateurs) cost, paid once. Source: SEKUR terms art. 7.1.

    Raises:
        ValueError: a negative quantity.
    """
    return cheapest(_catalogue(_prices(on).employee_files), quantity, strategy)


def signatures(quantity: int, *, on: date, strategy: PackStrategy = PackStrategy.COMBINE) -> Purchase:
    """What so many electronic signatures cost; the terms don't say so, but these prices are taken to exclude VAT too.

    Source: SEKUR terms art. 7.1.

    Raises:
        ValueError: a negative quantity.
    """
    return cheapest(_catalogue(_prices(on).signatures), quantity, strategy)


def trainings(chosen: Iterable[Training], *, on: date) -> Decimal:
    """What trainings cost together, paid in advance with the order. Source: SEKUR terms art. 7.1 and 8.1.

    Raises:
        ValueError: the mandatory online training is missing.
    """
    prices, picked = _prices(on), tuple(chosen)
    if prices.mandatory_training not in picked:
        raise ValueError(f"the training {prices.mandatory_training} is mandatory")
    return rounded(sum((Decimal(prices.trainings[training]) for training in picked), Decimal(0)))


def with_vat(net: Decimal, *, on: date) -> Taxed:
    """A price with VAT at the standard rate. Source: SEKUR terms art. 7.3, CGI art. 278."""
    vat = rounded(net * standard_vat_rate(on))
    return Taxed(net=rounded(net), vat=vat, gross=rounded(net + vat))
