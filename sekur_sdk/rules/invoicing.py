"""Amounts, VAT and legal mentions of quotes and invoices.

Dated values are in `data/invoicing.json`, each with its source.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.models.billing import InvoiceStatus, Line, LineKind, Totals, VatLine
from sekur_sdk.models.scalars import MAX_DIGITS, Amount, Rate
from sekur_sdk.rules.dated import decimal_tables, in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekur_sdk.rules.dated import Dated

CENT = Decimal("0.01")
MAX_AMOUNT = Decimal(10) ** (MAX_DIGITS - 2) - CENT
"""The largest amount that the wire carries."""


class AmountTooLargeError(ValueError):
    """A sum that the wire can't carry: more than 12 digits."""


def _tables() -> dict[str, tuple[Dated[Decimal], ...]]:
    return decimal_tables("invoicing")


def standard_vat_rate(on: date) -> Decimal:
    """The standard rate of VAT, as a fraction (CGI art. 278)."""
    return Rate(in_force(_tables()["standard_vat_rate"], on).value)


def rounded(amount: Decimal) -> Decimal:
    """`amount` in euros, to the cent, halves away from zero.

    Raises:
        AmountTooLargeError: it has more digits than the wire carries.
    """
    if abs(amount) > MAX_AMOUNT:
        raise AmountTooLargeError(f"an amount of more than {MAX_AMOUNT} euros")
    return Amount(amount.quantize(CENT, ROUND_HALF_UP))


def make_line(
    *,
    kind: LineKind,
    description: str,
    quantity: Decimal,
    unit_price: Decimal,
    vat_rate: Decimal,
    discount_rate: Decimal = Decimal(0),
) -> Line:
    """A line with its amount: quantity (hours or units) times unit price (euros excluding VAT) less discount, to the cent.

    Raises:
        AmountTooLargeError: the amount has more digits than the wire carries.
    """
    return Line(
        kind=kind,
        description=description,
        quantity=Rate(quantity),
        unit_price=Rate(unit_price),
        vat_rate=Rate(vat_rate),
        discount_rate=Rate(discount_rate),
        amount=rounded(quantity * unit_price * (1 - discount_rate)),
    )


def total(lines: Iterable[Line]) -> Totals:
    """The sums of a document; the VAT of each rate is computed once, on the summed base (CGI ann. II art. 242 nonies A).

    Raises:
        AmountTooLargeError: a sum has more digits than the wire carries.
    """
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, Decimal(0)) + line.amount
    vat_lines = tuple(
        VatLine(rate=Rate(rate), base=rounded(base), vat=rounded(base * rate))
        for rate, base in sorted(bases.items(), reverse=True)
    )
    net = sum((line.base for line in vat_lines), Decimal(0))
    vat = sum((line.vat for line in vat_lines), Decimal(0))
    return Totals(net=rounded(net), vat=rounded(vat), gross=rounded(net + vat), vat_lines=vat_lines)


def due_date(issued_on: date) -> date:
    """When an invoice is due if the parties agreed on nothing (C. com. art. L441-10, I)."""
    return issued_on + timedelta(days=int(in_force(_tables()["payment_days"], issued_on).value))


def late_rate(on: date) -> Decimal:
    """The yearly rate of late penalties, as a fraction: the legal minimum (C. com. art. L441-10, II).

    The legal rate is set for each half-year; where the current one is not in the table yet, the last known one is taken.
    """
    legal = in_force(_tables()["legal_rate_between_professionals"], on).value
    return legal * in_force(_tables()["late_rate_multiple"], on).value


def late_penalty(gross: Decimal, *, due_on: date, paid_on: date) -> Decimal:
    """The penalty in euros for `gross` euros paid late, without the flat recovery fee; zero when paid in time."""
    days = max((paid_on - due_on).days, 0)
    return rounded(gross * late_rate(due_on) * days / 365)


def recovery_fee(on: date) -> Decimal:
    """The flat fee in euros that a late professional debtor owes (C. com. art. D441-5)."""
    return Amount(in_force(_tables()["recovery_fee"], on).value)


AUTHORISATION_NOTICE = (
    "L'autorisation d'exercice ne confère aucune prérogative de puissance publique à l'entreprise ou aux personnes qui "
    "en bénéficient."
)
"""To stand on each document of a private-security company (CSI art. L612-14 and L612-15)."""


def authorisation_note(authorisation_number: str) -> str:
    """The company's authorisation with the sentence that goes with it (CSI art. L612-14, L612-15)."""
    return f"Autorisation d'exercer n° {authorisation_number} délivrée par le CNAPS. {AUTHORISATION_NOTICE}"


def legal_notes(*, issued_on: date, authorisation_number: str) -> tuple[str, ...]:
    """The mentions that an issued invoice carries, in French.

    The first three are those of the French rules for invoices between companies (PMT, PMD, AAB; C. com. art. L441-9
    and L441-10), then the kind of operation and when its VAT falls due (CGI art. 269, 2 c; ann. II art. 242 nonies A), the
    last that of private security.
    """
    fee = _french(recovery_fee(issued_on))
    yearly = _french(late_rate(issued_on) * 100)
    return (
        f"Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : {fee} €.",
        (
            "Pénalités de retard exigibles sans rappel le jour suivant la date d'échéance, au taux annuel de "
            f"{yearly} % (trois fois le taux de l'intérêt légal)."
        ),
        "Pas d'escompte pour paiement anticipé.",
        "Catégorie de l'opération : prestation de services. TVA exigible à l'encaissement.",
        authorisation_note(authorisation_number),
    )


def credit_note_mentions(*, invoice_number: str, invoice_date: date, authorisation_number: str) -> tuple[str, ...]:
    """The mentions that a credit note carries, in French: first the invoice that it corrects (CGI ann. II art. 272, 1)."""
    return (
        f"Avoir sur la facture n° {invoice_number} du {invoice_date:%d/%m/%Y}.",
        authorisation_note(authorisation_number),
    )


@attrs.frozen(kw_only=True)
class Standing:
    """What is known of an issued invoice, in euros including VAT."""

    gross: Decimal
    paid: Decimal
    credited: Decimal
    due_on: date
    is_sent: bool
    is_disputed: bool

    @property
    def balance(self) -> Decimal:
        """What is left to pay; below 0, what is to be given back."""
        return rounded(self.gross - self.credited - self.paid)

    def status(self, today: date) -> InvoiceStatus:
        """The state that follows, by the first of these that holds.

        Cancelled by credit notes for all of it, paid, in dispute, overdue from the day after it was due, paid in part, sent.
        """
        if self.gross > 0 and self.credited >= self.gross:
            return InvoiceStatus.CANCELLED
        if self.balance <= 0:
            return InvoiceStatus.PAID
        if self.is_disputed:
            return InvoiceStatus.DISPUTED
        if self.due_on < today:
            return InvoiceStatus.OVERDUE
        if self.paid > 0:
            return InvoiceStatus.PARTIALLY_PAID
        return InvoiceStatus.SENT if self.is_sent else InvoiceStatus.ISSUED


def _french(value: Decimal) -> str:
    return f"{value.quantize(CENT, ROUND_HALF_UP)}".replace(".", ",")
