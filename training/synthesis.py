"""Trials that nobody recorded, made of recorded ones: what the acted sets lack.

In the sets a fall comes out of one scripted movement and is followed by lying still, and the sensor never leaves its
place. A forest learns that too, and it is not so in life: people fall out of any movement and move on the ground, and a
device is taken in the hand, turned and put down. And what was done carefully in a laboratory is done in a hurry.
"""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from training.trials import Trial, at_100_hz, lines

Array = npt.NDArray[np.float64]
Draw = np.random.Generator

# Activities in which a hand could not take the device, and which nobody takes up on the ground: walking fast, jogging, jumping.
VIGOROUS: Final = frozenset(
    {"D02", "D03", "D04", "D18", "D19", "Hopping", "Jogging", "jogging", "kicking", "dribbling", "catch"}
)
HANDLED: Final = "handled"

_RATE_HZ: Final = 100
_STEP_S: Final = 1 / _RATE_HZ
_STRETCH: Final = 10 * _RATE_HZ
_GRAVITY: Final = 9.81
_HURRIED_MOST: Final = 60 * _RATE_HZ
# Over this, samples, the mean acceleration is taken for gravity.
_SLOW: Final = 50


def handled(trials: list[Trial], count: int, draw: Draw) -> list[Trial]:
    """Quiet daily activities in which the device is taken in the hand: turned, moved and knocked against something.

    Each begins as a daily activity of one of ``trials``; their subjects stay, so that a split by subject holds.
    """
    quiet = [trial for trial in trials if not trial.is_fall and trial.activity not in VIGOROUS]
    known: dict[int, Array] = {}
    made: list[Trial] = []
    while len(made) < count:
        index = int(draw.integers(len(quiet)))
        if index not in known:
            known[index] = at_100_hz(quiet[index])
        acc = known[index]
        if len(acc) < 0.9 * _STRETCH:
            continue
        start = int(draw.integers(0, max(len(acc) - _STRETCH, 0) + 1))
        acc = _in_the_hand(acc[start : start + _STRETCH], draw)
        made.append(attrs.evolve(quiet[index], acc=acc.astype(np.float32), rate_hz=_RATE_HZ, activity=HANDLED))
    return made


def _in_the_hand(acc: Array, draw: Draw) -> Array:
    times = np.arange(len(acc)) * _STEP_S
    acc = acc.copy()
    for _ in range(draw.integers(1, 4)):
        begin, lasts = draw.uniform(1, times[-1] - 1), draw.uniform(0.3, 1.5)
        done = np.clip((times - begin) / lasts, 0, 1)
        # A stroke of least jerk (Flash and Hogan, J. Neurosci. 5(7):1688, 1985): 0.2 to 0.9 m, with a turn of 30 to 170 degrees.
        turn = np.radians(draw.uniform(30, 170)) * (10 * done**3 - 15 * done**4 + 6 * done**5)
        acc = np.einsum("nij,nj->ni", rotations(_direction(draw), turn), acc)
        stroke = draw.uniform(0.2, 0.9) / lasts**2 * (60 * done - 180 * done**2 + 120 * done**3) / _GRAVITY
        acc += np.where((done > 0) & (done < 1), np.clip(stroke, -2.2, 2.2), 0)[:, None] * _direction(draw)
        touched = (times > begin - 0.2) & (times < begin + lasts + 0.3)
        acc[touched] += np.cumsum(draw.normal(size=(int(touched.sum()), 3)), axis=0) * draw.uniform(0, 0.012)
        if draw.random() < 0.5:
            at, width = int((begin + draw.uniform(0, lasts)) * _RATE_HZ), int(draw.integers(2, 8))
            acc[at : at + width] += draw.normal(size=3) * draw.uniform(0.2, 0.8)
    return acc


def hurried(trials: list[Trial], draw: Draw) -> list[Trial]:
    """Daily activities done up to 35 % faster or 15 % slower, and harder or softer; half of them begin later.

    At k times the pace gravity turns k times as fast, and what is moved is accelerated k squared times as much.
    """
    made = []
    for trial in trials:
        if trial.is_fall:
            continue
        acc = at_100_hz(trial)[:_HURRIED_MOST]
        if len(acc) < 2 * _RATE_HZ:
            continue
        pace = draw.uniform(0.85, 1.35)
        gravity = _slow_part(acc)
        wanted = np.arange(0, len(acc) - 1, pace)
        acc = lines(np.arange(len(acc), dtype=np.float64), gravity + pace**2 * (acc - gravity), wanted)
        acc *= draw.uniform(0.85, 1.2)
        begin = int(draw.uniform(0, 0.4) * len(acc)) if draw.random() < 0.5 else 0
        made.append(attrs.evolve(trial, acc=acc[begin:].astype(np.float32), rate_hz=_RATE_HZ))
    return made


