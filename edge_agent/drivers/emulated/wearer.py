"""A simulated wearer: stands, walks, falls and lies still. A demonstration's input, never evidence about real falls.

The sensor sits at the waist: x to the wearer's right, y up along the trunk, z forward. Everything is deterministic by
seed.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from edge_agent.drivers.emulated.motion import SensorNoise, Times

_G: Final = 9.81
_STEP_S: Final = 0.001


class SimulatedStanding:
    """Upright, swaying by a degree or two, breathing; without end."""

    def __init__(self, *, seed: int = 0) -> None:
        draw = np.random.default_rng(seed)
        self._lean = np.radians(draw.uniform(-4, 4, size=2))
        self._phase = draw.uniform(0, 2 * np.pi, size=3)
        self._noise = SensorNoise(seed)

    @property
    def duration_s(self) -> float:
        """It goes on."""
        return np.inf

    def acceleration(self, elapsed: Times) -> Times:
        """Gravity along y, with sway at 0.3 Hz and breath at 0.25 Hz."""
        right = self._lean[0] + np.radians(0.8) * np.sin(2 * np.pi * 0.31 * elapsed + self._phase[0])
        forward = self._lean[1] + np.radians(1.2) * np.sin(2 * np.pi * 0.27 * elapsed + self._phase[1])
        breath = 0.008 * np.sin(2 * np.pi * 0.25 * elapsed + self._phase[2])
        up = np.sqrt(1 - np.sin(right) ** 2 - np.sin(forward) ** 2)
        return np.stack([np.sin(right), up, np.sin(forward) + breath], axis=1) + self._noise.at(elapsed)


class SimulatedWalk:
    """Walking at about 1.8 steps a second, without end.

    The vertical acceleration follows the steps, with a sharper pulse at each heel strike; the sideways one follows the
    strides, two steps each (the shape of waist recordings: Zijlstra and Hof, Gait and Posture 18, 2003).
    """

    def __init__(self, *, seed: int = 0, steps_per_s: float = 1.8) -> None:
        draw = np.random.default_rng(seed)
        self._rate = steps_per_s * draw.uniform(0.95, 1.05)
        self._strength = draw.uniform(0.9, 1.1, size=97)
        self._noise = SensorNoise(seed)

    @property
    def duration_s(self) -> float:
        """It goes on."""
        return np.inf

    def acceleration(self, elapsed: Times) -> Times:
        """Gravity along y and the gait; up to about 1.6 g."""
        steps = np.maximum(elapsed, 0.0) * self._rate
        phase = 2 * np.pi * steps
        strength = self._strength[np.floor(steps).astype(np.int64) % len(self._strength)]
        since_strike = (steps % 1.0) / self._rate
        strike = 0.45 * strength * np.exp(-((since_strike - 0.04) ** 2) / (2 * 0.015**2))
        # The first step grows out of standing.
        onset = np.clip(steps, 0.0, 1.0)
        up = 1.0 + onset * (0.18 * strength * np.sin(phase - 0.6) + strike)
        forward = 0.05 + onset * (0.12 * np.sin(phase + 0.9) - 0.4 * strike)
        right = onset * 0.10 * np.sin(phase / 2)
        return np.stack([right, up, forward], axis=1) + self._noise.at(elapsed)


@frozen
class FallPlan:
    """How a simulated wearer falls.

    Attributes:
        direction_deg: where to; 0 is forward, 90 to the right, 180 backward.
        height_m: body height; a rod pivoting at the feet.
        sensor_m: height of the sensor above the feet.
        lean_deg: lean at which balance is lost.
        lying_deg: angle from the vertical at which the ground is hit.
        stop_s: how long the ground takes to stop the body.
        lies_s: how long it lies still afterwards before the motion is over; the posture holds on.
    """

    direction_deg: float = 0.0
    height_m: float = 1.75
    sensor_m: float = 1.0
    lean_deg: float = 8.0
    lying_deg: float = 85.0
    stop_s: float = 0.08
    lies_s: float = 90.0


class SimulatedFall:
    """Standing, then falling like an inverted pendulum, the impact, lying still.

    The body is a uniform rod about its feet: angular acceleration 3 g sin(angle) / (2 height). The sensor feels
    g cos(angle) - r w^2 along the trunk and g sin(angle) - r w' across it; the ground stops it in a half-sine pulse,
    followed by a damped rebound.
    """

    def __init__(self, *, seed: int = 0, plan: FallPlan | None = None) -> None:
        self._plan = plan if plan is not None else FallPlan()
        self._noise = SensorNoise(seed)
        self._phase = np.random.default_rng(seed).uniform(0, 2 * np.pi)
        self._along, self._across = _pendulum(self._plan)
        self._impact_s = (len(self._along) - 1) * _STEP_S
        angle = np.radians(self._plan.lying_deg)
        self._lying = np.array([np.cos(angle), np.sin(angle)])
        # Momentum at the ground over the time it takes to stop, in g, as the top of a half-sine.
        speed = self._plan.sensor_m * _angular_speed(self._plan, angle)
        self._pulse_g = speed / self._plan.stop_s / _G * np.pi / 2

    @property
    def impact_s(self) -> float:
        """When the ground is hit, seconds after the start."""
        return self._impact_s

    @property
    def duration_s(self) -> float:
        """The end of the time that it lies."""
        return self._impact_s + self._plan.lies_s

    def acceleration(self, elapsed: Times) -> Times:
        """Specific force in g, shape (n, 3)."""
        times = np.arange(len(self._along)) * _STEP_S
        since = elapsed - self._impact_s
        lying = since >= 0
        along = np.where(lying, self._lying[0], np.interp(elapsed, times, self._along))
        across = np.where(lying, self._lying[1] + self._after_impact(since), np.interp(elapsed, times, self._across))
        along = along + np.where(lying, 0.3 * self._after_impact(since), 0.0)
        direction = np.radians(self._plan.direction_deg)
        # Fallen forward, the ground pushes the sensor back: along -z.
        acc = np.stack([-np.sin(direction) * across, along, -np.cos(direction) * across], axis=1)
        return acc + self._noise.at(elapsed)

    def _after_impact(self, since: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        later = np.maximum(since, 0.0)
        stop_s = self._plan.stop_s
        pulse = self._pulse_g * np.sin(np.pi * np.minimum(later, stop_s) / stop_s)
        after = np.maximum(later - stop_s, 0.0)
        rebound = -0.2 * self._pulse_g * np.exp(-after / 0.12) * np.sin(2 * np.pi * 7.0 * after)
        breath = 0.012 * np.sin(2 * np.pi * 0.22 * later + self._phase) * (1 - np.exp(-after))
        return np.asarray(pulse + rebound + breath)


def _angular_speed(plan: FallPlan, angle: float) -> float:
    """Radians a second at an angle, from rest at the lean (conservation of energy)."""
    lean = np.radians(plan.lean_deg)
    return float(np.sqrt(3 * _G / plan.height_m * max(0.0, np.cos(lean) - np.cos(angle))))


def _pendulum(plan: FallPlan) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Specific force along and across the trunk, in g, a millisecond apart, from upright to the ground."""
    ground = np.radians(plan.lying_deg)
    # Before balance is lost the wearer leans over in half a second.
    lean = np.radians(plan.lean_deg) * (1 - np.cos(np.pi * np.arange(0.0, 0.5, _STEP_S) / 0.5)) / 2
    along, across = list(np.cos(lean)), list(np.sin(lean))
    angle, speed = np.radians(plan.lean_deg), 0.0
    while angle < ground:
        turning = 1.5 * _G / plan.height_m * np.sin(angle)
        along.append(np.cos(angle) - plan.sensor_m * speed**2 / _G)
        across.append(np.sin(angle) - plan.sensor_m * turning / _G)
        speed += turning * _STEP_S
        angle += speed * _STEP_S
    return np.array(along), np.array(across)
