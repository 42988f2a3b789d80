"""The subscription to SEKUR: what was ordered, what is used, what it costs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.access import User, UserStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.scalars import Amount
from sekur_sdk.models.subscription import (
    LicencePack,
    Overage,
    OverageBilling,
    PackPurchase,
    Subscription,
    SubscriptionPrice,
    SubscriptionTerm,
)
from sekur_sdk.rules.civil_time import PARIS, Span, days, month_bounds
from sekur_sdk.rules.contract import anniversary, termination_deadline
from sekur_sdk.rules.packs import PackStrategy
from sekur_sdk.rules.subscription import (
    Training,
    days_active,
    employee_files,
    included_licences,
    is_young_company,
    licence_sizes,
    overage_days,
    overage_month,
    signatures,
    subscription,
    trainings,
    with_packs,
    with_vat,
)
from sekur_sdk.sandbox.problems import not_found, rule_broken
from sekur_sdk.sandbox.store import people_tables
from sekur_sdk.sandbox.store.orders import Order
from sekur_sdk.sandbox.store.records import orders, overages, users
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from decimal import Decimal

    from sekur_sdk.rules.packs import Purchase
    from sekur_sdk.rules.subscription import SubscriptionPrice as RulePrice
    from sekur_sdk.sandbox.inputs.subscription import PriceQuestion, SubscriptionUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

EARLIEST = date(2000, 1, 1)
LONGEST_AHEAD = timedelta(days=366)
"""How far ahead going live may be planned."""


def order_of(connection: sa.Connection) -> Order:
    """The organisation's order.

    Raises:
        RefusalError: 404, there is none.
    """
    order = orders.first(connection)
    if order is None:
        raise not_found("subscription")
    return order


def shown(connection: sa.Connection, order: Order, now: datetime) -> Subscription:
    """The subscription as it is at that moment."""
    today = french_day(now)
    price = price_of(order)
    deadline = termination_deadline(order.go_live_on, today=today)
    return Subscription(
        id=order.id,
        packs=order.packs,
        renewal_packs=order.renewal_packs,
        term=order.term,
        overage_billing=order.overage_billing,
        young=is_young(order),
        company_created_on=order.company_created_on,
        ordered_on=order.ordered_on,
        go_live_on=order.go_live_on,
        renews_on=deadline.anniversary,
        notice_by=deadline.safe,
        quota=quota(order),
        used=_used(connection),
        monthly_price=Amount(price.monthly),
        year_price=Amount(price.year_prepaid if order.term == SubscriptionTerm.YEARLY else price.year_monthly),
        overage_price=Amount(_overage_price(connection, now)),
        version=order.version,
        created_at=order.created_at,
        updated_at=order.updated_at,
    )


def quota(order: Order) -> int:
    """How many accounts may be active."""
    own = sum(pack.size * pack.count for pack in order.packs)
    return own + included_licences(on=order.ordered_on, young=is_young(order))


def is_young(order: Order) -> bool:
    """Whether the price for young companies holds: judged on the day of the order, and kept."""
    return order.company_created_on is not None and is_young_company(order.company_created_on, order.ordered_on)


def year_fee(order: Order) -> Decimal:
    """What is really due for 12 months: 11 months' price for who pays the year at once."""
    price = price_of(order)
    return price.year_prepaid if order.term == SubscriptionTerm.YEARLY else price.year_monthly


def update_subscription(tx: Transaction, order: Order, data: SubscriptionUpdate) -> Subscription:
    """The subscription with the sent fields changed: packs grow at once, and shrink at the next anniversary."""
    changes = typed(Order, {name: value for name, value in data.changes().items() if not name.endswith("packs")})
    for name in ("packs", "renewal_packs"):
        if name in data.changes():
            changes[name] = _packs(data.changes()[name], f"$.{name}", order)
    if not changes:
        return shown(tx.connection, order, tx.now)
    wanted = attrs.evolve(order, **changes)
    today = french_day(tx.now)
    _check_days(wanted, today)
    if "packs" in changes and quota(wanted) < quota(attrs.evolve(wanted, packs=order.packs)):
        raise rule_broken(
            "$.packs",
            f"Licences are committed until {anniversary(order.go_live_on, today)}: order fewer as renewal_packs",
        )
    if wanted.renewal_packs is not None and "renewal_packs" in changes:
        deadline = termination_deadline(wanted.go_live_on, today=today)
        if today > deadline.safe:
            raise rule_broken("$.renewal_packs", f"Too late for {deadline.anniversary}: told by {deadline.safe}")
    renews = None if wanted.renewal_packs is None else anniversary(wanted.go_live_on, today)
    return _change(tx, order, **changes, renewal_on=renews)


def renew(tx: Transaction) -> None:
    """Put the packs in force that were ordered for the anniversary, once it is there."""
    order = orders.first(tx.connection)
    if order is not None and order.renewal_on is not None and order.renewal_on <= french_day(tx.now):
        _change(tx, order, packs=order.renewal_packs, renewal_packs=None, renewal_on=None)


def watch_quota(tx: Transaction, user: User) -> None:
    """Note what a step of an account does to the quota: one activated beyond it is billed from now on.

    An account billed so is billed until it is active no more, or until another's end or an order makes room for it.
    """
    order = orders.first(tx.connection)
    if order is None:
        return
    if user.status != UserStatus.ACTIVE:
        table = overages.table
        mine = overages.first(tx.connection, table.c.user_id == user.id, table.c.ended_at.is_(None))
        if mine is not None:
            _end(tx, mine)
    _settle(tx, order, newest=user)


