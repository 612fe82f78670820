"""Virtual time: threads hand on a baton; only the one whose time has come runs.

What a run does therefore depends on nothing but its work and its random numbers.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

Work = Callable[[], None]


class Baton:
    """A clock, a `sleep`, and a stage on which so many works go on at once."""

    def __init__(self, actors: int) -> None:
        self.seconds = 0.0  # since START
        self._due: list[tuple[float, int, _Actor]] = []
        self._order = itertools.count()
        self._over = threading.Lock()
        self._over.acquire()
        self._actors = [_Actor(self) for _ in range(actors)]
        self._running: _Actor | None = None
        self._failed: BaseException | None = None

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        """Others whose time comes first run meanwhile."""
        at = self.seconds + seconds
        me = self._running
        if me is None or not self._due or self._due[0][0] > at:
            self.seconds = at
            return
        heapq.heappush(self._due, (at, next(self._order), me))
        self._hand_on()
        me.turn.acquire()

    def play(self, works: Sequence[tuple[float, Work]]) -> None:
        """Each work, so many seconds from now; returns when all have ended."""
        for actor, (delay, work) in zip(self._actors, works, strict=True):
            actor.work = work
            heapq.heappush(self._due, (self.seconds + delay, next(self._order), actor))
        self._hand_on()
        self._over.acquire()
        self._running = None
        if self._failed is not None:
            raise self._failed

    def _hand_on(self) -> None:
        self.seconds, _, actor = heapq.heappop(self._due)
        self._running = actor
        actor.turn.release()

    def ended(self, failed: BaseException | None) -> None:
        """Called by the actor that ran."""
        self._failed = self._failed or failed
        if self._due:
            self._hand_on()
        else:
            self._over.release()

    def close(self) -> None:
        for actor in self._actors:
            actor.work = None
            actor.turn.release()
            actor.thread.join()


class _Actor:
    def __init__(self, baton: Baton) -> None:
        self.turn = threading.Lock()
        self.turn.acquire()
        self.work: Work | None = None
        self._baton = baton
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while True:
            self.turn.acquire()
            if self.work is None:
                return
            failed: BaseException | None = None
            try:
                self.work()
            except BaseException as error:
                failed = error
            self._baton.ended(failed)


@contextmanager
def stage(actors: int) -> Iterator[Baton]:
    baton = Baton(actors)
    try:
        yield baton
    finally:
        baton.close()
