"""One logical call: its tries, their pauses, its token, its answer."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, TypeVar

from sekur_sdk.client._async import seam
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
    from sekur_sdk.client._async.tokens import AsyncTokens
    from sekur_sdk.client._async.transport import AsyncBody, AsyncTransport
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.secret import Secret

AnswerT = TypeVar("AnswerT")

_MAX_PROBLEM_BYTES = 64 * 1024

_log = logging.getLogger("sekur_sdk")


class AsyncShell:
    """Does the input and output of a client: hand it an operation, get the typed answer."""

    def __init__(
        self,
        transport: AsyncTransport,
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
        self.tokens: AsyncTokens | None = None
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

    async def call(self, operation: Operation[AnswerT], options: CallOptions | PostOptions) -> AnswerT:
        """The answer to `operation`.

        Raises:
            SekurError: in the class of what went wrong, after the tries that the client's policy allows.
        """
        call = self.read_options(options, has_key=operation.has_key)
        response = await self._exchange(operation, call)
        return read_answer(operation, response, call.request_id)

    async def open_stream(self, operation: Operation[object], call: Call) -> AsyncBody:
        """An event stream from its head on, tried once.

        Raises:
            SekurError: in the class of what went wrong.
        """
        token = await self._token(operation, None)
        try:
            return await self._open_once(operation, call, token)
        except AuthenticationError:
            if token is None or self.tokens is None or not self.tokens.can_renew:
                raise
        return await self._open_once(operation, call, await self._token(operation, token))

    async def aclose(self) -> None:
        """Closes the connections; a call made afterwards is a `ClientClosedError`."""
        self.is_closed = True
        await self._transport.aclose()

    async def _exchange(self, operation: Operation[AnswerT], call: Call) -> Response:
        if operation.has_key:
            call = call.keyed()
        tries = Tries(self._retries, None if call.deadline is None else seam.monotonic() + call.deadline)
        refused: Secret | None = None
        while True:
            token = await self._token(operation, refused)
            try:
                response = await self._send(operation, call, token, tries)
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
            await seam.sleep(pause)

    async def _send(self, operation: Operation[AnswerT], call: Call, token: Secret | None, tries: Tries) -> Response:
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
            response = await self._transport.send(request)
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

    async def _open_once(self, operation: Operation[object], call: Call, token: Secret | None) -> AsyncBody:
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
        body = await self._transport.open(request)
        if body.status == 200 and body.headers.get("content-type", "").startswith(EVENT_STREAM):  # noqa: PLR2004  # OK
            return body
        try:
            content = await _read_head(body)
        finally:
            await body.aclose()
        if 200 <= body.status < 300:  # noqa: PLR2004  # 2xx
            raise ResponseDecodeError("$", "not an event stream", body.status)
        raise read_error(Response(status=body.status, headers=body.headers, body=content), call.request_id)

    async def _token(self, operation: Operation[object], refused: Secret | None) -> Secret | None:
        if operation.is_anonymous or self.tokens is None:
            return None
        return await self.tokens.token(refused)

    def _can_renew(self, operation: Operation[object]) -> bool:
        return not operation.is_anonymous and self.tokens is not None and self.tokens.can_renew


async def _read_head(body: AsyncBody) -> bytes:
    content = b""
    while len(content) < _MAX_PROBLEM_BYTES and (chunk := await body.read_chunk()):
        content += chunk
    return content


def _deadline_exceeded(call: Call) -> DeadlineExceededError:
    error = DeadlineExceededError(f"no answer within the {call.deadline:g} s that the call had, over all its tries")
    error.request_id = call.request_id
    return error
