"""Calls of the contract, stated once for both shells: a method, a path, typed parameters, the type of the answer.

A resource's method has a docstring and no body. Its parameters say what is sent: those that the path names go into it, `version` is the
`If-Match`, the others are the query of a GET and the body of a POST or PATCH, each checked and written by its type. A parameter that is
not given is not sent; None clears a field in a PATCH and is not sent elsewhere.
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Mapping  # a field's type, which attrs users resolve at run time
from typing import TYPE_CHECKING, Concatenate, Generic, Never, ParamSpec, Self, TypeVar, cast, get_args, overload

import attrs
from msgspec import UNSET

from sekur_sdk.client.arguments import body, identifier, words, write
from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.shells import ShellT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client._async.shell import AsyncShell
    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client._sync.shell import Shell
    from sekur_sdk.client.arguments import Json
    from sekur_sdk.models.paging import Page

P = ParamSpec("P")
AnswerT = TypeVar("AnswerT")

_OPTIONS = "options"
_VERSION = "version"
_CONTENT = "content"


class Resource(Generic[ShellT]):
    """The calls of one kind of resource, made through a shell."""

    def __init__(self, shell: ShellT) -> None:
        self._shell = shell


@attrs.frozen
class _Plan:
    """What a call's signature says, read when it is first made."""

    signature: inspect.Signature
    types: Mapping[str, object]
    answer: type[object]
    options: frozenset[str]


class Statement(Generic[P, AnswerT]):
    """A call as its resource states it."""

    def __init__(
        self,
        stated: Callable[Concatenate[Never, P], object],
        method: str,
        path: str,
        *,
        subject: type[object] | None = None,
        content_type: str | None = None,
        accept: str | None = None,
    ) -> None:
        self.stated = stated
        self.method = method
        self.path = path
        self.subject = subject
        self.content_type = content_type
        self.accept = accept
        functools.update_wrapper(cast("typing.Any", self), stated)

    @functools.cached_property
    def plan(self) -> _Plan:
        """Its parameters, their types, the type of its answer and the names of its options."""
        stated = cast("typing.Any", self.stated)
        hints = typing.get_type_hints(stated)
        answer, options = hints.pop("return"), get_args(hints.pop(_OPTIONS))[0]
        return _Plan(inspect.signature(stated), hints, answer, frozenset(options.__annotations__))

    def read(self, arguments: tuple[object, ...], named: dict[str, object]) -> tuple[Operation[AnswerT], typing.Any]:
        """The operation that the arguments ask for, and the options beside them.

        Raises:
            TypeError: a name too many, or one too few.
            ArgumentError: a value that can't be sent.
        """
        plan = self.plan
        given = plan.signature.bind(None, *arguments, **named).arguments
        options = given.pop(_OPTIONS, {})
        del given["self"]
        if unknown := sorted(options.keys() - plan.options):
            raise TypeError(f"unexpected keyword argument {unknown[0]!r}")
        version = given.pop(_VERSION, options.pop(_VERSION, None))
        if version is not None or _VERSION in plan.types:
            version = write(_VERSION, version, int)
        path = self.path.format_map(
            {name: identifier(name, given.pop(name)) for name in tuple(given) if f"{{{name}}}" in self.path}
        )
        content = given.pop(_CONTENT, None) if self.content_type else None
        is_change, is_read = self.method == "PATCH", self.method == "GET"
        fields: dict[str, Json] = {}
        for name, value in given.items():
            if value is None and is_change:
                if type(None) not in get_args(plan.types[name]):
                    raise ArgumentError(name, "can't be cleared")
                fields[name] = None
            elif value is not None and value is not UNSET:
                fields[name] = write(name, value, plan.types[name])
        if content is not None:
            sent: bytes | None = content if isinstance(content, bytes) else words(_CONTENT, content).encode()
        else:
            sent = None if is_read else body(**fields)
        operation = Operation(
            method=self.method,
            path=path,
            query=tuple((name, _text(value)) for name, value in fields.items()) if is_read or content else (),
            body=sent,
            content_type=self.content_type or "application/json",
            accept=self.accept or "application/json",
            answer=plan.answer,
            if_match=cast("int | None", version),
            has_key=self.method == "POST",
            is_repeatable=not is_change,
            subject=self.subject,
        )
        return cast("Operation[AnswerT]", operation), options

    def _bound(self, resource: typing.Any, bound: typing.Any) -> typing.Any:
        functools.update_wrapper(bound, self.stated)
        signature = inspect.signature(self.stated)
        bound.__signature__ = signature.replace(parameters=list(signature.parameters.values())[1:])
        resource.__dict__[self.stated.__name__] = bound
        return bound


class Call(Statement[P, AnswerT]):
    """A call with one answer."""

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource[Shell], owner: type) -> Callable[P, AnswerT]: ...
    @overload
    def __get__(
        self, resource: Resource[AsyncShell], owner: type
    ) -> Callable[P, Coroutine[object, object, AnswerT]]: ...
    def __get__(self, resource: Resource[typing.Any] | None, owner: type) -> object:
        """The call through the resource's shell."""
        return self if resource is None else self._bound(resource, resource._shell.bind(self))  # noqa: SLF001  # the two are one


class Listing(Statement[P, "Page[AnswerT]"], Generic[P, AnswerT]):
    """A call whose answer is a page of a list."""

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource[Shell], owner: type) -> Callable[P, Pager[AnswerT]]: ...
    @overload
    def __get__(self, resource: Resource[AsyncShell], owner: type) -> Callable[P, AsyncPager[AnswerT]]: ...
    def __get__(self, resource: Resource[typing.Any] | None, owner: type) -> object:
        """The list through the resource's shell."""
        return self if resource is None else self._bound(resource, resource._shell.bind_list(self))  # noqa: SLF001  # as above


def listing(path: str) -> Callable[[Callable[Concatenate[Never, P], Page[AnswerT]]], Listing[P, AnswerT]]:
    """GET a list, page by page."""
    return lambda stated: Listing(stated, "GET", path)


def fetch(
    path: str, *, accept: str | None = None, subject: type[object] | None = None
) -> Callable[[Callable[Concatenate[Never, P], AnswerT]], Call[P, AnswerT]]:
    """GET; `accept` is the media type of an answer that is bytes, `subject` the resource that a conflict about it shows."""
    return lambda stated: Call(stated, "GET", path, accept=accept, subject=subject)


def post(
    path: str, *, subject: type[object] | None = None, content_type: str | None = None
) -> Callable[[Callable[Concatenate[Never, P], AnswerT]], Call[P, AnswerT]]:
    """POST, which its key makes safe to try again.

    `subject` is the resource that a conflict shows, where it is not the answer's. With `content_type` the parameter `content` is the body as it
    is, and the others go into the query.
    """
    return lambda stated: Call(stated, "POST", path, subject=subject, content_type=content_type)


def patch(path: str) -> Callable[[Callable[Concatenate[Never, P], AnswerT]], Call[P, AnswerT]]:
    """PATCH what `version` names; a second try would be told 412 though the first had worked, and is not made."""
    return lambda stated: Call(stated, "PATCH", path)


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
