"""Scalars of the inputs: ranges and patterns."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

At = Annotated[datetime, msgspec.Meta(tz=True)]
IdText = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
ShortName = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=5000, pattern=r"\S")]
Notes = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
RadiusM = Annotated[float, msgspec.Meta(gt=0, le=100_000)]
BreakMinutes = Annotated[int, msgspec.Meta(ge=0, le=720)]
Coefficient = Annotated[int, msgspec.Meta(ge=100, le=999)]
Siren = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{9}$")]
VatNumber = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}[0-9A-Z]{2,13}$")]
Email = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^@\s]+@[^@\s]+$")]
StaffNumber = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9/._-]{0,49}$")]
CardNumber = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9][A-Z0-9-]{0,63}$")]
Phone = Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9][0-9 .()/-]{2,28}[0-9]$")]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
Siret = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{14}$")]
PaymentDays = Annotated[int, msgspec.Meta(ge=0, le=60)]
Icad = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{6,15}$")]
DpaeNumber = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]{0,49}$")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Scope = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{1,30}:(read|write)$")]
Edition = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
AccuracyM = Annotated[float, msgspec.Meta(ge=0, le=100_000)]
AttachmentIds = Annotated[list[IdText], msgspec.Meta(max_length=20)]
