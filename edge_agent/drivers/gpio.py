"""What the wearer presses and feels: buttons, buzzer and vibrator on GPIO lines, or only recorded."""

from __future__ import annotations

import logging
import threading
from collections import deque
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from edge_agent.alarm_rules import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    import gpiod

    from edge_agent.clock import Clock
    from edge_agent.config import WearerSection


_log = logging.getLogger(__name__)


class Button(StrEnum):
    """What the wearer pressed."""

    SOS = "sos"
    CANCEL = "cancel"
    DUTY = "duty"


class WearerInterfaceError(Exception):
    """Buttons or actuators can't be used: which, why, and what to do."""


class WearerInterface(Protocol):
    """The device's side that touches the wearer."""

    def start(self, press: Callable[[Button], None]) -> None:
        """Hand each press to `press`, from any thread.

        Raises:
            WearerInterfaceError: a line can't be used.
        """
        ...

    def signal(self, pattern: Pattern) -> None:
        """Play this from now on; does not block."""
        ...

    def moved(self, start: float, end: float) -> bool:
        """Whether the device shook itself between two moments of the monotonic clock."""
        ...

    @property
    def works(self) -> bool:
        """Whether buttons and signals still work."""
        ...

    def stop(self) -> None:
        """Silence, and no more presses."""
        ...


@attrs.frozen
class Rhythm:
    """Seconds of vibration, then of rest, again and again; `times` None is for ever. `sound` adds the buzzer."""

    on_s: float
    off_s: float
    times: int | None
    sound: bool


RHYTHMS: Final[dict[Pattern, Rhythm | None]] = {
    Pattern.QUIET: None,
    # the rest is long enough for a whole window of the stillness detector: a wearer who moves is noticed
    Pattern.PRE_ALARM: Rhythm(0.8, 2.2, None, sound=True),
    Pattern.CALLING: Rhythm(0.2, 1.8, None, sound=True),
    Pattern.RECEIVED: Rhythm(0.3, 9.7, None, sound=True),
    Pattern.ACKNOWLEDGED: Rhythm(0.15, 0.15, 3, sound=True),
    Pattern.DISCREET_RECEIVED: Rhythm(0.1, 0.1, 1, sound=False),
    Pattern.DISCREET_ACKNOWLEDGED: Rhythm(0.1, 0.2, 3, sound=False),
    Pattern.PROTECTION_LOST: Rhythm(1.5, 28.5, None, sound=True),
}
"""What each pattern feels like. Received and acknowledged differ: one pulse every ten seconds, three short ones."""

_TAIL_S: Final = 0.3
"""How long a motor runs on, and what it moved swings."""


