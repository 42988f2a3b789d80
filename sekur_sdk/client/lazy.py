"""Attributes that are imported when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def lazy(name: str) -> Any:
    """A domain of a client: an object of the class `name`, made for the client's shell at first use and kept.

    The class is in the module of the attribute's name, in `resources` beside the client's own module.
    """
    return _Lazy(name)


class _Lazy:
    def __init__(self, name: str) -> None:
        self._name = name

    def __set_name__(self, owner: type, attribute: str) -> None:
        self._attribute = attribute
        self._module = f"{owner.__module__.rpartition('.')[0]}.resources.{attribute}"

    def __get__(self, client: Any, owner: type | None = None) -> Any:
        if client is None:
            return self
        made = getattr(import_module(self._module), self._name)(client._shell)  # noqa: SLF001  # a part of the client
        client.__dict__[self._attribute] = made
        return made
