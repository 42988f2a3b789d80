"""Inputs of the organisation, clients, sites, posts and devices."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.people import ActivityName, QualificationName
from sekur_sdk.sandbox.inputs.scalars import (
    Address,
    AlertDelayS,
    Email,
    IdText,
    Lat,
    Lon,
    Name,
    Notes,
    PaymentDays,
    Phone,
    RadiusM,
    ShortName,
    Siren,
    Siret,
    VatNumber,
)

ServedStatus = Literal["prospect", "active", "closed"]
KeptStatus = Literal["active", "archived"]
Requirements = Annotated[list[QualificationName], msgspec.Meta(max_length=10)]
AuthorisationNumber = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Z0-9-]+$")]


class OrganisationUpdate(Patch, kw_only=True, frozen=True):
    """What to change of the organisation."""

    name: Name | UnsetType = UNSET
    legal_form: ShortName | UnsetType | None = UNSET
    siren: Siren | UnsetType = UNSET
    siret: Siret | UnsetType = UNSET
    vat_number: VatNumber | UnsetType = UNSET
    authorisation_number: AuthorisationNumber | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    phone: Phone | UnsetType | None = UNSET


class ClientCreate(Strict, kw_only=True, frozen=True):
    """A new client, a prospect unless told."""

    name: Name
    legal_form: ShortName | None = None
    siren: Siren | None = None
    siret: Siret | None = None
    vat_number: VatNumber | None = None
    billing_address: Address
    email: Email | None = None
    phone: Phone | None = None
    payment_days: PaymentDays = 30
    notes: Notes | None = None
    status: Literal["prospect", "active"] = "prospect"


class ClientUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a client."""

    name: Name | UnsetType = UNSET
    legal_form: ShortName | UnsetType | None = UNSET
    siren: Siren | UnsetType | None = UNSET
    siret: Siret | UnsetType | None = UNSET
    vat_number: VatNumber | UnsetType | None = UNSET
    billing_address: Address | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    phone: Phone | UnsetType | None = UNSET
    payment_days: PaymentDays | UnsetType = UNSET
    notes: Notes | UnsetType | None = UNSET


class SiteCreate(Strict, kw_only=True, frozen=True):
    """A new site, of a client or of a customer that is told by name alone."""

    name: Name
    client_id: IdText | None = None
    customer_name: Name | None = None
    address: Address
    lat: Lat | None = None
    lon: Lon | None = None
    radius_m: RadiusM | None = None
    time_zone: ShortName = "Europe/Paris"
    alert_delay_s: AlertDelayS = 120
    status: Literal["prospect", "active"] = "active"


class SiteUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a site."""

    name: Name | UnsetType = UNSET
    client_id: IdText | UnsetType | None = UNSET
    customer_name: Name | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    lat: Lat | UnsetType | None = UNSET
    lon: Lon | UnsetType | None = UNSET
    radius_m: RadiusM | UnsetType | None = UNSET
    time_zone: ShortName | UnsetType = UNSET
    alert_delay_s: AlertDelayS | UnsetType = UNSET


class PostCreate(Strict, kw_only=True, frozen=True):
    """A new post at a site."""

    site_id: IdText
    name: Name
    activity: ActivityName = "guarding"
    qualifications: Requirements = msgspec.field(default_factory=list)
    is_break_paid: bool = False
    notes: Notes | None = None


class PostUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a post."""

    name: Name | UnsetType = UNSET
    activity: ActivityName | UnsetType = UNSET
    qualifications: Requirements | UnsetType = UNSET
    is_break_paid: bool | UnsetType = UNSET
    notes: Notes | UnsetType | None = UNSET


class DeviceCreate(Strict, kw_only=True, frozen=True):
    """A new wearable."""

    label: Name
    model: Name
    employee_id: IdText | None = None
    site_id: IdText | None = None
