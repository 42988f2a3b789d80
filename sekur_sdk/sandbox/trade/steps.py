"""Lives of resources: which action leads from which state to which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from sekur_sdk.models.scalars import OpenEnum
from sekur_sdk.sandbox.problems import RefusalError, forbidden_step

StatusT = TypeVar("StatusT", bound=OpenEnum)
StatusT_co = TypeVar("StatusT_co", bound=OpenEnum, covariant=True)
Life = Mapping[StatusT, Mapping[str, StatusT]]
"""For each state, the actions that it allows and the state that each leads to."""


class Living(Protocol[StatusT_co]):
    """A resource with a state."""

    @property
    def status(self) -> StatusT_co:
        """Its state."""
        ...


def step(life: Life[StatusT], what: str, resource: Living[StatusT], action: str) -> StatusT:
    """The state that `action` leads to.

    Raises:
        RefusalError: 409 with the actions that the state allows.
    """
    allowed = life[resource.status]
    if action not in allowed:
        raise forbidden_step(what, resource.status, allowed, resource)
    return allowed[action]


def refuse_ended(life: Life[StatusT], what: str, resource: Living[StatusT]) -> None:
    """Refuse to change a resource whose state allows nothing but to take it up again.

    Raises:
        RefusalError: 409.
    """
    allowed = life[resource.status]
    if not set(allowed) - {"reopen", "restore", "rehire"}:
        raise RefusalError(
            409, f"The {what} is {resource.status}: it can't be changed any more.", allowed=allowed, current=resource
        )
