"""What other threads post to the uplink's."""

from __future__ import annotations

import threading
from typing import TypeAlias

import attrs

from edge_agent.backlog import Fetched
from edge_agent.messages import Message
from edge_agent.mqtt_link import LinkSignal
from sekur_sdk.models.device import Receipt


@attrs.frozen(eq=False)
class Offer:
    """A message to be sent at once; `committed` is set when it is stored."""

    message: Message
    committed: threading.Event


@attrs.frozen
class Committed:
    """What was offered has been committed: its flag is set."""


@attrs.frozen
class Stored:
    """Telemetry was committed, which is read from the outbox."""


@attrs.frozen
class Say:
    """Something to be said if there is a connection, and never again."""

    channel: str
    payload: bytes
    retain: bool


@attrs.frozen
class Stop:
    """The end, at this moment of the clock at the latest."""

    until: float


Posted: TypeAlias = LinkSignal | Offer | Fetched | Committed | Stored | Say | Stop | Receipt
