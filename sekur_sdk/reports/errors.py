"""What can be missing."""

from __future__ import annotations


class LibraryMissingError(ImportError):
    """An export is asked for whose library is not installed; the message has the command that installs it."""
