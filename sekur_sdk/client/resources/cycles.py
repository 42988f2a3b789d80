"""Cycles: patterns of shifts that repeat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.cycles import Cycle, CycleSlot, CycleStatus
from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import PlannedShifts


class Cycles(Resource[ShellT]):
    """Patterns of shifts that repeat."""

    @listing("/cycles")
    def list(
        self, *, site_id: str | None = None, status: CycleStatus | str | None = None, **options: Unpack[ListOptions]
    ) -> Page[Cycle]:
        """Cycles, by site and `status`."""

    @fetch("/cycles/{cycle_id}")
    def get(self, cycle_id: str, **options: Unpack[CallOptions]) -> Cycle:
        """One by its id."""

    @post("/cycles")
    def create(
        self,
        *,
        name: str,
        site_id: str,
        length_days: int,
        anchor_on: date,
        slots: Sequence[CycleSlot],
        post: str | None = None,
        post_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Cycle:
        """A new cycle on a post: `post` is its name, or `post_id` its id."""

    @patch("/cycles/{cycle_id}")
    def update(
        self,
        cycle_id: str,
        *,
        version: int,
        name: str | UnsetType = UNSET,
        length_days: int | UnsetType = UNSET,
        anchor_on: date | UnsetType = UNSET,
        slots: Sequence[CycleSlot] | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Cycle:
        """Changes what is given; the shifts that were made from it stay.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/cycles/{cycle_id}/generate", subject=Cycle)
    def generate(
        self, cycle_id: str, *, first_on: date, last_on: date, **options: Unpack[StepOptions]
    ) -> PlannedShifts:
        """Makes the drafts of a period, each once however often it is asked for."""

    @post("/cycles/{cycle_id}/archive")
    def archive(self, cycle_id: str, **options: Unpack[StepOptions]) -> Cycle:
        """Made from no more."""

    @post("/cycles/{cycle_id}/restore")
    def restore(self, cycle_id: str, **options: Unpack[StepOptions]) -> Cycle:
        """Made from again."""
