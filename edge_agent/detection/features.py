"""What is told of an impact: 54 numbers that do not depend on how the sensor is mounted.

All are computed on the window of `events`: 3 s before to 2.4 s after an impact, 50 samples a second, each the mean of 60 ms.
What depends on frequencies above some 8 Hz, on the very top of a peak or on a single sample is left out: it is not the same
at 18 Hz or in a range of 2 g. Accelerations in g, angles in degrees, times in seconds, velocities in g s.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from edge_agent.detection.events import BEFORE
from edge_agent.detection.resampling import RATE_HZ, STEP_S

Array = npt.NDArray[np.float64]

FEATURES: Final = (
    # the impact
    "peak_g",
    "impact_rms_g",
    "impact_area_gs",
    "impact_width_s",
    "impact_share",
    "rise_g",
    "drop_g",
    "window_rms_g",
    # other peaks
    "peak_after_g",
    "peak_after_ratio",
    "peak_before_ratio",
    "peak_late_g",
    "peaks_before",
    "peaks_after",
    # the dip before, in part free fall
    "dip_g",
    "dip_area_gs",
    "dip_lead_s",
    "dip_duration_s",
    "dip_after_g",
    "dip_after_area_gs",
    "velocity_down_gs",
    "velocity_least_gs",
    # the posture before and after, and how it came about
    "turn_deg",
    "turn_far_deg",
    "turn_near_deg",
    "turn_least_deg",
    "drift_before_deg",
    "lean_before_deg",
    "lean_impact_deg",
    "lean_greatest_deg",
    "away_impact_deg",
    # the turn from one to the other: a fall's is fast, straight and over at the impact
    "turn_speed_deg_s",
    "turn_fastest_s",
    "turn_done_share",
    "turn_straightness",
    "turn_lasts_s",
    "turn_off_plane",
    # motion before, soon after, after
    "motion_before_g",
    "motion_soon_g",
    "motion_after_g",
    "wobble_soon_g",
    "wobble_after_g",
    "wobble_late_g",
    "least_after_g",
    "jerk_before_g",
    "jerk_after_g",
    "motion_after_greatest_g",
    "time_to_stillness_s",
    # one against the other
    "after_to_before",
    "impact_to_after",
    "impact_to_before",
    # gait
    "rhythm_before",
    "rhythm_after",
    "rhythm",
)

# Clearly less than standing, as at the start of a fall.
_LIGHT_G: Final = 0.8
# Clearly more.
_HEAVY_G: Final = 1.2
# A posture's mean acceleration shorter than this has no direction.
_NO_LENGTH_G: Final = 1e-6
# Motions are compared as logarithms; this much is the noise of a cheap sensor.
_NOISE_G: Final = 0.02
# A peak that is none of a step taken quietly.
_STEP_G: Final = 1.25
_STILL_G: Final = 0.12
_STILL_WINDOW: Final = round(0.4 * RATE_HZ)
# Periods of steps and strides, samples, that a rhythm is looked for at.
_PERIODS: Final = slice(14, 50)
# Keeps the rhythm of a signal that hardly moves at 0, g squared over the span.
_RHYTHM_FLOOR: Final = 0.05
_LEAN_WINDOW: Final = round(0.2 * RATE_HZ)
# The course of a turn is that of the mean acceleration over this; its speed is told over a tenth of a second.
_TURN_WINDOW: Final = round(0.3 * RATE_HZ)
_TURN_STEP: Final = round(0.1 * RATE_HZ)
# From when to when a turn is followed, seconds after the impact.
_TURN_SPAN: Final = (-2.0, 1.5)
# The share of a turn with which it has begun, and that is lacking when it has ended.
_BEGUN: Final = 0.2
# Turns smaller than this have no course worth telling.
_LEAST_TURN_DEG: Final = 10.0
# Keeps the straightness of a posture that hardly changes at 0.
_PATH_FLOOR_DEG: Final = 5.0


def features(windows: npt.NDArray[np.float32]) -> Array:
    """What is told of impacts.

    Args:
        windows: (n, `BEFORE` + `AFTER`, 3), g.

    Returns:
        (n, 54), in the order of `FEATURES`.
    """
    signal = _signal(windows)
    told = {
        **_impact(signal.magnitude),
        **_peaks(signal.magnitude),
        **_dips(signal.magnitude),
        **_postures(signal),
        **_motion(signal),
        **_rhythm(signal.magnitude),
    }
    told["after_to_before"] = _log_ratio(told["wobble_after_g"], signal.wobble(-3, -1))
    told["impact_to_after"] = _log_ratio(told["impact_rms_g"], told["wobble_after_g"])
    told["impact_to_before"] = _log_ratio(told["impact_rms_g"], signal.wobble(-3, -1))
    return np.array([told[name] for name in FEATURES]).T


def _at(seconds: float) -> int:
    """Index of the window at this time after the impact."""
    return BEFORE + round(seconds * RATE_HZ)


def _span(start: float, stop: float) -> slice:
    return slice(_at(start), _at(stop))


@frozen(eq=False)
class _Signal:
    """The windows, and running sums from which means and variances over any span follow."""

    acc: Array
    magnitude: Array
    acc_sums: Array
    sums: Array
    squares: Array

    def mean(self, start: float, stop: float) -> Array:
        """(n, 3) mean acceleration between two times after the impact."""
        return np.asarray((self.acc_sums[:, _at(stop)] - self.acc_sums[:, _at(start)]) / (_at(stop) - _at(start)))

    def motion(self, start: float, stop: float) -> Array:
        """(n,) standard deviation of the vector: it counts turns too."""
        square = (self.squares[:, _at(stop)] - self.squares[:, _at(start)]) / (_at(stop) - _at(start))
        return _root(square - (self.mean(start, stop) ** 2).sum(axis=1))

    def motions(self, start: float, stop: float, length: int) -> Array:
        """(n, m) the same over windows of ``length`` samples that begin half a window apart."""
        begin = np.arange(_at(start), _at(stop) - length + 1, length // 2)
        square = (self.squares[:, begin + length] - self.squares[:, begin]) / length
        mean = (self.acc_sums[:, begin + length] - self.acc_sums[:, begin]) / length
        return _root(square - (mean**2).sum(axis=2))

    def wobble(self, start: float, stop: float) -> Array:
        """(n,) standard deviation of the magnitude: turns do not count."""
        count = _at(stop) - _at(start)
        square = (self.squares[:, _at(stop)] - self.squares[:, _at(start)]) / count
        mean = (self.sums[:, _at(stop)] - self.sums[:, _at(start)]) / count
        return _root(square - mean**2)


def _signal(windows: npt.NDArray[np.float32]) -> _Signal:
    acc = windows.astype(np.float64)
    square = (acc**2).sum(axis=2)
    magnitude = np.sqrt(square)
    return _Signal(acc, magnitude, _running(acc), _running(magnitude), _running(square))


def _running(values: Array) -> Array:
    sums = np.zeros((values.shape[0], values.shape[1] + 1, *values.shape[2:]))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def _root(variance: Array) -> Array:
    return np.asarray(np.sqrt(np.maximum(variance, 0)))


def _log_ratio(one: Array, other: Array) -> Array:
    return np.asarray(np.log((one + _NOISE_G) / (other + _NOISE_G)))


def _impact(magnitude: Array) -> dict[str, Array]:
    peak = magnitude[:, BEFORE]
    around = magnitude[:, _span(-0.4, 0.42)]
    energy = ((around - 1) ** 2).sum(axis=1)
    whole = ((magnitude - 1) ** 2).sum(axis=1)
    change = magnitude[:, 2:] - magnitude[:, :-2]
    sudden = change[:, _span(-0.5, 0.5)]
    return {
        "peak_g": peak,
        "impact_rms_g": np.sqrt(energy / around.shape[1]),
        "impact_area_gs": np.maximum(around - _HEAVY_G, 0).sum(axis=1) * STEP_S,
        "impact_width_s": (around >= (1 + 0.5 * (peak - 1))[:, None]).sum(axis=1) * STEP_S,
        "impact_share": energy / (whole + 1e-3),
        "rise_g": sudden.max(axis=1),
        "drop_g": sudden.min(axis=1),
        "window_rms_g": np.sqrt(whole / magnitude.shape[1]),
        "jerk_before_g": np.abs(change[:, : _at(-1)]).mean(axis=1),
        "jerk_after_g": np.abs(change[:, _at(1) :]).mean(axis=1),
    }


def _peaks(magnitude: Array) -> dict[str, Array]:
    peak = magnitude[:, BEFORE]
    after = magnitude[:, _span(0.3, 1.6)].max(axis=1)
    return {
        "peak_after_g": after,
        "peak_after_ratio": after / peak,
        "peak_before_ratio": magnitude[:, _span(-1.6, -0.3)].max(axis=1) / peak,
        "peak_late_g": magnitude[:, _span(1.2, 2.4)].max(axis=1),
        "peaks_before": _count_peaks(magnitude[:, _span(-3, -0.3)]),
        "peaks_after": _count_peaks(magnitude[:, _span(0.3, 2.4)]),
    }


def _count_peaks(magnitude: Array) -> Array:
    middle = magnitude[:, 1:-1]
    peaks = (middle >= magnitude[:, :-2]) & (middle > magnitude[:, 2:]) & (middle > _STEP_G)
    return np.asarray(peaks.sum(axis=1), dtype=np.float64)


def _dips(magnitude: Array) -> dict[str, Array]:
    before = magnitude[:, _span(-1.0, 0.02)]
    return {
        "dip_g": before.min(axis=1),
        "dip_area_gs": np.maximum(1 - before, 0).sum(axis=1) * STEP_S,
        "dip_lead_s": (before.shape[1] - 1 - before.argmin(axis=1)) * STEP_S,
        "dip_duration_s": (before < _LIGHT_G).sum(axis=1) * STEP_S,
        "dip_after_g": magnitude[:, _span(0.02, 0.8)].min(axis=1),
        "dip_after_area_gs": np.maximum(1 - magnitude[:, _span(0.02, 1.0)], 0).sum(axis=1) * STEP_S,
        "velocity_least_gs": np.cumsum(magnitude[:, _span(-1.2, 1.2)] - 1, axis=1).min(axis=1) * STEP_S,
        "least_after_g": magnitude[:, _span(0.9, 2.4)].min(axis=1),
    }


def _postures(signal: _Signal) -> dict[str, Array]:
    gravity = signal.mean(-2.5, -0.8)
    before, after = _unit(gravity), _unit(signal.mean(1.0, 2.4))
    before_far, before_near = _unit(signal.mean(-3, -1.2)), _unit(signal.mean(-1.6, -0.8))
    turn = _deg(before, after)
    turn_far = _deg(before_far, _unit(signal.mean(1.7, 2.4)))
    turn_near = _deg(before_near, _unit(signal.mean(0.8, 1.6)))
    # The direction over a moving fifth of a second: while the wearer turns fast it is gravity's only in part.
    first, last = _at(-1), _at(1)
    sums = signal.acc_sums
    moving = _unit(sums[:, first + _LEAN_WINDOW : last + _LEAN_WINDOW] - sums[:, first:last])
    upright = _cosine((moving * before[:, None]).sum(axis=2))
    along = (signal.acc[:, _span(-1, -0.06)] * before[:, None]).sum(axis=2)
    weight = np.sqrt((gravity**2).sum(axis=1))
    return {
        "turn_deg": turn,
        "turn_far_deg": turn_far,
        "turn_near_deg": turn_near,
        "turn_least_deg": np.minimum(np.minimum(turn, turn_far), turn_near),
        "drift_before_deg": _deg(before_far, before_near),
        "lean_before_deg": np.degrees(np.arccos(upright[:, _at(-0.3) - first])),
        "lean_impact_deg": np.degrees(np.arccos(upright[:, _at(0) - first])),
        "lean_greatest_deg": np.degrees(np.arccos(upright.min(axis=1))),
        "away_impact_deg": _deg(moving[:, _at(0.1) - first], after),
        "velocity_down_gs": (weight[:, None] - along).sum(axis=1) * STEP_S,
        **_turning(signal, before, after, turn),
    }


def _turning(signal: _Signal, before: Array, after: Array, turn: Array) -> dict[str, Array]:
    """How the posture came from one to the other: who rolls over turns slower, less straight, and on after the impact."""
    begins = _TURN_SPAN[0]
    first, last = (_at(seconds) - _TURN_WINDOW // 2 for seconds in _TURN_SPAN)
    sums = signal.acc_sums
    path = _unit(sums[:, first + _TURN_WINDOW : last + _TURN_WINDOW] - sums[:, first:last])
    steps = _deg(path[:, _TURN_STEP:], path[:, :-_TURN_STEP])
    share = _deg(path, before[:, None]) / np.maximum(turn, _LEAST_TURN_DEG)[:, None]
    begun = (share > _BEGUN).argmax(axis=1)
    ended = share.shape[1] - 1 - (share[:, ::-1] < 1 - _BEGUN).argmax(axis=1)
    axis = _unit(np.cross(before, after))
    return {
        "turn_speed_deg_s": steps.max(axis=1) / (_TURN_STEP * STEP_S),
        "turn_fastest_s": begins + (steps.argmax(axis=1) + _TURN_STEP / 2) * STEP_S,
        "turn_done_share": share[:, round((-0.2 - begins) * RATE_HZ)],
        "turn_straightness": turn / (steps[:, ::_TURN_STEP].sum(axis=1) + _PATH_FLOOR_DEG),
        "turn_lasts_s": np.clip((ended - begun) * STEP_S, -1.0, 4.0),
        "turn_off_plane": np.abs((path * axis[:, None]).sum(axis=2)).max(axis=1),
    }


def _unit(vectors: Array) -> Array:
    length = np.sqrt((vectors**2).sum(axis=-1, keepdims=True))
    return np.asarray(vectors / np.maximum(length, _NO_LENGTH_G))


def _cosine(products: Array) -> Array:
    return np.minimum(np.maximum(products, -1.0), 1.0)


def _deg(one: Array, other: Array) -> Array:
    return np.asarray(np.degrees(np.arccos(_cosine((one * other).sum(axis=-1)))))


def _motion(signal: _Signal) -> dict[str, Array]:
    after = signal.motions(0.6, 2.4, _STILL_WINDOW)
    still = after < _STILL_G
    first = np.where(still.any(axis=1), still.argmax(axis=1), after.shape[1])
    return {
        "motion_before_g": signal.motion(-3, -1),
        "motion_soon_g": signal.motion(0.4, 1.1),
        "motion_after_g": signal.motion(1, 2.4),
        "wobble_soon_g": signal.wobble(0.4, 1.1),
        "wobble_after_g": signal.wobble(1, 2.4),
        "wobble_late_g": signal.wobble(1.7, 2.4),
        "motion_after_greatest_g": after[:, 2:].max(axis=1),
        "time_to_stillness_s": 0.6 + first * (_STILL_WINDOW // 2) * STEP_S,
    }


def _rhythm(magnitude: Array) -> dict[str, Array]:
    return {
        "rhythm_before": _repetition(magnitude[:, _span(-3, -0.3)]),
        "rhythm_after": _repetition(magnitude[:, _span(0.3, 2.4)]),
        "rhythm": _repetition(magnitude),
    }


def _repetition(magnitude: Array) -> Array:
    """Greatest autocorrelation at a step's or stride's period, 0 to 1; noise alone gives about 0."""
    wave = magnitude - magnitude.mean(axis=1, keepdims=True)
    # Twice the length: the end does not wrap around to the beginning.
    spectrum = np.fft.rfft(wave, 2 * wave.shape[1], axis=1)
    products = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, axis=1)
    return np.asarray(np.maximum(products[:, _PERIODS].max(axis=1), 0) / (products[:, 0] + _RHYTHM_FLOOR))
