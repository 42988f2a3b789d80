"""Which of the two shells a class is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from sekur_sdk.client._async.shell import AsyncShell
    from sekur_sdk.client._sync.shell import Shell

ShellT = TypeVar("ShellT", bound="AsyncShell | Shell")
