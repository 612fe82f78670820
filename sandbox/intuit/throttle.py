"""Intuit's limits on how often one app may ask one company; off unless switched on."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

PER_SECOND = 10
PER_MINUTE = 500
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)


class Throttle:
    """Sliding windows per company: 10 in a second, 500 in a minute.

    https://developer.intuit.com/app/developer/qbo/docs/learn/limits-and-throttles
    """

    def __init__(self, now: Callable[[], datetime], *, on: bool = False) -> None:
        self.on = on
        self._now = now
        self._lock = threading.Lock()
        self._times: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def admits(self, realm_id: str) -> bool:
        """Counts this call, unless it is one too many. A refused call is not counted."""
        if not self.on:
            return True
        with self._lock:
            now, times = self._now(), self._times[realm_id]
            while times and times[0] <= now - _MINUTE:
                times.popleft()
            last_second = sum(at > now - _SECOND for at in times)
            if len(times) >= PER_MINUTE or last_second >= PER_SECOND:
                return False
            times.append(now)
            return True

    def reset(self) -> None:
        with self._lock:
            self._times.clear()
