"""Sliding windows: how long a call must wait so that no limit is passed in any window. Pure.

Intuit allows 10 requests in a second and 500 in a minute to one company, and counts them in
sliding windows; we stay at 10 and 450, so that the user's other apps have some room.
https://developer.intuit.com/app/developer/qbo/docs/learn/rest-api-features#limits-and-throttles
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float


# Intuit counts arrivals and we count departures: two calls that leave a second apart can
# arrive a few milliseconds closer. A refused call costs a minute, this margin costs nothing.
DRIFT = 0.02

COMPANY_LIMITS = (Limit(10, 1.0), Limit(450, 60.0))


class Windows:
    """When calls began, as far back as it matters. `now` is any clock that never goes back.

    Not thread-safe: whoever shares one holds a lock around `wait` and `book`.
    """

    def __init__(self, limits: tuple[Limit, ...] = COMPANY_LIMITS, drift: float = DRIFT) -> None:
        self._limits = limits
        self._drift = drift
        self._begun: deque[float] = deque(maxlen=max((limit.calls for limit in limits), default=1))

    def wait(self, now: float) -> float:
        """Seconds until the next call may begin; 0 when it may begin now."""
        begins = now
        for limit in self._limits:
            if len(self._begun) >= limit.calls:
                oldest = self._begun[-limit.calls]
                begins = max(begins, oldest + limit.seconds + self._drift)
        if self._begun:
            # A booked call may lie ahead; those behind it keep their order.
            begins = max(begins, self._begun[-1])
        return begins - now

    def book(self, begins: float) -> None:
        """A call begins at that time: now, or after the wait that was answered."""
        self._begun.append(begins)
