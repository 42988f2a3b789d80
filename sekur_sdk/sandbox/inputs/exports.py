"""Inputs of exports."""

from __future__ import annotations

from typing import Literal

from sekur_sdk.sandbox.inputs.body import Strict

ExportFormatName = Literal["zip"]
ExportStatusName = Literal["requested", "running", "ready", "expired", "failed"]


class ExportCreate(Strict, kw_only=True, frozen=True):
    """A new export."""

    format: ExportFormatName = "zip"
