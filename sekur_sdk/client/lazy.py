"""Attributes that are imported when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def lazy(name: str, module: str | None = None) -> Any:
    """The calls of a client to one kind of resource: an object of the class `name`, made for the client's shell at first use and kept.

    The class is in `module`, by default that of the attribute's name, in `resources` beside the module that names it.
    """
    return _Lazy(name, module)


class _Lazy:
    def __init__(self, name: str, module: str | None) -> None:
        self._name = name
        self._in = module

    def __set_name__(self, owner: type, attribute: str) -> None:
        self._attribute = attribute
        self._module = f"{owner.__module__.rpartition('.')[0]}.resources.{self._in or attribute}"

    def __get__(self, client: Any, owner: type | None = None) -> Any:
        if client is None:
            return self
        made = getattr(import_module(self._module), self._name)(client._shell)  # noqa: SLF001  # a part of the client
        client.__dict__[self._attribute] = made
        return made
