"""What the uplink tells the core."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from edge_agent.faults import FaultCode
from sekur_sdk.models.device import (
    AlertUpdate,
    Channel,
    Command,
    DesiredConfig,
    DeviceAddress,
    Receipt,
    command_id,
    parse_topic,
)
from sekur_sdk.wire import WireError, decode


@attrs.frozen
class LinkUp:
    """Connected."""


@attrs.frozen
class LinkSteady:
    """The connection has lasted."""


@attrs.frozen
class LinkDown:
    """The connection ended, or none came about: why, and as which fault."""

    code: FaultCode
    reason: str


@attrs.frozen
class IdentityTaken:
    """Connection after connection ends soon: another device seems to use this identity."""


@attrs.frozen
class Published:
    """The broker has the message."""

    uid: str
    channel: Channel


@attrs.frozen
class Receipted:
    """The server has the message."""

    uid: str
    channel: Channel
    receipt: Receipt


@attrs.frozen
class MessageRefused:
    """The broker hung up over this message again and again; it is set aside."""

    uid: str
    channel: Channel


@attrs.frozen
class CommitSlow:
    """An alarm left before its commit."""

    uid: str


UplinkEvent: TypeAlias = (
    LinkUp
    | LinkSteady
    | LinkDown
    | IdentityTaken
    | Published
    | Receipted
    | MessageRefused
    | CommitSlow
    | AlertUpdate
    | DesiredConfig
    | Command
)


def read_downward(
    topic: str, payload: bytes, address: DeviceAddress
) -> Receipt | AlertUpdate | DesiredConfig | Command | None:
    """What the server sent to this device; None for a channel that it does not know.

    Raises:
        ValueError: not a topic of this contract, or another device's.
        sekur_sdk.wire.WireError: not what the channel carries.
    """
    named, channel = parse_topic(topic)
    if named != address:
        raise ValueError("a topic of another device")
    if channel == Channel.RECEIPT:
        return decode(payload, Receipt)
    if channel == Channel.ALERT_STATE:
        return decode(payload, AlertUpdate)
    if channel == Channel.CONFIG_DESIRED:
        return decode(payload, DesiredConfig)
    if command_id(channel) is None:
        return None
    command = decode(payload, Command)
    if command.id != command_id(channel):
        raise WireError("$.id", "another command than the topic's")
    return command
