"""The resource that a conflict shows."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from sekur_sdk.wire import WireError, decode

SubjectT = TypeVar("SubjectT")


@attrs.frozen
class _Conflict(Generic[SubjectT]):
    current: SubjectT | None = None


def read_current(subject: type[SubjectT], problem: bytes) -> SubjectT | None:
    """`current` of a problem, as the model that it is by its route; None where it is not there or can't be read."""
    try:
        return decode(problem, _Conflict[subject]).current  # type: ignore[valid-type]  # a type made at run time
    except WireError:
        return None
