"""How long to wait between two tries, with the broker and with a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable


@attrs.frozen(kw_only=True)
class ReconnectPolicy:
    """Seconds. The pause doubles up to `longest_s` and is shortened by up to `jitter` of itself, so that a fleet spreads out.

    A connection that lasts `steady_s` resets it: a broker that accepts and hangs up is not a success. `taken_after` short
    connections in a row mean that another device uses the identity.
    """

    first_s: float = 0.5
    factor: float = 2.0
    longest_s: float = 30.0
    jitter: float = 0.5
    steady_s: float = 10.0
    taken_after: int = 4

    def pause_s(self, failures: int, random: Callable[[], float]) -> float:
        """The pause after so many failures in a row (at least 1); `random` gives numbers from 0 to 1."""
        # the exponent is bounded so that a night of failures can't overflow it
        pause = min(self.longest_s, self.first_s * self.factor ** min(failures - 1, 32))
        return pause * (1 - self.jitter * random())


class Endpoints:
    """Brokers in their order: the next one after a failure, the first again after a connection that lasted.

    Args:
        endpoints: host and port of each, at least one.
    """

    def __init__(self, endpoints: tuple[tuple[str, int], ...]) -> None:
        self._endpoints = endpoints
        self._failures = 0

    @property
    def present(self) -> tuple[str, int]:
        """The one to try now."""
        return self._endpoints[self._failures % len(self._endpoints)]

    @property
    def rounds(self) -> int:
        """How often all have failed, the present round included: what a pause is counted by, so that each is tried soon."""
        return -(-self._failures // len(self._endpoints))

    @property
    def next_is_fresh(self) -> bool:
        """Whether the present one has not failed in this round."""
        return self._failures % len(self._endpoints) != 0

    def failed(self) -> None:
        """The present one could not be reached, or did not last."""
        self._failures += 1

    def ended(self) -> None:
        """A connection that had lasted ended: from the first one on again."""
        self._failures = 0


@attrs.frozen(kw_only=True)
class ResendPolicy:
    """Seconds until a message without a receipt goes again: 5, then slower, up to every 60."""

    first_s: float = 5.0
    factor: float = 2.0
    longest_s: float = 60.0
    quarantined_first_s: float = 60.0
    quarantined_longest_s: float = 3600.0

    def wait_s(self, tries: int) -> float:
        """The wait after so many tries (at least 1)."""
        return min(self.longest_s, self.first_s * self.factor ** min(tries - 1, 32))

    def quarantined_wait_s(self, refusals: int) -> float:
        """The wait before a message goes again whose sending ended so many connections."""
        return min(self.quarantined_longest_s, self.quarantined_first_s * self.factor ** min(refusals, 32))
