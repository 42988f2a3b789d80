"""Handlers of the usual forms, for resources that are many: list, get, create, change, take a step.

They are the handlers that other modules of routes spell out, made from a table: what a route takes and gives is set as its
annotations, from which the framework reads parameters and the OpenAPI document.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs
import sqlalchemy as sa
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.paging import Page
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body, Strict
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import equals, listed, one
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import Records
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar.handlers import HTTPRouteHandler

    from sekur_sdk.sandbox.store.writer import Transaction

ModelT = TypeVar("ModelT")
AnswerT = TypeVar("AnswerT")
InputT = TypeVar("InputT", bound=Strict)

_CREATE = (400, 401, 403, 409, 422)
_ACT = (400, 401, 403, 404, 409, 412, 422)


@attrs.frozen
class Filter:
    """A query parameter: its type, and the condition that a value of it is."""

    type: object
    condition: Callable[[Any, Store], sa.ColumnElement[bool]]


@attrs.frozen(kw_only=True)
class Routes(Generic[ModelT]):
    """The routes of one kind of resource.

    `path` is that of its list, `module` that of its scopes, `what` its name in operation ids and refusals.
    """

    path: str
    module: str
    what: str
    records: Records[ModelT]

    def list(
        self,
        *,
        sorts: tuple[str, ...],
        default: str = "created_at",
        changed: str = "updated_at",
        equal: Mapping[str, object] | None = None,
        more: Mapping[str, Filter] | None = None,
    ) -> HTTPRouteHandler:
        """GET the list: `equal` are filters by a column's value, with the type of each, `more` are others."""
        listing = Listing(self.records, sorts=sorts, default=default, changed=changed)
        return lister(self.path, self.module, _plural(self.path), listing, equal=equal, more=more)

    def get(self) -> HTTPRouteHandler:
        """GET one."""

        def handle(store: Any, id: str) -> Response[ModelT]:  # noqa: A002  # the path parameter's name in the contract
            return one(store, self.records, id, self.what)

        _annotate(handle, {"store": _of(NamedDependency, Store), "id": FromPath[str]}, self.records.model)
        return get(
            f"{self.path}/{{id:str}}",
            guards=[needs(f"{self.module}:read")],
            sync_to_thread=True,
            operation_id=f"get_{_name(self.what)}",
            description=f"One {self.what}.",
            responses=declared(400, 401, 403, 404),
        )(handle)

    def create(
        self,
        body: type[InputT],
        make: Callable[[Transaction, InputT, Change], AnswerT],
        *,
        answer: type[AnswerT] | None = None,
        kept: Callable[[AnswerT], AnswerT] | None = None,
    ) -> HTTPRouteHandler:
        """POST a new one; `kept` is what a replay of the answer shows, where the answer holds a secret."""

        def handle(data: Any, change: Any) -> Response[AnswerT]:
            made: Response[AnswerT] = change.created(
                lambda tx: make(tx, data, change), f"/api/v1{self.path}", kept=kept
            )
            return made

        parameters = {"data": _of(JSONBody, body), "change": _of(NamedDependency, Change)}
        _annotate(handle, parameters, answer or self.records.model)
        return post(
            self.path,
            guards=[needs(f"{self.module}:write")],
            dto=Body[body],  # type: ignore[valid-type]  # made at run time
            return_dto=None,
            sync_to_thread=True,
            operation_id=f"create_{_name(self.what)}",
            description=f"A new {self.what}.",
            responses=declared(*_CREATE),
        )(handle)

    def update(
        self, body: type[InputT], update: Callable[[Transaction, ModelT, InputT, Change], ModelT]
    ) -> HTTPRouteHandler:
        """PATCH one, whose version the caller has to say."""

        def handle(id: str, data: Any, change: Any) -> Response[ModelT]:  # noqa: A002  # as above
            def run(tx: Transaction) -> ModelT:
                current: Any = find(tx.connection, self.records, id, self.what)
                change.require_version(current)
                return update(tx, current, data, change)

            done: Response[ModelT] = change.done(run)
            return done

        _annotate(handle, _acting(body), self.records.model)
        return patch(
            f"{self.path}/{{id:str}}",
            guards=[needs(f"{self.module}:write")],
            dto=Body[body],  # type: ignore[valid-type]  # made at run time
            return_dto=None,
            sync_to_thread=True,
            operation_id=f"update_{_name(self.what)}",
            description=f"The {self.what} with the sent fields changed.",
            responses=declared(*_ACT, 428),
        )(handle)

    def step(
        self,
        action: str,
        body: type[InputT],
        act: Callable[[Transaction, ModelT, InputT, Change], AnswerT],
        *,
        answer: type[AnswerT] | None = None,
        kept: Callable[[AnswerT], AnswerT] | None = None,
        makes: str | None = None,
        operation: str | None = None,
    ) -> HTTPRouteHandler:
        """POST an action on one, for the version that the caller says, if any.

        `kept` is what a replay of the answer shows, where the answer holds a secret; `makes` the path of the kind of resource
        that it makes, if any; `operation` the operation's id where it is not the action with what it is on.
        """

        def handle(id: str, data: Any, change: Any) -> Response[AnswerT]:  # noqa: A002  # as above
            def run(tx: Transaction) -> AnswerT:
                current: Any = find(tx.connection, self.records, id, self.what)
                change.check_version(current)
                return act(tx, current, data, change)

            if makes is not None:
                made: Response[AnswerT] = change.created(run, f"/api/v1{makes}", kept=kept)
                return made
            done: Response[AnswerT] = change.done(run, kept=kept)
            return done

        _annotate(handle, _acting(body), answer or self.records.model)
        return post(
            f"{self.path}/{{id:str}}/{action}",
            guards=[needs(f"{self.module}:write")],
            dto=Body[body],  # type: ignore[valid-type]  # made at run time
            return_dto=None,
            status_code=200 if makes is None else 201,
            sync_to_thread=True,
            operation_id=operation or f"{_name(action)}_{_name(self.what)}",
            description=f"The {self.what} after `{action}`.",
            responses=declared(*_ACT),
        )(handle)


