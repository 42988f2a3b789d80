"""The control room of the demo: an operator's program on the SDK, which watches the event stream."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from sekur_sdk.cli.demo.sightings import Sightings
from sekur_sdk.client._sync.client import SekurClient
from sekur_sdk.client.errors import SekurError

if TYPE_CHECKING:
    from types import TracebackType

    from sekur_sdk.models.events import Event

NAME = "Poste central"


class ControlRoom:
    """An SDK client with its event stream, open while the context is; `seen` has every event."""

    def __init__(self, base_url: str, token: str) -> None:
        self.client: SekurClient = SekurClient(base_url=base_url, token=token)
        self.seen: Sightings[Event] = Sightings()
        self.broken: SekurError | None = None
        self._stream = self.client.events.stream()
        self._watching = threading.Thread(target=self._watch, name="demo-events", daemon=True)

    def __enter__(self) -> Self:
        self._stream.connect()
        self._watching.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stream.close()
        self._watching.join()
        self.client.close()

    def _watch(self) -> None:
        try:
            for event in self._stream:
                self.seen.add(event)
        except SekurError as error:
            self.broken = error
