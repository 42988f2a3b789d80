"""The same motion as another sensor would have measured it: mounting, rate, range, noise, calibration, losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import numpy as np

from training.trials import lines

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from training.trials import Trial

Draw = np.random.Generator


def turned(trial: Trial, draw: Draw) -> Trial:
    """Mounted in any orientation."""
    turn, _ = np.linalg.qr(draw.normal(size=(3, 3)))
    return _with(trial, trial.acc @ turn.T)


def upside_down(trial: Trial, draw: Draw) -> Trial:  # noqa: ARG001  # all variants are called alike
    """Worn upside down: half a turn about the first axis."""
    return _with(trial, trial.acc * np.array([1.0, -1.0, -1.0]))


def at_rate(rate_hz: float) -> Callable[[Trial, Draw], Trial]:
    """Sampled at a lower rate, without the filter that a good sensor would have."""

    def variant(trial: Trial, draw: Draw) -> Trial:
        if rate_hz >= trial.rate_hz:
            return trial
        known = np.arange(len(trial.acc)) / trial.rate_hz
        wanted = np.arange(draw.uniform(0, 1 / rate_hz), known[-1], 1 / rate_hz)
        return attrs.evolve(_with(trial, lines(known, trial.acc.astype(np.float64), wanted)), rate_hz=rate_hz)

    return variant


def in_range(limit_g: float) -> Callable[[Trial, Draw], Trial]:
    """Measured with a smaller range, in any orientation."""

    def variant(trial: Trial, draw: Draw) -> Trial:
        trial = turned(trial, draw)
        return _with(trial, np.clip(trial.acc, -limit_g, limit_g))

    return variant


def with_noise(noise_g: float) -> Callable[[Trial, Draw], Trial]:
    """With white noise on each axis."""

    def variant(trial: Trial, draw: Draw) -> Trial:
        return _with(trial, trial.acc + draw.normal(scale=noise_g, size=trial.acc.shape))

    return variant


def miscalibrated(trial: Trial, draw: Draw) -> Trial:
    """Gain off by up to 7 % and zero by up to 60 mg, each axis for itself."""
    return _with(trial, trial.acc * draw.uniform(0.93, 1.07, size=3) + draw.uniform(-0.06, 0.06, size=3))


def with_losses(trial: Trial, draw: Draw) -> Trial:
    """1 % of the samples lost, bridged by lines, as the agent does with time stamps."""
    known = np.arange(len(trial.acc)) / trial.rate_hz
    kept = draw.random(len(known)) >= 0.01
    kept[[0, -1]] = True
    return _with(trial, lines(known[kept], trial.acc[kept].astype(np.float64), known))


_RATES_HZ: Final = (18.0, 20.0, 25.0, 33.0, 50.0, 100.0)
_RANGES_G: Final = (2.0, 4.0, 8.0, 8.0)


def another_sensor(trial: Trial, draw: Draw) -> Trial:
    """Any of it together: what training adds to the recordings."""
    trial = turned(trial, draw)
    if draw.random() < 0.6:
        trial = at_rate(float(draw.choice(_RATES_HZ)))(trial, draw)
    if draw.random() < 0.5:
        trial = _with(trial, trial.acc * draw.uniform(0.95, 1.05, size=3) + draw.uniform(-0.05, 0.05, size=3))
    if draw.random() < 0.5:
        limit = float(draw.choice(_RANGES_G))
        trial = _with(trial, np.clip(trial.acc, -limit, limit))
    if draw.random() < 0.5:
        trial = with_noise(draw.uniform(0, 0.05))(trial, draw)
    return trial


ROBUSTNESS: Final[dict[str, Callable[[Trial, Draw], Trial]]] = {
    "turned at random": turned,
    "worn upside down": upside_down,
    "range 2 g": in_range(2),
    "range 4 g": in_range(4),
    "range 8 g": in_range(8),
    "18 Hz": at_rate(18),
    "25 Hz": at_rate(25),
    "50 Hz": at_rate(50),
    "100 Hz": at_rate(100),
    "200 Hz": at_rate(200),
    "noise 20 mg": with_noise(0.02),
    "noise 50 mg": with_noise(0.05),
    "gain 7 %, zero 60 mg": miscalibrated,
    "1 % of samples lost": with_losses,
}


def _with(trial: Trial, acc: npt.NDArray[np.float64] | npt.NDArray[np.float32]) -> Trial:
    return attrs.evolve(trial, acc=np.asarray(acc, dtype=np.float32))
