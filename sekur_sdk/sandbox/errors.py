"""What the sandbox tells its user when it can't run."""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox can't start or go on; the message says what was wrong, where, and what to do."""
