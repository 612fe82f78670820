"""What nobody's request does: once an hour, by the scheduler, or by a thread on one machine."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from counterfoil.core.refresh_times import BEGUN_WITHIN_S
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.flows.hints import HintCheck
from counterfoil.flows.keep_alive import KeepAlive, Swept
from counterfoil.flows.leaving import Leaving
from counterfoil.flows.leftovers import on_its_own
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.reminders import Reminders

log = logging.getLogger("counterfoil.upkeep")

T = TypeVar("T")

UPKEEP, PLACE = "upkeep", "place"
EVERY = timedelta(hours=1)
# Nothing that asks Intuit begins after that, so that it ends within the function's time.
TIME_S = BEGUN_WITHIN_S
# One that stopped on the way, or died there; longer than any tick takes.
AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ticked:
    refreshed: int = 0
    failed: int = 0
    destroyed: int = 0  # versions of secrets that were superseded
    orphaned: int = 0  # secrets of consents that died before their grant was stored
    finished: int = 0  # companies whose pause or delete had been cut short
    verified: int = 0  # hints of QuickBooks
    mailed: int = 0  # letters about exports that were not refreshed
    purged: int = 0  # records whose time was over; in the cloud Firestore deletes them
    more: bool = False  # the time was used up: the next tick goes on where this one stopped


@dataclass(frozen=True, slots=True)
class Upkeep:
    """`orphans` deletes secrets that never came to a grant, `purge` what has expired; each says
    how much that was.
    """

    records: Records
    keep_alive: KeepAlive
    leaving: Leaving
    hints: HintCheck
    reminders: Reminders
    orphans: Callable[[], int]
    purge: Callable[[], int]
    clock: Clock
    monotonic: Callable[[], float] = time.monotonic

    def tick(self) -> Ticked:
        """Everything that is due. Two at once: the later one leaves it to the earlier."""
        place = _Place.taken(self.records, self.clock)
        if place is None:
            return Ticked()
        began = self.monotonic()

        def has_time() -> bool:
            return self.monotonic() - began < TIME_S

        swept = self._done(
            lambda: self.keep_alive.sweep(place.after, place.reached), Swept(0, 1, 0, None)
        )
        place.stopped(swept.next)
        ticked = Ticked(
            refreshed=swept.refreshed,
            failed=swept.failed,
            destroyed=swept.destroyed,
            orphaned=self._done(self.orphans, 0),
            finished=self._done(lambda: self._finished(has_time), 0),
            verified=self._done(lambda: self.hints.verify(has_time), 0),
            purged=self._done(self.purge, 0),
            mailed=self._done(lambda: self.reminders.mail(has_time), 0),
            more=swept.next is not None,
        )
        log.info("tick", extra={"fields": {"count": ticked.refreshed, "tries": ticked.failed}})
        return ticked

    def tick_if_due(self) -> Ticked | None:
        """For a thread in each of several processes: once an hour for all of them together."""
        held = self.records.get(UPKEEP, PLACE)
        last = _moment(held)
        wait = AGAIN if _after(held) else EVERY
        if last is not None and self.clock() - last < wait:
            return None
        return self.tick()

    def _finished(self, has_time: Callable[[], bool]) -> int:
        done = 0
        for id in list(self.leaving.under_way()):
            if not has_time():
                break
            done += on_its_own(
                partial(self._left, id), False, log=log, told="not left yet", connection=id
            )
        return done

    def _left(self, connection_id: str) -> bool:
        self.leaving.finish(connection_id)
        return True

    def _done(self, work: Callable[[], T], otherwise: T) -> T:
        return on_its_own(work, otherwise, log=log, told="not done yet")


class _Place:
    """Where the sweep is, in a record: the scheduler's calls carry nothing from one to the next."""

    def __init__(self, records: Records, held: Document) -> None:
        self._records = records
        self._held = held

    @classmethod
    def taken(cls, records: Records, clock: Clock) -> _Place | None:
        """None when somebody else took it at this moment."""
        held = records.get(UPKEEP, PLACE)
        data: dict[str, Any] = {"after": _after(held), "at": clock()}
        try:
            if held is None:
                return cls(records, records.create(UPKEEP, PLACE, data))
            return cls(records, records.replace(held, data))
        except (AlreadyThere, Changed):
            return None

    @property
    def after(self) -> str | None:
        return _after(self._held)

    def reached(self, id: str) -> None:
        self._put(id)

    def stopped(self, after: str | None) -> None:
        self._put(after)

    def _put(self, after: str | None) -> None:
        try:
            self._held = self._records.replace(self._held, {**self._held.data, "after": after})
        except Changed:
            return  # another tick has it now


def _after(held: Document | None) -> str | None:
    """Where it stopped; at the beginning when that cannot be read."""
    after = held.data.get("after") if held else None
    return after if isinstance(after, str) else None


def _moment(held: Document | None) -> datetime | None:
    at = held.data.get("at") if held else None
    return at if isinstance(at, datetime) else None
