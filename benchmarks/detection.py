"""What detection costs: 100 Hz in blocks of 32 through falls, posture and stillness, beside a bare magnitude of each block."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from benchmarks.row import Row
from edge_agent.detection import FallModel, Posture, Stillness
from edge_agent.detection.events import AFTER, BEFORE
from edge_agent.detection.features import features
from edge_agent.detection.profiles import Position, profile_of
from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.drivers.emulated.wearer import SimulatedWalk

RATE_HZ = 100.0
BLOCK = 32
SECONDS = 120
ROUNDS = 40
LEAST_TIMES_REAL_TIME = 2000
MOST_US_A_CANDIDATE = 1000.0


def measure() -> list[Row]:
    """Return the best of interleaved rounds: time a block beside a magnitude's and beside real time, and a candidate's.

    The best, since what another program takes away is no cost of ours; a round is a few milliseconds.
    """
    acc = SimulatedWalk(seed=1).acceleration(np.arange(0, SECONDS, 1 / RATE_HZ)).astype(np.float32)
    blocks = [
        SampleBlock(acc[start : start + BLOCK], start / RATE_HZ, RATE_HZ, start)
        for start in range(0, len(acc) - BLOCK + 1, BLOCK)
    ]
    whole, bare, candidate = [], [], []
    _detect(blocks)
    for _ in range(ROUNDS):
        whole.append(_detect(blocks) / len(blocks))
        bare.append(_magnitudes(blocks) / len(blocks))
        candidate.append(_decide())
    ours, reference, decision = (1e6 * min(times) for times in (whole, bare, candidate))
    real_time = 1e6 * BLOCK / RATE_HZ
    return [
        Row("detection of a block / its bare magnitude", ours, reference, bar=8.0, unit="us"),
        Row("detection, times real time", real_time / ours, 1.0, bar=LEAST_TIMES_REAL_TIME, unit="x", at_least=True),
        Row("decision of a candidate / 1 ms", decision, MOST_US_A_CANDIDATE, bar=1.0, unit="us"),
    ]


def _detect(blocks: list[SampleBlock]) -> float:
    falls, posture, stillness = FallModel(), Posture(), Stillness()
    began = perf_counter()
    for block in blocks:
        falls.feed(block)
        posture.feed(block)
        stillness.feed(block)
    return perf_counter() - began


def _magnitudes(blocks: list[SampleBlock]) -> float:
    began = perf_counter()
    for block in blocks:
        np.sqrt(np.sum(block.acc * block.acc, axis=1))
    return perf_counter() - began


def _decide() -> float:
    """Features, score and contributions of one impact."""
    forest = profile_of(Position.POCKET).forest
    window = np.random.default_rng(1).normal(size=(1, BEFORE + AFTER, 3)).astype(np.float32)
    began = perf_counter()
    told = features(window)[0]
    forest.score(told)
    forest.contributions(told)
    return perf_counter() - began
