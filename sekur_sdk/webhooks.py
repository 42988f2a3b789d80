"""Webhooks: who sent it, and what it says, by the Standard Webhooks scheme (https://www.standardwebhooks.com, symmetric signatures)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from typing import TYPE_CHECKING

from sekur_sdk.client.errors import WebhookError
from sekur_sdk.client.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sekur_sdk.models.events import Event

TOLERANCE_S = 300.0
"""How far the sender's clock and the way may put a webhook from now, as the scheme advises."""

_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)


def verify(
    payload: bytes,
    headers: Mapping[str, str],
    secret: Secret | str | Iterable[Secret | str],
    *,
    tolerance_s: float = TOLERANCE_S,
    now: float | None = None,
) -> Event:
    """The event that a webhook carries, once its signature is found good.

    `payload` is the body as it came, byte for byte; `headers` in any case. `secret` is as the server gave it (`whsec_…`), or several while
    one is being replaced. `now` in seconds since 1970, that of the clock when None. Keep `headers["webhook-id"]`: the same webhook may
    come again, and has the same id.

    Raises:
        WebhookError: a header is missing, the signature is not good, it is too old or from the future, or the payload is no event.
        ValueError: `secret` is none.
    """
    found = {name.lower(): value for name, value in headers.items()}
    message_id, timestamp, signatures = (
        _header(found, name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):  # noqa: PLR2004  # beyond any calendar
        raise WebhookError("webhook-timestamp: no number of seconds")
    keys = [secret] if isinstance(secret, str | Secret) else list(secret)
    expected = [sign(payload, message_id, int(timestamp), key) for key in keys]
    if not expected:
        raise ValueError("secret: give one at least")
    if not _is_any_good(signatures, expected):
        raise WebhookError(
            "webhook-signature: not that of this payload; was it read as text, or is the secret another?"
        )
    age = (time.time() if now is None else now) - int(timestamp)
    if abs(age) > tolerance_s:
        where = "old" if age > 0 else "ahead of this machine's clock"
        raise WebhookError(f"webhook-timestamp: {abs(age):.0f} s {where}, more than {tolerance_s:g} s")
    return _read(payload)


def sign(payload: bytes, message_id: str, timestamp: int, secret: Secret | str) -> str:
    """The signature that goes into `webhook-signature`, as in `v1,g0hM9S…`; to test a receiver with.

    Raises:
        ValueError: `secret` is none.
    """
    signed = f"{message_id}.{timestamp}.".encode() + payload
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise WebhookError(f"{name}: the header is missing")
    return value


def _key(secret: Secret | str) -> bytes:
    text = secret.reveal() if isinstance(secret, Secret) else secret
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in _KEY_BYTES:
        raise ValueError("secret: give it as the server shows it, whsec_ and 24 to 64 bytes in base64")
    return key


def _is_any_good(signatures: str, expected: list[str]) -> bool:
    is_good = False
    for signature in signatures.split():
        for good in expected:
            # all of them are compared, so that the time taken tells nothing
            is_good |= hmac.compare_digest(signature.encode(), good.encode())
    return is_good


def _read(payload: bytes) -> Event:
    from sekur_sdk.wire import WireError  # noqa: PLC0415  # nothing is loaded for a forged one
    from sekur_sdk.wire.events import decode_event  # noqa: PLC0415  # as above

    try:
        return decode_event(payload)
    except WireError as error:
        raise WebhookError(f"the payload is no event: {error.path}: {error.reason}") from None
