"""One company's limits, kept in its budget record and so by all processes together.

A process claims a few calls at once with one conditional write and begins them within a fraction
of a second; what it did not use goes back with its next write. Until then others count the whole
claim, wherever in its span the calls might have begun.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from counterfoil.core import windows
from counterfoil.core.budgets import CompanyBudget, month_end
from counterfoil.core.errors import BudgetSpent, ServiceUnavailable
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.core.windows import DRIFT_MS, Span
from counterfoil.flows.pace import Slot, Waiting
from counterfoil.flows.ports import Clock, Records

BUDGETS = "budgets"

# A claimed call begins within so long, and so much later by a thread that oversleeps. Longer
# claims keep others waiting; shorter ones are missed and have to be written again, so that a
# slow store gets claims of several times what its last write took.
USE_MS = 100
LATE_MS = 40
_USE_PER_WRITE = 3
_LONGEST_USE_MS = 3_000

# Other processes write the same record: so often a write may be overtaken.
_TRIES = 12
_FIRST_RETRY_S = 0.01
_LONGEST_RETRY_S = 0.3

# A call that was let go opens a connection, or waits for the processor, before it is written.
# Until that is known it is taken to arrive within so long.
REACH_MS = 150
# How late a call arrived shows when its answer comes: a trip that took longer than the fastest of
# the last ones may have lost all of that on its way there. A long answer is no proof of more.
_TRIPS = 64
_MOST_LATE_MS = 200
# Every call is answered or given up by then.
_LOST_AFTER_MS = 150_000

_SECOND = windows.COMPANY_LIMITS[0]
_SOON_MS = 5

# A thread that waits for its turn looks this often whether QuickBooks has asked for a pause.
_LOOK_MS = 500


@dataclass(slots=True)
class _Claim:
    """What this process holds of the record: its spans there, and the calls that it began."""

    spans: tuple[Span, ...]
    calls: int
    use_by: int
    last: int  # when the last of its calls begins
    slots: list[Slot] = field(default_factory=list)

    @property
    def unused(self) -> int:
        return self.calls - len(self.slots)

    def begun(self) -> tuple[Span, ...]:
        return windows.gathered((slot.first, slot.last) for slot in self.slots)


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
        self._claims: list[_Claim] = []
        self._paused_until = 0
        self._looked = 0
        self._write_ms = 0
        self._trips: deque[int] = deque(maxlen=_TRIPS)
        self._begun: deque[Slot] = deque(maxlen=_SECOND.calls)
        self._steps = 0
        self._probing = False
        self.used = 0.0

    def enter(self) -> None:
        """A step begins."""
        with self._lock:
            self._steps += 1

    def leave(self, *, went_well: bool) -> None:
        """A step ends; the last one of this process gives back what it did not use."""
        with self._lock:
            self._steps -= 1
            lifts = went_well and self._probing
            if self._steps and not lifts:
                return
            if lifts or any(claim.unused for claim in self._claims):
                try:
                    self._write(lambda budget: _lifted(budget) if lifts else budget)
                except (ServiceUnavailable, Waiting):
                    # The rows are read: better to have booked too much than to lose them.
                    return
                self._probing = self._probing and not lifts
            if not self._steps:
                self._claims = [claim for claim in self._claims if _awaited(claim, self._now())]

    def book(self, patience: float, wish: int) -> Slot:
        """The turn of one call, at most `patience` seconds from now; `wish` more are likely.

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
        seconds after which to ask again: the tenth call before it left later than was thought.
        """
        with self._lock:
            now = self._now()
            if now - self._looked > _LOOK_MS:
                with contextlib.suppress(ServiceUnavailable):
                    self._look()
            if now > slot.last or now < self._paused_until:
                for claim in self._claims:
                    claim.slots = [each for each in claim.slots if each is not slot]
                return None
            held = self._held(max(now, slot.first))
            if held == 0:
                slot.first, slot.last = now, now + REACH_MS
                self._begun.append(slot)
            return held / 1000

    def _held(self, now: int) -> int:
        """Milliseconds that the window of this process's own calls still holds the next one."""
        if len(self._begun) < _SECOND.calls:
            return 0
        tenth = self._begun[0]
        under_way = not tenth.left and now < tenth.first + _LOST_AFTER_MS
        arrived = now if under_way and now > tenth.last else tenth.last
        over = max(0, arrived + _SECOND.ms + DRIFT_MS - now)
        # One that has not left yet is looked at again soon.
        return min(over, _SOON_MS) if under_way else over

    def left(self, slot: Slot) -> None:
        """The call has been written: it arrives about now."""
        now = self._now()
        with self._lock:
            slot.last, slot.left = now, True

    def answered(self, slot: Slot) -> None:
        """Its answer came: so late it can have arrived at most."""
        now = self._now()
        with self._lock:
            trip = now - slot.last
            self._trips.append(trip)
            late = min(trip - min(self._trips), _MOST_LATE_MS)
            # As much as DRIFT_MS is allowed for anyway.
            slot.last += max(0, late - DRIFT_MS)
            slot.answered = True

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
        """A turn out of the newest claim, if there is one left."""
        claim = self._claims[-1] if self._claims else None
        now = self._now()
        if claim is None or claim.unused <= 0 or now > claim.use_by or now < self._paused_until:
            return None
        first = max(now, claim.spans[0].first)
        if first - now > patience * 1000:
            raise Waiting((first - now) / 1000)
        slot = Slot(first, claim.last, wait_s=(first - now) / 1000)
        claim.slots.append(slot)
        return slot

    def _claim(self, patience: float, wish: int) -> None:
        """One conditional write: new calls booked, unused ones given back."""
        made: list[_Claim] = []
        use = max(USE_MS, min(_USE_PER_WRITE * self._write_ms, _LONGEST_USE_MS))
        began = self._now()

        def claimed(budget: CompanyBudget) -> CompanyBudget:
            made.clear()
            now = self._clock()
            probing = budget.blocked_until is not None
            if budget.blocked_until is not None and not budget.may_probe(now):
                raise month_blocked(budget.blocked_until)
            left = self._cap - budget.counted.calls
            if left <= 0:
                raise _company_spent(self._cap, now)
            from_ms = max(_ms(now), self._paused_until)
            first, free = windows.opening(budget.spans, from_ms, use + LATE_MS)
            wait = (first - _ms(now)) / 1000
            if wait > patience:
                raise Waiting(wait)
            calls = 1 if probing else min(wish, free, left)
            span = Span(first, first + use + LATE_MS, calls)
            made.append(_Claim((span,), calls, first + use, span.last))
            self._probing = probing
            return replace(
                budget,
                spans=(*budget.spans, span),
                counted=budget.counted.plus(calls),
                probed_at=now if probing else budget.probed_at,
            )

        self._write(claimed)
        self._write_ms = self._now() - began
        self._claims += made

    def _write(self, change: Callable[[CompanyBudget], CompanyBudget]) -> None:
        """The record changed, and what this process has not used given back with it."""
        pause = _FIRST_RETRY_S
        for _ in range(_TRIES):
            document = self._look()
            now = self._clock()
            budget = CompanyBudget.of(document.data if document else None, now)
            settled = change(self._settled(budget))
            spans = windows.recent(settled.spans, _ms(now))
            if self._put(document, replace(settled, spans=spans)):
                for claim in self._claims:
                    claim.spans, claim.calls, claim.use_by = claim.begun(), len(claim.slots), 0
                self._claims = [claim for claim in self._claims if _awaited(claim, self._now())]
                return
            # Jitter, so that those who met once do not meet again.
            self._sleep(pause * (0.5 + self._jitter()))
            pause = min(2 * pause, _LONGEST_RETRY_S)
        raise Waiting(1)

    def _settled(self, budget: CompanyBudget) -> CompanyBudget:
        spans, unused = list(budget.spans), 0
        for claim in self._claims:
            for span in claim.spans:
                # Another process may have dropped it as too old. Equal ones are all the same.
                if span in spans:
                    spans.remove(span)
            spans += claim.begun()
            unused += claim.unused
        return replace(budget, spans=tuple(spans), counted=budget.counted.plus(-unused))

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
        document = self._records.get(BUDGETS, self._id)
        self._looked = self._now()
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


def _awaited(claim: _Claim, now: int) -> bool:
    """Whether the claim still has turns to come, or calls whose arrival is not known yet."""
    under_way = not all(slot.answered for slot in claim.slots)
    return claim.unused > 0 or (under_way and now < claim.last + _LOST_AFTER_MS)


def _ms(moment: datetime) -> int:
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
