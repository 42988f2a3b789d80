"""The wearable's configuration: one TOML file, read strictly, so that a typo is an error here and not a surprise at night."""

from __future__ import annotations

import difflib
import math
import os
import tomllib
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

import attrs
import msgspec

from edge_agent.alarm_rules import AlarmSettings
from sekur_sdk.models.device import DeviceAddress, DeviceSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Host = Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Endpoint = Annotated[str, msgspec.Meta(pattern=r"^[^\s:]{1,253}(:[0-9]{1,5})?$")]
EnvironmentName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class ConfigError(ValueError):
    """What is wrong in a configuration: the `file`, the `key` (as in `alarms.tilt_deg`), the `reason` with what is allowed."""

    def __init__(self, file: Path, key: str, reason: str) -> None:
        super().__init__(file, key, reason)
        self.file = file
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}" if self.key else f"{self.file}: {self.reason}"


@attrs.frozen(kw_only=True)
class DeviceSection:
    """Who this device is, as the server knows it."""

    tenant: Name
    id: Name

    @property
    def address(self) -> DeviceAddress:
        """Where it lives on the broker."""
        return DeviceAddress(self.tenant, self.id)


@attrs.frozen(kw_only=True)
class BrokerSection:
    """How to reach the broker. TLS is used when `ca_file`, or `tls = true` for the system's authorities, is given.

    `fallbacks` (`host` or `host:port`) are tried in their order when the one before can't be reached. A password comes from `password_file` or from the environment variable that `password_env` names, never from here.
    """

    host: Host
    port: Port | None = None
    fallbacks: tuple[Endpoint, ...] = ()
    user: Reference | None = None
    password_file: Path | None = None
    password_env: EnvironmentName | None = None
    tls: bool = False
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    keepalive_s: Annotated[int, msgspec.Meta(ge=5, le=120)] = 15

    @property
    def uses_tls(self) -> bool:
        """Whether the link is encrypted."""
        return self.tls or self.ca_file is not None

    @property
    def port_number(self) -> int:
        """The port, by default MQTT's own: 8883 with TLS, 1883 without."""
        return self.port or (8883 if self.uses_tls else 1883)

    @property
    def endpoints(self) -> tuple[tuple[str, int], ...]:
        """Host and port of each broker, in the order in which they are tried."""
        default = 8883 if self.uses_tls else 1883
        others = (name.partition(":") for name in self.fallbacks)
        return ((self.host, self.port_number), *((host, int(port or default)) for host, _, port in others))

    @property
    def tls_files(self) -> tuple[Path, ...]:
        """The files that the encryption rests on."""
        return tuple(file for file in (self.ca_file, self.cert_file, self.key_file) if file is not None)

    def password(self) -> str | None:
        """The password, read anew at each call so that it can be renewed; None when none is set.

        Raises:
            OSError: its file can't be read.
            LookupError: its environment variable is not set.
        """
        if self.password_file is not None:
            return self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        if self.password_env is not None:
            value = os.environ.get(self.password_env)
            if value is None:
                raise LookupError(f"the environment variable {self.password_env} is not set")
            return value
        return None


@attrs.frozen(kw_only=True)
class SensorSection:
    """The accelerometer; supply in volts, as its self-test needs it."""

    chip: Literal["adxl345"] = "adxl345"
    bus: Annotated[int, msgspec.Meta(ge=0, le=255)] = 1
    address: Literal[0x53, 0x1D] = 0x53
    rate_hz: Literal[50, 100, 200] = 100
    supply_v: Annotated[float, msgspec.Meta(ge=2.0, le=3.6)] = 3.3


@attrs.frozen(kw_only=True)
class GpsSection:
    """gpsd, and how often a position goes out on duty."""

    enabled: bool = True
    host: Host = "127.0.0.1"
    port: Port = 2947
    interval_s: Annotated[float, msgspec.Meta(ge=5, le=3600)] = 30.0


