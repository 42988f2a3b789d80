"""Every call that the SDK's resources state, for checks that nothing of the contract is missing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

from sekur_sdk.client import resources
from sekur_sdk.client._async import resources as with_io
from sekur_sdk.client.endpoint import Statement


def stated_calls() -> dict[str, Statement[..., Any]]:
    """The calls by resource and method, as in `Shifts.create`; those of attachments and documents among them."""
    found: dict[str, Statement[..., Any]] = {}
    for package in (resources, with_io):
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            for name, class_ in inspect.getmembers(module, inspect.isclass):
                if class_.__module__ == module.__name__:
                    stated = {key: value for key, value in vars(class_).items() if isinstance(value, Statement)}
                    found |= {f"{name.removeprefix('Async')}.{key}": value for key, value in stated.items()}
    return found
