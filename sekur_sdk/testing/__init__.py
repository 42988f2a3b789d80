"""For the tests of programs that use the SDK: a live sandbox, and faults on the way to it.

With pytest the fixtures are there by themselves (:mod:`sekur_sdk.testing.plugin`); elsewhere `LiveSandbox` and `FaultyLine` are
context managers. The sandbox needs the extra `sandbox`: `pip install 'sekur-sdk[sandbox]'`. A name is loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekur_sdk.testing.errors import SandboxMissingError
    from sekur_sdk.testing.faults import CorruptBody, CutBody, Fault, HangUp, Latency, Pass, Refuse, Stall
    from sekur_sdk.testing.live import LiveSandbox
    from sekur_sdk.testing.proxy import FaultyLine, SeenRequest

_HOMES = {
    "CorruptBody": "sekur_sdk.testing.faults",
    "CutBody": "sekur_sdk.testing.faults",
    "Fault": "sekur_sdk.testing.faults",
    "FaultyLine": "sekur_sdk.testing.proxy",
    "HangUp": "sekur_sdk.testing.faults",
    "Latency": "sekur_sdk.testing.faults",
    "LiveSandbox": "sekur_sdk.testing.live",
    "Pass": "sekur_sdk.testing.faults",
    "Refuse": "sekur_sdk.testing.faults",
    "SandboxMissingError": "sekur_sdk.testing.errors",
    "SeenRequest": "sekur_sdk.testing.proxy",
    "Stall": "sekur_sdk.testing.faults",
}

__all__ = [
    "CorruptBody",
    "CutBody",
    "Fault",
    "FaultyLine",
    "HangUp",
    "Latency",
    "LiveSandbox",
    "Pass",
    "Refuse",
    "SandboxMissingError",
    "SeenRequest",
    "Stall",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