@attrs.frozen(kw_only=True)
class WearerSection:
    """Who wears the device and where, and the GPIO lines of buttons, buzzer and vibrator (offsets on `gpio_chip`).

    `worn_at` decides how falls are told. `hold_s` is how long SOS and duty are held; `duty_at_start` takes up a duty when the program starts.
    """

    employee_id: Reference
    site_id: Reference
    worn_at: Literal["waist", "chest", "pocket"] = "waist"
    duty_at_start: bool = True
    gpio_chip: str = "/dev/gpiochip0"
    sos_line: Annotated[int, msgspec.Meta(ge=0, le=1023)] | None = None
    cancel_line: Annotated[int, msgspec.Meta(ge=0, le=1023)] | None = None
    duty_line: Annotated[int, msgspec.Meta(ge=0, le=1023)] | None = None
    buzzer_line: Annotated[int, msgspec.Meta(ge=0, le=1023)] | None = None
    vibrator_line: Annotated[int, msgspec.Meta(ge=0, le=1023)] | None = None
    hold_s: Annotated[float, msgspec.Meta(ge=0, le=5)] = 0.5

    @property
    def has_gpio(self) -> bool:
        """Whether any line is wired."""
        return any(
            line is not None
            for line in (self.sos_line, self.cancel_line, self.duty_line, self.buzzer_line, self.vibrator_line)
        )


@attrs.frozen(kw_only=True)
class AlarmsSection:
    """When an alarm is raised: degrees, seconds, milli-g, as control rooms know them."""

    pre_alarm_s: Annotated[float, msgspec.Meta(ge=0, le=90)] = 15.0
    tilt_deg: Annotated[float, msgspec.Meta(ge=20, le=90)] = 45.0
    tilt_hold_s: Annotated[float, msgspec.Meta(ge=1, le=600)] = 30.0
    no_motion_mg: Annotated[float, msgspec.Meta(ge=20, le=999)] = 100.0
    no_motion_hold_s: Annotated[float, msgspec.Meta(ge=5, le=1800)] = 60.0
    silent_sos: bool = False

    @property
    def machine(self) -> AlarmSettings:
        """The part of the alarm state machine."""
        return AlarmSettings(pre_alarm_s=self.pre_alarm_s, silent_sos=self.silent_sos)

    def with_settings(self, settings: DeviceSettings) -> AlarmsSection:
        """These settings, with those that a server has set."""
        names = {field.name for field in attrs.fields(AlarmsSection)}
        given = {name: value for name, value in attrs.asdict(settings).items() if name in names and value is not None}
        return attrs.evolve(self, **given)


@attrs.frozen(kw_only=True)
class StorageSection:
    """Where messages wait, and how much of the disk telemetry may take."""

    path: Path = Path("/var/lib/sekur-edge/outbox.db")
    telemetry_budget_mib: Annotated[float, msgspec.Meta(ge=0.01, le=100_000)] = 64.0


@attrs.frozen(kw_only=True)
class HealthSection:
    """How often the device tells its state on duty; the wearer learns of a silent server after three of them."""

    interval_s: Annotated[float, msgspec.Meta(ge=1, le=60)] = 60.0