def price_question(question: PriceQuestion, on: date) -> SubscriptionPrice:
    """What a subscription would cost that is ordered on that day."""
    strategy = PackStrategy(question.strategy)
    price = subscription(question.licences, on=on, young=question.young, strategy=strategy)
    year = price.year_prepaid if question.term == "yearly" else price.year_monthly
    files = employee_files(question.employee_files, on=on, strategy=strategy)
    signed = signatures(question.signatures, on=on, strategy=strategy)
    try:
        training = trainings(map(Training, question.trainings), on=on) if question.trainings else Amount(0)
    except ValueError as error:
        raise rule_broken("$.trainings", str(error)) from error
    taxed = with_vat(year + files.price + signed.price + training, on=on)
    return SubscriptionPrice(
        licences=_purchase(price.licences),
        monthly=Amount(price.monthly),
        year=Amount(year),
        employee_files=_purchase(files),
        signatures=_purchase(signed),
        training=Amount(training),
        net=Amount(taxed.net),
        vat=Amount(taxed.vat),
        gross=Amount(taxed.gross),
    )


def price_of(order: Order) -> RulePrice:
    """What the order costs."""
    packs = {pack.size: pack.count for pack in order.packs}
    return with_packs(packs, on=order.ordered_on, young=is_young(order))


def _change(tx: Transaction, order: Order, **changes: object) -> Subscription:
    changed = orders.update(tx, order, **changes)
    _settle(tx, changed)
    view = shown(tx.connection, changed, tx.now)
    tx.record(EventType.SUBSCRIPTION_UPDATED, view)
    return view


def _settle(tx: Transaction, order: Order, *, newest: User | None = None) -> None:
    """Bill the newest accounts that the quota has no room for, and no more those that it has room for."""
    billed = overages.all(tx.connection, overages.table.c.ended_at.is_(None))
    over = max(_used(tx.connection) - quota(order), 0)
    for overage in billed[over:]:
        _end(tx, overage)
    if over <= len(billed):
        return
    known = {overage.user_id for overage in billed}
    active = users.all(tx.connection, users.table.c.status == UserStatus.ACTIVE, users.table.c.id.not_in(known))
    # one taken up again is the newest, whenever it was first activated
    active.sort(key=lambda user: (newest is not None and user.id == newest.id, user.activated_at or user.created_at))
    for user in active[len(billed) - over :]:
        overage = Overage(
            id=tx.new_id(overages.prefix), user_id=user.id, billing=order.overage_billing, started_at=tx.now
        )
        overages.insert(tx, overage, updated_at=tx.now)
    tx.record(EventType.QUOTA_EXCEEDED, shown(tx.connection, order, tx.now))


def _end(tx: Transaction, overage: Overage) -> None:
    table = overages.table
    tx.connection.execute(sa.update(table).where(table.c.id == overage.id).values(ended_at=tx.now, updated_at=tx.now))


def _used(connection: sa.Connection) -> int:
    account = people_tables.account
    count = sa.select(sa.func.count()).select_from(account).where(account.c.status == UserStatus.ACTIVE)
    return int(connection.execute(count).scalar_one())


def _overage_price(connection: sa.Connection, now: datetime) -> Decimal:
    today = french_day(now)
    month = days(*month_bounds(today), PARIS)
    table = overages.table
    found = overages.all(
        connection, table.c.started_at < month.end, sa.or_(table.c.ended_at.is_(None), table.c.ended_at >= month.start)
    )
    whole = {overage.user_id for overage in found if overage.billing == OverageBilling.MONTHLY}
    daily: dict[str, list[Span]] = {}
    for overage in found:
        if overage.user_id not in whole:
            start = max(overage.started_at, month.start)
            # a day touched is a day, even when the account was ended in the same moment
            end = max(overage.ended_at or now, start + timedelta(microseconds=1))
            daily.setdefault(overage.user_id, []).append(Span(start, end))
    by_day = (overage_days(days_active(spans), on=today) for spans in daily.values())
    return sum(by_day, overage_month(len(whole), on=today))


def _packs(sent: object, path: str, order: Order) -> tuple[LicencePack, ...] | None:
    if sent is None:
        return None
    assert isinstance(sent, list)
    sold = licence_sizes(on=order.ordered_on)
    sizes = [pack.size for pack in sent]
    for place, size in enumerate(sizes):
        if size not in sold:
            raise rule_broken(f"{path}[{place}].size", f"Packs are sold of {', '.join(map(str, sold))}")
        if size in sizes[:place]:
            raise rule_broken(f"{path}[{place}].size", "Packs of a size are told once, with their count")
    return tuple(LicencePack(size=pack.size, count=pack.count) for pack in sent)


def _check_days(order: Order, today: date) -> None:
    if order.ordered_on < EARLIEST:
        raise rule_broken("$.ordered_on", f"Not before {EARLIEST}")
    if order.ordered_on > today:
        raise rule_broken("$.ordered_on", "An order is not of the future")
    if order.go_live_on < order.ordered_on:
        raise rule_broken("$.go_live_on", "A service does not go live before it is ordered")
    if order.go_live_on > today + LONGEST_AHEAD:
        raise rule_broken("$.go_live_on", f"Within {LONGEST_AHEAD.days} days from now")
    if order.company_created_on is not None and order.company_created_on > order.ordered_on:
        raise rule_broken("$.company_created_on", "A company does not order before it is created")


def _purchase(bought: Purchase) -> PackPurchase:
    return PackPurchase(
        price=Amount(bought.price),
        packs=tuple(LicencePack(size=size, count=count) for size, count in bought.packs.items()),
    )
