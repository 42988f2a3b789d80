"""What scans make of a round: in the zone or not, in order or not, how much of it is done.

Own rules, after what patrol systems document (TrackTik: grace period, estimated duration, order, manual reason); no law has any.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

EARTH_RADIUS_M = 6_371_008.8
"""The mean radius of the Earth (IUGG)."""

_PLACES = Decimal("0.0001")


def distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Metres along the great circle between two places in degrees (WGS 84, taken for a sphere: within 0.6 %)."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(half, 1.0)))


def in_zone(
    lat: float, lon: float, radius_m: float, seen_lat: float, seen_lon: float, accuracy_m: float | None = None
) -> bool:
    """Whether a scan from `seen_lat`, `seen_lon` can have been made within `radius_m` of `lat`, `lon` (degrees, metres).

    The accuracy that the fix tells of itself is granted, and never more than the radius: a vague fix proves no presence.
    """
    return distance_m(lat, lon, seen_lat, seen_lon) <= radius_m + min(accuracy_m or 0.0, radius_m)


def in_order(order: Sequence[str], scanned: Iterable[str]) -> list[bool]:
    """For each of the scanned checkpoints, in the order of their times, whether it comes after all those before it.

    One that is left out does not put those after it out of order; it shows in the completion.
    """
    rank = {checkpoint: number for number, checkpoint in enumerate(order)}
    furthest = -1
    judged = []
    for checkpoint in scanned:
        judged.append(rank[checkpoint] >= furthest)
        furthest = max(furthest, rank[checkpoint])
    return judged


def completion(expected: Sequence[str], valid: Iterable[str]) -> Decimal:
    """The share of the expected checkpoints that have a valid scan, each counted once, 0 to 1 in four decimals.

    Raises:
        ValueError: none is expected.
    """
    wanted = set(expected)
    if not wanted:
        raise ValueError("a round expects at least one checkpoint")
    return (Decimal(len(wanted & set(valid))) / Decimal(len(wanted))).quantize(_PLACES, ROUND_HALF_EVEN)


def is_late(planned_at: datetime, started_at: datetime, grace: timedelta) -> bool:
    """Whether a round that starts at `started_at` is late."""
    return started_at > planned_at + grace
