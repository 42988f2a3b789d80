"""Requests over the `requests` library, for companies whose proxy asks for Kerberos or NTLM; needs the extra `requests`.

The session is the caller's: its proxies, certificates and authentication hold.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from sekur_sdk.client.errors import (
    ConnectError,
    ConnectionLostError,
    ConnectTimeoutError,
    ReadTimeoutError,
    TransportError,
)
from sekur_sdk.client.protocol import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CAUSES: tuple[tuple[type[BaseException], type[TransportError], str], ...] = (
    (requests.exceptions.ConnectTimeout, ConnectTimeoutError, "no connection in time"),
    (requests.exceptions.ReadTimeout, ReadTimeoutError, "no answer in time"),
    (urllib3.exceptions.ReadTimeoutError, ReadTimeoutError, "no answer in time"),
    (requests.exceptions.ProxyError, ConnectError, "the proxy made no connection"),
    (requests.exceptions.SSLError, ConnectError, "no connection (TLS)"),
    (requests.exceptions.InvalidSchema, ConnectError, "not an address of http or https"),
    (urllib3.exceptions.NewConnectionError, ConnectError, "no connection"),
    (requests.exceptions.ContentDecodingError, ConnectionLostError, "the answer can't be unpacked"),
)

_PIECE = 16 * 1024


class RequestsBody:
    """An answer as it comes in."""

    def __init__(self, answer: requests.Response, request: Request) -> None:
        self.status: int = answer.status_code
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in answer.headers.items()}
        self._answer = answer
        self._request = request
        is_stream = request.abort is not None
        # a stream's events are handed on as they come, and not when a piece is full
        self._chunks: Iterator[bytes] = _arriving(answer) if is_stream else answer.iter_content(_PIECE)

    def read_chunk(self) -> bytes:
        """The next bytes; empty at the end."""
        try:
            return next(self._chunks, b"")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, AttributeError) as error:
            # AttributeError: urllib3 reads from a connection that was closed under it
            failure = _translate(error, self._request)
        raise failure

    def abort(self) -> None:
        """Wakes a `read_chunk` that another thread waits in; it finds the connection lost."""
        with contextlib.suppress(OSError, ValueError):  # closed already
            self._answer.raw.shutdown()

    def close(self) -> None:
        """Gives the connection up."""
        self._answer.close()


class RequestsTransport:
    """Requests over `session`, closed with the client; a plain `requests.Session` when None.

    Redirects are not followed, and `.netrc` never replaces the token. `timeouts.pool` and `timeouts.write` do not apply,
    and a stream that is closed while it waits for the head of an answer ends with `timeouts.read` at the latest.
    """

    def __init__(self, session: requests.Session | None = None) -> None:
        self._session = requests.Session() if session is None else session

    def send(self, request: Request) -> Response:
        """The whole answer.

        Raises:
            TransportError: none came, in the class of its cause.
        """
        body = self.open(request)
        try:
            chunks = []
            while chunk := body.read_chunk():
                chunks.append(chunk)
                if request.expires_at is not None and time.monotonic() > request.expires_at:
                    raise _told(ReadTimeoutError, "the answer was not whole in time", request)
        finally:
            body.close()
        return Response(status=body.status, headers=body.headers, body=b"".join(chunks))

    def open(self, request: Request) -> RequestsBody:
        """The answer from its head on.

        Raises:
            TransportError: none came, in the class of its cause.
        """
        try:
            answer = self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=(request.timeouts.connect, request.timeouts.read),
                allow_redirects=False,
                stream=True,
                auth=self._session.auth or _keep_token,
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            failure = _translate(error, request)
        else:
            return RequestsBody(answer, request)
        raise failure

    def close(self) -> None:
        """Closes the session."""
        self._session.close()


def _keep_token(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared


def _arriving(answer: requests.Response) -> Iterator[bytes]:
    while piece := answer.raw.read1(_PIECE, decode_content=True):
        yield piece


def _translate(error: BaseException, request: Request) -> TransportError:
    for cause in _chain(error):
        for theirs, ours, text in _CAUSES:
            if isinstance(cause, theirs):
                return _told(ours, text, request)
    return _told(ConnectionLostError, "the connection broke", request)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of: requests hides urllib3's in its arguments."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = getattr(seen, "reason", None) or next(iter(seen.args), None)
        seen = inner if isinstance(inner, BaseException) else None


def _told(error_class: type[TransportError], text: str, request: Request) -> TransportError:
    parts = urlsplit(request.url)
    failure = error_class(f"{text}: {request.method} {parts.scheme}://{parts.hostname}{parts.path}")
    failure.request_id = request.request_id
    return failure
