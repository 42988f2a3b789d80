"""The way in for what wearables publish, whatever carries it: MQTT, AMQP or a test."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.device import (
    CONTRACT_VERSION,
    MAX_MESSAGE_BYTES,
    Channel,
    CommandResult,
    DeviceAddress,
    Receipt,
    ReceiptOutcome,
    ReportedConfig,
    Status,
    command_result_id,
    parse_topic,
)
from sekur_sdk.models.fleet import DeviceStatus
from sekur_sdk.sandbox.diagnosis import where
from sekur_sdk.sandbox.ingest.identity import Identities
from sekur_sdk.sandbox.ingest.messages import apply
from sekur_sdk.sandbox.ingest.quarantine import QuarantineError, quarantine
from sekur_sdk.sandbox.ingest.sequence import note_seq
from sekur_sdk.sandbox.ingest.times import mend
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts, devices
from sekur_sdk.sandbox.store.writer import Transaction
from sekur_sdk.sandbox.trade.alerts import UNRESOLVED, raise_technical, tell_wearer
from sekur_sdk.sandbox.trade.commands import note_reported, take_result, tell_again
from sekur_sdk.sandbox.trade.devices import note_status
from sekur_sdk.wire import WireError, decode
from sekur_sdk.wire.messages import decode_message

if TYPE_CHECKING:
    from sekur_sdk.models.device import Envelope
    from sekur_sdk.models.fleet import Device
    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Publication
    from sekur_sdk.wire.messages import Body

RETOLD = timedelta(hours=24)
"""How long the end of an alarm is told again to a wearable that comes back."""

SHARED_IDENTITY = "identity_shared"

_log = logging.getLogger("sekur_sdk.sandbox.ingest")
_ENVELOPED = frozenset({Channel.ALERT, Channel.EVENT, Channel.POSITION, Channel.HEALTH})


def _channel_of(topic: str) -> str:
    try:
        return parse_topic(topic)[1]
    except ValueError:
        return "an unknown channel"


_DUTY_REFUSED = frozenset({"unknown_employee", "unknown_site", "unknown_duty_action"})


class Ingest:
    """Takes messages into the store: each once by its uid, committed before it is receipted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._identities = Identities()

    def handle(self, topic: str, payload: bytes) -> list[Publication]:
        """What to publish downward, now that the message is committed.

        Nothing that a stranger can send raises; what can't be read or taken is quarantined.

        Raises:
            sqlalchemy.exc.OperationalError: the database can't be written now: hand the message in again later.
        """
        try:
            return self._store.write(lambda tx: self._take(tx, topic, payload))
        except QuarantineError as refused:
            reason = refused.reason
        except sa.exc.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001  # a bug of ours must neither lose the message nor have it resent for ever
            _log.error("a message on %s was quarantined: %s", _channel_of(topic), where(error))
            reason = "server_error"
        return self._store.write(lambda tx: self._set_aside(tx, topic, payload, reason))

    def standing(self) -> list[Publication]:
        """What became of all unresolved alarms, for wearables whose last news may be lost."""
        table = schema.alert
        with self._store.read() as connection:
            reading = Transaction(connection, self._store.now())
            for alert in alerts.all(connection, table.c.status.in_(UNRESOLVED), table.c.uid.is_not(None)):
                tell_wearer(reading, alert)
        return reading.take_publications()

    def _take(self, tx: Transaction, topic: str, payload: bytes) -> list[Publication]:
        try:
            address, channel = parse_topic(topic)
        except ValueError as error:
            raise QuarantineError("unknown_topic") from error
        device = self._known_device(tx, address)
        if len(payload) > MAX_MESSAGE_BYTES:
            raise QuarantineError("oversize")
        try:
            if channel in _ENVELOPED:
                self._take_message(tx, address, device, decode_message(channel, payload), channel)
            elif channel == Channel.STATUS:
                self._take_status(tx, device, decode(payload, Status))
            elif channel == Channel.CONFIG_REPORTED:
                note_reported(tx, device, decode(payload, ReportedConfig))
            elif (command := command_result_id(channel)) is not None:
                self._take_result(tx, device, command, decode(payload, CommandResult))
            else:
                raise QuarantineError("unknown_channel")
        except WireError as error:
            raise QuarantineError("unreadable") from error
        return tx.take_publications()

    def _known_device(self, tx: Transaction, address: DeviceAddress) -> Device:
        organisation = schema.organisation
        if not tx.connection.execute(
            sa.select(organisation.c.id).where(organisation.c.tenant == address.tenant)
        ).first():
            raise QuarantineError("unknown_tenant")
        device = devices.find(tx.connection, address.device)
        if device is None:
            raise QuarantineError("unknown_device")
        if device.status == DeviceStatus.RETIRED:
            raise QuarantineError("retired_device")
        return device

    def _take_message(
        self, tx: Transaction, address: DeviceAddress, device: Device, message: Envelope[Body], channel: str
    ) -> None:
        if message.v != CONTRACT_VERSION:
            raise QuarantineError("unknown_version")
        known = schema.message
        seen = tx.connection.execute(
            sa.select(known.c.channel).where(known.c.device_id == device.id, known.c.uid == message.uid)
        ).first()
        outcome = ReceiptOutcome.DUPLICATE
        if seen is None:
            outcome = ReceiptOutcome.STORED
            tx.connection.execute(
                sa.insert(known).values(
                    device_id=device.id,
                    uid=message.uid,
                    channel=channel,
                    log=message.log,
                    seq=message.seq,
                    received_at=tx.now,
                )
            )
            note_seq(tx, device.id, message.log, message.seq)
            apply(tx, device, mend(tx, device.id, message))
        if Channel(channel).needs_receipt:
            tx.publish(address, Channel.RECEIPT, Receipt(uid=message.uid, outcome=outcome, at=tx.now))
        if channel == Channel.ALERT:
            alert = alerts.first(
                tx.connection, schema.alert.c.device_id == device.id, schema.alert.c.uid == message.uid
            )
            if alert is not None:
                tell_wearer(tx, alert)

    def _take_status(self, tx: Transaction, device: Device, status: Status) -> None:
        note_status(tx, device, status)
        if not status.online:
            return
        if self._identities.is_shared(device.id, status.boot, tx.now):
            raise_technical(
                tx,
                watch=f"{SHARED_IDENTITY}:{device.id}",
                fault=SHARED_IDENTITY,
                device=device,
                occurred_at=tx.now,
            )
        table = schema.alert
        told = alerts.all(
            tx.connection,
            table.c.device_id == device.id,
            table.c.uid.is_not(None),
            sa.or_(table.c.status.in_(UNRESOLVED), table.c.resolved_at > tx.now - RETOLD),
        )
        for alert in told:
            tell_wearer(tx, alert)
        tell_again(tx, device)

    def _take_result(self, tx: Transaction, device: Device, command: str, result: CommandResult) -> None:
        table = schema.command_result
        where = (table.c.device_id == device.id, table.c.command_id == command)
        if tx.connection.execute(sa.select(table.c.command_id).where(*where)).first() is None:
            tx.connection.execute(
                sa.insert(table).values(
                    device_id=device.id,
                    command_id=command,
                    outcome=str(result.outcome),
                    at=result.at,
                    detail=result.detail,
                )
            )
        take_result(tx, device, command, result)

    def _set_aside(self, tx: Transaction, topic: str, payload: bytes, reason: str) -> list[Publication]:
        receipt = quarantine(tx, topic, payload, reason)
        try:
            address, channel = parse_topic(topic)
        except ValueError:
            return []
        if channel == Channel.ALERT:
            # somebody may be calling for help in words that we can't read
            self._raise_lost_alarm(tx, address, reason)
        elif reason in _DUTY_REFUSED:
            # the wearer believes to be on duty, and the server knows of none
            device = devices.find(tx.connection, address.device)
            raise_technical(
                tx, watch=f"duty_refused:{address.device}", fault="duty_refused", device=device, occurred_at=tx.now
            )
        if channel in _ENVELOPED:
            tx.publish(address, Channel.RECEIPT, receipt)
        return tx.take_publications()

    def _raise_lost_alarm(self, tx: Transaction, address: DeviceAddress, reason: str) -> None:
        if reason == "unknown_tenant":
            return
        device = devices.find(tx.connection, address.device)
        raise_technical(
            tx,
            watch=f"quarantined_alarm:{address.device}",
            fault="unknown_device_alarm" if device is None else "unreadable_alarm",
            device=device,
            occurred_at=tx.now,
        )
