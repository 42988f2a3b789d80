"""What the sandbox looks after by itself as time passes: who falls silent, what nobody answers, what is past its date or its retention."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from sekur_sdk.sandbox.diagnosis import where
from sekur_sdk.sandbox.ingest.sequence import devices_with_gaps, report_long_missing
from sekur_sdk.sandbox.store.records import devices
from sekur_sdk.sandbox.trade.accounts import expire_tokens
from sekur_sdk.sandbox.trade.alerts import watch_unacknowledged
from sekur_sdk.sandbox.trade.attachments import remove_erased
from sekur_sdk.sandbox.trade.attendance import watch_late
from sekur_sdk.sandbox.trade.cards import watch_cards, watch_qualifications
from sekur_sdk.sandbox.trade.clocking import watch_forgotten
from sekur_sdk.sandbox.trade.commands import expire_commands
from sekur_sdk.sandbox.trade.contracts import watch_contracts
from sekur_sdk.sandbox.trade.deliveries import forget_deliveries
from sekur_sdk.sandbox.trade.devices import watch_health
from sekur_sdk.sandbox.trade.exports import expire_exports
from sekur_sdk.sandbox.trade.invoices import find_overdue
from sekur_sdk.sandbox.trade.portal import expire_client_tokens
from sekur_sdk.sandbox.trade.positions import forget_waiting
from sekur_sdk.sandbox.trade.pti import watch_sessions
from sekur_sdk.sandbox.trade.quotes import expire_quotes
from sekur_sdk.sandbox.trade.retention import purge_daily
from sekur_sdk.sandbox.trade.round_plan import plan_all
from sekur_sdk.sandbox.trade.rounds import watch_rounds
from sekur_sdk.sandbox.trade.scans import forget_places
from sekur_sdk.sandbox.trade.signatures import expire_requests
from sekur_sdk.sandbox.trade.subscription import renew
from sekur_sdk.sandbox.trade.webhooks import forget_secrets

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

_log = logging.getLogger("sekur_sdk.sandbox.watch")


def look(tx: Transaction, *, listening_since: datetime | None = None) -> None:
    """One look at everything; `listening_since` is when the server began to hear wearables."""
    watch_health(tx, listening_since=listening_since)
    _watch_gaps(tx)
    forget_waiting(tx)
    watch_sessions(tx, listening_since=listening_since)
    watch_unacknowledged(tx)
    expire_commands(tx)
    purge_daily(tx)
    expire_quotes(tx)
    find_overdue(tx)
    watch_contracts(tx)
    expire_tokens(tx)
    watch_cards(tx)
    watch_qualifications(tx)
    renew(tx)
    plan_all(tx)
    watch_rounds(tx)
    forget_places(tx)
    watch_late(tx)
    watch_forgotten(tx)
    expire_client_tokens(tx)
    expire_requests(tx)
    expire_exports(tx)
    forget_secrets(tx)
    forget_deliveries(tx)


def _watch_gaps(tx: Transaction) -> None:
    for device_id in devices_with_gaps(tx):
        device = devices.find(tx.connection, device_id)
        if device is not None:
            report_long_missing(tx, device)


class Watch:
    """A thread that looks every `every_s` seconds."""

    def __init__(self, store: Store, every_s: float) -> None:
        self._store = store
        self._every_s = every_s
        self._since = store.now()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sandbox-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._ended.wait(self._every_s):
            try:
                self._store.write(lambda tx: look(tx, listening_since=self._since))
                remove_erased(self._store)
            except Exception as error:  # noqa: BLE001  # a look that fails must not end the watch: the next may succeed
                _log.error(
                    "a look at the fleet failed: %s", where(error)
                )  # the traceback's message may hold people's data
