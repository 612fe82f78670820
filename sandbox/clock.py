"""A clock that tests and the control page move; time otherwise runs on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _wall() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Callable like any clock handed in: now, aware, in UTC, plus whatever it was moved by."""

    def __init__(self, now: Callable[[], datetime] = _wall) -> None:
        self._now = now
        self._ahead = timedelta(0)
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            return self._now() + self._ahead

    def advance(self, by: timedelta) -> None:
        with self._lock:
            self._ahead += by
