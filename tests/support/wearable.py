"""What a wearable publishes, made by hand: envelopes whose uid, seq and time the test can choose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from sekur_sdk.models.device import DeviceAddress
from sekur_sdk.models.uid import new_uid

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sekur_sdk.sandbox.store.writer import Publication


def uid() -> str:
    return new_uid(1_790_000_000_000)


class Wearable:
    """One device with its outbox; `send` returns what the server publishes downward, as (channel, body)."""

    def __init__(
        self,
        handle: Callable[[str, bytes], list[Publication]],
        now: Callable[[], datetime],
        *,
        tenant: str = "demo",
        device: str = "dev_demo",
    ) -> None:
        self.handle = handle
        self.now = now
        self.address = DeviceAddress(tenant, device)
        self.log = uid()
        self.boot = uid()
        self.seq = 0
        self.duty: str | None = None

    def envelope(self, body: dict[str, Any], **fields: Any) -> dict[str, Any]:
        if "seq" not in fields:
            self.seq += 1
        return {
            "v": 1,
            "uid": uid(),
            "log": self.log,
            "seq": self.seq,
            "boot": self.boot,
            "up_ms": 1000 * self.seq,
            "at": self.now().isoformat(),
            "clock": "synced",
            "duty": self.duty,
            "body": body,
        } | fields

    def send(self, channel: str, message: dict[str, Any] | bytes) -> list[tuple[str, dict[str, Any]]]:
        payload = message if isinstance(message, bytes) else msgspec.json.encode(message)
        base = self.address.topic("")
        return [
            (publication.topic.removeprefix(base), msgspec.json.decode(publication.payload))
            for publication in self.handle(self.address.topic(channel), payload)
        ]

    def alert(self, kind: str = "fall", **fields: Any) -> dict[str, Any]:
        body = {"kind": kind, "started_at": self.now().isoformat()}
        return self.envelope(body | fields)

    def fix(self, *, at: datetime | None = None, ago_s: float = 0) -> dict[str, Any]:
        fix_at = (at or self.now()) - timedelta(seconds=ago_s)
        return {
            "lat": 48.9,
            "lon": 2.38,
            "fix_at": fix_at.isoformat(),
            "age_s": 0.5,
            "accuracy_m": 5.0,
            "source": "gnss",
        }

    def position(self, *, at: datetime | None = None, alert: str | None = None, **fields: Any) -> dict[str, Any]:
        return self.envelope({"fix": self.fix(at=at), "alert": alert}, **fields)

    def health(self, *, protected: bool = True, **fields: Any) -> dict[str, Any]:
        return self.envelope({"protected": protected, "battery_pct": 80, **fields})

    def duty_step(self, action: str, *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        if action == "start" and self.duty is None:
            self.duty = uid()
        body = {"kind": "duty", "action": action, "duty": self.duty, "occurred_at": (at or self.now()).isoformat()}
        return self.envelope(body | fields)

    def cancel(self, alert: str, *, phase: str = "alarm", kind: str = "fall") -> dict[str, Any]:
        return self.envelope(
            {
                "kind": "cancel",
                "alert": alert,
                "alert_kind": kind,
                "phase": phase,
                "occurred_at": self.now().isoformat(),
            }
        )

    def status(self, *, online: bool = True) -> dict[str, Any]:
        return {"v": 1, "online": online, "boot": self.boot, "log": self.log, "at": None, "agent": "0.1.0"}
