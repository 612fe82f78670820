"""A way to QuickBooks on virtual time: calls leave late and travel unevenly, answers come later."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from counterfoil.flows.budgets import Budgets
from tests.fakes import NOON, MemoryRecords

IN_FLIGHT = 8
SERVICE_MS = 300


class Wire:
    """One process that makes calls as fast as it may; `arrivals` are QuickBooks' own times."""

    def __init__(self, seed: int, *, leaves_within: int, travels_within: int) -> None:
        self._chance = random.Random(seed)
        self._leaves_within = leaves_within
        self._travels_within = travels_within
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._now = 0
        self.arrivals: list[int] = []
        self._under_way = 0
        budgets = Budgets(MemoryRecords(), self.clock, sleep=self.sleep, jitter=lambda: 0.5)
        self._pace = budgets.pace("1")
        self._pace.enter()

    def clock(self) -> datetime:
        return NOON + timedelta(milliseconds=self._now)

    def sleep(self, seconds: float) -> None:
        until = self._now + round(seconds * 1000)
        while self._events and self._events[0][0] <= until:
            self._next()
        self._now = max(self._now, until)

    def call(self) -> None:
        while self._under_way >= IN_FLIGHT:
            self._next()
        while True:
            slot = self._pace.book(100.0, IN_FLIGHT)
            self.sleep(slot.wait_s)
            while held := self._pace.begins(slot):
                self.sleep(held)
            if held is not None:
                break
        self._under_way += 1
        late, there, back = (
            self._chance.choice((0, 0, self._chance.randint(0, most)))
            for most in (self._leaves_within, self._travels_within, self._travels_within)
        )

        def answered() -> None:
            self._under_way -= 1
            self._pace.answered(slot)

        def left() -> None:
            self._pace.left(slot)
            self.arrivals.append(self._now + there)
            self._at(self._now + there + SERVICE_MS + back, answered)

        self._at(self._now + late, left)

    def finish(self) -> None:
        while self._events:
            self._next()

    def _at(self, moment: int, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._number), what))

    def _next(self) -> None:
        moment, _, what = heapq.heappop(self._events)
        self._now = max(self._now, moment)
        what()
