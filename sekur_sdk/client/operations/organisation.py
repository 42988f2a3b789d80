"""The organisation that the token belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client.operation import get as read
from sekur_sdk.models.organisation import Organisation

if TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation


def get() -> Operation[Organisation]:
    """GET /organisation."""
    return read("/organisation", Organisation)
