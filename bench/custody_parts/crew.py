"""Forks victims from a warm parent, hears them, answers for Intuit, and buries them."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

from bench.custody_parts import victim
from bench.custody_parts.desk import Desk
from bench.custody_parts.victim import Stores, Task

HUNG_S = 60.0  # of the wall clock: a victim that takes longer is a fault of the test
THINKS_S = (0.0005, 0.004)  # Intuit, by the wall clock: long enough for another to come meanwhile
# A client gives up after so long; a process that was frozen wakes when its lease is over.
HTTP_S, FROZEN_S = 115.0, 155.0
JUMPS_S = (-3600, -90, 0, 90, 200, 3600, 90_000)


@dataclass
class Trouble:
    """What happens in an episode besides a death at a moment."""

    kind: str = ""  # any, thinking, drop, late, busy, refuse, clock
    kills_after_s: float = 0.0
    over: bool = False


@dataclass
class _Alive:
    pid: int
    wire: Connection
    task: Task
    began: float
    first: bool
    kill_at: float | None = None


@dataclass
class Crew:
    desk: Desk
    stores: Stores
    chance: random.Random
    audit: Callable[[str, dict[str, Any]], list[str]]
    base: Callable[[dict[str, Any]], None]
    counts: Counter[str] = field(default_factory=Counter)
    died_at: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    moments: dict[str, int] = field(default_factory=dict)

    def play(self, tasks: Sequence[Task], trouble: Trouble) -> None:
        """All tasks at once, each in a process of its own, until every one has ended."""
        self._trouble = trouble
        self._alive: dict[Connection, _Alive] = {}
        self._due: list[tuple[float, _Alive, str, str]] = []
        self._frozen: tuple[_Alive, Any] | None = None
        self.desk.disturbed = trouble.kind in ("late", "clock", "drop", "thinking", "any")
        for number, task in enumerate(tasks):
            self._fork(task, first=number == 0)
        while self._alive:
            self._hear()
        self.desk.clock.be_wrong(0)

    def _fork(self, task: Task, *, first: bool) -> None:
        ours, theirs = Pipe()
        pid = os.fork()
        if pid == 0:
            try:
                ours.close()
                victim.run(theirs, self.desk.clock, self.stores, task)
            finally:
                os._exit(0)
        theirs.close()
        alive = _Alive(pid, ours, task, time.monotonic(), first)
        if first and self._trouble.kind == "any":
            alive.kill_at = alive.began + self._trouble.kills_after_s
        self._alive[ours] = alive

    def _hear(self) -> None:
        now = time.monotonic()
        kills = [each.kill_at for each in self._alive.values() if each.kill_at is not None]
        until = min([*kills, *(due for due, *_ in self._due), now + 1.0])
        for wire in wait(list(self._alive), max(0.0, until - now)):
            assert isinstance(wire, Connection)
            alive = self._alive.get(wire)
            if alive is not None:
                self._one(alive)
        now = time.monotonic()
        for alive in list(self._alive.values()):
            if alive.kill_at is not None and now >= alive.kill_at:
                self._kill(alive, "any time")
            assert now - alive.began < HUNG_S, f"hung: {alive.task}"
        self._think(now)
        if self._frozen and len(self._alive) == 1:
            self._thaw()

    def _one(self, alive: _Alive) -> None:
        try:
            message = alive.wire.recv()
        except (EOFError, ConnectionResetError):
            self._bury(alive)
            return
        if self._trouble.kind == "clock" and self.chance.random() < 0.1:
            self.desk.clock.be_wrong(self.chance.choice(JUMPS_S))
        getattr(self, f"_{message[0]}")(alive, *message[1:])

    def _bury(self, alive: _Alive) -> None:
        del self._alive[alive.wire]
        alive.wire.close()
        _, status = os.waitpid(alive.pid, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.counts["kills"] += 1
        if self._frozen and self._frozen[0] is alive:
            self._frozen = None

    def _kill(self, alive: _Alive, where: str) -> None:
        alive.kill_at = None
        os.kill(alive.pid, signal.SIGKILL)
        self.died_at[f"{alive.task.action}: {where}"] += 1

    # What victims say

    def _dies(self, alive: _Alive, action: str, label: str) -> None:
        self.died_at[f"{action}: {label}"] += 1

    def _done(self, alive: _Alive, outcome: str, moments: int) -> None:
        self.outcomes[f"{alive.task.action}: {outcome}"] += 1
        if alive.task.dies_at < 0 and not self._trouble.kind:
            known = self.moments.get(alive.task.action, 0)
            self.moments[alive.task.action] = max(known, moments)

    def _broken(self, alive: _Alive, text: str) -> None:
        raise AssertionError(f"{alive.task} broke:\n{text}")

    def _acknowledged(self, alive: _Alive, value: str) -> None:
        self.desk.acknowledged.add(value)

    def _stored(self, alive: _Alive, value: str, access_expires: Any) -> None:
        self.desk.stored(value, access_expires)

    def _widened(self, alive: _Alive, label: str) -> None:
        self.desk.calls_in_window += 1

    def _sleep(self, alive: _Alive, seconds: float) -> None:
        self.desk.clock.pass_by(seconds)
        self._answer(alive, None)

    def _api(self, alive: _Alive, token: str) -> None:
        self._answer(alive, self.desk.api(token))

    def _code(self, alive: _Alive, sub: str) -> None:
        self._answer(alive, self.desk.code(sub))

    def _audit(self, alive: _Alive, outcome: str, found: dict[str, Any]) -> None:
        self._answer(alive, self.audit(outcome, found))

    def _base(self, alive: _Alive, found: dict[str, Any]) -> None:
        self.base(found)

    def _intuit(self, alive: _Alive, call: str, value: str) -> None:
        if call == "refresh" and not self.desk.begins(value):
            self._answer(alive, ("refused", None))
            return
        if call == "refresh":
            self.desk.thinking.add(value)
        due = time.monotonic() + self.chance.uniform(*THINKS_S)
        self._due.append((due, alive, call, value))

    # Intuit, after it has thought

    def _think(self, now: float) -> None:
        for each in [each for each in self._due if each[0] <= now]:
            self._due.remove(each)
            self._thought(*each[1:])

    def _thought(self, alive: _Alive, call: str, value: str) -> None:
        kind, there = self._trouble.kind, alive.wire in self._alive
        self.desk.thinking.discard(value)
        if call == "revoke" or not (alive.first and there) or self._trouble.over:
            kind = ""
        self._trouble.over = self._trouble.over or bool(kind)
        if kind in ("busy", "refuse"):
            self._answer(alive, ("busy" if kind == "busy" else "refused", None))
            return
        if kind == "thinking" and self.chance.random() < 0.3:
            self._kill(alive, f"while Intuit thinks, before it did the {call}")
            return
        said = self.desk.calls()[call](value)
        if kind == "thinking":
            self._kill(alive, f"while Intuit thinks, after it did the {call}")
        elif kind == "drop":
            self.counts["answers_dropped"] += 1
            self.desk.clock.pass_by(HTTP_S)
            self._answer(alive, ("busy", None))
        elif kind == "late" and call == "refresh":
            self.counts["answers_late"] += 1
            self.desk.clock.pass_by(FROZEN_S)
            self._frozen = (alive, said)
            self._fork(Task("use"), first=False)
        else:
            self._answer(alive, said)

    def _thaw(self) -> None:
        assert self._frozen is not None
        alive, said = self._frozen
        self._frozen = None
        self._answer(alive, said)

    def _answer(self, alive: _Alive, said: Any) -> None:
        if alive.wire not in self._alive:
            return  # buried
        # If it died meanwhile, its end is heard next.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            alive.wire.send(said)
