"""How the sandbox refuses: problem details (RFC 9457), with neither query strings nor people's data in them."""

from __future__ import annotations

import logging
import re
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

import attrs
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec

from sekur_sdk.models.problem import FieldError, Problem
from sekur_sdk.sandbox.diagnosis import where
from sekur_sdk.wire import WireError, encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litestar.datastructures import State
    from litestar.types import HTTPResponseStartEvent, Message, Scope

MEDIA_TYPE = "application/problem+json"
REQUEST_ID_HEADER = "x-request-id"
VERSION_HEADER = "sekur-version"
API_VERSION = "2026-11-01"
"""The dated version of the contract that the sandbox speaks."""
_REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{1,64}")
_log = logging.getLogger("sekur_sdk.sandbox")


class RefusalError(Exception):
    """A request that can't be met; becomes the answer's problem, with the resource that it was about as it is now (`current`)."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        allowed: Iterable[str] = (),
        current_version: int | None = None,
        current: object | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail)
        self.current: object | None = current
        self.headers: dict[str, str] = headers or {}
        self.problem: Problem = Problem(
            title=phrase(status),
            status=status,
            detail=detail,
            errors=tuple(errors),
            allowed=tuple(allowed),
            current_version=current_version,
        )


def phrase(status: int) -> str:
    """The standard name of a status, as RFC 9110 has it whatever the Python."""
    return {413: "Content Too Large", 422: "Unprocessable Content"}.get(status) or HTTPStatus(status).phrase


def not_found(what: str) -> RefusalError:
    """404 for a resource that is not there."""
    return RefusalError(404, f"There is no such {what}.")


def rule_broken(path: str, message: str) -> RefusalError:
    """422 for a body that is well-formed but breaks a rule; `path` is as in `$.ends_at`."""
    return RefusalError(422, "The body breaks a rule of the contract.", errors=[FieldError(path=path, message=message)])


def forbidden_step(what: str, status: str, allowed: Iterable[str], current: object) -> RefusalError:
    """409 for a transition that the state forbids, with those that it allows and the resource as it is now."""
    return RefusalError(409, f"The {what} is {status}: its state forbids this.", allowed=allowed, current=current)


_INVALID_VALUE = re.compile(r"^Invalid enum value .*$", re.DOTALL)


def unreadable(error: WireError) -> RefusalError:
    """400 for a body that is no JSON, 422 for one that is not what the route takes."""
    if not isinstance(error.__cause__, msgspec.ValidationError):
        return RefusalError(400, f"The body is not valid JSON: {_first_line(error.reason)}.")
    # the value itself may be anybody's data: it is not repeated
    reason = _INVALID_VALUE.sub("Not one of the known values", error.reason)
    return RefusalError(
        422, "The body is not what the contract says.", errors=[FieldError(path=error.path, message=reason)]
    )


def _first_line(reason: str) -> str:
    return reason.splitlines()[0].removeprefix("JSON is malformed: ").rstrip(".")


def request_id(scope: Scope) -> str:
    """The id of the request: the caller's own where it is a good one, else a new one."""
    state = cast("dict[str, object]", scope.setdefault("state", {}))
    known = state.get("request_id")
    if known is None:
        sent = next((value for name, value in scope["headers"] if name == REQUEST_ID_HEADER.encode()), b"")
        known = sent.decode() if _REQUEST_ID.fullmatch(sent) else f"req_{secrets.token_hex(10)}"
        state["request_id"] = known
    return cast("str", known)


async def send_request_id(message: Message, scope: Scope) -> None:
    """Put the request's id and the contract's version on every answer."""
    if message["type"] == "http.response.start":
        own = [
            (REQUEST_ID_HEADER.encode(), request_id(scope).encode()),
            (VERSION_HEADER.encode(), API_VERSION.encode()),
        ]
        message["headers"] = [*message["headers"], *own]
        if scope.get("method") == "OPTIONS":
            _say_all_methods(message, scope)


def _say_all_methods(message: HTTPResponseStartEvent, scope: Scope) -> None:
    # the framework's own answer knows the first handler of a path alone
    routes = [route for route in scope["litestar_app"].routes if route.path_format == scope["path_template"]]
    methods = sorted({method for route in routes for method in getattr(route, "methods", ())})
    others = [(name, value) for name, value in message["headers"] if name.lower() != b"allow"]
    message["headers"] = [*others, (b"allow", ", ".join(methods).encode())]


def answer(request: Request[object, object, State], error: Exception) -> Response[bytes]:
    """The problem that an exception is to the caller."""
    problem, headers = _problem(request, error)
    located = attrs.evolve(problem, instance=request.url.path, request_id=request_id(request.scope))
    body = encode(located)
    if isinstance(error, RefusalError) and error.current is not None:
        # outside the model: of what class it is follows from the route
        body = b'%s,"current":%s}' % (body.removesuffix(b"}"), encode(error.current))
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def _problem(request: Request[object, object, State], error: Exception) -> tuple[Problem, dict[str, str]]:
    if isinstance(error, RefusalError):
        return error.problem, error.headers
    if isinstance(error, ValidationException):
        return _parameters(error).problem, {}
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        # the framework's own detail may repeat what was sent
        status = error.status_code
        return Problem(title=phrase(status), status=status), error.headers or {}
    _log.error("request %s failed: %s", request_id(request.scope), where(error))
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return Problem(title=phrase(status), status=status, detail="The server failed; its log has the request_id."), {}


def _parameters(error: ValidationException) -> RefusalError:
    extra = error.extra if isinstance(error.extra, list) else []
    errors = [
        FieldError(path=f"{_source(entry)}.{entry['key']}", message="Not a value that it takes")
        for entry in extra
        if "key" in entry
    ]
    return RefusalError(400, "A parameter is not what the contract says.", errors=errors)


def _source(entry: dict[str, object]) -> str:
    source = entry.get("source", "query")
    return str(getattr(source, "value", source))


_TELLS = {
    400: "The request can't be read.",
    401: "The token is missing or wrong.",
    403: "The token lacks the scope.",
    404: "There is no such resource.",
    409: "The state forbids it, or the same key is still running.",
    412: "The version is stale.",
    413: "The body is too large.",
    416: "The range begins behind the end.",
    422: "The body breaks a rule.",
    428: "The version is missing.",
}


def declared(*statuses: int) -> dict[int, ResponseSpec]:
    """The problems that a route may answer, for its OpenAPI document."""
    return {
        status: ResponseSpec(
            data_container=Problem, media_type=MEDIA_TYPE, description=_TELLS[status], generate_examples=False
        )
        for status in statuses
    }