def lister(
    path: str,
    module: str,
    what: str,
    listing: Listing[ModelT],
    *,
    equal: Mapping[str, object] | None = None,
    more: Mapping[str, Filter] | None = None,
    within: tuple[Routes[Any], sa.Column[str]] | None = None,
) -> HTTPRouteHandler:
    """GET a list; `within` is whose `{id}` its path has, and the column that it is in."""
    table = listing.records.table
    filters = {
        **{name: Filter(type_, _equal(table.c[name])) for name, type_ in (equal or {}).items()},
        **(more or {}),
    }

    def handle(store: Any, paging: Any, **given: Any) -> Response[Page[ModelT]]:
        conditions = [
            filters[name].condition(value, store)
            for name, value in given.items()
            if name in filters and value is not None
        ]
        if within is not None:
            owners, column = within
            with store.read() as connection:
                find(connection, owners.records, given["id"], owners.what)
            conditions.append(column == given["id"])
        return listed(store, listing, paging, *conditions)

    parameters = {"store": _of(NamedDependency, Store), "paging": _of(NamedDependency, PageQuery)}
    if within is not None:
        parameters["id"] = FromPath[str]
    optional = {name: _of(FromQuery, _or_none(filter_.type)) for name, filter_ in filters.items()}
    _annotate(handle, parameters | optional, _of(Page, listing.records.model), optional=frozenset(optional))
    return get(
        path,
        guards=[needs(f"{module}:read")],
        sync_to_thread=True,
        operation_id=f"list_{_name(what)}",
        opt=listing.told,
        description=f"The {what}.",
        responses=declared(400, 401, 403) if within is None else declared(400, 401, 403, 404),
    )(handle)


def _acting(body: type[Strict]) -> dict[str, object]:
    return {"id": FromPath[str], "data": _of(JSONBody, body), "change": _of(NamedDependency, Change)}


def _equal(column: sa.Column[Any]) -> Callable[[Any, Store], sa.ColumnElement[bool]]:
    def condition(value: Any, _store: Store) -> sa.ColumnElement[bool]:
        found = equals(column, value)
        assert found is not None
        return found

    return condition


def _of(form: Any, type_: object) -> object:
    """`form[type_]`, for a type that is only known at run time."""
    return form[type_]


def _or_none(type_: Any) -> object:
    return type_ | None


def _annotate(
    handle: Any, parameters: Mapping[str, object], answer: object, *, optional: frozenset[str] = frozenset()
) -> None:
    returned = _of(Response, answer)
    handle.__annotations__ = {**parameters, "return": returned}
    handle.__signature__ = inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                annotation=annotation,
                default=None if name in optional else inspect.Parameter.empty,
            )
            for name, annotation in parameters.items()
        ],
        return_annotation=returned,
    )


def _name(text: str) -> str:
    return text.replace(" ", "_").replace("-", "_")


def _plural(path: str) -> str:
    return path.removeprefix("/").replace("-", " ")
