"""The demo's story, step by step: nothing counts as done before it was seen where it should arrive."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import attrs

from edge_agent import agent_events as told
from edge_agent.alarm_rules import Pattern
from sekur_sdk.cli.demo import control_room
from sekur_sdk.cli.demo.guard import DECISION_S, PRE_ALARM_S, UPRIGHT_S
from sekur_sdk.client.resources.billing import NewLine
from sekur_sdk.models.alerts import Alert
from sekur_sdk.models.billing import InvoiceStatus, LineKind, Party
from sekur_sdk.models.device import AlertKind, AlertState, Channel, ReceiptOutcome
from sekur_sdk.models.duties import Duty
from sekur_sdk.models.events import Event, EventType
from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry
from sekur_sdk.rules.logbook_chain import first_broken
from sekur_sdk.sandbox.seed import DEMO_EMPLOYEE, DEMO_SITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekur_sdk.cli.demo.control_room import ControlRoom
    from sekur_sdk.cli.demo.guard import Guard
    from sekur_sdk.cli.demo.progress import Progress
    from sekur_sdk.cli.demo.server_side import ServerSide

T = TypeVar("T")

_SOON_S = 10.0
_WALK_S = 6.0
_START_S = 15.0
# an alarm that reached the broker before the ingest was back goes again after 5 s, then 10
_FORWARDED_S = 30.0


class NotSeenError(Exception):
    """A step that should have been seen, and was not."""


class UnexpectedOutcomeError(Exception):
    """An alarm where none was expected, or none where one was."""


@attrs.frozen
class _Alarm:
    uid: str
    raised_at: float


class Story:
    """The whole demo on parts that are running.

    Raises (by its methods):
        NotSeenError: a step was not seen in time.
        UnexpectedOutcomeError: the movement was told for the wrong thing.
        sekur_sdk.client.errors.SekurError: the sandbox refused a call.
    """

    def __init__(self, progress: Progress, server: ServerSide, guard: Guard, room: ControlRoom) -> None:
        self._progress = progress
        self._server = server
        self._guard = guard
        self._room = room
        self._client = room.client

    def with_alarm(self) -> None:
        """Duty, movement, an alarm while the broker is down, its way to a person and back; then the office."""
        self._take_up_duty()
        self._lose_broker()
        alarm = self._fall()
        alert = self._bring_broker_back(alarm)
        self._handle_alert(alarm, alert)
        self._keep_logbook(alert)
        self._office()
        self._end_duty()

    def without_alarm(self) -> None:
        """The same on a movement that must not become an alarm."""
        self._take_up_duty()
        self._lose_broker()
        self._daily_life()
        self._bring_telemetry_in()
        self._office()
        self._end_duty()

    # The guard

    def _take_up_duty(self) -> None:
        guard, progress = self._guard, self._progress
        progress.waiting_for("the wearable starts, its sensor passes its self-test")
        self._poll("the sensor sends samples", lambda: guard.agent.samples or None, _START_S)
        self._told(told.BrokerConnected, "the wearable reaches the broker", _START_S)
        progress.saw("The wearable runs", "emulated ADXL345 passed its self-test, broker connected")
        progress.waiting_for("prise de service")
        duty = guard.agent.start_duty().duty
        event = self._event(EventType.DUTY_STARTED, Duty, lambda subject: subject.device_ref == duty)
        progress.saw("The guard takes up duty", f"event {event.id} {event.type}")
        progress.waiting_for("the device learns what upright is")
        time.sleep(UPRIGHT_S)
        if guard.movement.walking is not None:
            guard.moves(guard.movement.walking)
            progress.waiting_for("the guard walks")
            time.sleep(_WALK_S)
            progress.saw("The guard walks", "simulated gait")
        position = self._poll(
            "a position at the server", lambda: next(iter(self._client.positions.list()), None), _SOON_S
        )
        progress.saw(
            "Position on duty",
            f"fix {position.age_s:.1f} s old, within {position.accuracy_m or 0:.0f} m, simulated receiver",
        )

    def _lose_broker(self) -> None:
        self._progress.waiting_for("the broker goes down")
        self._server.broker.kill()
        self._told(told.BrokerLost, "the wearable notices that the broker is gone")
        self._progress.saw("The broker is down", "killed; the wearable has noticed")

    def _fall(self) -> _Alarm:
        guard, progress = self._guard, self._progress
        guard.moves(guard.movement.moment)
        progress.waiting_for("the guard moves, and falls")
        found = guard.seen.wait_for(told.FallDetected, timeout_s=guard.movement.moment_s + DECISION_S)
        if found is None:
            raise UnexpectedOutcomeError("an alarm was expected from this movement, and no fall was detected")
        fall = found[1]
        progress.saw("A fall is detected", f"score {fall.score:.2f}")
        progress.took("impact → decision", fall.at - fall.impact_at)
        pre_alarm = self._told(told.PreAlarmStarted, "the pre-alarm", test=lambda event: event.kind == AlertKind.FALL)
        progress.saw("Pre-alarm", f"the wearer can cancel for {PRE_ALARM_S:.0f} s, and does not")
        progress.waiting_for("the pre-alarm runs out")
        raised = self._told(told.AlarmRaised, "the alarm", test=lambda event: event.uid == pre_alarm.uid)
        committed = self._told(told.AlarmCommitted, "the alarm on the card", test=lambda event: event.uid == raised.uid)
        progress.saw(f"Alarm: {raised.kind}", "stored on the card while the broker is down")
        progress.took("pre-alarm → alarm", raised.at - pre_alarm.at)
        progress.took("alarm → stored on the card", committed.at - raised.at)
        if any(alert.uid == raised.uid for alert in self._client.alerts.list()):
            raise NotSeenError("the server has the alarm although the broker is down")
        return _Alarm(raised.uid, raised.at)

    def _daily_life(self) -> None:
        guard, progress = self._guard, self._progress
        guard.moves(guard.movement.moment)
        progress.waiting_for("the guard goes about daily life")
        asked = guard.seen.wait_for(told.PreAlarmStarted, timeout_s=guard.movement.moment_s + DECISION_S)
        if asked is not None:
            raise UnexpectedOutcomeError(
                f"no alarm was expected from this movement, and a pre-alarm came ({asked[1].kind})"
            )
        progress.saw("Daily life", "no pre-alarm, no alarm, as expected")

    # The alarm's way

    def _bring_broker_back(self, alarm: _Alarm) -> Event:
        progress = self._progress
        back_at = self._restart_broker()
        progress.waiting_for("the stored alarm is forwarded")
        published = self._told(
            told.MessagePublished, "the alarm at the broker", _FORWARDED_S, lambda event: event.uid == alarm.uid
        )
        progress.saw("The alarm is forwarded", "the broker has it (PUBACK)")
        receipt = self._told(
            told.MessageReceipted, "the receipt of the alarm", _FORWARDED_S, lambda event: event.uid == alarm.uid
        )
        progress.saw("The server has it", f"receipt {receipt.outcome}")
        event = self._event(EventType.ALERT_OPENED, Alert, lambda alert: alert.uid == alarm.uid)
        alert = self._alert(event)
        where = "with its position" if alert.fix is not None else "without a position"
        progress.saw("The operator sees it", f"event {event.id} {event.type}, {alert.kind}, {where}")
        self._told(
            told.AlertStateChanged,
            "the wearer learns that the system has it",
            test=lambda change: change.uid == alarm.uid and change.state == AlertState.RECEIVED,
        )
        progress.took("broker back → alarm forwarded", published.at - back_at)
        progress.took("broker back → receipt", receipt.at - back_at)
        progress.took("alarm → receipt, outage included", receipt.at - alarm.raised_at)
        return event

    def _handle_alert(self, alarm: _Alarm, opened: Event) -> None:
        progress, client = self._progress, self._client
        alert_id = self._alert(opened).id
        progress.waiting_for("the operator acknowledges")
        acknowledged_at = time.monotonic()
        client.alerts.acknowledge(alert_id, by=control_room.NAME)
        change = self._told(
            told.AlertStateChanged,
            "the wearer learns that a person has it",
            test=lambda change: change.uid == alarm.uid and change.state == AlertState.ACKNOWLEDGED,
        )
        self._told(
            told.SignalChanged,
            "the wearer feels that a person has it",
            test=lambda signal: signal.pattern == Pattern.ACKNOWLEDGED,
        )
        progress.saw("The operator acknowledges, the wearer feels it", f"by {control_room.NAME}")
        progress.took("acknowledge → felt by the wearer", change.at - acknowledged_at)
        client.logbook.append(
            DEMO_SITE,
            author_id=DEMO_EMPLOYEE,
            category=LogbookCategory.ALARM_CHECK,
            text="Levée de doute : agent rejoint, conscient, relevé. Fin d'alerte.",
            alert_id=alert_id,
        )
        client.alerts.resolve(alert_id, resolution="Agent rejoint, conscient, secours non requis", by=control_room.NAME)
        self._told(
            told.AlertStateChanged,
            "the wearer learns that it is over",
            test=lambda change: change.uid == alarm.uid and change.state == AlertState.RESOLVED,
        )
        progress.saw("The alert is resolved", "the wearable is back to watching")
        alerts = [alert for alert in client.alerts.list() if alert.uid == alarm.uid]
        if len(alerts) != 1:
            raise NotSeenError(f"one alert for one alarm: the server has {len(alerts)}")

    def _keep_logbook(self, opened: Event) -> None:
        alert_id = self._alert(opened).id
        entries = list(self._client.logbook.list(DEMO_SITE))
        about = [entry for entry in entries if entry.alert_id == alert_id]
        by_itself = [entry for entry in about if entry.category == LogbookCategory.LONE_WORKER_ALARM]
        if not by_itself or len(about) == len(by_itself):
            raise NotSeenError("the logbook has the alarm's own entry and the operator's")
        self._event(EventType.LOGBOOK_ENTRY_CREATED, LogbookEntry, lambda entry: entry.id == about[-1].id)
        broken = first_broken(entries)
        if broken is not None:
            raise NotSeenError(f"the logbook's chain holds: it breaks at entry {broken.seq}")
        self._progress.saw(
            "The logbook follows", f"{len(about)} entries about the alert; chain of {len(entries)} verified"
        )

    def _bring_telemetry_in(self) -> None:
        self._restart_broker()
        self._progress.waiting_for("what waited is forwarded")
        self._poll(
            "the outbox is empty", lambda: True if self._guard.agent.waiting_messages == 0 else None, _FORWARDED_S
        )
        self._progress.saw("What waited is forwarded", "the outbox is empty")
        calls = [alert for alert in self._client.alerts.list() if alert.kind != AlertKind.TECHNICAL]
        if calls:
            raise UnexpectedOutcomeError(f"the server has {len(calls)} alerts where none was expected")

    def _restart_broker(self) -> float:
        lost_at = time.monotonic()
        self._progress.waiting_for("the broker comes back")
        self._server.broker.start()
        back_at = time.monotonic()
        self._told(
            told.BrokerConnected, "the wearable is connected again", _FORWARDED_S, lambda event: event.at > lost_at
        )
        self._progress.saw("The broker is back", "the wearable is connected again")
        return back_at

    # The office

    def _office(self) -> None:
        self._plan()
        self._bill()

    def _plan(self) -> None:
        client, progress = self._client, self._progress
        progress.waiting_for("planning through the SDK")
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        # after the demo's planning, and with the notice that is due
        starts_at = now + timedelta(days=10)
        draft = client.shifts.create(
            site_id=DEMO_SITE,
            employee_id=DEMO_EMPLOYEE,
            post="Renfort de nuit",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=8),
            break_minutes=20,
        )
        (published,) = client.shifts.publish(ids=[draft.id]).shifts
        if client.shifts.get(draft.id) != published:
            raise NotSeenError("the published shift reads back as it was answered")
        planned = list(client.shifts.list(starts_from=now, page_size=10))
        if published not in planned:
            raise NotSeenError("the published shift is in the planning")
        progress.saw("Planning", f"shift created and published; {len(planned)} shifts from now on")

    def _bill(self) -> None:
        client, progress = self._client, self._progress
        progress.waiting_for("quote and invoice through the SDK")
        quote = client.quotes.create(
            buyer=Party(
                name="Logistique du Grand-Large",
                address="4 quai des Entrepôts, 93300 Aubervilliers",
                siren="999001233",
            ),
            title="Surveillance de nuit",
            lines=[
                NewLine(
                    kind=LineKind.NIGHT,
                    description="Agent de sécurité, heures de nuit",
                    quantity=Decimal(108),
                    unit_price=Decimal("27.45"),
                ),
                NewLine(
                    kind=LineKind.SUNDAY,
                    description="Agent de sécurité, heures de dimanche",
                    quantity=Decimal("12.5"),
                    unit_price=Decimal("29.9025"),
                ),
            ],
            site_id=DEMO_SITE,
        )
        client.quotes.send(quote.id)
        client.quotes.accept(quote.id)
        draft = client.quotes.convert(quote.id)
        invoice = client.invoices.issue(draft.id)
        if invoice.number is None or invoice.status != InvoiceStatus.ISSUED:
            raise NotSeenError("the issued invoice has a number")
        progress.saw(
            "Quote → invoice",
            f"{quote.number} → {invoice.number}, {invoice.totals.net} € HT, {invoice.totals.gross} € TTC",
        )

    def _end_duty(self) -> None:
        self._progress.waiting_for("fin de service")
        duty = self._guard.agent.duty.duty
        self._guard.agent.end_duty()
        event = self._event(EventType.DUTY_ENDED, Duty, lambda subject: subject.device_ref == duty)
        self._progress.saw("The guard ends duty", f"event {event.id} {event.type}")
        self._count()

    def _count(self) -> None:
        seen = self._guard.seen
        receipts = seen.all_of(told.MessageReceipted)
        self._progress.counts.update(
            {
                "samples through the sensor": self._guard.agent.samples,
                "gaps in them": self._guard.agent.gaps,
                "messages published by the wearable": len(seen.all_of(told.MessagePublished)),
                "receipts: stored": sum(receipt.outcome == ReceiptOutcome.STORED for receipt in receipts),
                "receipts: duplicate": sum(receipt.outcome == ReceiptOutcome.DUPLICATE for receipt in receipts),
                "receipts: quarantined": sum(receipt.outcome == ReceiptOutcome.QUARANTINED for receipt in receipts),
                "health messages receipted": sum(receipt.channel == Channel.HEALTH for receipt in receipts),
                "positions at the server": sum(1 for _ in self._client.positions.list()),
                "events on the SDK's stream": len(self._room.seen.all_of(Event)),
            }
        )

    # Seeing

    def _told(
        self, kind: type[T], step: str, timeout_s: float = _SOON_S, test: Callable[[T], bool] = lambda _: True
    ) -> T:
        found = self._guard.seen.wait_for(kind, test, timeout_s=timeout_s)
        if found is None:
            raise NotSeenError(f"{step}: not seen within {timeout_s:.0f} s")
        return found[1]

    def _event(self, type_: EventType, subject: type[T], test: Callable[[T], bool]) -> Event:
        def fits(event: Event) -> bool:
            return event.type == type_ and isinstance(event.subject, subject) and test(event.subject)

        found = self._room.seen.wait_for(Event, fits, timeout_s=_SOON_S)
        if found is None:
            raise self._room.broken or NotSeenError(f"{type_} on the event stream: not seen within {_SOON_S:.0f} s")
        return found[1]

    @staticmethod
    def _alert(event: Event) -> Alert:
        assert isinstance(event.subject, Alert)
        return event.subject

    @staticmethod
    def _poll(step: str, look: Callable[[], T | None], timeout_s: float) -> T:
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            found = look()
            if found is not None:
                return found
            time.sleep(0.05)
        raise NotSeenError(f"{step}: not seen within {timeout_s:.0f} s")