def _slow_part(acc: Array) -> Array:
    padded = np.pad(acc, ((_SLOW // 2, _SLOW - 1 - _SLOW // 2), (0, 0)), mode="edge")
    sums = np.cumsum(np.concatenate([np.zeros((1, 3)), padded]), axis=0)
    return np.asarray((sums[_SLOW:] - sums[:-_SLOW]) / _SLOW)


def amid_movement(trials: list[Trial], draw: Draw) -> list[Trial]:
    """Falls out of another daily movement, half of them with daily movement on the ground.

    The same subject's movement is put before the fall, and from 0.5 to 1.7 s after its impact on, turned so that it has the posture
    that the fall has there.
    """
    daily: dict[str, list[tuple[Array, bool]]] = {}
    for trial in trials:
        if not trial.is_fall:
            daily.setdefault(trial.subject, []).append((at_100_hz(trial), trial.activity in VIGOROUS))
    made = []
    for trial in trials:
        if not trial.is_fall or not any(not vigorous for _, vigorous in daily.get(trial.subject, [])):
            continue
        acc = at_100_hz(trial)
        impact = int(np.argmax(np.sum(acc**2, axis=1)))
        acc, impact = _out_of(acc, impact, daily[trial.subject], draw)
        if draw.random() < 0.5:
            acc = _moving_on(acc, impact, daily[trial.subject], draw)
        made.append(attrs.evolve(trial, acc=acc.astype(np.float32), rate_hz=_RATE_HZ))
    return made


def _out_of(acc: Array, impact: int, daily: list[tuple[Array, bool]], draw: Draw) -> tuple[Array, int]:
    cut = impact - int(draw.uniform(0.7, 1.3) * _RATE_HZ)
    if cut < 0.8 * _RATE_HZ:
        return acc, impact
    posture = acc[max(0, cut - 60) : cut].mean(axis=0)
    if abs(float(np.linalg.norm(posture)) - 1) > 0.3:
        return acc, impact
    vigorous = [each for each, fast in daily if fast]
    pool = vigorous if vigorous and draw.random() < 0.4 else [each for each, _ in daily]
    other = pool[int(draw.integers(len(pool)))]
    length = min(cut, len(other))
    start = int(draw.integers(0, len(other) - length + 1))
    other = other[start : start + length]
    other = other @ from_to(other[-_RATE_HZ:].mean(axis=0), posture).T
    share = np.clip(np.arange(length)[::-1] / 30, 0, 1)[:, None]
    acc = acc[cut - length :].copy()
    acc[:length] = (1 - share) * acc[:length] + share * other
    return acc, impact - (cut - length)


def _moving_on(acc: Array, impact: int, daily: list[tuple[Array, bool]], draw: Draw) -> Array:
    cut = impact + int(draw.uniform(0.5, 1.7) * _RATE_HZ)
    if cut > len(acc) - 60:
        return acc
    posture = acc[cut : cut + 50].mean(axis=0)
    if abs(float(np.linalg.norm(posture)) - 1) > 0.25:
        return acc
    pool = [each for each, vigorous in daily if not vigorous]
    other = pool[int(draw.integers(len(pool)))]
    length = min(len(acc) - cut, len(other))
    start = int(draw.integers(0, len(other) - length + 1))
    other = other[start : start + length]
    other = other @ from_to(other[:50].mean(axis=0), posture).T
    share = np.clip(np.arange(length) / 30, 0, 1)[:, None]
    acc = acc[: cut + length].copy()
    acc[cut:] = (1 - share) * acc[cut:] + share * other
    return acc


def _direction(draw: Draw) -> Array:
    vector = draw.normal(size=3)
    return np.asarray(vector / np.linalg.norm(vector))


def rotations(axis: Array, angles: Array) -> Array:
    """(n, 3, 3) turns about a unit axis by (n,) radians (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    sine, less = np.sin(angles)[:, None, None], (1 - np.cos(angles))[:, None, None]
    return np.asarray(np.eye(3) + sine * cross + less * (cross @ cross))


def from_to(one: Array, other: Array) -> Array:
    """(3, 3) turn that takes one direction to another on the shortest way."""
    one, other = one / np.linalg.norm(one), other / np.linalg.norm(other)
    axis = np.cross(one, other)
    length = float(np.linalg.norm(axis))
    if length < 1e-6:
        # The same direction, or half a turn about any axis across it.
        across = np.linalg.svd(one[None])[2][1]
        return np.eye(3) if one @ other > 0 else rotations(across, np.array([np.pi]))[0]
    return np.asarray(rotations(axis / length, np.array([np.arctan2(length, one @ other)]))[0])
