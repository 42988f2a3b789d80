"""Bodies to the strict classes: read by our own decoder, described in OpenAPI by the framework's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from litestar.dto import AbstractDTO

from sekur_sdk.sandbox.problems import rule_broken, unreadable
from sekur_sdk.wire import WireError, decode

if TYPE_CHECKING:
    from collections.abc import Generator

    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.dto.data_structures import DTOFieldDefinition
    from litestar.openapi.spec import Reference, Schema
    from litestar.typing import FieldDefinition

T = TypeVar("T")


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The base of all inputs; `kw_only` is not inherited and stands at each."""


class Patch(Strict, frozen=True):
    """The base of what changes a resource: fields that were not sent are `UNSET`."""

    def changes(self) -> dict[str, object]:
        """The fields that were sent."""
        return {name: value for name, value in fields_of(self).items() if value is not msgspec.UNSET}


def fields_of(data: Strict) -> dict[str, Any]:
    """The fields of an input, by name."""
    return {name: getattr(data, name) for name in data.__struct_fields__}


def is_told_in_utc(at: datetime) -> bool:
    """Whether UTC has that time: in the first hours of year 1 or the last of 9999 it may be in a year that there is not."""
    try:
        at.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _check_times(value: object, path: str) -> None:
    """Refuse times that UTC has not, wherever they stand in the body."""
    if isinstance(value, datetime):
        if not is_told_in_utc(value):
            raise rule_broken(path, "Not a time within the years 1 to 9999 of UTC")
    elif isinstance(value, Strict):
        for name, field in fields_of(value).items():
            _check_times(field, f"{path}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check_times(item, f"{path}[{number}]")


class Body(AbstractDTO[T]):
    """Reads a JSON body strictly: the framework would take `"5"` for a number and drop the path of an error."""

    def decode_bytes(self, value: bytes) -> T:
        """The input that the body spells.

        Raises:
            RefusalError: 400 for no JSON, 422 for one that is not what the route takes.
        """
        try:
            data = decode(value, self.model_type)
        except WireError as error:
            raise unreadable(error) from error
        _check_times(data, "$")
        return data

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Nothing to prepare: there is no transfer model."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: SchemaCreator
    ) -> Reference | Schema:
        """The schema of the input class itself."""
        del handler_id
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        """None: there is no transfer model."""
        del model_type
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Not needed: there is no transfer model."""
        del field_definition
        return False
