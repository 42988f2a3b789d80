# Made from client/_async by tools/generate_sync.py: change it there.
"""Quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.pager import Pager
from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import quotes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Unpack

    from sekur_sdk.client.operations.quotes import NewLine
    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.billing import Invoice, Party, Quote, QuoteStatus


class Quotes(Resource):
    """Quotes (devis)."""

    def list(
        self, *, status: QuoteStatus | str | None = None, site_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Pager[Quote]:
        """Quotes, by `status` and site."""
        return Pager(self._shell, quotes.list_all(status=status, site_id=site_id), options)

    def get(self, quote_id: str, **options: Unpack[CallOptions]) -> Quote:
        """One quote."""
        return self._shell.call(quotes.get(quote_id), options)

    def create(
        self,
        *,
        buyer: Party,
        title: str,
        lines: Sequence[NewLine],
        site_id: str | None = None,
        valid_until: date | None = None,
        **options: Unpack[PostOptions],
    ) -> Quote:
        """A new quote, a draft; the server works out the amounts."""
        return self._shell.call(
            quotes.create(buyer=buyer, title=title, lines=lines, site_id=site_id, valid_until=valid_until), options
        )

    def send(self, quote_id: str, *, version: int | None = None, **options: Unpack[PostOptions]) -> Quote:
        """Marks it as sent. With `version`, only if the quote has not changed since."""
        return self._shell.call(quotes.send(quote_id, version=version), options)

    def accept(self, quote_id: str, *, version: int | None = None, **options: Unpack[PostOptions]) -> Quote:
        """The buyer accepts. With `version`, only if the quote has not changed since."""
        return self._shell.call(quotes.accept(quote_id, version=version), options)

    def refuse(self, quote_id: str, *, version: int | None = None, **options: Unpack[PostOptions]) -> Quote:
        """The buyer refuses. With `version`, only if the quote has not changed since."""
        return self._shell.call(quotes.refuse(quote_id, version=version), options)

    def convert(
        self,
        quote_id: str,
        *,
        period_start: date | None = None,
        period_end: date | None = None,
        version: int | None = None,
        **options: Unpack[PostOptions],
    ) -> Invoice:
        """Makes a draft invoice of an accepted quote, for the period given. With `version`, only if the quote has not changed since."""
        return self._shell.call(
            quotes.convert(quote_id, period_start=period_start, period_end=period_end, version=version), options
        )
