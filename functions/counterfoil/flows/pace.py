"""When the next call to QuickBooks may begin, and how long one step may wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from counterfoil.core.windows import Windows

# After this long no new call begins; one in flight may end (design: steps).
STEP_SECONDS = 20.0
# All the sleep of one step together; a longer wait goes back to whoever asked.
PATIENCE_SECONDS = 5.0

# Companies whose windows are remembered: a company that is idle for a minute needs none.
_COMPANIES = 1_000


class Waiting(Exception):
    """The step should end here and be asked for again in `wait_s` seconds. Not a failure."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("the step ends before its next call")
        self.wait_s = wait_s


class Pace:
    """One company's windows, shared by every run of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows = Windows()
        self._paused_until = 0.0
        self.used = 0.0

    def book(self, now: float, patience: float) -> float:
        """When the next call may begin, booked. Raises Waiting when that is too far away."""
        with self._lock:
            wait = max(self._windows.wait(now), self._paused_until - now)
            if wait > patience:
                raise Waiting(wait)
            self._windows.book(now + wait)
            self.used = now
            return now + wait

    def pause(self, until: float) -> None:
        """QuickBooks refused a call: nobody begins one before that."""
        with self._lock:
            self._paused_until = max(self._paused_until, until)


class Paces:
    """The paces of all companies, kept in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[str, Pace] = {}

    def of(self, realm_id: str) -> Pace:
        with self._lock:
            pace = self._of.get(realm_id)
            if pace is None:
                if len(self._of) >= _COMPANIES:
                    idlest = min(self._of, key=lambda realm: self._of[realm].used)
                    del self._of[idlest]
                pace = self._of[realm_id] = Pace()
            return pace


class StepMeter:
    """Counts the calls of one step and keeps it within its time. Shared by its threads.

    Fits the adapter's Meter. `pace` is None where nothing is throttled (benchmarks).
    """

    def __init__(
        self,
        pace: Pace | None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pace = pace
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._last_start = monotonic() + STEP_SECONDS
        self._asleep_until = 0.0
        self._slept = 0.0
        self.calls = 0

    def admit(self) -> None:
        """Returns when the call may begin. Raises Waiting when that is not in this step."""
        with self._lock:
            now = self._monotonic()
            if now >= self._last_start:
                raise Waiting(0)
            begins = self._pace.book(now, self._patience(now)) if self._pace else now
            self._note_sleep(now, begins)
            self.calls += 1
        if begins > now:
            self._sleep(begins - now)

    def pause(self, seconds: float) -> bool:
        """Sleeps before a repeat; False when the step has no time or no patience for it."""
        with self._lock:
            now = self._monotonic()
            if seconds > self._patience(now):
                return False
            self._note_sleep(now, now + seconds)
        self._sleep(seconds)
        return True

    def throttled(self, seconds: float) -> None:
        if self._pace:
            self._pace.pause(self._monotonic() + seconds)

    def _patience(self, now: float) -> float:
        """How long a thread may sleep from now: what others sleep meanwhile costs nothing."""
        left = PATIENCE_SECONDS - self._slept + max(0.0, self._asleep_until - now)
        return min(left, self._last_start - now)

    def _note_sleep(self, now: float, until: float) -> None:
        self._slept += max(0.0, until - max(now, self._asleep_until))
        self._asleep_until = max(self._asleep_until, until)
