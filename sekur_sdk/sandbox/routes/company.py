"""The organisation, its sites, its employees and its wearables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.employees import Employee, EmployeeStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.fleet import Device, DeviceStatus
from sekur_sdk.models.organisation import Organisation
from sekur_sdk.models.paging import Page
from sekur_sdk.models.sites import Site, SiteStatus
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.company import DeviceCreate, EmployeeCreate, SiteCreate
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared, not_found, rule_broken
from sekur_sdk.sandbox.routes.reading import equals, listed, one, shown
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import devices, employees, organisations, sites
from sekur_sdk.sandbox.trade.references import named

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_SITES = Listing(sites, sorts=("name", "created_at", "updated_at"), default="created_at", changed="updated_at")
_EMPLOYEES = Listing(
    employees,
    sorts=("last_name", "staff_number", "created_at", "updated_at"),
    default="created_at",
    changed="updated_at",
)
_DEVICES = Listing(devices, sorts=("label", "created_at", "updated_at"), default="created_at", changed="updated_at")

_READ = declared(400, 401, 403)
_READ_ONE = declared(400, 401, 403, 404)
_WRITE = declared(400, 401, 403, 409, 422)


@get(
    "/organisation",
    guards=[needs("organisation:read")],
    sync_to_thread=True,
    operation_id="get_organisation",
    responses=_READ_ONE,
)
def get_organisation(store: NamedDependency[Store]) -> Response[Organisation]:
    """The company of the account."""
    with store.read() as connection:
        organisation = organisations.first(connection)
    if organisation is None:
        raise not_found("organisation")
    return shown(organisation)


@get("/sites", guards=[needs("sites:read")], sync_to_thread=True, operation_id="list_sites", responses=_READ)
def list_sites(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    status: FromQuery[Literal["prospect", "active", "closed"] | None] = None,
) -> Response[Page[Site]]:
    """The sites."""
    return listed(store, _SITES, paging, equals(sites.table.c.status, status))


@get("/sites/{id:str}", guards=[needs("sites:read")], sync_to_thread=True, operation_id="get_site", responses=_READ_ONE)
def get_site(store: NamedDependency[Store], id: FromPath[str]) -> Response[Site]:  # noqa: A002  # the path parameter's name in the contract
    """One site."""
    return one(store, sites, id, "site")


@post(
    "/sites",
    guards=[needs("sites:write")],
    dto=Body[SiteCreate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="create_site",
    responses=_WRITE,
)
def create_site(data: JSONBody[SiteCreate], change: NamedDependency[Change]) -> Response[Site]:
    """A new site."""

    def create(tx: Transaction) -> Site:
        if (data.lat is None) != (data.lon is None):
            raise rule_broken("$.lat", "A latitude and a longitude come together")
        try:
            ZoneInfo(data.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise rule_broken("$.time_zone", "Not a time zone of the IANA database, like Europe/Paris") from error
        return sites.create(
            tx,
            name=data.name,
            customer_name=data.customer_name,
            address=data.address,
            lat=data.lat,
            lon=data.lon,
            radius_m=data.radius_m,
            time_zone=data.time_zone,
            status=SiteStatus.ACTIVE,
        )

    return change.created(create, "/api/v1/sites")


@get(
    "/employees",
    guards=[needs("employees:read")],
    sync_to_thread=True,
    operation_id="list_employees",
    responses=_READ,
)
def list_employees(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    status: FromQuery[Literal["draft", "active", "left"] | None] = None,
) -> Response[Page[Employee]]:
    """The employees."""
    return listed(store, _EMPLOYEES, paging, equals(employees.table.c.status, status))


@get(
    "/employees/{id:str}",
    guards=[needs("employees:read")],
    sync_to_thread=True,
    operation_id="get_employee",
    responses=_READ_ONE,
)
def get_employee(store: NamedDependency[Store], id: FromPath[str]) -> Response[Employee]:  # noqa: A002  # as above
    """One employee."""
    return one(store, employees, id, "employee")


@post(
    "/employees",
    guards=[needs("employees:write")],
    dto=Body[EmployeeCreate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="create_employee",
    responses=_WRITE,
)
def create_employee(data: JSONBody[EmployeeCreate], change: NamedDependency[Change]) -> Response[Employee]:
    """A new employee."""

    def create(tx: Transaction) -> Employee:
        taken = employees.first(tx.connection, employees.table.c.staff_number == data.staff_number)
        if taken is not None:
            raise rule_broken("$.staff_number", "Another employee has this staff number")
        return employees.create(
            tx,
            staff_number=data.staff_number,
            first_name=data.first_name,
            last_name=data.last_name,
            job_title=data.job_title,
            coefficient=data.coefficient,
            hired_on=data.hired_on,
            card_number=data.card_number,
            card_expires_on=data.card_expires_on,
            status=EmployeeStatus.ACTIVE,
        )

    return change.created(create, "/api/v1/employees")


@get("/devices", guards=[needs("devices:read")], sync_to_thread=True, operation_id="list_devices", responses=_READ)
def list_devices(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    status: FromQuery[Literal["active", "suspended", "retired"] | None] = None,
    site_id: FromQuery[str | None] = None,
) -> Response[Page[Device]]:
    """The wearables."""
    table = devices.table
    return listed(store, _DEVICES, paging, equals(table.c.status, status), equals(table.c.site_id, site_id))


@get(
    "/devices/{id:str}",
    guards=[needs("devices:read")],
    sync_to_thread=True,
    operation_id="get_device",
    responses=_READ_ONE,
)
def get_device(store: NamedDependency[Store], id: FromPath[str]) -> Response[Device]:  # noqa: A002  # as above
    """One wearable."""
    return one(store, devices, id, "device")


@post(
    "/devices",
    guards=[needs("devices:write")],
    dto=Body[DeviceCreate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="create_device",
    responses=_WRITE,
)
def create_device(data: JSONBody[DeviceCreate], change: NamedDependency[Change]) -> Response[Device]:
    """A new wearable."""

    def create(tx: Transaction) -> Device:
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

    return change.created(create, "/api/v1/devices")


HANDLERS = (
    get_organisation,
    list_sites,
    get_site,
    create_site,
    list_employees,
    get_employee,
    create_employee,
    list_devices,
    get_device,
    create_device,
)