@attrs.frozen(kw_only=True)
class Config:
    """The whole file."""

    device: DeviceSection
    broker: BrokerSection
    wearer: WearerSection
    sensor: SensorSection = SensorSection()
    gps: GpsSection = GpsSection()
    alarms: AlarmsSection = AlarmsSection()
    storage: StorageSection = StorageSection()
    health: HealthSection = HealthSection()

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read and check a file; relative paths in it are relative to its folder.

        Raises:
            ConfigError: it can't be read, is no TOML, or something in it is not allowed.
        """
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ConfigError(file, "", f"not UTF-8 text (byte {error.start}): write it as UTF-8") from error
        except OSError as error:
            raise ConfigError(file, "", f"can't be read: {error.strerror}") from error
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(file, "", f"not TOML: {error}") from error
        return cls.from_values(values, file)

    @classmethod
    def from_values(cls, values: Mapping[str, object], file: Path) -> Self:
        """Check what a file says; `file` is what errors name.

        Raises:
            ConfigError: something is missing or not allowed.
        """
        _refuse_unknown_keys(values, cls, (), file)
        try:
            config = msgspec.convert(dict(values), cls, dec_hook=_Paths(file.parent).read)
        except msgspec.ValidationError as error:
            raise _config_error(file, str(error), cls) from error
        _check_together(config, file)
        return config


class _Paths:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, kind: type, value: object) -> Path:
        if kind is not Path:
            raise NotImplementedError(f"no reader for {kind.__name__}")
        if not isinstance(value, str) or not value:
            raise ValueError("Expected the path of a file, as a string")
        return self._folder / value


def _check_together(config: Config, file: Path) -> None:
    broker = config.broker
    if (broker.cert_file is None) != (broker.key_file is None):
        missing = "key_file" if broker.key_file is None else "cert_file"
        raise ConfigError(file, f"broker.{missing}", "cert_file and key_file go together: set both or none")
    if broker.cert_file is not None and not broker.uses_tls:
        raise ConfigError(file, "broker.ca_file", "a client certificate needs TLS: set ca_file, or tls = true")
    for name, (_, port) in zip(broker.fallbacks, broker.endpoints[1:], strict=True):
        if not 1 <= port <= 65535:  # noqa: PLR2004  # TCP's
            raise ConfigError(file, "broker.fallbacks", f"{name}: a port is from 1 to 65535")
    if broker.password_file is not None and broker.password_env is not None:
        raise ConfigError(file, "broker.password_env", "set password_file or password_env, not both")
    if broker.user is None and (broker.password_file is not None or broker.password_env is not None):
        raise ConfigError(file, "broker.user", "a password needs a user")
    for name in ("password_file", "ca_file", "cert_file", "key_file"):
        path: Path | None = getattr(broker, name)
        if path is not None and not path.is_file():
            raise ConfigError(file, f"broker.{name}", f"there is no file {path}")


def _refuse_unknown_keys(values: Mapping[str, object], section: type, path: tuple[str, ...], file: Path) -> None:
    hints = typing.get_type_hints(section)
    for key, value in values.items():
        here = (*path, key)
        if key not in hints:
            raise ConfigError(file, ".".join(here), f"unknown key{_suggestion(here, hints)}")
        if isinstance(value, float) and math.isnan(value):
            # it would pass every range
            raise ConfigError(file, ".".join(here), "Expected a number, got nan")
        if attrs.has(hints[key]) and isinstance(value, dict):
            _refuse_unknown_keys(value, hints[key], here, file)


def _suggestion(key: tuple[str, ...], known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(key[-1], known, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; possible here: {', '.join(sorted(known))}"


def _config_error(file: Path, message: str, root: type) -> ConfigError:
    reason, _, at = message.rpartition(" - at `$")
    key = at.strip("`").lstrip(".")
    if not reason:
        reason, key = message, ""
    missing = reason.partition("missing required field `")[2].rstrip("`")
    if missing:
        return ConfigError(file, ".".join(filter(None, (key, missing))), "missing; it has no default")
    if reason.startswith("Invalid enum value"):
        reason += f"; allowed: {_choices(root, key)}"
    elif reason.startswith("Expected `object`"):
        reason = f"Expected a section, like [{key}]"
    elif reason.startswith("Expected `str` matching regex") and key.startswith("broker.fallbacks"):
        reason = "Expected HOST or HOST:PORT"
    elif reason.startswith("Expected `str` matching regex"):
        reason = "Expected 1 to 64 letters, digits, '_' or '-'"
    return ConfigError(file, key, reason)


def _choices(root: type, key: str) -> str:
    kind: object = root
    for part in key.split("."):
        kind = typing.get_type_hints(kind)[part]
    literals = typing.get_args(kind) if not isinstance(kind, types.UnionType) else ()
    return ", ".join(map(str, literals))
