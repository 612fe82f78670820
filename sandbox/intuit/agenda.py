"""What a made-up firm does on which day, in order, the same on every run."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")
Deed = Callable[[date], None]


class Agenda:
    """Deeds may plan further deeds; those after `last_day` are never done."""

    def __init__(self, seed: str, last_day: date) -> None:
        self._dice = random.Random(seed)
        self._last_day = last_day
        self._deeds: list[tuple[date, int, Deed]] = []
        self._planned = 0

    def at(self, on: date, deed: Deed) -> None:
        if on <= self._last_day:
            self._planned += 1
            heapq.heappush(self._deeds, (on, self._planned, deed))

    def work_through(self) -> None:
        while self._deeds:
            on, _, deed = heapq.heappop(self._deeds)
            deed(on)

    def share(self) -> float:
        """Anything from 0 up to 1."""
        return self._dice.random()

    def chance(self, share: float) -> bool:
        return self.share() < share

    def between(self, least: int, most: int) -> int:
        return least + int(self.share() * (most - least + 1))

    def one_of(self, things: Sequence[T]) -> T:
        return things[int(self.share() * len(things))]

    def cents(self, least: int, most: int) -> Decimal:
        return Decimal(self.between(least, most)) / 100

    def day_of(self, month: date) -> date:
        return month.replace(day=self.between(2, 27))
