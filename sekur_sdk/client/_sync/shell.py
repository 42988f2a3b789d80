# Made from client/_async by tools/generate_sync.py: change it there.
"""One logical call: its tries, their pauses, its token, its answer."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, TypeVar

from sekur_sdk.client._sync import seam
from sekur_sdk.client.errors import (
    AuthenticationError,
    ClientClosedError,
    DeadlineExceededError,
    ResponseDecodeError,
    SekurError,
    TransportError,
)
from sekur_sdk.client.options import Call, CallOptions, PostOptions, Timeouts, read_options
from sekur_sdk.client.protocol import EVENT_STREAM, Response, build_request, read_answer, read_error
from sekur_sdk.client.retry import RetryPolicy, Tries

if TYPE_CHECKING:
    from sekur_sdk.client._sync.tokens import Tokens
    from sekur_sdk.client._sync.transport import Body, Transport
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.secret import Secret

AnswerT = TypeVar("AnswerT")

_MAX_PROBLEM_BYTES = 64 * 1024

_log = logging.getLogger("sekur_sdk")


class Shell:
    """Does the input and output of a client: hand it an operation, get the typed answer."""

    def __init__(
        self,
        transport: Transport,
        *,
        base_url: str,
        timeouts: Timeouts,
        deadline: float | None,
        retries: RetryPolicy,
    ) -> None:
        self._transport = transport
        self._base_url = base_url
        self._timeouts = timeouts
        self._deadline = deadline
        self._retries = retries
        self.tokens: Tokens | None = None
        self.is_closed: bool = False

    @property
    def retries(self) -> RetryPolicy:
        """When calls are tried again."""
        return self._retries

    def read_options(self, options: CallOptions | PostOptions, *, has_key: bool = False) -> Call:
        """The options of one call, over those of the client."""
        return read_options(
            options, has_key=has_key, timeouts=self._timeouts, deadline=self._deadline, fresh=secrets.token_hex(12)
        )

    def call(self, operation: Operation[AnswerT], options: CallOptions | PostOptions) -> AnswerT:
        """The answer to `operation`.

        Raises:
            SekurError: in the class of what went wrong, after the tries that the client's policy allows.
        """
        call = self.read_options(options, has_key=operation.has_key)
        response = self._exchange(operation, call)
        return read_answer(operation, response, call.request_id)

    def open_stream(self, operation: Operation[object], call: Call) -> Body:
        """An event stream from its head on, tried once.

        Raises:
            SekurError: in the class of what went wrong.
        """
        token = self._token(operation, None)
        try:
            return self._open_once(operation, call, token)
        except AuthenticationError:
            if token is None or self.tokens is None or not self.tokens.can_renew:
                raise
        return self._open_once(operation, call, self._token(operation, token))

    def close(self) -> None:
        """Closes the connections; a call made afterwards is a `ClientClosedError`."""
        self.is_closed = True
        self._transport.close()

    def _exchange(self, operation: Operation[AnswerT], call: Call) -> Response:
        if operation.has_key:
            call = call.keyed()
        tries = Tries(self._retries, None if call.deadline is None else seam.monotonic() + call.deadline)
        refused: Secret | None = None
        while True:
            token = self._token(operation, refused)
            try:
                response = self._send(operation, call, token, tries)
            except TransportError as error:
                failure: SekurError = error
            else:
                if 200 <= response.status < 300:  # noqa: PLR2004  # 2xx
                    return response
                if response.status == 401 and refused is None and self._can_renew(operation):  # noqa: PLR2004  # Unauthorized
                    refused = token
                    continue
                failure = read_error(response, call.request_id)
            pause = tries.pause_after(failure, operation, seam.monotonic())
            if pause is None:
                raise failure
            seam.sleep(pause)

    def _send(self, operation: Operation[AnswerT], call: Call, token: Secret | None, tries: Tries) -> Response:
        if self.is_closed:
            raise ClientClosedError("the client is closed: make the call inside its `with` block")
        now = seam.monotonic()
        remaining = tries.remaining(now)
        if remaining <= 0:
            raise _deadline_exceeded(call)
        request = build_request(
            operation,
            call,
            base_url=self._base_url,
            token=token,
            timeouts=call.timeouts.within(remaining),
            expires_at=tries.expires_at,
        )
        try:
            response = self._transport.send(request)
        except TransportError as error:
            _log.debug(
                "%s %s: %s request_id=%s", operation.method, operation.path, type(error).__name__, call.request_id
            )
            if tries.remaining(seam.monotonic()) > 0:
                raise
        else:
            _log.debug("%s %s: %d request_id=%s", operation.method, operation.path, response.status, call.request_id)
            return response
        raise _deadline_exceeded(call)

    def _open_once(self, operation: Operation[object], call: Call, token: Secret | None) -> Body:
        if self.is_closed:
            raise ClientClosedError("the client is closed: make the call inside its `with` block")
        request = build_request(
            operation,
            call,
            base_url=self._base_url,
            token=token,
            timeouts=call.timeouts,
            expires_at=None,
            accept=EVENT_STREAM,
        )
        body = self._transport.open(request)
        if body.status == 200 and body.headers.get("content-type", "").startswith(EVENT_STREAM):  # noqa: PLR2004  # OK
            return body
        try:
            content = _read_head(body)
        finally:
            body.close()
        if 200 <= body.status < 300:  # noqa: PLR2004  # 2xx
            raise ResponseDecodeError("$", "not an event stream", body.status)
        raise read_error(Response(status=body.status, headers=body.headers, body=content), call.request_id)

    def _token(self, operation: Operation[object], refused: Secret | None) -> Secret | None:
        if operation.is_anonymous or self.tokens is None:
            return None
        return self.tokens.token(refused)

    def _can_renew(self, operation: Operation[object]) -> bool:
        return not operation.is_anonymous and self.tokens is not None and self.tokens.can_renew


def _read_head(body: Body) -> bytes:
    content = b""
    while len(content) < _MAX_PROBLEM_BYTES and (chunk := body.read_chunk()):
        content += chunk
    return content


def _deadline_exceeded(call: Call) -> DeadlineExceededError:
    error = DeadlineExceededError(f"no answer within the {call.deadline:g} s that the call had, over all its tries")
    error.request_id = call.request_id
    return error
