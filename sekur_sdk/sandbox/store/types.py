"""Column types between SQL and the models."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from sekur_sdk.models.scalars import Amount, OpenEnum, Rate, format_decimal
from sekur_sdk.wire import decode, encode

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

T = TypeVar("T")
EnumT = TypeVar("EnumT", bound=OpenEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; on SQLite as fixed-width text that sorts by time."""

    impl: sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]] = sa.DateTime(timezone=True)
    cache_ok: bool | None = True

    @property
    def python_type(self) -> type[datetime]:
        """Datetimes."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; naive where the database keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the store needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[EnumT], Generic[EnumT]):
    """A member of an open enum, kept as its text."""

    impl: sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]] = sa.String(64)
    cache_ok: bool | None = True

    def __init__(self, enum: type[EnumT]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: EnumT | None, dialect: Dialect) -> str | None:
        """The member's text."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> EnumT | None:
        """The member."""
        del dialect
        return None if value is None else self.enum(value)


class RateText(TypeDecorator[Decimal]):
    """An exact decimal of four places, kept as its text on the wire."""

    impl: sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]] = sa.String(20)
    cache_ok: bool | None = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """The decimal's text."""
        del dialect
        return None if value is None else format_decimal(value, places=4)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The decimal."""
        del dialect
        return None if value is None else Rate(value)


class AmountText(TypeDecorator[Decimal]):
    """Euros to the cent, kept as their text on the wire."""

    impl: sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]] = sa.String(20)
    cache_ok: bool | None = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """The amount's text."""
        del dialect
        return None if value is None else format_decimal(value, places=2)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The amount."""
        del dialect
        return None if value is None else Amount(value)


class WireJson(TypeDecorator[T], Generic[T]):
    """A nested value of a model, kept as its JSON on the wire."""

    impl: sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]] = sa.Text()
    cache_ok: bool | None = True

    def __init__(self, type_: type[T]) -> None:
        super().__init__()
        self.type_ = type_

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        """The value's JSON."""
        del dialect
        return None if value is None else encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        """The value."""
        del dialect
        return None if value is None else decode(value.encode(), self.type_)
