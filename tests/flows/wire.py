"""A way to QuickBooks on virtual time: calls leave late and travel unevenly, answers come later,
and now and then either side stands still.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from counterfoil.flows.budgets import Budgets
from tests.fakes import NOON, MemoryRecords

IN_FLIGHT = 8
SERVICE_MS = 300
# A side that stands still does so about this often.
_BETWEEN_STALLS_MS = 2_000
_LASTS_MS = 300_000


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad it is, in milliseconds."""

    leaves_within: int = 0  # from the permission to the last byte written
    travels_at_least: int = 0  # each way
    travels_within: int = 0  # beyond that, one call in three
    we_stall: int = 0  # our process: a collection of garbage, others' work on our processor
    they_stall: int = 0  # QuickBooks' gateway: what arrives meanwhile is counted when it goes on


class Wire:
    """One process that makes calls as fast as it may; `arrivals` are QuickBooks' own times."""

    def __init__(self, seed: int, weather: Weather, records: MemoryRecords | None = None) -> None:
        self._chance = random.Random(seed)
        self._weather = weather
        self._ours = self._stalls(weather.we_stall)
        self._theirs = self._stalls(weather.they_stall)
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._now = 0
        self.arrivals: list[int] = []
        self._under_way = 0
        kept = records if records is not None else MemoryRecords()
        budgets = Budgets(kept, self.clock, sleep=self.sleep, jitter=lambda: 0.5)
        self._pace = budgets.pace("1")
        self._pace.enter()

    def clock(self) -> datetime:
        return NOON + timedelta(milliseconds=self._now)

    def sleep(self, seconds: float) -> None:
        until = _after(self._ours, self._now + round(seconds * 1000))
        while self._events and self._events[0][0] <= until:
            self._next()
        self._now = max(self._now, until)

    def call(self, wish: int = IN_FLIGHT) -> None:
        while self._under_way >= IN_FLIGHT:
            self._next()
        while True:
            slot = self._pace.book(100.0, wish)
            self.sleep(slot.wait_s)
            while held := self._pace.begins(slot):
                self.sleep(held)
            if held is not None:
                break
        self._under_way += 1
        late = self._sometimes(self._weather.leaves_within)
        there, back = (
            self._weather.travels_at_least + self._sometimes(self._weather.travels_within)
            for _ in range(2)
        )
        written = self._now + late
        arrives = _after(self._theirs, written + there)
        answers = _after(self._theirs, arrives + SERVICE_MS) + back
        self.arrivals.append(arrives)

        def answered() -> None:
            self._under_way -= 1
            self._pace.answered(slot)

        self._at(_after(self._ours, written), lambda: self._pace.left(slot))
        self._at(_after(self._ours, answers), answered)

    def finish(self) -> None:
        while self._events:
            self._next()

    def _sometimes(self, most: int) -> int:
        return self._chance.choice((0, 0, self._chance.randint(0, most)))

    def _stalls(self, most: int) -> list[tuple[int, int]]:
        if not most:
            return []
        begins = range(0, _LASTS_MS, _BETWEEN_STALLS_MS)
        found = (begin + self._chance.randrange(_BETWEEN_STALLS_MS - most) for begin in begins)
        return [(begin, begin + self._chance.randint(0, most)) for begin in found]

    def _at(self, moment: int, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._number), what))

    def _next(self) -> None:
        moment, _, what = heapq.heappop(self._events)
        self._now = max(self._now, moment)
        what()


def _after(stalls: list[tuple[int, int]], moment: int) -> int:
    """The moment, or the end of the stall in which it lies."""
    return next((end for begin, end in stalls if begin <= moment < end), moment)
