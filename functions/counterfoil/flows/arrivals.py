"""When this process's own calls have reached QuickBooks, as far as can be known.

QuickBooks limits by arrival. Between the permission to begin and the arrival lie the threads of
other pages, a new connection, the way, and whatever keeps QuickBooks' own gateway busy. What is
known of it comes late: when the request was written, and when its answer began.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from counterfoil.core.windows import Span

# A call that was let go is taken to arrive within so long, until more is known.
REACH_MS = 150
# A trip that took longer than the fastest of the last ones may have lost all of that on its way
# there. A long answer is no proof of more.
TRIPS = 64
MOST_LATE_MS = 500
SETTLES_MS = 2_000
# Every call is answered or given up by then.
LOST_AFTER_MS = 150_000


@dataclass(slots=True, eq=False)
class Slot:
    """The turn of one call, which may begin from `first` to `last`. All times are milliseconds
    since 1970.
    """

    first: int
    last: int
    wait_s: float = 0.0  # until `first`, from when it was booked
    begun: int | None = None
    left: int | None = None  # the request was written
    answered: int | None = None  # or given up: nothing more will be known


class Arrivals:
    """Not safe for several threads: whoever holds it has a lock."""

    def __init__(self) -> None:
        self._trips: deque[int] = deque(maxlen=TRIPS)

    def left(self, slot: Slot, now: int) -> None:
        slot.left = now

    def answered(self, slot: Slot, now: int) -> None:
        """The first of several counts: an answer, and then the end of the exchange."""
        if slot.answered is not None:
            return
        slot.answered = now
        if slot.left is None:
            slot.left = now  # given up: if anything of it arrived, it was before this
        else:
            self._trips.append(now - slot.left)

    def span(self, slot: Slot, now: int) -> Span:
        """Where the arrival lies, at the latest where it could."""
        if slot.begun is None:
            return Span(slot.first, slot.last + REACH_MS, 1)
        return Span(slot.begun, self._latest(slot, slot.begun, now), 1)

    def soonest(self, slot: Slot) -> Span:
        """The same for plans, which are looked at again when they are carried out: nothing that
        is not known yet goes wrong.
        """
        if slot.begun is None:
            return Span(slot.first, slot.first, 1)
        known = slot.left if slot.left is not None else slot.begun
        return Span(slot.begun, known + self._late(slot), 1)

    def _latest(self, slot: Slot, begun: int, now: int) -> int:
        if slot.left is None:
            lost = now > begun + LOST_AFTER_MS
            return begun + REACH_MS if lost else max(begun + REACH_MS, now)
        if slot.answered is None:
            return min(max(now, slot.left), slot.left + MOST_LATE_MS)
        return slot.left + self._late(slot)

    def _late(self, slot: Slot) -> int:
        """How late it can have arrived, from when it was written."""
        if slot.answered is None or slot.left is None or not self._trips:
            return 0
        return max(0, min(slot.answered - slot.left - min(self._trips), MOST_LATE_MS))


def is_settled(slot: Slot, now: int) -> bool:
    """Whether nothing more will be known of it that matters: a faster trip shows that the ones
    before were late, while they still count in the window of a second.
    """
    if slot.answered is None:
        return now > slot.last + LOST_AFTER_MS
    return now > slot.answered + SETTLES_MS
