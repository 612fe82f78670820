"""How long somebody waits for another one's refresh."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from counterfoil.core.refresh_times import FLIGHT_S
from counterfoil.flows.flights import busy

# A person is waiting; a refresh takes about a second, and what takes longer is worth coming back
# for. The refresh itself goes on.
PATIENCE = timedelta(seconds=15)
# Of the function that only refreshes: until the end, so that its instance keeps its processor.
SERVICE_PATIENCE = timedelta(seconds=FLIGHT_S)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0  # between two looks at a lease that somebody holds


class Patience:
    """Pauses that grow, jittered, and that end after PATIENCE in all."""

    def __init__(self, sleep: Callable[[float], None], jitter: Callable[[], float]) -> None:
        self._sleep = sleep
        self._jitter = jitter
        self._next = FIRST_PAUSE_S
        self._left = PATIENCE.total_seconds()

    def pause(self) -> None:
        """Raises ConnectionBusy when there is no patience left."""
        if self._left <= 0:
            raise busy()
        pause = min(self._next * (0.5 + self._jitter()), self._left)
        self._next = min(self._next * 2, LONGEST_PAUSE_S)
        self._left -= pause
        self._sleep(pause)
