"""The statuses of an electronic invoice: which may follow which, which the tax administration has to know.

Codes as in AFNOR XP Z12-012; 200, 210, 212 and 213 are those that platforms must pass on. That the others may be left out
is why most may follow the first one. The order itself is read from the meaning of the codes, not from a published table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.models.billing import EInvoiceCode as Code

if TYPE_CHECKING:
    from collections.abc import Mapping

MANDATORY: frozenset[Code] = frozenset({Code.SUBMITTED, Code.REFUSED, Code.PAID, Code.REJECTED})
"""Those that the tax administration has to be told by the platforms."""

WITH_REASON: frozenset[Code] = frozenset(
    {Code.PARTLY_APPROVED, Code.IN_DISPUTE, Code.SUSPENDED, Code.REFUSED, Code.REJECTED, Code.ROUTING_ERROR}
)
"""Those that say why."""

_TREATED = (
    Code.APPROVED,
    Code.PARTLY_APPROVED,
    Code.IN_DISPUTE,
    Code.SUSPENDED,
    Code.REFUSED,
    Code.PAYMENT_SENT,
    Code.PAID,
    Code.ENDORSED,
    Code.CANCELLED,
    Code.DIRECT_PAYMENT_ASKED,
    Code.FACTORED,
)
_ACCEPTED = (Code.IN_DISPUTE, Code.PAYMENT_SENT, Code.PAID, Code.CANCELLED, Code.DIRECT_PAYMENT_ASKED, Code.FACTORED)

SUCCESSIONS: Mapping[Code | None, tuple[Code, ...]] = {
    None: (Code.SUBMITTED,),
    Code.SUBMITTED: (
        Code.ISSUED,
        Code.RECEIVED,
        Code.AVAILABLE,
        Code.IN_HAND,
        *_TREATED,
        Code.REJECTED,
        Code.ROUTING_ERROR,
    ),
    Code.ISSUED: (Code.RECEIVED, Code.AVAILABLE, Code.IN_HAND, *_TREATED, Code.REJECTED, Code.ROUTING_ERROR),
    Code.ROUTING_ERROR: (Code.ISSUED, Code.RECEIVED, Code.AVAILABLE, Code.REJECTED, Code.CANCELLED),
    Code.RECEIVED: (Code.AVAILABLE, Code.IN_HAND, *_TREATED, Code.REJECTED),
    Code.AVAILABLE: (Code.IN_HAND, *_TREATED),
    Code.IN_HAND: _TREATED,
    Code.APPROVED: _ACCEPTED,
    Code.PARTLY_APPROVED: (Code.APPROVED, Code.REFUSED, *_ACCEPTED),
    Code.IN_DISPUTE: (Code.APPROVED, Code.PARTLY_APPROVED, Code.REFUSED, Code.PAYMENT_SENT, Code.PAID, Code.CANCELLED),
    Code.SUSPENDED: (Code.COMPLETED, Code.REFUSED, Code.CANCELLED),
    Code.COMPLETED: (Code.IN_HAND, *_TREATED),
    Code.ENDORSED: tuple(code for code in _TREATED if code != Code.ENDORSED),
    Code.DIRECT_PAYMENT_ASKED: tuple(code for code in _TREATED if code != Code.DIRECT_PAYMENT_ASKED),
    Code.FACTORED: (Code.IN_DISPUTE, Code.PAYMENT_SENT, Code.PAID, Code.CANCELLED),
    Code.PAYMENT_SENT: (Code.IN_DISPUTE, Code.PAID),
    # money may come in parts, each of which is told
    Code.PAID: (Code.PAYMENT_SENT, Code.PAID),
    Code.REFUSED: (),
    Code.REJECTED: (),
    Code.CANCELLED: (),
}
"""For each status (None before the first), those that may follow."""
