"""Requests built and answers read, without I/O."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping  # as below
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import quote, urlencode, urlsplit

import attrs

from sekur_sdk.client.errors import (
    APIError,
    ConfigurationError,
    ConflictError,
    RateLimitError,
    ResponseDecodeError,
    api_error,
)
from sekur_sdk.client.options import Timeouts  # a field's type, which attrs users resolve at run time
from sekur_sdk.client.retry import parse_retry_after

if TYPE_CHECKING:
    from sekur_sdk.client.abort import Abort  # noqa: TC004  # a field's type alone; no need to load it
    from sekur_sdk.client.content import Content  # noqa: TC004  # as above
    from sekur_sdk.client.errors import Resource
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.options import Call
    from sekur_sdk.client.rate_limit import RateLimit
    from sekur_sdk.client.secret import Secret
    from sekur_sdk.models.problem import Problem

AnswerT = TypeVar("AnswerT")

API_PATH = "/api/v1"
API_VERSION = "2026-11-01"
"""The dated version of the contract that this release was made for, sent as `Sekur-Version`."""
USER_AGENT = f"sekur-sdk-python ({platform.python_implementation()} {platform.python_version()})"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
ANY = "*/*"


@attrs.frozen(kw_only=True)
class Request:
    """What a transport sends. Its repr shows neither the query, the headers nor the body.

    `expires_at` is the moment, on `time.monotonic`, by which the answer has to be whole; None for no limit. A transport that is given an
    `abort` binds to it what ends the wait for the answer's head.
    """

    method: str
    url: str = attrs.field(repr=False)
    headers: tuple[tuple[str, str], ...] = attrs.field(repr=False)
    body: bytes | Content | None = attrs.field(default=None, repr=False)
    timeouts: Timeouts
    expires_at: float | None = None
    request_id: str
    abort: Abort | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Response:
    """What a transport brings back; the names of `headers` are in lower case. `body` is the payload as it came, unknown fields too."""

    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)

    @property
    def request_id(self) -> str | None:
        """The server's `X-Request-Id`."""
        return self.headers.get("x-request-id")

    @property
    def rate_limit(self) -> RateLimit | None:
        """How much of the rate limit is left, where the server says so."""
        from sekur_sdk.client.rate_limit import read_rate_limit  # noqa: PLC0415  # not loaded before it is asked for

        return read_rate_limit(self.headers, time.time())


def read_base_url(text: str) -> str:
    """The address of the API that `text` names, with or without `/api/v1`.

    Raises:
        ConfigurationError: not an absolute http or https URL, or one with a password, query or fragment.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise ConfigurationError(f"base_url: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigurationError("base_url: give an absolute URL, as in https://sekur.example.fr")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError("base_url: no user, password, query or fragment; credentials are passed apart")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix(API_PATH)}{API_PATH}"


def build_request(
    operation: Operation[object],
    call: Call,
    *,
    base_url: str,
    token: Secret | None,
    timeouts: Timeouts,
    expires_at: float | None,
    accept: str | None = None,
    abort: Abort | None = None,
) -> Request:
    """The request of one try."""
    accept = accept or operation.accept
    headers = [
        ("Accept", accept),
        ("Accept-Encoding", "gzip, deflate" if accept == JSON else "identity"),
        ("User-Agent", USER_AGENT),
        ("Sekur-Version", API_VERSION),
        ("X-Request-Id", call.request_id),
    ]
    if accept == EVENT_STREAM:
        headers.append(("Cache-Control", "no-store"))
    if token is not None:
        headers.append(("Authorization", f"Bearer {token.reveal()}"))
    if operation.body is not None:
        headers.append(("Content-Type", operation.content_type))
    if operation.if_match is not None:
        headers.append(("If-Match", f'"{operation.if_match}"'))
    if operation.has_key and call.idempotency_key is not None:
        headers.append(("Idempotency-Key", call.idempotency_key))
    url = base_url + operation.path
    if operation.query:
        url += "?" + urlencode(operation.query, quote_via=quote, safe=":,")
    return Request(
        method=operation.method,
        url=url,
        headers=(*headers, *operation.headers, *call.headers),
        body=operation.body,
        timeouts=timeouts,
        expires_at=expires_at,
        request_id=call.request_id,
        abort=abort,
    )


def read_answer(operation: Operation[AnswerT], response: Response, request_id: str) -> AnswerT:
    """The typed answer.

    Raises:
        APIError: the server refused, in the class of its status.
        ResponseDecodeError: not what the contract says; it names the path.
    """
    if not 200 <= response.status < 300:  # noqa: PLR2004  # 2xx
        raise read_error(operation, response, request_id)
    if operation.answer is bytes:
        return cast("AnswerT", response.body)
    from sekur_sdk.wire import WireError, decode  # noqa: PLC0415  # msgspec is not loaded before there is an answer to read

    try:
        return decode(response.body, operation.answer)
    except WireError as error:
        failure = ResponseDecodeError(error.path, error.reason, response.status)
        failure.request_id = response.headers.get("x-request-id", request_id)
        raise failure from None


def read_error(operation: Operation[object], response: Response, request_id: str) -> APIError:
    """The error that an answer outside 2xx tells, be it problem details or a proxy's page."""
    error = api_error(_read_problem(response), response.status)
    error.request_id = error.problem.request_id or response.headers.get("x-request-id", request_id)
    error.retry_after = parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
    if isinstance(error, RateLimitError):
        error.rate_limit = response.rate_limit
    elif isinstance(error, ConflictError):
        from sekur_sdk.client.conflict import read_current  # noqa: PLC0415  # not loaded before there is a conflict to read

        error.current = cast("Resource | None", read_current(operation.subject or operation.answer, response.body))
    return error


def _read_problem(response: Response) -> Problem:
    from sekur_sdk.models.problem import Problem  # noqa: PLC0415  # not loaded before there is an error to read
    from sekur_sdk.wire import WireError, decode  # noqa: PLC0415  # as above

    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/problem+json":
        try:
            return decode(response.body, Problem)
        except WireError:
            pass
    from http import HTTPStatus  # noqa: PLC0415  # as above

    known = response.status in HTTPStatus._value2member_map_
    title = HTTPStatus(response.status).phrase if known else "the server refused"
    return Problem(title=title, status=response.status, detail="the answer explains nothing (not problem+json)")
