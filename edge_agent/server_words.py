"""What the connection brings, put into the core's terms; runs on the core's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from edge_agent import agent_events as told
from edge_agent.faults import FaultCode
from edge_agent.uplink_events import (
    CommitSlow,
    IdentityTaken,
    LinkDown,
    LinkSteady,
    LinkUp,
    MessageRefused,
    Published,
    Receipted,
    UplinkEvent,
)
from sekur_sdk.models.device import (
    AlertUpdate,
    Channel,
    Command,
    CommandOutcome,
    CommandResult,
    DesiredConfig,
    DeviceSettings,
    ReceiptOutcome,
    ReportedConfig,
)
from sekur_sdk.wire import WireError, decode, encode

if TYPE_CHECKING:
    from edge_agent.clock import Clock
    from edge_agent.config import AlarmsSection, Config
    from edge_agent.core import Core
    from edge_agent.outbox import Outbox
    from edge_agent.position import PositionProvider
    from edge_agent.uplink import Uplink
    from edge_agent.wall_time import WallTime

CONFIG_KEY: Final = "config"
_LINK_FAULTS: Final = (
    FaultCode.BROKER_UNREACHABLE,
    FaultCode.BROKER_REFUSED,
    FaultCode.TLS_FAILED,
    FaultCode.TLS_CLOCK,
)


class ServerWords:
    """The server's receipts, alert states, configuration and commands, and the state of the connection."""

    def __init__(self, config: Config, outbox: Outbox, wall: WallTime) -> None:
        self._config = config
        self._outbox = outbox
        self._wall = wall
        self._desired = _kept_config(outbox)
        self._refused: tuple[int, str] | None = None
        self._set_aside: set[str] = set()
        self._uplink: Uplink
        self._position: PositionProvider | None
        self._clock: Clock

    def attach(
        self,
        uplink: Uplink,
        position: PositionProvider | None,
        clock: Clock,
    ) -> None:
        """Take the parts that were made after this one."""
        self._uplink = uplink
        self._position = position
        self._clock = clock

    @property
    def alarms(self) -> AlarmsSection:
        """The alarm settings of the file, with what the server has set."""
        return self._config.alarms.with_settings(self._desired.settings)

    @property
    def position_interval_s(self) -> float:
        """Seconds between positions."""
        return self._desired.settings.position_interval_s or self._config.gps.interval_s

    def reported(self) -> ReportedConfig:
        """The configuration that the device runs with."""
        alarms = self.alarms
        refused, reason = self._refused or (None, None)
        return ReportedConfig(
            version=self._desired.version,
            settings=DeviceSettings(
                pre_alarm_s=alarms.pre_alarm_s,
                tilt_deg=alarms.tilt_deg,
                tilt_hold_s=alarms.tilt_hold_s,
                no_motion_mg=alarms.no_motion_mg,
                no_motion_hold_s=alarms.no_motion_hold_s,
                position_interval_s=self.position_interval_s,
                silent_sos=alarms.silent_sos,
            ),
            refused=refused,
            reason=reason,
        )

    def take(self, event: UplinkEvent, core: Core) -> None:  # noqa: C901, PLR0912  # one flat case an event
        """Do what an event of the uplink asks for."""
        now = self._clock.monotonic()
        match event:
            case LinkUp():
                for code in _LINK_FAULTS:
                    core.fault_over(code)
                core.observe(told.BrokerConnected(at=now))
            case LinkDown(code, reason):
                core.observe(told.BrokerLost(at=now, code=code, reason=reason))
                for other in _LINK_FAULTS:
                    if other is not code:
                        core.fault_over(other)
                core.fault(code, reason)
            case LinkSteady():
                core.fault_over(FaultCode.IDENTITY_TAKEN)
                if not self._set_aside:
                    core.fault_over(FaultCode.MESSAGE_REFUSED)
            case IdentityTaken():
                core.fault(
                    FaultCode.IDENTITY_TAKEN, "connections end as soon as they begin: another device, or a copied card"
                )
            case Published(uid, channel):
                self._set_aside.discard(uid)
                core.observe(told.MessagePublished(at=now, uid=uid, channel=channel))
            case Receipted(uid, channel, receipt):
                core.observe(told.MessageReceipted(at=now, uid=uid, channel=channel, outcome=receipt.outcome))
                core.receipted(uid, channel, stored=receipt.outcome is not ReceiptOutcome.QUARANTINED)
            case MessageRefused(uid, channel):
                if channel is Channel.ALERT:
                    self._set_aside.add(uid)
                core.fault(FaultCode.MESSAGE_REFUSED, f"{channel} {uid} ends each connection")
            case CommitSlow(uid):
                core.fault(FaultCode.STORAGE_SLOW, f"alarm {uid} was not committed in time")
            case AlertUpdate():
                core.server_told(event.uid, event.state)
            case DesiredConfig():
                self._configure(event, core)
            case Command():
                self._command(event)

    def _configure(self, desired: DesiredConfig, core: Core) -> None:
        if desired.version <= self._desired.version:
            return
        unsupported = [name for name in ("check_in_s",) if getattr(desired.settings, name) is not None]
        if unsupported:
            self._refused = (desired.version, f"this device has no {', '.join(unsupported)}")
        else:
            self._refused = None
            self._desired = desired
            self._outbox.set_state({CONFIG_KEY: encode(desired)})
            core.configure(self.alarms)
            if self._position is not None:
                self._position.interval_s = self.position_interval_s
        self._uplink.tell_config()

    def _command(self, command: Command) -> None:
        at = self._wall.now()
        expired = command.expires_at < at
        self._uplink.answer(
            CommandResult(
                id=command.id,
                outcome=CommandOutcome.EXPIRED if expired else CommandOutcome.REFUSED,
                at=at,
                detail=None if expired else "this device knows no such command",
            )
        )


def _kept_config(outbox: Outbox) -> DesiredConfig:
    kept = outbox.state(CONFIG_KEY)
    none = DesiredConfig(version=0, settings=DeviceSettings())
    try:
        return decode(kept, DesiredConfig) if kept is not None else none
    except WireError:
        return none
