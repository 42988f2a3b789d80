"""Credit notes never exceed their invoice and add up to it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sekur_sdk.models.billing import InvoiceStatus, Line, LineKind
from sekur_sdk.rules.crediting import Credit, TooMuchCreditedError, credit, left_of
from sekur_sdk.rules.invoicing import Standing, make_line, total

LINES = st.lists(
    st.builds(
        lambda quantity, price, rate, discount: make_line(
            kind=LineKind.FLAT,
            description="x",
            quantity=Decimal(quantity) / 4,
            unit_price=Decimal(price) / 1000,
            vat_rate=Decimal(rate),
            discount_rate=Decimal(discount) / 100,
        ),
        st.integers(1, 400),
        st.integers(0, 90_000),
        st.sampled_from(["0.2", "0.1", "0.055", "0"]),
        st.integers(0, 100),
    ),
    min_size=1,
    max_size=4,
)


@given(lines=LINES, data=st.data())
def test_pieces_and_the_rest_add_up_to_the_invoice_to_the_cent(lines: list[Line], data: st.DataObject) -> None:
    totals = total(lines)
    assume(totals.gross > 0)
    earlier: list[Credit] = []
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        quantity = data.draw(st.integers(1, 400)) / Decimal(4)
        with suppress(TooMuchCreditedError):
            earlier.append(credit(lines, totals, earlier, {place: quantity}))
    with suppress(TooMuchCreditedError):  # where all of it was taken before
        earlier.append(credit(lines, totals, earlier))
    gross = sum((one.totals.gross for one in earlier), Decimal(0))
    assert gross <= totals.gross
    assert all(line.vat >= 0 and line.base >= 0 for one in earlier for line in one.totals.vat_lines)
    if all(line.quantity == 0 for line in left_of(lines, earlier)):
        assert gross == totals.gross
        assert sum((one.totals.vat for one in earlier), Decimal(0)) == totals.vat


@pytest.mark.parametrize(
    ("changes", "status", "balance"),
    [
        ({}, "issued", "120"),
        ({"is_sent": True}, "sent", "120"),
        ({"paid": "20", "is_sent": True}, "partially_paid", "100"),
        ({"paid": "120"}, "paid", "0"),
        ({"paid": "100", "credited": "20"}, "paid", "0"),
        ({"paid": "120", "credited": "20"}, "paid", "-20"),
        ({"credited": "120"}, "cancelled", "0"),
        ({"credited": "120", "paid": "120"}, "cancelled", "-120"),
        ({"is_disputed": True, "paid": "20", "late": True}, "disputed", "100"),
        ({"paid": "20", "late": True}, "overdue", "100"),
        ({"gross": "0", "late": True}, "paid", "0"),
    ],
)
def test_an_invoices_state_follows_from_what_is_known_of_it(
    changes: dict[str, object], status: str, balance: str
) -> None:
    money = {
        name: Decimal(str(changes.get(name, {"gross": "120"}.get(name, "0")))) for name in ("gross", "paid", "credited")
    }
    standing = Standing(
        **money,
        due_on=date(2026, 11, 7),
        is_sent=bool(changes.get("is_sent")),
        is_disputed=bool(changes.get("is_disputed")),
    )
    today = date(2026, 11, 8) if changes.get("late") else date(2026, 11, 7)
    assert (standing.status(today), standing.balance) == (InvoiceStatus(status), Decimal(balance))
