"""Who counts the calls of QuickBooks and decides when each may begin."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from counterfoil.adapters.departures import Turn

# A step never sleeps longer than this, so a longer Retry-After is handed on.
LONGEST_PAUSE_S = 5.0


class Meter(Protocol):
    """Who counts the calls and decides when they may begin."""

    def admit(self) -> Turn:
        """Called before every request, repeats included; may wait, and may raise instead."""
        ...

    def pause(self, seconds: float) -> bool:
        """Sleeps before a repeat; False when this run cannot wait that long."""
        ...

    def throttled(self, seconds: float) -> None:
        """QuickBooks refused a call: none may begin for so long."""
        ...


class Uncounted:
    """The turn of a request that nobody counts."""

    def left(self) -> None:
        pass

    def answered(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Unmetered:
    """For the single call that is made while connecting."""

    sleep: Callable[[float], None] = time.sleep

    def admit(self) -> Turn:
        return Uncounted()

    def pause(self, seconds: float) -> bool:
        if seconds > LONGEST_PAUSE_S:
            return False
        self.sleep(seconds)
        return True

    def throttled(self, seconds: float) -> None:
        pass
