"""What wearables publish: bytes of a channel to an envelope with its body."""

from __future__ import annotations

from typing import cast

import attrs
import msgspec

from sekur_sdk.models.device import (
    MAX_MESSAGE_BYTES,
    AlertBody,
    CancelBody,
    Channel,
    DutyBody,
    Envelope,
    EventKind,
    GapBody,
    HealthBody,
    LogBody,
    PositionBody,
    ScanBody,
)
from sekur_sdk.models.uid import Uid
from sekur_sdk.wire import WireError, decode

Body = AlertBody | CancelBody | DutyBody | GapBody | HealthBody | LogBody | PositionBody | ScanBody


@attrs.frozen
class _Kind:
    kind: EventKind


_BODIES: dict[str, type[Envelope[AlertBody] | Envelope[PositionBody] | Envelope[HealthBody]]] = {
    Channel.ALERT: Envelope[AlertBody],
    Channel.POSITION: Envelope[PositionBody],
    Channel.HEALTH: Envelope[HealthBody],
}

_EVENT_BODIES: dict[EventKind, type[CancelBody | DutyBody | GapBody | LogBody | ScanBody]] = {
    EventKind.CANCEL: CancelBody,
    EventKind.DUTY: DutyBody,
    EventKind.GAP: GapBody,
    EventKind.LOG: LogBody,
    EventKind.SCAN: ScanBody,
}


def decode_message(channel: str, payload: bytes) -> Envelope[Body]:
    """The message that a device published on `channel` (`alert`, `event`, `position` or `health`).

    Raises:
        WireError: not a message of this contract; an event of a kind that this release does not know among them.
    """
    if len(payload) > MAX_MESSAGE_BYTES:
        raise WireError("$", f"{len(payload)} bytes, more than the {MAX_MESSAGE_BYTES} of a message")
    if channel == Channel.EVENT:
        return _decode_event_message(payload)
    envelope = _BODIES.get(channel)
    if envelope is None:
        raise WireError("$", "a channel without messages")
    return cast("Envelope[Body]", decode(payload, envelope))


def _decode_event_message(payload: bytes) -> Envelope[Body]:
    envelope = decode(payload, Envelope[msgspec.Raw])
    body = bytes(envelope.body)
    try:
        body_type = _EVENT_BODIES[decode(body, _Kind).kind]
        return attrs.evolve(cast("Envelope[Body]", envelope), body=decode(body, body_type))
    except WireError as error:
        raise WireError("$.body" + error.path.removeprefix("$"), error.reason) from error
    except KeyError as error:
        raise WireError("$.body.kind", "a kind of event that this release does not know") from error


@attrs.frozen
class _Uid:
    uid: Uid


def read_uid(payload: bytes) -> str | None:
    """The uid of a message that is otherwise unreadable, or None."""
    try:
        return decode(payload, _Uid).uid
    except WireError:
        return None
