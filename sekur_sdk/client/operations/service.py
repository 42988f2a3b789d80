"""The service itself: its health, and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import attrs

from sekur_sdk.client.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekur_sdk.client.secret import Secret


@attrs.frozen(kw_only=True)
class Health:
    """That the server answers, and which release it is."""

    status: str
    version: str


@attrs.frozen(kw_only=True)
class Grant:
    """An access token as the server grants it; `expires_in` is in seconds."""

    access_token: str = attrs.field(repr=False)
    token_type: str
    expires_in: int
    scope: str = ""


def health() -> Operation[Health]:
    """GET /health."""
    return Operation(method="GET", path="/health", answer=Health, is_repeatable=True, is_anonymous=True)


def token(client_id: str, client_secret: Secret, scopes: Sequence[str]) -> Operation[Grant]:
    """POST /oauth/token with client credentials (RFC 6749, 4.4)."""
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret.reveal()}
    if scopes:
        form["scope"] = " ".join(scopes)
    return Operation(
        method="POST",
        path="/oauth/token",
        body=urlencode(form).encode("ascii"),
        content_type="application/x-www-form-urlencoded",
        answer=Grant,
        is_repeatable=True,
        is_anonymous=True,
    )
