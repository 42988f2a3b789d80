"""Which release of the distribution this is."""

from __future__ import annotations

from importlib.metadata import version

RELEASE = version("sekur-sdk")
