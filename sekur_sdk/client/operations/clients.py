"""Who orders the guarding (donneurs d'ordre)."""

from __future__ import annotations

from typing import Literal, Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.clients import Client, ClientStatus
from sekur_sdk.models.paging import Page


class ClientFilters(ListOptions, total=False):
    """Filters and options of the list."""

    status: ClientStatus | str
    siren: str


class _ClientFields(TypedDict, total=False):
    """Fields that need not be given."""

    legal_form: str | None
    siren: str | None
    siret: str | None
    vat_number: str | None
    email: str | None
    phone: str | None
    payment_days: int
    notes: str | None


class NewClient(_ClientFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    name: Required[str]
    billing_address: Required[str]
    status: Literal["prospect", "active"]


class ClientChange(_ClientFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    name: str
    billing_address: str


def _at(client_id: str, action: str = "") -> str:
    return f"/clients/{identifier('client_id', client_id)}{action}"


def list_all(**given: Unpack[ClientFilters]) -> Operation[Page[Client]]:
    """GET /clients."""
    return listed("/clients", Page[Client], given, ClientFilters)


def get(client_id: str) -> Operation[Client]:
    """GET /clients/{id}."""
    return read(_at(client_id), Client)


def create(**given: Unpack[NewClient]) -> Operation[Client]:
    """POST /clients."""
    return new("/clients", Client, given, NewClient)


def update(client_id: str, **given: Unpack[ClientChange]) -> Operation[Client]:
    """PATCH /clients/{id}."""
    return change(_at(client_id), Client, given, ClientChange)


def activate(client_id: str, **given: Unpack[Step]) -> Operation[Client]:
    """POST /clients/{id}/activate."""
    return act(_at(client_id, "/activate"), Client, given)


def close(client_id: str, **given: Unpack[Step]) -> Operation[Client]:
    """POST /clients/{id}/close."""
    return act(_at(client_id, "/close"), Client, given)


def reopen(client_id: str, **given: Unpack[Step]) -> Operation[Client]:
    """POST /clients/{id}/reopen."""
    return act(_at(client_id, "/reopen"), Client, given)
