"""What wearables are told: commands and configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from sekur_sdk.models.fleet import DeviceCommand, DeviceConfig
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.safety import CommandSend, CommandStatusName, ConfigUpdate
from sekur_sdk.sandbox.paging import Listing
from sekur_sdk.sandbox.problems import declared, not_found
from sekur_sdk.sandbox.routes.reading import shown
from sekur_sdk.sandbox.routes.resource import Routes, lister
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import device_commands, devices
from sekur_sdk.sandbox.trade import commands
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_DEVICES = Routes(path="/devices", module="devices", what="device", records=devices)
_COMMANDS = Listing(
    device_commands,
    sorts=("created_at", "updated_at", "expires_at"),
    default="created_at",
    changed="updated_at",
)


@post(
    "/devices/{id:str}/commands",
    guards=[needs("devices:write")],
    dto=Body[CommandSend],
    return_dto=None,
    sync_to_thread=True,
    operation_id="send_command",
    responses=declared(400, 401, 403, 404, 409, 422),
)
def send_command(
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    data: JSONBody[CommandSend],
    change: NamedDependency[Change],
) -> Response[DeviceCommand]:
    """A command, sent to the wearable; it is sent again when the wearable comes back before its expiry."""

    def send(tx: Transaction) -> DeviceCommand:
        return commands.send_command(tx, find(tx.connection, devices, id, "device"), data)

    return change.created(send, f"/api/v1/devices/{id}/commands")


@get(
    "/devices/{id:str}/commands/{command_id:str}",
    guards=[needs("devices:read")],
    sync_to_thread=True,
    operation_id="get_command",
    responses=declared(400, 401, 403, 404),
)
def get_command(
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # as above
    command_id: FromPath[str],
) -> Response[DeviceCommand]:
    """One command, with what became of it."""
    with store.read() as connection:
        command = find(connection, device_commands, command_id, "command")
    if command.device_id != id:
        raise not_found("command")
    return shown(command)


@get(
    "/devices/{id:str}/config",
    guards=[needs("devices:read")],
    sync_to_thread=True,
    operation_id="get_device_config",
    responses=declared(400, 401, 403, 404),
)
def get_device_config(store: NamedDependency[Store], id: FromPath[str]) -> Response[DeviceConfig]:  # noqa: A002  # as above
    """What the wearable shall run with, and what it says it runs with."""
    with store.read() as connection:
        return shown(commands.config_of(connection, find(connection, devices, id, "device")))


@patch(
    "/devices/{id:str}/config",
    guards=[needs("devices:write")],
    dto=Body[ConfigUpdate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="update_device_config",
    responses=declared(400, 401, 403, 404, 409, 412, 422, 428),
)
def update_device_config(
    id: FromPath[str],  # noqa: A002  # as above
    data: JSONBody[ConfigUpdate],
    change: NamedDependency[Change],
) -> Response[DeviceConfig]:
    """The configuration with the sent settings changed, sent to the wearable."""

    def update(tx: Transaction) -> DeviceConfig:
        device = find(tx.connection, devices, id, "device")
        config = commands.config_of(tx.connection, device)
        change.require_version(config)
        return commands.configure(tx, device, config, data)

    return change.done(update)


HANDLERS = (
    send_command,
    lister(
        "/devices/{id:str}/commands",
        "devices",
        "commands",
        _COMMANDS,
        equal={"status": CommandStatusName, "kind": str},
        within=(_DEVICES, device_commands.table.c.device_id),
    ),
    get_command,
    get_device_config,
    update_device_config,
)
