"""Inputs of sites, employees and devices."""

from __future__ import annotations

from datetime import date

from sekur_sdk.sandbox.inputs.body import Strict
from sekur_sdk.sandbox.inputs.scalars import (
    Address,
    CardNumber,
    Coefficient,
    IdText,
    Lat,
    Lon,
    Name,
    RadiusM,
    ShortName,
    StaffNumber,
)


class SiteCreate(Strict, kw_only=True, frozen=True):
    """A new site."""

    name: Name
    customer_name: Name
    address: Address
    lat: Lat | None = None
    lon: Lon | None = None
    radius_m: RadiusM | None = None
    time_zone: ShortName = "Europe/Paris"


class EmployeeCreate(Strict, kw_only=True, frozen=True):
    """A new employee."""

    staff_number: StaffNumber
    first_name: ShortName
    last_name: ShortName
    job_title: Name
    coefficient: Coefficient | None = None
    hired_on: date | None = None
    card_number: CardNumber | None = None
    card_expires_on: date | None = None


class DeviceCreate(Strict, kw_only=True, frozen=True):
    """A new wearable."""

    label: Name
    model: Name
    employee_id: IdText | None = None
    site_id: IdText | None = None