class PlayedPatterns:
    """Which pattern played when, and thus when the device shook itself. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._played: deque[tuple[float, Pattern]] = deque([(float("-inf"), Pattern.QUIET)], maxlen=64)

    def note(self, pattern: Pattern, at: float) -> None:
        """From `at` on this one plays."""
        with self._lock:
            self._played.append((at, pattern))

    def moved(self, start: float, end: float) -> bool:
        """Whether any vibration, with its tail, falls between the two moments."""
        with self._lock:
            played = tuple(self._played)
        ends = [began for began, _ in played[1:]] + [float("inf")]
        return any(
            _shakes(RHYTHMS[pattern], began, min(until, end), max(began, start))
            for (began, pattern), until in zip(played, ends, strict=True)
        )


def _shakes(rhythm: Rhythm | None, began: float, end: float, start: float) -> bool:
    if rhythm is None or end <= began or end <= start:
        return False
    period = rhythm.on_s + rhythm.off_s
    pulse = int((start - began) // period)
    for number in (pulse, pulse + 1):
        if rhythm.times is not None and number >= rhythm.times:
            return False
        on = began + number * period
        if on < end and start < on + rhythm.on_s + _TAIL_S:
            return True
    return False


class RecordedWearer:
    """No hardware: what would be felt is kept with its time, and buttons are pressed by calling `press`."""

    def __init__(self, clock: Clock, show: Callable[[Pattern], None] = lambda _: None) -> None:
        self._clock = clock
        self._show = show
        self._patterns = PlayedPatterns()
        self._press: Callable[[Button], None] | None = None
        self.signals: list[tuple[float, Pattern]] = []

    def start(self, press: Callable[[Button], None]) -> None:
        """Presses go to `press`."""
        self._press = press

    def signal(self, pattern: Pattern) -> None:
        """Keep it."""
        now = self._clock.monotonic()
        self._patterns.note(pattern, now)
        self.signals.append((now, pattern))
        self._show(pattern)

    def moved(self, start: float, end: float) -> bool:
        """When the motor would have run."""
        return self._patterns.moved(start, end)

    @property
    def works(self) -> bool:
        """It has nothing that could fail."""
        return True

    def press(self, button: Button) -> None:
        """Press a button."""
        if self._press is None:
            raise RuntimeError("a button works from the start of the agent on")
        self._press(button)

    def stop(self) -> None:
        """No more presses."""
        self._press = None


class GpioWearer:
    """Buttons to ground with the internal pull-up, actuators active high, through libgpiod 2.

    Args:
        wiring: the chip and its lines; a line that is None is not wired.
        clock: of the agent; rhythms are played in real time.
    """

    def __init__(self, wiring: WearerSection, clock: Clock) -> None:
        self._wiring = wiring
        self._clock = clock
        self._patterns = PlayedPatterns()
        self._pattern = Pattern.QUIET
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._buttons: gpiod.LineRequest | None = None
        self._actuators: gpiod.LineRequest | None = None
        self._threads: list[threading.Thread] = []

    def start(self, press: Callable[[Button], None]) -> None:
        """Take the lines and listen."""
        try:
            import gpiod  # noqa: F401, PLC0415  # only a device with buttons has it
        except ImportError as error:
            raise WearerInterfaceError("gpiod is not installed: pip install 'sekur-sdk[edge]' on Linux") from error
        chip = self._wiring.gpio_chip
        try:
            self._request(chip)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise WearerInterfaceError(
                f"{chip}: {why}; check [wearer] gpio_chip and its lines, and that this user is in the group gpio"
            ) from error
        self._threads = [self._thread("signals", self._play)]
        if self._buttons is not None:
            self._threads.append(self._thread("buttons", partial(self._listen, press, self._buttons)))
        for thread in self._threads:
            thread.start()

    def signal(self, pattern: Pattern) -> None:
        """Play it, from a thread of its own."""
        self._patterns.note(pattern, self._clock.monotonic())
        self._pattern = pattern
        self._changed.set()

    def moved(self, start: float, end: float) -> bool:
        """Whether the vibrator ran."""
        return self._wiring.vibrator_line is not None and self._patterns.moved(start, end)

    @property
    def works(self) -> bool:
        """Whether its threads run: a line that fails ends them."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Silence, threads ended, lines given back."""
        self._stopping.set()
        self._changed.set()
        for thread in self._threads:
            thread.join(timeout=2.0)
        for request in (self._buttons, self._actuators):
            if request is not None:
                request.release()

    def _request(self, chip: str) -> None:
        import gpiod  # noqa: PLC0415  # see start

        line = gpiod.line
        buttons = list(self._buttons_by_line())
        if buttons:
            settings = gpiod.LineSettings(
                edge_detection=line.Edge.BOTH,
                bias=line.Bias.PULL_UP,
                active_low=True,
                debounce_period=timedelta(milliseconds=20),
            )
            self._buttons = gpiod.request_lines(chip, consumer="sekur-edge", config={tuple(buttons): settings})
        actuators = self._actuator_lines()
        if actuators:
            settings = gpiod.LineSettings(direction=line.Direction.OUTPUT, output_value=line.Value.INACTIVE)
            self._actuators = gpiod.request_lines(chip, consumer="sekur-edge", config={tuple(actuators): settings})

    def _buttons_by_line(self) -> dict[int, Button]:
        wired = {
            self._wiring.sos_line: Button.SOS,
            self._wiring.cancel_line: Button.CANCEL,
            self._wiring.duty_line: Button.DUTY,
        }
        return {line: button for line, button in wired.items() if line is not None}

    def _actuator_lines(self) -> list[int]:
        return [line for line in (self._wiring.buzzer_line, self._wiring.vibrator_line) if line is not None]

    def _thread(self, name: str, work: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=self._until_it_fails, args=(work,), name=name, daemon=True)

    def _until_it_fails(self, work: Callable[[], None]) -> None:
        try:
            work()
        except OSError:
            # `works` tells it; a line may come back only with a restart
            _log.exception("a GPIO line failed")

    def _listen(self, press: Callable[[Button], None], buttons: gpiod.LineRequest) -> None:
        pressed_at: dict[int, float] = {}
        told: set[int] = set()
        while not self._stopping.is_set():
            if buttons.wait_edge_events(timedelta(milliseconds=100)):
                for event in buttons.read_edge_events():
                    if event.event_type is event.Type.RISING_EDGE:
                        pressed_at[event.line_offset] = self._clock.monotonic()
                    else:
                        pressed_at.pop(event.line_offset, None)
                        told.discard(event.line_offset)
            now = self._clock.monotonic()
            for offset, since in pressed_at.items():
                button = self._buttons_by_line()[offset]
                hold_s = 0.0 if button is Button.CANCEL else self._wiring.hold_s
                if offset not in told and now - since >= hold_s:
                    told.add(offset)
                    press(button)

    def _play(self) -> None:
        while not self._stopping.is_set():
            self._changed.clear()
            rhythm = RHYTHMS[self._pattern]
            pulses = 0
            while rhythm is not None and not self._changed.is_set() and pulses != rhythm.times:
                pulses += 1
                self._drive(on=True, sound=rhythm.sound)
                self._changed.wait(rhythm.on_s)
                self._drive(on=False, sound=rhythm.sound)
                self._changed.wait(rhythm.off_s)
            self._changed.wait()
        self._drive(on=False, sound=True)

    def _drive(self, *, on: bool, sound: bool) -> None:
        if self._actuators is None:
            return
        import gpiod  # noqa: PLC0415  # see start

        value = gpiod.line.Value.ACTIVE if on else gpiod.line.Value.INACTIVE
        quiet = {self._wiring.buzzer_line} if on and not sound else set()
        self._actuators.set_values({line: value for line in self._actuator_lines() if line not in quiet})
