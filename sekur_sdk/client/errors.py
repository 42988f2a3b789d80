"""What can go wrong, one class a status or cause.

Each error is plain data: it survives pickle and copy, and neither it nor what it was raised from holds a token, a query string, a body
or an object of the HTTP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from sekur_sdk.client.rate_limit import RateLimit
    from sekur_sdk.models.alerts import Alert
    from sekur_sdk.models.billing import Invoice, Quote
    from sekur_sdk.models.duties import Duty
    from sekur_sdk.models.employees import Employee
    from sekur_sdk.models.fleet import Device
    from sekur_sdk.models.planning import Shift
    from sekur_sdk.models.problem import Problem
    from sekur_sdk.models.sites import Site

    Resource = Alert | Device | Duty | Employee | Invoice | Quote | Shift | Site

_RETRYABLE = frozenset({408, 429, 500, 502, 503, 504})


class SekurError(Exception):
    """Whatever this SDK raises.

    `request_id` is the `X-Request-Id` of the call, to be quoted to support. `retry_after` is in seconds, as the server
    asked. `cursor` is where a list stood when the error came: pass it as `cursor=` to go on from there.
    """

    request_id: str | None = None
    retry_after: float | None = None
    cursor: str | None = None
    is_retryable: bool = False
    """Whether the same call, made again later, may succeed."""


class ConfigurationError(SekurError):
    """The client can't be made from what it was given."""


class ArgumentError(SekurError, ValueError):
    """An argument that the contract can't carry; nothing was sent."""

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(parameter, reason)
        self.parameter: str = parameter
        self.reason: str = reason

    def __str__(self) -> str:
        return f"{self.parameter}: {self.reason}"


class ClientClosedError(SekurError):
    """The client was closed before the call."""


class RepeatedCursorError(SekurError):
    """The server gave a cursor for the second time: the list would never end."""


class ResponseDecodeError(SekurError):
    """An answer that is not what the contract says: `path` (as in `$.items[0].starts_at`) and `reason`."""

    def __init__(self, path: str, reason: str, status: int | None = None) -> None:
        super().__init__(path, reason, status)
        self.path: str = path
        self.reason: str = reason
        self.status: int | None = status

    def __str__(self) -> str:
        status = "" if self.status is None else f" in the answer {self.status}"
        return f"{self.path}{status}: {self.reason}"


class ChecksumError(SekurError):
    """A download is not what the server said it holds: nothing of it was kept."""


class ExportFailedError(SekurError):
    """There is no file of an export: it has that `status`, for the reason in `failure`."""

    def __init__(self, status: str, failure: str | None) -> None:
        super().__init__(status, failure)
        self.status: str = status
        self.failure: str | None = failure

    def __str__(self) -> str:
        return f"the export is {self.status}" + (f": {self.failure}" if self.failure else "")


class WebhookError(SekurError):
    """A webhook that is not from who it says, is too old, or can't be read."""


class TransportError(SekurError):
    """No answer came. Unless the class says otherwise, the server may have done what was asked."""

    is_retryable = True
    was_sent: ClassVar[bool] = True
    """Whether the request may have reached the server."""


class ConnectError(TransportError):
    """No connection could be made: nothing was sent."""

    was_sent = False


class ConnectTimeoutError(TransportError):
    """No connection was made in time: nothing was sent."""

    was_sent = False


class PoolTimeoutError(TransportError):
    """No connection of the pool came free in time: nothing was sent."""

    was_sent = False


class ReadTimeoutError(TransportError):
    """The server did not answer in time."""


class WriteTimeoutError(TransportError):
    """The request could not be sent whole in time."""


class ConnectionLostError(TransportError):
    """The connection broke before the answer was whole."""


class DeadlineExceededError(TransportError):
    """The call's total time was used up, over all its tries."""

    is_retryable = False


class APIError(SekurError):
    """The server refused: `status` and its `problem` (RFC 9457)."""

    def __init__(self, problem: Problem, status: int | None = None) -> None:
        super().__init__(problem, status)
        self.problem: Problem = problem
        self.status: int = problem.status if status is None else status

    @property
    def is_retryable(self) -> bool:  # type: ignore[override]  # here it follows from the status
        """Whether the same call, made again later, may succeed."""
        return self.status in _RETRYABLE or (self.status == 409 and self.retry_after is not None)  # noqa: PLR2004  # Conflict: the same key is still running

    def __str__(self) -> str:
        text = f"{self.status} {self.problem.title}"
        if self.problem.detail:
            text += f": {self.problem.detail}"
        for error in self.problem.errors:
            text += f"; {error.path}: {error.message}"
        if self.problem.allowed:
            text += f"; allowed: {', '.join(self.problem.allowed)}"
        return text if self.request_id is None else f"{text} (request {self.request_id})"


class BadRequestError(APIError):
    """400: the request can't be read."""


class AuthenticationError(APIError):
    """401: no token, or one that is not accepted."""


class PermissionDeniedError(APIError):
    """403: the token lacks a scope."""


class NotFoundError(APIError):
    """404: there is no such resource."""


class ConflictError(APIError):
    """409: the resource's state forbids it.

    `current` is the resource as the server has it now, of its own class; None where the server did not send it.
    """

    current: Resource | None = None

    @property
    def allowed(self) -> tuple[str, ...]:
        """The actions that are possible now."""
        return self.problem.allowed

    @property
    def current_version(self) -> int | None:
        """The version that the server has, where it said so."""
        return self.problem.current_version


class PreconditionFailedError(ConflictError):
    """412: the resource has changed since the version that the caller saw; `current` is what it has become."""


class UnprocessableError(APIError):
    """422: a field breaks a rule; `problem.errors` names them."""


class PreconditionRequiredError(APIError):
    """428: an update has to say which version it was made from."""


class RateLimitError(APIError):
    """429: too many requests; `retry_after` says how long to wait, `rate_limit` what the server told of its limit."""

    rate_limit: RateLimit | None = None


class ServerError(APIError):
    """5xx: the server failed."""


_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    412: PreconditionFailedError,
    422: UnprocessableError,
    428: PreconditionRequiredError,
    429: RateLimitError,
}


def api_error(problem: Problem, status: int) -> APIError:
    """The error for `status`, of its own class."""
    error_class = _BY_STATUS.get(status, ServerError if status >= 500 else APIError)  # noqa: PLR2004  # 5xx
    return error_class(problem, status)
