"""When the next call to QuickBooks may begin, and how long one step may wait for it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from counterfoil.core.errors import QuickBooksBusy
from counterfoil.flows.arrivals import Slot

# After this long no new call begins; one in flight may end (design: steps).
STEP_SECONDS = 20.0
# All the sleep of one step together; a longer wait goes back to whoever asked.
PATIENCE_SECONDS = 5.0

# The first two calls are a page and perhaps a COUNT; whoever makes a third has a long export, of
# which as many calls are claimed at once as it still needs, up to a second of them.
_SURE_CALLS = 2
_AT_ONCE = 10


class Waiting(Exception):
    """The step should end here and be asked for again in `wait_s` seconds. Not a failure."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("the step ends before its next call")
        self.wait_s = wait_s

    @property
    def whole_s(self) -> int:
        """What whoever asked waits; the rest of the last second is slept by the next step."""
        return math.floor(self.wait_s)


@contextmanager
def in_a_minute() -> Iterator[None]:
    """Of a call that belongs to no run, whoever asked is told to wait. Raises QuickBooksBusy."""
    try:
        yield
    except Waiting as waiting:
        raise QuickBooksBusy(
            "QuickBooks asks for a pause just now. Please try again in a minute.",
            wait_s=waiting.wait_s,
        ) from None


class Pace(Protocol):
    """One company's limits."""

    def enter(self) -> None: ...

    def leave(self, *, went_well: bool) -> None: ...

    def book(self, patience: float, wish: int) -> Slot:
        """Raises Waiting when there is no turn within `patience` seconds."""
        ...

    def begins(self, slot: Slot) -> float | None:
        """0 when the call may begin right now; None when its turn is over; else ask again after
        so many seconds.
        """
        ...

    def left(self, slot: Slot) -> None: ...

    def answered(self, slot: Slot) -> None: ...

    def pause(self, seconds: float) -> None: ...


class Purse(Protocol):
    """What a user and a deployment may still ask in this month."""

    def check(self, calls: int) -> None:
        """Raises BudgetSpent when one more than so many is too many."""
        ...

    def spend(self, calls: int) -> None: ...


class Turn:
    """One call that may begin now. Fits the adapter's Turn."""

    __slots__ = ("_pace", "_slot")

    def __init__(self, pace: Pace | None, slot: Slot) -> None:
        self._pace = pace
        self._slot = slot

    def left(self) -> None:
        if self._pace:
            self._pace.left(self._slot)

    def answered(self) -> None:
        if self._pace:
            self._pace.answered(self._slot)


class StepMeter:
    """Counts the calls of one step and keeps it within its time. Shared by its threads.

    Fits the adapter's Meter. `pace` and `purse` are None where nothing is limited (benchmarks).
    """

    def __init__(
        self,
        pace: Pace | None,
        purse: Purse | None = None,
        *,
        long: bool = False,
        many: int = _AT_ONCE,
        since: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`long` is a step of which it is known that it goes on with pages, `many` of them. Its
        time runs `since` it began, where that was before this company's turn came.
        """
        self._pace = pace
        self._purse = purse
        self._long = long
        self._many = many
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._queue = threading.Condition()
        self._tickets = 0
        self._serving = 0
        self._over: float | None = None
        self._last_start = (monotonic() if since is None else since) + STEP_SECONDS
        self._asleep_until = 0.0
        self._slept = 0.0
        self._throttled = False
        self.calls = 0
        if pace:
            pace.enter()

    def admit(self) -> Turn:
        """Returns when the call may begin. Raises Waiting when that is not in this step, and
        BudgetSpent when it is not in this month.

        Calls begin in the order in which they came, and none after one that has to wait for the
        next step: a page that is read behind one that is not would be read in vain.
        """
        with self._in_order():
            while True:
                slot = self._admitted()
                if slot is not None:
                    return Turn(self._pace, slot)

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
        self._throttled = True
        if self._pace:
            self._pace.pause(seconds)

    def close(self, *, went_well: bool) -> bool:
        """The step is over: what was booked too much goes back, what was spent is counted.

        True when QuickBooks was asked and refused no call as too many.
        """
        answered = went_well and self.calls > 0 and not self._throttled
        if self._pace:
            self._pace.leave(went_well=answered)
        if self._purse and self.calls:
            self._purse.spend(self.calls)
        return answered

    @contextmanager
    def _in_order(self) -> Iterator[None]:
        with self._queue:
            ticket = self._tickets
            self._tickets += 1
            self._queue.wait_for(lambda: self._serving == ticket)
        try:
            if self._over is not None:
                raise Waiting(self._over)
            yield
        except Waiting as waiting:
            self._over = waiting.wait_s
            raise
        finally:
            with self._queue:
                self._serving += 1
                self._queue.notify_all()

    def _admitted(self) -> Slot | None:
        """One attempt; None when the turn was overslept."""
        with self._lock:
            now = self._monotonic()
            if now >= self._last_start:
                raise Waiting(0)
            if self._purse:
                self._purse.check(self.calls)
            if self._pace is None:
                self.calls += 1
                return Slot(0, 0)
            slot = self._pace.book(self._patience(now), self._wish())
            now = self._monotonic()
            self._note_sleep(now, now + slot.wait_s)
            self.calls += 1
        if slot.wait_s > 0:
            self._sleep(slot.wait_s)
        while held := self._pace.begins(slot):
            with self._lock:
                now = self._monotonic()
                self._note_sleep(now, now + held)
            self._sleep(held)
        if held is not None:
            return slot
        with self._lock:
            self.calls -= 1
        return None

    def _wish(self) -> int:
        if not self._long and self.calls < _SURE_CALLS:
            return 1
        # The first step asks COUNT besides its pages.
        left = self._many + (0 if self._long else 1) - self.calls
        return max(1, min(left, _AT_ONCE))

    def _patience(self, now: float) -> float:
        """How long a thread may sleep from now: what others sleep meanwhile costs nothing."""
        left = PATIENCE_SECONDS - self._slept + max(0.0, self._asleep_until - now)
        return min(left, self._last_start - now)

    def _note_sleep(self, now: float, until: float) -> None:
        self._slept += max(0.0, until - max(now, self._asleep_until))
        self._asleep_until = max(self._asleep_until, until)
