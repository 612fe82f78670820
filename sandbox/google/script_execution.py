"""Who is running what: executions of add-on code, their locks, and calls that take a while."""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook

# A browser opens six connections to one host. A call that takes longer than this is asked for
# again, so that ten executions that wait do not keep the page from being drawn.
SLICE_S = 0.25
# Late calls come within seconds of the end that they missed: so many ends are remembered.
ENDS_KEPT = 10_000
# An execution that its page no longer names and that calls nothing is dead. Long, because a
# browser lets the timers of a hidden page run once a minute only.
DEAD_AFTER_S = 90.0


@dataclass(slots=True)
class Execution:
    """One run of one function, on behalf of one person in one spreadsheet."""

    id: str
    user: str
    workbook: Workbook
    seen: float
    over: threading.Event = field(default_factory=threading.Event)

    def sleep(self, seconds: float) -> None:
        """Less, if the page closes meanwhile."""
        self.over.wait(seconds)


class Executions:
    """`now` counts seconds from anywhere."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._running: dict[str, Execution] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()  # newest last
        self._guard = threading.Lock()
        self._slow: dict[str, tuple[str, Future[Any]]] = {}

    def of(self, id: str, user: str, workbook: Workbook) -> Execution:
        """The execution of that id, known from its first call on.

        Raises GridError once it has ended: the last call of a worker that was terminated may come
        after the news of its end, and does not bring it back with its locks.
        """
        with self._guard:
            if id in self._ended:
                raise GridError("This execution has ended.")
            execution = self._running.get(id)
            if execution is None:
                execution = self._running[id] = Execution(id, user, workbook, self._now())
            execution.seen = self._now()
            return execution

    def seen(self, ids: Iterable[str]) -> None:
        """The page says that these still run."""
        with self._guard:
            for execution in map(self._running.get, ids):
                if execution is not None:
                    execution.seen = self._now()

    def end(self, id: str) -> None:
        """It answered, or its page was closed: its locks are free from now on."""
        with self._guard:
            execution = self._running.pop(id, None)
            self._ended[id] = None
            if len(self._ended) > ENDS_KEPT:
                self._ended.popitem(last=False)
            for job in [job for job, (of, _) in self._slow.items() if of == id]:
                self._slow.pop(job)
        if execution is not None:
            execution.over.set()

    def running(self) -> int:
        """How many have begun and not ended."""
        with self._guard:
            return len(self._running)

    def alive(self, id: str) -> bool:
        with self._guard:
            execution = self._running.get(id)
        if execution is None:
            return False
        if self._now() - execution.seen < DEAD_AFTER_S:
            return True
        self.end(id)
        return False

    def slowly(self, execution: Execution, work: Callable[[], Any]) -> dict[str, Any]:
        """{"value"} if it is quick, otherwise {"pending": what to ask for with `more`}."""
        job = uuid.uuid4().hex
        with self._guard:
            self._slow[job] = (execution.id, _started(work))
        return self.more(execution.id, job)

    def more(self, execution_id: str, job: str) -> dict[str, Any]:
        with self._guard:
            of, future = self._slow.get(job, (None, None))
        if future is None or of != execution_id:
            raise KeyError(job)
        self.seen([execution_id])
        try:
            value = future.result(SLICE_S)
        except TimeoutError:
            if not future.done():
                return {"pending": job}
            raise
        finally:
            if future.done():
                with self._guard:
                    self._slow.pop(job, None)
        return {"value": value}

    def close(self) -> None:
        """Nothing runs any more; whoever sleeps or waits goes on at once."""
        with self._guard:
            running = list(self._running)
        for id in running:
            self.end(id)


def _started(work: Callable[[], Any]) -> Future[Any]:
    """In a thread that does not keep the process from ending, whatever it waits for."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as failed:
            future.set_exception(failed)

    threading.Thread(target=run, daemon=True).start()
    return future


class Locks:
    """LockService: one holder per key, freed at the latest when its execution ends."""

    def __init__(self, executions: Executions) -> None:
        self._executions = executions
        self._holders: dict[str, str] = {}
        self._guard = threading.Lock()

    def take(self, key: str, execution: Execution, wait_s: float) -> bool:
        until = time.monotonic() + wait_s
        while not execution.over.is_set():
            if self._taken(key, execution):
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            execution.sleep(min(left, 0.02))
        return False

    def holds(self, key: str, execution: Execution) -> bool:
        with self._guard:
            return self._holders.get(key) == execution.id

    def release(self, key: str, execution: Execution) -> None:
        """Nothing happens for who does not hold it."""
        with self._guard:
            if self._holders.get(key) == execution.id:
                del self._holders[key]

    def _taken(self, key: str, execution: Execution) -> bool:
        with self._guard:
            holder = self._holders.get(key)
            if holder not in (None, execution.id) and self._executions.alive(str(holder)):
                return False
            self._holders[key] = execution.id
            return True
