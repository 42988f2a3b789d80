"""What the wearer feels, and when the device shakes itself by it."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import pytest

from edge_agent.alarm_rules import Pattern
from edge_agent.clock import ManualClock
from edge_agent.config import WearerSection
from edge_agent.drivers.gpio import RHYTHMS, Button, GpioWearer, PlayedPatterns, RecordedWearer, WearerInterfaceError

if TYPE_CHECKING:
    from collections.abc import Mapping

WIRED = WearerSection(employee_id="e", site_id="s", gpio_chip="/dev/gpiochip99", sos_line=17, vibrator_line=27)


def test_every_pattern_has_its_rhythm() -> None:
    assert set(RHYTHMS) == set(Pattern)


def test_received_and_acknowledged_do_not_feel_the_same() -> None:
    assert RHYTHMS[Pattern.RECEIVED] != RHYTHMS[Pattern.ACKNOWLEDGED]
    assert RHYTHMS[Pattern.DISCREET_RECEIVED] != RHYTHMS[Pattern.DISCREET_ACKNOWLEDGED]


def test_discreet_patterns_make_no_sound() -> None:
    discreet = [RHYTHMS[pattern] for pattern in (Pattern.DISCREET_RECEIVED, Pattern.DISCREET_ACKNOWLEDGED)]

    assert [rhythm.sound for rhythm in discreet if rhythm is not None] == [False, False]


def test_the_pre_alarm_leaves_a_window_in_which_the_wearers_own_motion_is_seen() -> None:
    played = PlayedPatterns()
    played.note(Pattern.PRE_ALARM, 100.0)

    assert played.moved(100.0, 100.5)
    assert played.moved(99.5, 100.1)
    assert not played.moved(101.2, 102.9)
    assert played.moved(102.9, 103.1)
    assert not played.moved(90.0, 99.9)


def test_a_pattern_that_ended_shakes_no_more() -> None:
    played = PlayedPatterns()
    played.note(Pattern.PRE_ALARM, 100.0)
    played.note(Pattern.QUIET, 101.0)

    assert not played.moved(103.0, 103.5)


def test_a_pattern_of_three_pulses_shakes_three_times() -> None:
    played = PlayedPatterns()
    played.note(Pattern.ACKNOWLEDGED, 0.0)

    assert played.moved(0.6, 0.7)
    assert not played.moved(1.5, 30.0)


def test_a_recorded_wearer_keeps_signals_with_their_time_and_hands_presses_on() -> None:
    clock = ManualClock(5.0)
    wearer = RecordedWearer(clock)
    pressed: list[Button] = []
    wearer.start(pressed.append)
    wearer.press(Button.SOS)
    wearer.signal(Pattern.CALLING)

    assert pressed == [Button.SOS]
    assert wearer.signals == [(5.0, Pattern.CALLING)]
    wearer.stop()
    with pytest.raises(RuntimeError):
        wearer.press(Button.SOS)


def test_a_gpio_chip_that_is_not_there_is_one_clear_message() -> None:
    with pytest.raises(WearerInterfaceError, match=r"/dev/gpiochip99: .*check \[wearer\] gpio_chip"):
        GpioWearer(WIRED, ManualClock()).start(lambda _: None)


def test_gpio_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Mapping[str, Any]) -> Any:
        # the library is installed here: its absence can only be pretended
        if name == "gpiod":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(WearerInterfaceError, match=r"pip install 'sekur-sdk\[edge\]'"):
        GpioWearer(WIRED, ManualClock()).start(lambda _: None)
