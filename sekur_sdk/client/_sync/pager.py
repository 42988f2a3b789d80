# Made from client/_async by tools/generate_sync.py: change it there.
"""A list of the server, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from sekur_sdk.client.errors import RepeatedCursorError, SekurError
from sekur_sdk.client.paging import call_options, item_type, list_operation, page_at, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekur_sdk.client._sync.shell import Shell
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.options import ListOptions
    from sekur_sdk.models.paging import Page

ItemT = TypeVar("ItemT")


class Pager(Generic[ItemT]):
    """The whole list when iterated, fetched as it goes; `page()` is one page of it.

    `cursor` is that of the page being read, None at the start: a pager made with it goes on from there, and repeats of that page what was
    already read. An error on the way carries it too.
    """

    def __init__(self, shell: Shell, operation: Operation[Page[ItemT]], options: ListOptions) -> None:
        self._shell = shell
        self._operation = list_operation(operation, options)
        self._options = call_options(options)
        self._start = options.get("cursor")
        self._on_bad_record = options.get("on_bad_record")
        self.cursor: str | None = self._start
        shell.read_options(self._options)  # a bad option is told here, and not at the first item

    @property
    def item_type(self) -> type[ItemT]:
        """The class of the list's items; an empty list has one too."""
        return item_type(self._operation)

    def page(self) -> Page[ItemT]:
        """The page at which the list begins.

        Raises:
            SekurError: in the class of what went wrong.
        """
        return self._fetch(self._start)

    def pages(self) -> Iterator[Page[ItemT]]:
        """All pages, empty ones among them; the cursor alone says whether there are more.

        Raises:
            RepeatedCursorError: the server gave a cursor twice.
            SekurError: in the class of what went wrong; its `cursor` is where to go on.
        """
        cursor = self._start
        seen = {cursor}
        while True:
            self.cursor = cursor
            page = self._fetch(cursor)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return
            if cursor in seen:
                error = RepeatedCursorError("the server gave the same cursor twice: the list would never end")
                error.cursor = cursor
                raise error
            seen.add(cursor)

    def __iter__(self) -> Iterator[ItemT]:
        for page in self.pages():
            for item in page.items:
                yield item

    def _fetch(self, cursor: str | None) -> Page[ItemT]:
        operation, call = page_at(self._operation, cursor), self._shell.read_options(self._options)
        try:
            response = self._shell.exchange(operation, call)
            return read_page(operation, response, call.request_id, cursor, self._on_bad_record)
        except SekurError as error:
            error.cursor = cursor
            raise
