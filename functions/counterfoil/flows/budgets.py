"""What may be asked of QuickBooks: by company and moment, and by user and month."""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from counterfoil.core.budgets import (
    Caps,
    CompanyBudget,
    Counted,
    month_end,
    month_of,
    nearly_spent,
)
from counterfoil.core.errors import BudgetSpent, ServiceUnavailable
from counterfoil.core.stores import AlreadyThere, Changed, Document, Write
from counterfoil.flows.company_pace import BUDGETS, CompanyPace
from counterfoil.flows.ports import Clock, Records

log = logging.getLogger("counterfoil.budgets")

# The deployment's calls are counted in so many records, so that no record is written by all.
SHARDS = 8
# What other processes spend is looked up this often.
_LOOK_S = 15.0

# Companies whose pace is kept in this process; the record knows the rest.
_COMPANIES = 1_000

_TRIES = 12
_FIRST_RETRY_S = 0.01
_LONGEST_RETRY_S = 0.3

_DEPLOYMENT, _USER = "deployment", "user"
_BLOCK = "block"


class Budgets:
    """One per process. The collection holds a record per company (its realm id), per user
    (`user:…`), the shards of the deployment (`deployment:…`), and `block`: whether Intuit seems
    to refuse everybody until the month is over.
    """

    def __init__(
        self,
        records: Records,
        clock: Clock,
        *,
        caps: Caps | None = None,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._records = records
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._lock = threading.Lock()
        self._paces: dict[str, CompanyPace] = {}
        self._shard = _a_shard()
        self._telling = threading.Lock()  # one thread at a time writes the shard
        self._told_shard: Document | None = None
        self._untold = 0  # calls that the shard does not hold yet
        self._looked: datetime | None = None
        self._all = Counted("", 0)
        self._blocked = False
        self._told = ""
        self.caps = caps or Caps()

    def pace(self, realm_id: str) -> CompanyPace:
        """One company's limits, shared by every run of this process."""
        with self._lock:
            pace = self._paces.get(realm_id)
            if pace is None:
                if len(self._paces) >= _COMPANIES:
                    idlest = min(self._paces, key=lambda realm: self._paces[realm].used)
                    del self._paces[idlest]
                pace = self._paces[realm_id] = CompanyPace(
                    self._records,
                    realm_id,
                    self._clock,
                    cap=self.caps.connection,
                    sleep=self._sleep,
                    jitter=self._jitter,
                )
            return pace

    def purse(self, user_sub: str) -> StepPurse:
        """The user's and the deployment's month, for one step."""
        return StepPurse(self, user_sub, self._records.get(BUDGETS, user_budget(user_sub)))

    def opened(self, realm_id: str, user_sub: str) -> tuple[CompanyPace, StepPurse]:
        """Both of the above, by one question."""
        of_user, of_company = self._records.get_all(
            [(BUDGETS, user_budget(user_sub)), (BUDGETS, realm_id)]
        )
        pace = self.pace(realm_id)
        pace.shown(of_company)
        return pace, StepPurse(self, user_sub, of_user)

    def calls_of(self, realm_id: str) -> int:
        """A company's calls in this month."""
        return self._counted(realm_id).calls

    def calls_of_all(self) -> int:
        """The deployment's calls in this month, as far as other processes have told."""
        now = self._clock()
        with self._lock:
            stale = self._looked is None or (now - self._looked).total_seconds() >= _LOOK_S
            if stale or self._all.month != month_of(now):
                found = self._records.find(BUDGETS, {"of": _DEPLOYMENT}, limit=SHARDS)
                calls = sum(Counted.of(each.data, now).calls for each in found)
                self._all, self._looked = Counted(month_of(now), calls), now
                self._blocked = self._block_until(now) is not None
            return self._all.calls

    def as_json(self) -> dict[str, Any]:
        """What the sidebar shows of the deployment's month."""
        return {
            "month": month_of(self._clock()),
            "all": self.calls_of_all(),
            "limit": self.caps.deployment,
        }

    def schedules_may_run(self, realm_id: str, user_sub: str) -> bool:
        """False from 90% of any budget on, so that people can still export by hand, and while
        Intuit seems to refuse everything until the month is over.
        """
        now = self._clock()
        company = self._records.get(BUDGETS, realm_id)
        if CompanyBudget.of(company.data if company else None, now).blocked_until is not None:
            return False
        return self._block_until(now) is None and not (
            nearly_spent(self.calls_of(realm_id), self.caps.connection)
            or nearly_spent(self._counted(user_budget(user_sub)).calls, self.caps.user)
            or nearly_spent(self.calls_of_all(), self.caps.deployment)
        )

    def block(self, realm_id: str, connection_id: str) -> datetime:
        """Two pauses of a minute did not help this company: until when nothing will.

        Only this company's runs stop, since we may be wrong about the others; the schedules of
        all stop, and the operator is told.
        """
        until = self.pace(realm_id).block()
        self._change(_BLOCK, lambda data: {"of": _BLOCK, "until": until})
        with self._lock:
            self._blocked = True
        log.error(
            "monthly block",
            extra={
                "fields": {
                    "code": BudgetSpent.code,
                    "connection": connection_id,
                    "calls": self.calls_of_all(),
                    "state": f"blocked until {until:%Y-%m-%d}",
                }
            },
        )
        return until

    def lift(self) -> None:
        """QuickBooks answered somebody: not all are refused."""
        with self._lock:
            blocked, self._blocked = self._blocked, False
        if blocked:
            self._change(_BLOCK, lambda data: {"of": _BLOCK, "until": None})

    def check_all(self, more: int) -> None:
        """Raises BudgetSpent when the deployment has no call left beside `more` of its own."""
        cap = self.caps.deployment
        if self.calls_of_all() + more >= cap:
            raise _spent(
                f"This Counterfoil has used up its {cap:,} calls of this month for all companies "
                "together.",
                _DEPLOYMENT,
                self._clock(),
            )

    def check_user(self, calls: int) -> None:
        """Raises BudgetSpent when a user who made so many calls may not make another."""
        cap = self.caps.user
        if calls >= cap:
            raise _spent(
                f"You have used up your {cap:,} calls of this month.", "user", self._clock()
            )

    def spend(self, user_sub: str, calls: int, *, seen: Document | None = None) -> None:
        """Counts what a step has asked; `seen` is the user's record as it was read before. A store
        that fails is told of, but costs no rows.
        """
        with self._lock:
            self._untold += calls
        try:
            self.calls_of_all()
            if seen is None or not self._told_together(user_sub, calls, seen):
                self._add(user_budget(user_sub), _USER, calls, seen)
            self._tell()
        except ServiceUnavailable as error:
            log.error("calls not counted", extra={"fields": {"code": error.code, "calls": calls}})
        with self._lock:
            self._all = self._all.plus(calls)
            nearly = nearly_spent(self._all.calls, self.caps.deployment)
            tell = nearly and self._told != self._all.month
            self._told = self._all.month if tell else self._told
        if tell:
            log.warning("budget nearly spent", extra={"fields": {"calls": self._all.calls}})

    def counted(self, found: Document | None) -> int:
        """The calls of this month that a record tells of."""
        return Counted.of(found.data if found else None, self._clock()).calls

    def _told_together(self, user_sub: str, calls: int, seen: Document) -> bool:
        """Whether the user's record and the deployment's shard, as they were read, took these calls
        by one write. Nobody waits for it: where another step is at the shard, it is not.
        """
        if self._told_shard is None or not self._telling.acquire(blocking=False):
            return False
        try:
            with self._untold_calls() as untold:
                shard = self._told_shard
                of_user = Write.over(seen, self._plus(_USER, seen.data, calls))
                of_all = Write.over(shard, self._plus(_DEPLOYMENT, shard.data, untold))
                _, self._told_shard = self._records.write_all([of_user, of_all])
            return True
        except Changed:
            # Another process has the same shard, or the same user another step.
            self._shard, self._told_shard = _a_shard(), None
            return False
        finally:
            self._telling.release()

    def _tell(self) -> None:
        """The deployment's shard learns what this process has spent: of all its steps that wait
        here, by one write.
        """
        with self._telling, self._untold_calls() as calls:
            if calls:  # else another step's write told of ours
                self._told_shard = self._add(self._shard, _DEPLOYMENT, calls, self._told_shard)

    @contextmanager
    def _untold_calls(self) -> Iterator[int]:
        """How many the shard has to be told of; where that fails, the next step's write does."""
        with self._lock:
            calls, self._untold = self._untold, 0
        try:
            yield calls
        except (Changed, ServiceUnavailable):
            with self._lock:
                self._untold += calls
            raise

    def _counted(self, id: str) -> Counted:
        found = self._records.get(BUDGETS, id)
        return Counted.of(found.data if found else None, self._clock())

    def _block_until(self, now: datetime) -> datetime | None:
        found = self._records.get(BUDGETS, _BLOCK)
        until: datetime | None = found.data["until"] if found else None
        return until if until is not None and until > now else None

    def _add(self, id: str, of: str, calls: int, seen: Document | None) -> Document:
        return self._change(id, lambda data: self._plus(of, data, calls), seen)

    def _plus(self, of: str, data: Mapping[str, Any] | None, calls: int) -> dict[str, Any]:
        counted = Counted.of(data, self._clock()).plus(calls)
        return {"of": of, "month": counted.month, "calls": counted.calls}

    def _change(
        self,
        id: str,
        change: Callable[[Mapping[str, Any] | None], Mapping[str, Any]],
        seen: Document | None = None,
    ) -> Document:
        """The record as it is kept then. What was `seen` before need not be read first."""
        pause = _FIRST_RETRY_S
        found = seen or self._records.get(BUDGETS, id)
        for _ in range(_TRIES):
            try:
                if found is None:
                    return self._records.create(BUDGETS, id, change(None))
                return self._records.replace(found, change(found.data))
            except (AlreadyThere, Changed):
                self._sleep(pause * (0.5 + self._jitter()))
                pause = min(2 * pause, _LONGEST_RETRY_S)
                found = self._records.get(BUDGETS, id)
        raise ServiceUnavailable("Counterfoil's store is too busy. Please try again in a minute.")


class StepPurse:
    """What one step may still spend of its user's and the deployment's month."""

    def __init__(self, budgets: Budgets, user_sub: str, seen: Document | None) -> None:
        """`seen` is the user's record."""
        self._budgets = budgets
        self._user_sub = user_sub
        self._seen = seen
        self._spent = budgets.counted(seen)

    def check(self, calls: int) -> None:
        self._budgets.check_user(self._spent + calls)
        self._budgets.check_all(calls)

    def spend(self, calls: int) -> None:
        self._budgets.spend(self._user_sub, calls, seen=self._seen)


def _a_shard() -> str:
    return f"{_DEPLOYMENT}:{secrets.randbelow(SHARDS)}"


def user_budget(sub: str) -> str:
    return f"user:{sub}"


def _spent(sentence: str, budget: str, now: datetime) -> BudgetSpent:
    until = month_end(now)
    return BudgetSpent(
        f"{sentence} Exports go on on {until:%Y-%m-%d}, or when whoever runs Counterfoil raises "
        "the budget.",
        budget=budget,
        until=until.isoformat(),
    )
