"""What an emulated accelerometer is moved by."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from edge_agent.recordings import Recording

Times: TypeAlias = npt.NDArray[np.float64]

# Noise of an ADXL345 at 100 Hz (data sheet: 0.75 counts rms on X and Y, 1.1 on Z, 256 counts per g), in g.
_NOISE_RMS_G: Final = np.array([0.75, 0.75, 1.1]) / 256
_NOISE_LENGTH: Final = 8191
_NOISE_RATE_HZ: Final = 1000.0
# The time of a recording's first or last sample, computed on another path, may miss it by a rounding error.
_ROUNDING_S: Final = 1e-6
_REST_S: Final = 1.0


class Motion(Protocol):
    """A movement that starts at 0."""

    @property
    def duration_s(self) -> float:
        """When it is over, in seconds; infinite for one that goes on."""
        ...

    def acceleration(self, elapsed: Times) -> Times:
        """Specific force in g, shape (n, 3), at ``elapsed`` seconds since its start, shape (n,).

        Answers for any time, before the start and after the end too.
        """
        ...


class SensorNoise:
    """The small noise that every live sensor shows, the same for the same seed and time."""

    def __init__(self, seed: int) -> None:
        self._table = np.random.default_rng(seed).normal(size=(_NOISE_LENGTH, 3)) * _NOISE_RMS_G

    def at(self, elapsed: Times) -> Times:
        """Noise in g, shape (n, 3)."""
        return self._table[np.floor(elapsed * _NOISE_RATE_HZ).astype(np.int64) % _NOISE_LENGTH]


class AtRest:
    """A sensor that lies still in one orientation: ``gravity`` in g, shape (3,), plus the sensor's noise."""

    def __init__(self, gravity: tuple[float, float, float] = (0.0, 0.0, 1.0), *, seed: int = 0) -> None:
        self._gravity = np.array(gravity)
        self._noise = SensorNoise(seed)

    @property
    def duration_s(self) -> float:
        """It goes on."""
        return np.inf

    def acceleration(self, elapsed: Times) -> Times:
        """The gravity and the noise."""
        return self._gravity + self._noise.at(elapsed)


class Recorded:
    """A recording played back.

    Between its samples it is interpolated linearly; at its own rate its exact values come through. Before its start and
    after its end it rests in the mean acceleration of its first or last second, with the noise of a sensor so that it
    does not look stuck: a single sample of a run that is cut off has no posture, and holding it would look like a fall.
    """

    def __init__(self, recording: Recording, *, seed: int = 0) -> None:
        self._acc = recording.acc.astype(np.float64)
        self._times = recording.times_s()
        self._before = self._acc[self._times <= _REST_S].mean(axis=0)
        self._after = self._acc[self._times >= self._times[-1] - _REST_S].mean(axis=0)
        self._noise = SensorNoise(seed)

    def lead_in(self) -> AtRest:
        """The rest before the recording, for as long as a sensor needs to start."""
        x, y, z = map(float, self._before)
        return AtRest((x, y, z))

    @property
    def duration_s(self) -> float:
        """When the last sample was taken, seconds after the first."""
        return float(self._times[-1])

    def acceleration(self, elapsed: Times) -> Times:
        """The recording at these times."""
        acc = np.stack([np.interp(elapsed, self._times, axis) for axis in self._acc.T], axis=1)
        before, after = elapsed < -_ROUNDING_S, elapsed > self.duration_s + _ROUNDING_S
        acc[before] = self._before + self._noise.at(elapsed[before])
        acc[after] = self._after + self._noise.at(elapsed[after])
        return acc


class Stage:
    """The motion that goes on at any moment, and the next one to follow it; safe to share between threads.

    Args:
        motion: what goes on first.
        started_at: when it started, in seconds of the clock that `acceleration` is asked by.
    """

    def __init__(self, motion: Motion, started_at: float) -> None:
        self._lock = threading.Lock()
        self._scenes: list[tuple[float, Motion]] = [(started_at, motion)]

    def play(self, motion: Motion, started_at: float) -> None:
        """Let ``motion`` follow at ``started_at``.

        Raises:
            ValueError: a motion that starts later was already announced.
        """
        with self._lock:
            if started_at < self._scenes[-1][0]:
                raise ValueError("a motion can't start before the one that it follows")
            self._scenes.append((started_at, motion))

    def ended(self, now: float) -> bool:
        """Whether the last motion has started and is over."""
        with self._lock:
            started_at, motion = self._scenes[-1]
        return now > started_at + motion.duration_s

    def acceleration(self, times: Times) -> Times:
        """Specific force in g, shape (n, 3), at ``times`` of the clock; they never go back."""
        with self._lock:
            scenes = tuple(self._scenes)
        if len(scenes) == 1:
            return scenes[0][1].acceleration(times - scenes[0][0])
        which = np.searchsorted([start for start, _ in scenes[1:]], times, side="right")
        acc = np.empty((len(times), 3))
        for index in np.unique(which):
            start, motion = scenes[index]
            acc[which == index] = motion.acceleration(times[which == index] - start)
        if len(times):
            self._forget(scenes[which[-1]])
        return acc

    def _forget(self, current: tuple[float, Motion]) -> None:
        with self._lock:
            del self._scenes[: self._scenes.index(current)]
