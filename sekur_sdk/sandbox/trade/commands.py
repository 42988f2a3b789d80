"""What wearables are told: commands to do once, and the configuration to run with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.device import (
    Channel,
    Command,
    CommandResult,
    DesiredConfig,
    DeviceAddress,
    DeviceSettings,
    ReportedConfig,
)
from sekur_sdk.models.events import EventType
from sekur_sdk.models.fleet import Device, DeviceCommand, DeviceCommandStatus, DeviceConfig, DeviceStatus
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store import safety_tables
from sekur_sdk.sandbox.store.records import device_commands, device_configs, organisations
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.safety import CommandSend, ConfigUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

_RETIRED = "The wearable is retired: it is told nothing any more."
_UNANSWERED = (DeviceCommandStatus.SENT, DeviceCommandStatus.EXPIRED)


def send_command(tx: Transaction, device: Device, data: CommandSend) -> DeviceCommand:
    """A new command, sent to the wearable."""
    if device.status == DeviceStatus.RETIRED:
        raise RefusalError(409, _RETIRED, current=device)
    if data.expires_at <= tx.now:
        raise rule_broken("$.expires_at", "A command expires in the future")
    command = device_commands.create(
        tx,
        device_id=device.id,
        kind=data.kind,
        args=data.args,
        expires_at=data.expires_at,
        status=DeviceCommandStatus.SENT,
    )
    tx.record(EventType.COMMAND_SENT, command)
    _publish(tx, command)
    return command


def take_result(tx: Transaction, device: Device, command_id: str, result: CommandResult) -> None:
    """Note what the wearable answered to a command; only its first answer counts, one after the expiry too."""
    table = safety_tables.device_command
    command = device_commands.first(
        tx.connection, table.c.id == command_id, table.c.device_id == device.id, table.c.status.in_(_UNANSWERED)
    )
    if command is not None and command.answered_at is None:
        answered = device_commands.update(
            tx,
            command,
            status=DeviceCommandStatus(str(result.outcome)),
            answered_at=tx.now,
            detail=result.detail,
        )
        tx.record(EventType.COMMAND_ANSWERED, answered)


def expire_commands(tx: Transaction) -> None:
    """Give up the commands that were not answered before their expiry."""
    table = safety_tables.device_command
    due = (table.c.status == DeviceCommandStatus.SENT, table.c.expires_at <= tx.now)
    for command in device_commands.all(tx.connection, *due):
        tx.record(EventType.COMMAND_EXPIRED, device_commands.update(tx, command, status=DeviceCommandStatus.EXPIRED))


def config_of(connection: sa.Connection, device: Device) -> DeviceConfig:
    """The configuration of a wearable; version 0 where none was set."""
    known = device_configs.find(connection, device.id)
    return known or DeviceConfig(
        id=device.id,
        settings=DeviceSettings(),
        version=0,
        created_at=device.created_at,
        updated_at=device.created_at,
    )


def configure(tx: Transaction, device: Device, config: DeviceConfig, data: ConfigUpdate) -> DeviceConfig:
    """The configuration with the sent settings changed, sent to the wearable.

    Its version is above any that the wearable has: a lower one would not be applied.
    """
    if device.status == DeviceStatus.RETIRED:
        raise RefusalError(409, _RETIRED, current=config)
    settings = attrs.evolve(config.settings, **typed(DeviceSettings, data.changes()))
    if settings == config.settings:
        return config
    reported = config.reported.version if config.reported is not None else 0
    wanted = attrs.evolve(config, settings=settings, version=max(config.version, reported) + 1, updated_at=tx.now)
    _write(tx, wanted)
    _publish_config(tx, wanted)
    return wanted


def note_reported(tx: Transaction, device: Device, reported: ReportedConfig) -> None:
    """Keep what the wearable runs with; where that is older than what was set, tell it again, unless it has refused it."""
    config = attrs.evolve(config_of(tx.connection, device), reported=reported)
    _write(tx, config)
    if reported.version < config.version != reported.refused:
        _publish_config(tx, config)


def tell_again(tx: Transaction, device: Device) -> None:
    """Send a wearable that is back what it may have missed: a broker may forget, and it does a command once by its id."""
    table = safety_tables.device_command
    waiting = (
        table.c.device_id == device.id,
        table.c.status == DeviceCommandStatus.SENT,
        table.c.expires_at > tx.now,
    )
    for command in device_commands.all(tx.connection, *waiting):
        _publish(tx, command)


def _write(tx: Transaction, config: DeviceConfig) -> None:
    table = device_configs.table
    values = attrs.asdict(config, recurse=False)
    if not tx.connection.execute(sa.update(table).where(table.c.id == config.id).values(values)).rowcount:
        tx.connection.execute(sa.insert(table).values(values))


def _publish(tx: Transaction, command: DeviceCommand) -> None:
    body = Command(id=command.id, kind=command.kind, expires_at=command.expires_at, args=command.args)
    tx.publish(_address(tx, command.device_id), f"cmd/{command.id}", body)


def _publish_config(tx: Transaction, config: DeviceConfig) -> None:
    body = DesiredConfig(version=config.version, settings=config.settings)
    tx.publish(_address(tx, config.id), Channel.CONFIG_DESIRED, body, retain=True)


def _address(tx: Transaction, device_id: str) -> DeviceAddress:
    return DeviceAddress(tx.connection.execute(sa.select(organisations.table.c.tenant)).scalar_one(), device_id)
