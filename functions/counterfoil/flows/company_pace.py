"""One company's limits, kept in its budget record and so by all processes together.

A process claims the turns of its next calls, a second of them at most, with one conditional write;
what it did not use goes back with its next one. Until then others count each turn wherever in its
span the call might arrive. Among its own calls a process knows better: when a turn has come, it
looks once more at what it knows by then of their arrivals.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from counterfoil.core import windows
from counterfoil.core.budgets import CompanyBudget, month_end
from counterfoil.core.errors import BudgetSpent, ServiceUnavailable
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.core.windows import Span
from counterfoil.flows.arrivals import REACH_MS, Arrivals, Slot, is_settled
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import Clock, Records

BUDGETS = "budgets"

# A call begins within so long of its turn, and so much later by a thread that oversleeps. Longer
# turns keep others waiting; shorter ones are missed and have to be written again, so that a
# slow store gets turns of several times what its last write took.
USE_MS = 100
LATE_MS = 40
_USE_PER_WRITE = 3
_LONGEST_USE_MS = 3_000
# A document takes about one write a second for long, so a claim reaches so far ahead.
# https://cloud.google.com/firestore/docs/best-practices
_AHEAD_MS = 1_000

# Other processes write the same record: so often a write may be overtaken.
_TRIES = 12
_FIRST_RETRY_S = 0.01
_LONGEST_RETRY_S = 0.3

_SECOND = windows.COMPANY_LIMITS[:1]
_SOON_MS = 5

# A thread that waits for its turn looks this often whether QuickBooks has asked for a pause.
_LOOK_MS = 500
# What was read so lately is as good as read now: a claim is written over nothing else.
_FRESH_MS = 250


class CompanyPace:
    """Shared by the threads of a process. Raises Waiting, BudgetSpent, ServiceUnavailable."""

    def __init__(
        self,
        records: Records,
        realm_id: str,
        clock: Clock,
        *,
        cap: int,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._records = records
        self._id = realm_id
        self._clock = clock
        self._cap = cap
        self._sleep = sleep
        self._jitter = jitter
        self._lock = threading.Lock()
        self._arrivals = Arrivals()
        # What the record holds: the calls of others or long over, and ours, so many in the month.
        self._others: tuple[Span, ...] = ()
        self._ours: tuple[Span, ...] = ()
        self._counted = 0
        self._turns: deque[Slot] = deque()  # claimed, and nobody's yet
        self._slots: list[Slot] = []  # somebody's, since the last write or not settled
        self._paused_until = 0
        self._looked = 0
        self._shown: tuple[int, Document | None] | None = None  # read by somebody, and when
        self._write_ms = 0
        self._steps = 0
        self._probing = False
        self.used = 0.0

    def enter(self) -> None:
        """A step begins."""
        with self._lock:
            self._steps += 1

    def shown(self, document: Document | None) -> None:
        """The record, just read for a step that begins: its first claim need not look again."""
        with self._lock:
            self._shown = self._now(), document

    def leave(self, *, went_well: bool) -> None:
        """A step ends; the last one of this process gives back what it did not use."""
        with self._lock:
            self._steps -= 1
            lifts = went_well and self._probing
            if self._steps and not lifts:
                return
            if lifts or self._counted > len(self._slots):
                try:
                    self._write(lambda budget: _lifted(budget) if lifts else budget)
                except (ServiceUnavailable, Waiting):
                    # The rows are read: better to have booked too much than to lose them.
                    return
                self._probing = self._probing and not lifts

    def book(self, patience: float, wish: int) -> Slot:
        """The turn of one call, at most `patience` seconds from now; with it, `wish` are likely.

        Raises Waiting when there is none, BudgetSpent when the month has none.
        """
        with self._lock:
            self.used = self._clock().timestamp()
            for _ in range(_TRIES):
                slot = self._turn(patience)
                if slot is not None:
                    return slot
                self._claim(patience, max(1, wish))
            raise Waiting(1)

    def begins(self, slot: Slot) -> float | None:
        """0 when the call may begin right now; None when its turn is over: book again; else the
        seconds after which to ask again: calls before it came later than was thought.
        """
        with self._lock:
            now = self._now()
            if now - self._looked > _LOOK_MS:
                with contextlib.suppress(ServiceUnavailable):
                    self._look()
            if now > slot.last or now < self._paused_until:
                self._slots = [each for each in self._slots if each is not slot]
                return None
            at = max(now, slot.first)
            held = self._held(at) - at
            if held == 0:
                slot.begun = at
                return 0
            unsure = any(each.begun and each.left is None for each in self._slots)
            return (min(held, _SOON_MS) if unsure else held) / 1000

    def _held(self, at: int) -> int:
        """When a call may begin, from that moment on, after all that is known of the others."""
        now = self._now()
        begun = (self._arrivals.span(each, now) for each in self._slots if each.begun)
        spans = [*windows.recent(self._others, at, _SECOND), *windows.recent(begun, at, _SECOND)]
        return windows.opening(spans, at, 0, _SECOND)[0]

    def left(self, slot: Slot) -> None:
        """The call has been written: it arrives about now."""
        now = self._now()
        with self._lock:
            self._arrivals.left(slot, now)

    def answered(self, slot: Slot) -> None:
        """Its answer came, or never will: so late it can have arrived at most."""
        now = self._now()
        with self._lock:
            self._arrivals.answered(slot, now)

    def pause(self, seconds: float) -> None:
        """QuickBooks refused a call: nobody begins one before that."""
        until = self._clock() + timedelta(seconds=seconds)
        with self._lock:
            self._paused_until = max(self._paused_until, _ms(until))
            self._write(
                lambda budget: replace(
                    budget, paused_until=max(until, budget.paused_until or until)
                )
            )

    def block(self) -> datetime:
        """QuickBooks seems to refuse everything until the month is over: when that is."""
        now = self._clock()
        until = month_end(now)
        with self._lock:
            self._write(lambda budget: replace(budget, blocked_until=until, probed_at=now))
        return until

    def _turn(self, patience: float) -> Slot | None:
        """The next of the turns that were claimed, if it can still be used."""
        now = self._now()
        while self._turns:
            slot = self._turns[0]
            first = max(now, slot.first)
            if now > slot.last - LATE_MS or first < self._paused_until:
                self._turns.popleft()
                continue
            if first - now > patience * 1000:
                raise Waiting((first - now) / 1000)
            slot.wait_s = (first - now) / 1000
            self._slots.append(self._turns.popleft())
            return slot
        return None

    def _claim(self, patience: float, wish: int) -> None:
        """One conditional write: new turns booked, unused ones given back."""
        use = max(USE_MS, min(_USE_PER_WRITE * self._write_ms, _LONGEST_USE_MS)) + LATE_MS
        began = self._now()
        turns: list[Slot] = []

        def claimed(budget: CompanyBudget) -> CompanyBudget:
            turns.clear()
            now = self._clock()
            probing = budget.blocked_until is not None
            if budget.blocked_until is not None and not budget.may_probe(now):
                raise month_blocked(budget.blocked_until)
            left = self._cap - budget.counted.calls
            if left <= 0:
                raise _company_spent(self._cap, now)
            firsts = self._planned(budget.spans, use, 1 if probing else min(wish, left))
            wait = (firsts[0] - _ms(now)) / 1000
            if wait > patience:
                raise Waiting(wait)
            turns.extend(Slot(first, first + use) for first in firsts)
            self._probing = probing
            return replace(budget, probed_at=now if probing else budget.probed_at)

        self._write(claimed, turns)
        self._write_ms = self._now() - began

    def _planned(self, others: tuple[Span, ...], use: int, wish: int) -> list[int]:
        ours = map(self._arrivals.soonest, self._slots)
        return windows.turns(
            [*others, *ours], max(self._now(), self._paused_until), use + REACH_MS, wish, _AHEAD_MS
        )

    def _write(
        self, change: Callable[[CompanyBudget], CompanyBudget], turns: list[Slot] | None = None
    ) -> None:
        """The record changed, with `turns` that `change` fills, and what this process has not
        used given back. `change` sees the spans of others only.
        """
        pause = _FIRST_RETRY_S
        for _ in range(_TRIES):
            document = self._look()
            now = self._now()
            before = CompanyBudget.of(document.data if document else None, self._clock())
            others = self._of_others(before, now)
            unused = self._counted - len(self._slots)
            settled = change(replace(before, spans=others, counted=before.counted.plus(-unused)))
            new = turns or []
            over = [slot for slot in self._slots if is_settled(slot, now)]
            still = [slot for slot in self._slots if not is_settled(slot, now)]
            ours = self._spans([*still, *new], now)
            others = (*others, *self._spans(over, now))
            budget = replace(
                settled, spans=(*others, *ours), counted=settled.counted.plus(len(new))
            )
            if self._put(document, budget):
                self._shown = None  # what another step has read meanwhile is older than this
                self._others, self._ours = others, ours
                self._slots, self._turns = still, deque(new)
                self._counted = len(still) + len(new)
                return
            # Jitter, so that those who met once do not meet again.
            self._sleep(pause * (0.5 + self._jitter()))
            pause = min(2 * pause, _LONGEST_RETRY_S)
        raise Waiting(1)

    def _of_others(self, budget: CompanyBudget, now: int) -> tuple[Span, ...]:
        """The record's spans without those that this process will tell anew."""
        spans = list(windows.recent(budget.spans, now))
        for span in self._ours:
            # It may have been dropped as too old. Equal ones are all the same.
            if span in spans:
                spans.remove(span)
        return tuple(spans)

    def _spans(self, slots: list[Slot], now: int) -> tuple[Span, ...]:
        found = (self._arrivals.span(slot, now) for slot in slots)
        return windows.gathered((span.first, span.last) for span in found)

    def _put(self, document: Document | None, budget: CompanyBudget) -> bool:
        try:
            if document is None:
                self._records.create(BUDGETS, self._id, budget.record())
            else:
                self._records.replace(document, budget.record())
        except (AlreadyThere, Changed):
            return False
        return True

    def _look(self) -> Document | None:
        shown, self._shown = self._shown, None
        self._looked = self._now()
        if shown is not None and self._looked - shown[0] <= _FRESH_MS:
            document = shown[1]
        else:
            document = self._records.get(BUDGETS, self._id)
        until = document.data["paused_until"] if document else None
        if until is not None:
            self._paused_until = max(self._paused_until, _ms(until))
        return document

    def _now(self) -> int:
        return _ms(self._clock())


def month_blocked(until: datetime) -> BudgetSpent:
    return BudgetSpent(
        "QuickBooks refuses every request of this company, also after long pauses: the month's "
        "allowance of this Counterfoil seems to be spent. It is renewed on "
        f"{until:%Y-%m-%d}; until then exports try once an hour. Whoever runs Counterfoil has "
        "been told.",
        budget="intuit",
        until=until.isoformat(),
    )


def _company_spent(cap: int, now: datetime) -> BudgetSpent:
    until = month_end(now)
    return BudgetSpent(
        f"This company has used up its {cap:,} calls of this month. It goes on on "
        f"{until:%Y-%m-%d}, or when whoever runs Counterfoil raises the budget.",
        budget="connection",
        until=until.isoformat(),
    )


def _lifted(budget: CompanyBudget) -> CompanyBudget:
    return replace(budget, blocked_until=None, probed_at=None)


def _ms(moment: datetime) -> int:
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
