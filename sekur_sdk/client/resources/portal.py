"""What a client's own people see, with a token of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing
from sekur_sdk.client.options import CallOptions, ListOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.billing import Invoice
from sekur_sdk.models.documents import Document
from sekur_sdk.models.logbook import LogbookEntry
from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import Shift
from sekur_sdk.models.rounds import Round
from sekur_sdk.models.sites import Site


class PortalView(Resource[ShellT]):
    """A client's own sites, and of these what is shared with it."""

    @listing("/client-portal/sites")
    def sites(self, **options: Unpack[ListOptions]) -> Page[Site]:
        """The sites that the person may look at."""

    @fetch("/client-portal/sites/{site_id}")
    def site(self, site_id: str, **options: Unpack[CallOptions]) -> Site:
        """One of them."""

    @listing("/client-portal/shifts")
    def shifts(
        self,
        *,
        site_id: str | None = None,
        starts_from: datetime | None = None,
        starts_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Shift]:
        """The published shifts of sites whose shifts are shared, without who works them."""

    @fetch("/client-portal/shifts/{shift_id}")
    def shift(self, shift_id: str, **options: Unpack[CallOptions]) -> Shift:
        """One of them."""

    @listing("/client-portal/entries")
    def entries(
        self,
        *,
        site_id: str | None = None,
        occurred_from: datetime | None = None,
        occurred_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[LogbookEntry]:
        """The logbook entries that are shared."""

    @fetch("/client-portal/entries/{entry_id}")
    def entry(self, entry_id: str, **options: Unpack[CallOptions]) -> LogbookEntry:
        """One of them."""

    @listing("/client-portal/rounds")
    def rounds(
        self,
        *,
        site_id: str | None = None,
        planned_from: datetime | None = None,
        planned_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Round]:
        """The rounds of sites whose rounds are shared, without who makes them."""

    @fetch("/client-portal/rounds/{round_id}")
    def round(self, round_id: str, **options: Unpack[CallOptions]) -> Round:
        """One of them."""

    @listing("/client-portal/invoices")
    def invoices(self, *, site_id: str | None = None, **options: Unpack[ListOptions]) -> Page[Invoice]:
        """The issued invoices that are shared."""

    @fetch("/client-portal/invoices/{invoice_id}")
    def invoice(self, invoice_id: str, **options: Unpack[CallOptions]) -> Invoice:
        """One of them."""

    @listing("/client-portal/reports")
    def reports(self, **options: Unpack[ListOptions]) -> Page[Document]:
        """The documents that are shared as reports."""

    @fetch("/client-portal/reports/{report_id}")
    def report(self, report_id: str, **options: Unpack[CallOptions]) -> Document:
        """One of them."""
