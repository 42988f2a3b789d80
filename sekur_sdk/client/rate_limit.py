"""How much of a rate limit is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETER = re.compile(r"([a-z]+)\s*=\s*([0-9]{1,15})", re.ASCII)
_EPOCH = 1e8
"""A reset above this is a moment since 1970, and no time to wait."""


@attrs.frozen(kw_only=True)
class RateLimit:
    """`remaining` of `limit` calls until the window starts anew in `reset_s` seconds; what the server does not say is None."""

    limit: int | None = None
    remaining: int | None = None
    reset_s: float | None = None


def read_rate_limit(headers: Mapping[str, str], unix_s: float) -> RateLimit | None:
    """The rate limit that `headers` (names in lower case) tell at the time `unix_s`, or None.

    `RateLimit` and `RateLimit-Policy` are read in both forms of their draft (`"burst";r=9;t=5` and `limit=10, remaining=9, reset=5`;
    draft-ietf-httpapi-ratelimit-headers), the tightest of several policies; then `RateLimit-Limit`, and `X-RateLimit-Limit` and its like.
    """
    if "ratelimit" in headers:
        found = _read_structured(headers["ratelimit"], headers.get("ratelimit-policy", ""))
        if found is not None:
            return found
    for prefix in ("ratelimit-", "x-ratelimit-", "x-rate-limit-"):
        limit, remaining, reset = (_number(headers.get(prefix + name)) for name in ("limit", "remaining", "reset"))
        if limit is not None or remaining is not None:
            wait = max(0.0, reset - unix_s) if reset is not None and reset > _EPOCH else reset
            return RateLimit(limit=limit, remaining=remaining, reset_s=None if wait is None else float(wait))
    return None


def _read_structured(text: str, policies: str) -> RateLimit | None:
    if "remaining" in text:
        items = {"": dict(_PARAMETER.findall(text))}
        names = ("limit", "remaining", "reset")
    else:
        items, names = _read_items(text), ("q", "r", "t")
    quotas = _read_items(policies)
    limits = []
    for name, item in items.items():
        limit, remaining, reset = (_number(item.get(key)) for key in names)
        if limit is None:
            limit = _number(quotas.get(name, {}).get("q"))
        if remaining is not None:
            limits.append(RateLimit(limit=limit, remaining=remaining, reset_s=None if reset is None else float(reset)))
    return min(limits, key=lambda limit: limit.remaining or 0, default=None)


def _read_items(text: str) -> dict[str, dict[str, str]]:
    items = {}
    for item in text.split(","):
        name, _, parameters = item.partition(";")
        items[name.strip()] = dict(_PARAMETER.findall(parameters))
    return items


def _number(text: str | None) -> int | None:
    text = "" if text is None else text.partition(",")[0].partition(";")[0].strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None  # noqa: PLR2004  # as many as a structured integer has (RFC 9651)
