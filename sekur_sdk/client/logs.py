"""What is logged of a call: its method and path, its status, the headers that are listed here, and always its `X-Request-Id`.

Everything else stays out: queries, bodies, tokens, and whatever header a server may add.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.protocol import Response

_log = logging.getLogger("sekur_sdk")

LOGGED_HEADERS = (
    "content-type",
    "content-length",
    "idempotency-replayed",
    "retry-after",
    "ratelimit",
    "x-ratelimit-remaining",
)

_SHOWN = 100


def log_answer(operation: Operation[object], response: Response, request_id: str) -> None:
    """An answer came."""
    if _log.isEnabledFor(logging.DEBUG):
        headers = response.headers
        shown = "".join(f" {name}={_clean(headers[name])}" for name in LOGGED_HEADERS if name in headers)
        theirs = headers.get("x-request-id", request_id)
        if theirs != request_id:
            shown += f" server_request_id={_clean(theirs)}"
        _write(logging.DEBUG, operation, f"{response.status}{shown}", request_id)


def log_failure(operation: Operation[object], error: Exception, request_id: str) -> None:
    """No answer came."""
    _write(logging.DEBUG, operation, type(error).__name__, request_id)


def log_retry(operation: Operation[object], error: Exception, pause: float, request_id: str) -> None:
    """The call is tried again after a pause."""
    _write(logging.INFO, operation, f"{type(error).__name__}, tried again in {pause:.2f} s", request_id)


def _write(level: int, operation: Operation[object], what: str, request_id: str) -> None:
    _log.log(
        level,
        "%s %s: %s request_id=%s",
        operation.method,
        operation.path,
        what,
        request_id,
        extra={"request_id": request_id},
    )


def _clean(text: str) -> str:
    return "".join(character if "!" <= character <= "~" else "_" for character in text[:_SHOWN])
