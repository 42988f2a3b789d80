"""The organisation, its clients, sites, posts, instructions and wearables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from litestar import Response, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody

from sekur_sdk.models.events import EventType
from sekur_sdk.models.fleet import Device, DeviceStatus
from sekur_sdk.models.instructions import InstructionAcknowledgement
from sekur_sdk.models.organisation import Organisation
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.company import (
    ClientCreate,
    ClientUpdate,
    DeviceCreate,
    KeptStatus,
    OrganisationUpdate,
    PostCreate,
    PostUpdate,
    ServedStatus,
    SiteCreate,
    SiteUpdate,
)
from sekur_sdk.sandbox.inputs.instructions import (
    InstructionAcknowledge,
    InstructionCreate,
    InstructionKindName,
    InstructionPublish,
    InstructionRevise,
    InstructionStatusName,
    InstructionUpdate,
)
from sekur_sdk.sandbox.paging import Listing
from sekur_sdk.sandbox.problems import declared, not_found
from sekur_sdk.sandbox.routes.reading import shown
from sekur_sdk.sandbox.routes.resource import Filter, Routes, lister
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import (
    clients,
    devices,
    employees,
    instruction_acknowledgements,
    instruction_editions,
    instructions,
    organisations,
    posts,
    sites,
)
from sekur_sdk.sandbox.trade import company
from sekur_sdk.sandbox.trade import instructions as orders
from sekur_sdk.sandbox.trade.references import named

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction


@get(
    "/organisation",
    guards=[needs("organisation:read")],
    sync_to_thread=True,
    operation_id="get_organisation",
    responses=declared(400, 401, 403, 404),
)
def get_organisation(store: NamedDependency[Store]) -> Response[Organisation]:
    """The company of the account."""
    with store.read() as connection:
        organisation = organisations.first(connection)
    if organisation is None:
        raise not_found("organisation")
    return shown(organisation)


@patch(
    "/organisation",
    guards=[needs("organisation:write")],
    dto=Body[OrganisationUpdate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="update_organisation",
    responses=declared(400, 401, 403, 404, 409, 412, 422, 428),
)
def update_organisation(data: JSONBody[OrganisationUpdate], change: NamedDependency[Change]) -> Response[Organisation]:
    """The company with the sent fields changed."""

    def update(tx: Transaction) -> Organisation:
        organisation = organisations.first(tx.connection)
        if organisation is None:
            raise not_found("organisation")
        change.require_version(organisation)
        return company.update_organisation(tx, organisation, data)

    return change.done(update)


def _create_device(tx: Transaction, data: DeviceCreate, _change: Change) -> Device:
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    device = devices.create(
        tx,
        label=data.label,
        model=data.model,
        employee_id=data.employee_id,
        site_id=data.site_id,
        status=DeviceStatus.ACTIVE,
        online=False,
    )
    tx.record(EventType.DEVICE_UPDATED, device)
    return device


_CLIENTS = Routes(path="/clients", module="clients", what="client", records=clients)
_SITES = Routes(path="/sites", module="sites", what="site", records=sites)
_POSTS = Routes(path="/posts", module="sites", what="post", records=posts)
_INSTRUCTIONS = Routes(path="/instructions", module="sites", what="instruction", records=instructions)
_DEVICES = Routes(path="/devices", module="devices", what="device", records=devices)
_TIMES = ("created_at", "updated_at")

HANDLERS = (
    get_organisation,
    update_organisation,
    _CLIENTS.list(sorts=("name", *_TIMES), equal={"status": ServedStatus, "siren": str}),
    _CLIENTS.get(),
    _CLIENTS.create(ClientCreate, lambda tx, data, _: company.create_client(tx, data)),
    _CLIENTS.update(ClientUpdate, lambda tx, client, data, _: company.update_client(tx, client, data)),
    _CLIENTS.step("activate", Nothing, lambda tx, client, *_: company.step_client(tx, client, "activate")),
    _CLIENTS.step("close", Nothing, lambda tx, client, *_: company.step_client(tx, client, "close")),
    _CLIENTS.step("reopen", Nothing, lambda tx, client, *_: company.step_client(tx, client, "reopen")),
    _SITES.list(sorts=("name", *_TIMES), equal={"status": ServedStatus, "client_id": str}),
    _SITES.get(),
    _SITES.create(SiteCreate, lambda tx, data, _: company.create_site(tx, data)),
    _SITES.update(SiteUpdate, lambda tx, site, data, _: company.update_site(tx, site, data)),
    _SITES.step("activate", Nothing, lambda tx, site, *_: company.step_site(tx, site, "activate")),
    _SITES.step("close", Nothing, lambda tx, site, *_: company.step_site(tx, site, "close")),
    _SITES.step("reopen", Nothing, lambda tx, site, *_: company.step_site(tx, site, "reopen")),
    _POSTS.list(sorts=("name", *_TIMES), equal={"status": KeptStatus, "site_id": str}),
    _POSTS.get(),
    _POSTS.create(PostCreate, lambda tx, data, _: company.create_post(tx, data)),
    _POSTS.update(PostUpdate, lambda tx, post, data, _: company.update_post(tx, post, data)),
    _POSTS.step("archive", Nothing, lambda tx, post, *_: company.step_post(tx, post, "archive")),
    _POSTS.step("restore", Nothing, lambda tx, post, *_: company.step_post(tx, post, "restore")),
    _INSTRUCTIONS.list(
        sorts=("title", *_TIMES),
        equal={"status": InstructionStatusName, "kind": InstructionKindName, "site_id": str, "post_id": str},
        more={"unread_by": Filter(str, lambda employee_id, store: orders.unread_by(employee_id, store.now()))},
    ),
    _INSTRUCTIONS.get(),
    _INSTRUCTIONS.create(InstructionCreate, lambda tx, data, _: orders.create_instruction(tx, data)),
    _INSTRUCTIONS.update(InstructionUpdate, lambda tx, order, data, _: orders.update_instruction(tx, order, data)),
    _INSTRUCTIONS.step(
        "publish",
        InstructionPublish,
        lambda tx, order, data, change: orders.publish(tx, order, by=data.by or change.caller.name),
    ),
    _INSTRUCTIONS.step(
        "revise",
        InstructionRevise,
        lambda tx, order, data, change: orders.revise(tx, order, data, by=change.caller.name),
    ),
    _INSTRUCTIONS.step("withdraw", Nothing, lambda tx, order, *_: orders.withdraw(tx, order)),
    _INSTRUCTIONS.step(
        "acknowledge",
        InstructionAcknowledge,
        lambda tx, order, data, _: orders.acknowledge(tx, order, data),
        answer=InstructionAcknowledgement,
    ),
    lister(
        "/instructions/{id:str}/editions",
        "sites",
        "instruction editions",
        Listing(instruction_editions, sorts=("edition",), default="edition", changed="published_at"),
        within=(_INSTRUCTIONS, instruction_editions.table.c.instruction_id),
    ),
    lister(
        "/instructions/{id:str}/acknowledgements",
        "sites",
        "instruction acknowledgements",
        Listing(
            instruction_acknowledgements,
            sorts=("acknowledged_at",),
            default="acknowledged_at",
            changed="acknowledged_at",
        ),
        equal={"employee_id": str, "edition": int},
        within=(_INSTRUCTIONS, instruction_acknowledgements.table.c.instruction_id),
    ),
    _DEVICES.list(
        sorts=("label", *_TIMES), equal={"status": Literal["active", "suspended", "retired"], "site_id": str}
    ),
    _DEVICES.get(),
    _DEVICES.create(DeviceCreate, _create_device),
)
