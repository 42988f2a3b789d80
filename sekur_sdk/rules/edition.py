"""Which edition of its rules a computation rests on, so that its figures can be told from those of another."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from importlib.metadata import version

PAY_TABLES = ("payroll", "public_holidays", "salary_grid", "seniority")
_DIGITS = 12


@cache
def pay_rules_version() -> str:
    """The release of the rules and the first digits of the SHA-256 of their tables, as `0.1.0+3f2a…`."""
    digest = hashlib.sha256()
    for name in PAY_TABLES:
        digest.update(resources.files("sekur_sdk.rules").joinpath(f"data/{name}.json").read_bytes())
    return f"{version('sekur-sdk')}+{digest.hexdigest()[:_DIGITS]}"
