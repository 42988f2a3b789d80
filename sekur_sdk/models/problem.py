"""Problem details (RFC 9457): how an error reads on the wire."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class FieldError:
    """What is wrong with one field; `path` is as in `$.lines[0].quantity`."""

    path: str
    message: str


@attrs.frozen(kw_only=True)
class Problem:
    """Why a request failed. It holds no query string and no personal data."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    errors: tuple[FieldError, ...] = ()
    request_id: str | None = None
    current_version: int | None = None
    allowed: tuple[str, ...] = ()
