# Made from client/_async by tools/generate_sync.py: change it there.
"""One logical call: its tries, their pauses, its token, its answer."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import attrs

from sekur_sdk.client._sync import seam
from sekur_sdk.client._sync.middleware import through
from sekur_sdk.client.deprecation import Deprecations
from sekur_sdk.client.errors import (
    AuthenticationError,
    ClientClosedError,
    DeadlineExceededError,
    ResponseDecodeError,
    SekurError,
    TransportError,
)
from sekur_sdk.client.logs import log_answer, log_failure, log_retry
from sekur_sdk.client.options import Call, CallOptions, PostOptions, Timeouts, read_options
from sekur_sdk.client.protocol import EVENT_STREAM, JSON, Request, Response, build_request, read_answer, read_error
from sekur_sdk.client.retry import Allowance, RetryPolicy, Tries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sekur_sdk.client._sync.middleware import Middleware
    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client._sync.tokens import Tokens
    from sekur_sdk.client._sync.transport import Body, Transport
    from sekur_sdk.client.abort import Abort
    from sekur_sdk.client.endpoint import Statement
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.secret import Secret
    from sekur_sdk.models.paging import Page

P = ParamSpec("P")
AnswerT = TypeVar("AnswerT")

_MAX_PROBLEM_BYTES = 64 * 1024


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
        middleware: Sequence[Middleware] = (),
    ) -> None:
        self._transport = transport
        self._middleware = tuple(middleware)
        self._send_through = through(self._middleware, transport.send)
        self._base_url = base_url
        self._timeouts = timeouts
        self._deadline = deadline
        self._retries = retries
        self._allowance = Allowance(retries.budget)
        self._deprecations = Deprecations()
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

    def begin(self, call: Call) -> Tries:
        """The tries of `call`, from now on."""
        expires_at = None if call.deadline is None else seam.monotonic() + call.deadline
        return Tries(self._retries, self._allowance, expires_at)

    def call(self, operation: Operation[AnswerT], options: CallOptions | PostOptions) -> AnswerT:
        """The answer to `operation`.

        Raises:
            SekurError: in the class of what went wrong, after the tries that the client's policy allows.
        """
        call = self.read_options(options, has_key=operation.has_key)
        return read_answer(operation, self.exchange(operation, call), call.request_id)

    def bind(self, stated: Statement[P, AnswerT]) -> Callable[P, AnswerT]:
        """A call of a resource, made through this shell."""

        def call(*arguments: P.args, **named: P.kwargs) -> AnswerT:
            operation, options = stated.read(arguments, named)
            return self.call(operation, options)

        return call

    def bind_list(self, stated: Statement[P, Page[AnswerT]]) -> Callable[P, Pager[AnswerT]]:
        """A list of a resource, read through this shell."""

        def call(*arguments: P.args, **named: P.kwargs) -> Pager[AnswerT]:
            from sekur_sdk.client._sync.pager import Pager  # noqa: PLC0415  # loaded with the first list

            operation, options = stated.read(arguments, named)
            return Pager(self, operation, options)

        return call

    def exchange(self, operation: Operation[object], call: Call) -> Response:
        """The answer to `operation`, not read yet; its status is 2xx.

        Raises:
            SekurError: in the class of what went wrong, after the tries that the client's policy allows.
        """
        if operation.has_key:
            call = call.keyed()
        tries = self.begin(call)
        refused: Secret | None = None
        while True:
            response: Response | None = None
            token = self._token(operation, refused, tries)
            try:
                response = self._send(operation, call, token, tries)
            except TransportError as error:
                failure: SekurError = error
            else:
                if 200 <= response.status < 300:  # noqa: PLR2004  # 2xx
                    self._hand_out(operation, call, response)
                    return response
                if response.status == 401 and refused is None and self._can_renew(operation):  # noqa: PLR2004  # Unauthorized
                    refused = token
                    continue
                failure = read_error(operation, response, call.request_id)
            pause = tries.pause_after(failure, operation, seam.monotonic())
            if pause is None:
                if response is not None:
                    self._hand_out(operation, call, response)
                raise failure
            log_retry(operation, failure, pause, call.request_id)
            seam.sleep(pause)

    def open_stream(
        self,
        operation: Operation[object],
        call: Call,
        *,
        accept: str = EVENT_STREAM,
        abort: Abort | None = None,
    ) -> Body:
        """An answer from its head on, tried once; an event stream unless `accept` says otherwise.

        Raises:
            SekurError: in the class of what went wrong.
        """
        tries = self.begin(call)
        token = self._token(operation, None, tries)
        try:
            return self._open_once(operation, call, token, accept, abort)
        except AuthenticationError:
            if not self._can_renew(operation):
                raise
        return self._open_once(operation, call, self._token(operation, token, tries), accept, abort)

    def close(self) -> None:
        """Closes the connections; a call made afterwards is a `ClientClosedError`."""
        self.is_closed = True
        self._transport.close()

    def _hand_out(self, operation: Operation[object], call: Call, response: Response) -> None:
        self._deprecations.tell(operation, response)
        if call.on_response is not None:
            call.on_response(response)

    def _send(self, operation: Operation[object], call: Call, token: Secret | None, tries: Tries) -> Response:
        remaining = tries.remaining(seam.monotonic())
        if remaining <= 0:
            raise _deadline_exceeded(call)
        request = self._build(operation, call, token, call.timeouts.within(remaining), tries.expires_at)
        try:
            response = self._send_through(request)
        except TransportError as error:
            log_failure(operation, error, call.request_id)
            if tries.remaining(seam.monotonic()) > 0:
                raise
        else:
            log_answer(operation, response, call.request_id)
            return response
        raise _deadline_exceeded(call)

    def _open_once(
        self, operation: Operation[object], call: Call, token: Secret | None, accept: str, abort: Abort | None
    ) -> Body:
        request = self._build(operation, call, token, call.timeouts, None, accept, abort)
        try:
            body = self._open_through(request)
        except TransportError as error:
            log_failure(operation, error, call.request_id)
            raise
        head = Response(status=body.status, headers=body.headers, body=b"")
        log_answer(operation, head, call.request_id)
        is_whole = body.status == 200 or (body.status == 206 and accept != EVENT_STREAM)  # noqa: PLR2004  # OK, Partial Content
        if is_whole and body.headers.get("content-type", "").startswith(accept.removesuffix("*/*")):
            self._hand_out(operation, call, head)
            return body
        try:
            content = _read_head(body)
        finally:
            body.close()
        if 200 <= body.status < 300:  # noqa: PLR2004  # 2xx
            raise ResponseDecodeError("$", "not the kind of answer that was asked for", body.status)
        raise read_error(operation, attrs.evolve(head, body=content), call.request_id)

    def _build(
        self,
        operation: Operation[object],
        call: Call,
        token: Secret | None,
        timeouts: Timeouts,
        expires_at: float | None,
        accept: str = JSON,
        abort: Abort | None = None,
    ) -> Request:
        if self.is_closed:
            raise ClientClosedError("the client is closed: make the call inside its `with` block")
        return build_request(
            operation,
            call,
            base_url=self._base_url,
            token=token,
            timeouts=timeouts,
            expires_at=expires_at,
            accept=accept,
            abort=abort,
        )

    def _open_through(self, request: Request) -> Body:
        if not self._middleware:
            return self._transport.open(request)
        opened: list[Body] = []

        def send(request: Request) -> Response:
            while opened:
                opened.pop().close()
            body = self._transport.open(request)
            opened.append(body)
            return Response(status=body.status, headers=body.headers, body=b"")

        try:
            through(self._middleware, send)(request)
            return opened.pop()
        finally:
            while opened:
                opened.pop().close()

    def _token(self, operation: Operation[object], refused: Secret | None, tries: Tries) -> Secret | None:
        if operation.is_anonymous or self.tokens is None:
            return None
        return self.tokens.token(refused, tries.remaining(seam.monotonic()))

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
