"""Text that a caller hands back and can neither read nor make: what a cursor holds may be somebody's name.

Encrypted by HMAC-SHA256 in counter mode, under a synthetic IV that authenticates it too (the construction of RFC 5297, its
ciphers replaced by HMAC: the standard library has no AES). The same text under the same key is sealed to the same, and its
length shows in steps of 64 bytes alone.
"""

from __future__ import annotations

import base64
import hmac
import secrets

import sqlalchemy as sa

from sekur_sdk.sandbox.store import safety_tables

_STEP = 64
_IV = 16
_NAME = "seal"


def seal(key: bytes, plain: bytes) -> str:
    """`plain`, which does not end in a space, sealed."""
    padded = plain.ljust(-(-len(plain) // _STEP) * _STEP)
    vector = _vector(key, padded)
    return base64.urlsafe_b64encode(vector + _crypt(key, vector, padded)).decode().rstrip("=")


def unseal(key: bytes, text: str) -> bytes:
    """What was sealed.

    Raises:
        ValueError: not sealed by this key.
    """
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    vector, hidden = raw[:_IV], raw[_IV:]
    padded = _crypt(key, vector, hidden)
    if not hmac.compare_digest(vector, _vector(key, padded)):
        raise ValueError("not sealed by this key")
    return padded.rstrip(b" ")


def key_of(connection: sa.Connection) -> bytes:
    """The store's own key."""
    table = safety_tables.secret
    key: bytes = connection.execute(sa.select(table.c.value).where(table.c.name == _NAME)).scalar_one()
    return key


def ensure_key(connection: sa.Connection) -> None:
    """Make the store's own key, where it has none."""
    table = safety_tables.secret
    if connection.execute(sa.select(table.c.name).where(table.c.name == _NAME)).first() is None:
        connection.execute(sa.insert(table).values(name=_NAME, value=secrets.token_bytes(32)))


def _vector(key: bytes, padded: bytes) -> bytes:
    return hmac.digest(key, b"authenticate" + padded, "sha256")[:_IV]


def _crypt(key: bytes, vector: bytes, text: bytes) -> bytes:
    own = hmac.digest(key, b"encrypt", "sha256")
    blocks = range(-(-len(text) // 32))
    stream = b"".join(hmac.digest(own, vector + number.to_bytes(4), "sha256") for number in blocks)
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))
