"""Payments of invoices, and what late ones cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.models.billing import Invoice, LatePenalty, Payment, PaymentMethod, PaymentStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.scalars import Amount, Rate
from sekur_sdk.rules.invoicing import AmountTooLargeError, late_penalty, late_rate, recovery_fee, rounded
from sekur_sdk.sandbox.paging import bad_parameter
from sekur_sdk.sandbox.problems import RefusalError, forbidden_step, rule_broken
from sekur_sdk.sandbox.store.records import invoices, payments
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.invoices import LIFE as INVOICE_LIFE
from sekur_sdk.sandbox.trade.invoices import restate
from sekur_sdk.sandbox.trade.references import get as find
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from datetime import date

    import sqlalchemy as sa

    from sekur_sdk.sandbox.inputs.billing import PaymentCreate, PaymentRefund
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[PaymentStatus] = {
    PaymentStatus.PENDING: {"confirm": PaymentStatus.CONFIRMED, "reject": PaymentStatus.REJECTED},
    PaymentStatus.CONFIRMED: {"reject": PaymentStatus.REJECTED, "refund": PaymentStatus.REFUNDED},
    PaymentStatus.REJECTED: {},
    PaymentStatus.REFUNDED: {},
}


def create_payment(tx: Transaction, data: PaymentCreate) -> Payment:
    """A payment for an invoice, of no more than what is left of it and of what is pending."""
    named(tx.connection, invoices, data.invoice_id, "$.invoice_id", "invoice")
    invoice = find(tx.connection, invoices, data.invoice_id, "invoice")
    step(INVOICE_LIFE, "invoice", invoice, "pay")
    if data.amount <= 0:
        raise rule_broken("$.amount", "An amount is above 0")
    pending = [payment.amount for payment in _of(tx.connection, invoice.id, PaymentStatus.PENDING)]
    left = invoice.balance - sum(pending, Amount(0))
    if data.amount > left:
        raise rule_broken("$.amount", f"More than what is left to pay, pending payments set apart: {left} euros")
    paid_on = data.paid_on or french_day(tx.now)
    _refuse_future(tx, "$.paid_on", paid_on)
    payment = payments.create(
        tx,
        invoice_id=invoice.id,
        amount=data.amount,
        method=PaymentMethod(data.method),
        paid_on=paid_on,
        reference=data.reference,
        refunded=Amount(0),
        status=PaymentStatus(data.status),
    )
    tx.record(EventType.PAYMENT_CREATED, payment)
    _settle(tx, invoice)
    return payment


def confirm(tx: Transaction, payment: Payment, paid_on: date | None) -> Payment:
    """The payment, come."""
    status = step(LIFE, "payment", payment, "confirm")
    day = paid_on or payment.paid_on
    _refuse_future(tx, "$.paid_on", day)
    invoice = find(tx.connection, invoices, payment.invoice_id, "invoice")
    if payment.amount > invoice.balance:
        raise RefusalError(
            409,
            "The payment is more than what is left of its invoice by now.",
            allowed=("reject",),
            current=payment,
        )
    return _change(tx, payment, status=status, paid_on=day)


def reject(tx: Transaction, payment: Payment, reason: str) -> Payment:
    """The payment that did not come, or that the bank took back; one that was refunded in part is refunded."""
    status = step(LIFE, "payment", payment, "reject")
    if payment.refunded:
        raise RefusalError(409, "A part of the payment was given back already.", allowed=("refund",), current=payment)
    return _change(tx, payment, status=status, reason=reason)


def refund(tx: Transaction, payment: Payment, data: PaymentRefund) -> Payment:
    """The payment, given back in whole or in part; it is refunded once nothing is left of it."""
    status = step(LIFE, "payment", payment, "refund")
    left = payment.amount - payment.refunded
    amount = left if data.amount is None else data.amount
    if not 0 < amount <= left:
        raise rule_broken("$.amount", f"Above 0 and no more than what is left of the payment: {left} euros")
    day = data.refunded_on or french_day(tx.now)
    _refuse_future(tx, "$.refunded_on", day)
    if day < payment.paid_on:
        raise rule_broken("$.refunded_on", "Money is not given back before it came")
    return _change(
        tx,
        payment,
        status=status if amount == left else payment.status,
        refunded=Amount(payment.refunded + amount),
        refunded_on=day,
        reason=data.reason,
    )


def penalty_of(connection: sa.Connection, invoice: Invoice, *, today: date, on: date | None) -> LatePenalty:
    """What the late payment of an invoice costs by a day, today unless told: of each payment that came late, and of what is left.

    Raises:
        RefusalError: 409 for an invoice that was not issued, 400 for a day too far.
    """
    if invoice.issued_on is None or invoice.due_on is None:
        raise forbidden_step("invoice", invoice.status, INVOICE_LIFE[invoice.status], invoice)
    day, due_on = on or today, invoice.due_on
    parts = [
        (payment.amount - payment.refunded, min(payment.paid_on, day))
        for payment in _of(connection, invoice.id, PaymentStatus.CONFIRMED)
    ]
    parts.append((max(invoice.balance, Amount(0)), day))
    late = [(amount, paid_on) for amount, paid_on in parts if amount > 0 and paid_on > due_on]
    try:
        penalty = sum(
            (late_penalty(amount, due_on=due_on, paid_on=paid_on) for amount, paid_on in late), start=Amount(0)
        )
        return LatePenalty(
            invoice_id=invoice.id,
            on=day,
            due_on=due_on,
            days_late=max(((paid_on - due_on).days for _, paid_on in late), default=0),
            balance=invoice.balance,
            rate=Rate(late_rate(due_on)),
            penalty=rounded(penalty),
            recovery_fee=recovery_fee(due_on) if late else Amount(0),
        )
    except AmountTooLargeError as error:
        raise bad_parameter("on", str(error)) from error


def _of(connection: sa.Connection, invoice_id: str, status: PaymentStatus) -> list[Payment]:
    table = payments.table
    return payments.all(connection, table.c.invoice_id == invoice_id, table.c.status == status)


def _change(tx: Transaction, payment: Payment, **changes: object) -> Payment:
    changed = payments.update(tx, payment, **changes)
    tx.record(EventType.PAYMENT_UPDATED, changed)
    _settle(tx, find(tx.connection, invoices, payment.invoice_id, "invoice"))
    return changed


def _settle(tx: Transaction, invoice: Invoice) -> None:
    """Restate an invoice whose confirmed payments have changed."""
    counted = _of(tx.connection, invoice.id, PaymentStatus.CONFIRMED)
    paid = Amount(sum((payment.amount - payment.refunded for payment in counted), Amount(0)))
    if paid != invoice.paid:
        restate(tx, invoice, paid=paid)


def _refuse_future(tx: Transaction, path: str, day: date) -> None:
    if day > french_day(tx.now):
        raise rule_broken(path, "Not in the future: it is told once it is there")
