"""What went wrong, for the log: no message, no value, nothing of anybody's data."""

from __future__ import annotations

import traceback
from pathlib import PurePath


def where(error: BaseException) -> str:
    """What an unexpected exception was and where it was raised, without its message, which may hold people's data."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__} at " + " < ".join(
        f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
