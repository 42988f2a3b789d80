"""When a call is tried again, and how long it waits before."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.client.errors import APIError, ArgumentError, DeadlineExceededError, SekurError, TransportError
from sekur_sdk.client.options import read_seconds

if TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation

_NOT_PROCESSED = 429


@attrs.frozen(kw_only=True)
class RetryBudget:
    """What a client may spend on further tries over all its calls: each takes one of `capacity` tokens, `refill` come back a second.

    A server that is down for everybody is so not buried under everybody's repeats. `tokens` were there at the moment `at` (monotonic).
    """

    capacity: float = 20.0
    refill: float = 1.0
    tokens: float | None = None
    at: float | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("capacity", "refill"):
            read_seconds(name, getattr(self, name), unit="number")

    def spend(self, now: float) -> RetryBudget | None:
        """The budget after one further try at `now`; None when it is used up."""
        tokens = self.capacity if self.tokens is None else self.tokens
        if self.at is not None:
            tokens = min(self.capacity, tokens + max(0.0, now - self.at) * self.refill)
        return attrs.evolve(self, tokens=tokens - 1, at=now) if tokens >= 1 else None


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """At most `retries` further tries, as far as the `budget` of the client goes.

    The pause before the n-th is random between half and all of `first_pause` · 2ⁿ⁻¹ seconds, `longest_pause` at most, so that clients
    that failed together don't come back together; a `Retry-After` of the server counts instead, up to `longest_retry_after`.
    """

    retries: int = 3
    first_pause: float = 0.5
    longest_pause: float = 8.0
    longest_retry_after: float = 120.0
    budget: RetryBudget = RetryBudget()

    def __attrs_post_init__(self) -> None:
        if not self.retries >= 0:
            raise ArgumentError("retries", "give 0 or more")
        for name in ("first_pause", "longest_pause", "longest_retry_after"):
            read_seconds(name, getattr(self, name))

    def pause(self, failures: int, retry_after: float | None = None) -> float:
        """Seconds to wait after the `failures`-th failure in a row."""
        if retry_after is not None:
            return min(max(retry_after, 0.0), self.longest_retry_after)
        longest = min(self.first_pause * 2.0 ** min(failures - 1, 30), self.longest_pause)
        return random.uniform(longest / 2, longest)  # noqa: S311  # spreads load, keeps no secret


class Allowance:
    """The budget of a client as it stands. Two threads at once may share a token: that is less than a lock would cost, and forks can't hang on it."""

    def __init__(self, budget: RetryBudget) -> None:
        self.budget: RetryBudget = budget

    def take(self, now: float) -> bool:
        """Whether there was a token to take."""
        after = self.budget.spend(now)
        if after is None:
            return False
        self.budget = after
        return True


class Tries:
    """The tries of one logical call: how many failed, and when its time is up (on the caller's monotonic clock)."""

    def __init__(self, policy: RetryPolicy, allowance: Allowance, expires_at: float | None) -> None:
        self.policy: RetryPolicy = policy
        self.allowance: Allowance = allowance
        self.expires_at: float | None = expires_at
        self.failures: int = 0

    def remaining(self, now: float) -> float:
        """Seconds left for the call; infinite without a deadline."""
        return float("inf") if self.expires_at is None else self.expires_at - now

    def pause_after(self, error: SekurError, operation: Operation[object], now: float) -> float | None:
        """Seconds to wait before the next try, or None when `error` is the call's outcome."""
        self.failures += 1
        if self.failures > self.policy.retries or not may_repeat(operation, error):
            return None
        pause = self.policy.pause(self.failures, error.retry_after)
        return pause if pause < self.remaining(now) and self.allowance.take(now) else None


def may_repeat(operation: Operation[object], error: SekurError) -> bool:
    """Whether trying again can neither do the work twice nor fail for certain."""
    if not error.is_retryable or isinstance(error, DeadlineExceededError):
        return False
    if operation.is_repeatable:
        return True
    if isinstance(error, TransportError):
        return not error.was_sent
    return isinstance(error, APIError) and error.status == _NOT_PROCESSED


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks to wait, given in seconds or as an HTTP-date (RFC 9110, 10.2.3); None if unreadable."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # costs as much as a request, and is seldom needed

    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
