"""Intuit's limits on how often one app may ask one company; off unless switched on."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

PER_SECOND = 10
PER_MINUTE = 500
BATCHES_PER_MINUTE = 40
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)


class Throttle:
    """Sliding windows per company, by when calls arrive: 10 in any second, 500 in any minute, and
    of these 40 batches in any minute.

    https://developer.intuit.com/app/developer/qbo/docs/learn/limits-and-throttles
    """

    def __init__(self, now: Callable[[], datetime], *, on: bool = False) -> None:
        self.on = on
        self.month_is_over = False
        """The whole app's monthly allowance is spent: every call of every company is refused,
        whether the other limits are on or not."""
        self._now = now
        self._lock = threading.Lock()
        self._times: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._batches: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def admits(self, realm_id: str, *, batch: bool = False) -> bool:
        """Counts this call, unless it is one too many. A refused call is not counted."""
        if self.month_is_over:
            return False
        if not self.on:
            return True
        with self._lock:
            now = self._now()
            times, batches = self._times[realm_id], self._batches[realm_id]
            for held in (times, batches):
                while held and held[0] <= now - _MINUTE:
                    held.popleft()
            if len(times) >= PER_MINUTE or (batch and len(batches) >= BATCHES_PER_MINUTE):
                return False
            # Times ascend: the tenth last tells whether ten lie within the last second.
            if len(times) >= PER_SECOND and times[-PER_SECOND] > now - _SECOND:
                return False
            times.append(now)
            if batch:
                batches.append(now)
            return True

    def reset(self) -> None:
        with self._lock:
            self.month_is_over = False
            self._times.clear()
            self._batches.clear()
