"""One piece of work at a time per key in this process; whoever comes meanwhile shares its end."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

from counterfoil.core.errors import AppError, ConnectionBusy
from counterfoil.core.journal import along


def in_a_thread(work: Callable[[], None]) -> None:
    """Runs it to its end whatever becomes of the request: an answer on its way must be stored.

    Not a daemon: the process waits for it before it ends.
    """
    threading.Thread(target=along(work), name="token refresh", daemon=False).start()


class Flights:
    """64 threads that find the same token expired make one refresh and 63 that wait for it."""

    def __init__(
        self, patience: timedelta, spawn: Callable[[Callable[[], None]], None] = in_a_thread
    ) -> None:
        self._patience = patience
        self._spawn = spawn
        self._lock = threading.Lock()
        self._flying: dict[tuple[int, str], Future[str]] = {}

    def share(self, key: str, work: Callable[[], str]) -> str:
        """What `work` gives or raises. Raises ConnectionBusy when that takes too long."""
        place = (os.getpid(), key)  # after a fork nobody is left to end the parent's flights
        with self._lock:
            flight = self._flying.get(place)
            mine = flight is None
            if flight is None:
                flight = self._flying[place] = Future()
        if mine:
            self._start(place, flight, work)
        try:
            return flight.result(timeout=self._patience.total_seconds())
        except TimeoutError:
            raise busy() from None
        except AppError as error:
            # Everybody who waited raises their own: one exception in many threads grows with each.
            raise type(error)(error.message, **error.details) from None

    def _start(self, place: tuple[int, str], flight: Future[str], work: Callable[[], str]) -> None:
        def fly() -> None:
            try:
                result = work()
            except BaseException as error:
                self._land(place)
                flight.set_exception(error)
            else:
                self._land(place)
                flight.set_result(result)

        try:
            self._spawn(fly)
        except BaseException:
            self._land(place)
            flight.set_exception(busy())
            raise

    def _land(self, place: tuple[int, str]) -> None:
        # Before the result is out: who comes after it must look for themselves.
        with self._lock:
            self._flying.pop(place, None)


def busy() -> ConnectionBusy:
    return ConnectionBusy(
        "This company's QuickBooks key is being renewed just now. Please try again in a minute."
    )
