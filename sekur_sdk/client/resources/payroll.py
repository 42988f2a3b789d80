"""Pre-payroll."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.paging import Page
from sekur_sdk.models.payroll import (
    PayrollHours,
    PayrollLine,
    PayrollProblem,
    PayrollProblemCode,
    PayrollRun,
    PayrollRunStatus,
    PayrollSettings,
)


class PayrollRuns(Resource[ShellT]):
    """Pre-payroll runs, one for a civil month."""

    @listing("/payroll-runs")
    def list(
        self,
        *,
        status: PayrollRunStatus | str | None = None,
        period: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[PayrollRun]:
        """All that meet the filters; a period is a month like 2026-11."""

    @fetch("/payroll-runs/{run_id}")
    def get(self, run_id: str, **options: Unpack[CallOptions]) -> PayrollRun:
        """One by its id."""

    @post("/payroll-runs")
    def create(
        self, *, period: str, employee_ids: Sequence[str] | None = None, **options: Unpack[PostOptions]
    ) -> PayrollRun:
        """A new run of a month like 2026-11, of all who were employed in it unless told of whom.

        Raises:
            ConflictError: another run has the month for one of them, and is not cancelled.
        """

    @post("/payroll-runs/{run_id}/compute")
    def compute(self, run_id: str, **options: Unpack[StepOptions]) -> PayrollRun:
        """Its lines made anew from the duties as they are now: closed and validated ones count."""

    @post("/payroll-runs/{run_id}/check")
    def check(self, run_id: str, *, accept_problems: bool | None = None, **options: Unpack[StepOptions]) -> PayrollRun:
        """Looked at by a person, and taken with its problems where it has some.

        Raises:
            UnprocessableError: it has problems, which were not accepted.
            ConflictError: duties or contracts have changed since it was computed.
        """

    @post("/payroll-runs/{run_id}/lock")
    def lock(self, run_id: str, **options: Unpack[StepOptions]) -> PayrollRun:
        """Its lines never change again."""

    @post("/payroll-runs/{run_id}/export")
    def mark_exported(self, run_id: str, **options: Unpack[StepOptions]) -> PayrollRun:
        """Handed over to the payroll software."""

    @post("/payroll-runs/{run_id}/cancel")
    def cancel(self, run_id: str, *, reason: str, **options: Unpack[StepOptions]) -> PayrollRun:
        """Given up, so that its month may have another."""

    @listing("/payroll-runs/{run_id}/lines")
    def lines(
        self,
        run_id: str,
        *,
        employee_id: str | None = None,
        code: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[PayrollLine]:
        """Its lines, by staff number."""

    @listing("/payroll-runs/{run_id}/hours")
    def hours(
        self, run_id: str, *, employee_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[PayrollHours]:
        """What each employee worked in the month, and in each week that ends in it."""

    @listing("/payroll-runs/{run_id}/problems")
    def problems(
        self,
        run_id: str,
        *,
        employee_id: str | None = None,
        code: PayrollProblemCode | str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[PayrollProblem]:
        """What a person has to look at."""

    @fetch("/payroll-runs/{run_id}/export", accept="text/csv", subject=PayrollRun)
    def export(
        self,
        run_id: str,
        *,
        format: Literal["csv"] | None = None,  # noqa: A002  # the parameter's name in the contract
        decimal: Literal["point", "comma"] | None = None,
        **options: Unpack[CallOptions],
    ) -> bytes:
        """The quantities of a locked run as `matricule;code;valeur;date_debut;date_fin`, in UTF-8, under the organisation's own codes.

        Raises:
            ConflictError: it is not locked.
        """


class OwnPayrollSettings(Resource[ShellT]):
    """How the organisation's payroll software calls the codes."""

    @fetch("/payroll-settings")
    def get(self, **options: Unpack[CallOptions]) -> PayrollSettings:
        """The settings."""

    @patch("/payroll-settings")
    def update(
        self,
        *,
        version: int,
        codes: Mapping[str, str | None] | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> PayrollSettings:
        """Changes what is given; `codes` stands for all that were there, None leaves a code out of exports.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
