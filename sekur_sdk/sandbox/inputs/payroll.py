"""Inputs of pre-payroll."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import IdText, Name

Period = Annotated[str, msgspec.Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
OwnCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9_]{1,40}$")]
# never what a spreadsheet would take for a formula
TheirCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]([A-Za-z0-9 ._/-]{0,38}[A-Za-z0-9])?$")]
PayrollStatusName = Literal["open", "computed", "checked", "locked", "exported", "cancelled"]
PayrollProblemName = Literal[
    "duty_not_validated",
    "duty_open",
    "duties_overlap",
    "no_coefficient",
    "no_minimum",
    "not_employed",
    "no_contract",
    "contract_changed",
    "part_month",
    "category_ambiguous",
    "mixed_regime",
    "mixed_time_zones",
    "mixed_holidays",
    "month_not_over",
]


class PayrollRunCreate(Strict, kw_only=True, frozen=True):
    """A new run, of all who were employed in the month unless told of whom."""

    period: Period
    employee_ids: Annotated[list[IdText], msgspec.Meta(min_length=1, max_length=1000)] | None = None


class PayrollRunCheck(Strict, kw_only=True, frozen=True):
    """That a person looked at the run, and takes it with the problems that it has."""

    accept_problems: bool = False


class PayrollRunCancel(Strict, kw_only=True, frozen=True):
    """Why a run is given up."""

    reason: Name


class PayrollSettingsUpdate(Patch, kw_only=True, frozen=True):
    """What to change of the settings; `codes` stands for all that were there."""

    codes: Annotated[dict[OwnCode, TheirCode | None], msgspec.Meta(max_length=100)] | UnsetType = UNSET
