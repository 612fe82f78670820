"""What managed refresh does each minute: what is due is claimed by lease and run, until its time
is used. Any number of instances may do so at once.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from counterfoil.core.authority import NEEDS, Action
from counterfoil.core.dates import zone
from counterfoil.core.errors import (
    AppError,
    BadRequest,
    Forbidden,
    NotFound,
    SheetNotShared,
)
from counterfoil.core.managed import WINDOW_S, Managed, window_at
from counterfoil.core.people import EVERYBODY, ConnectionState, Guests, Sheet, User
from counterfoil.core.plans import Plan, Stopped
from counterfoil.core.stores import Document
from counterfoil.flows.connections import MEMBERS, member_id
from counterfoil.flows.export import Exports
from counterfoil.flows.exporter_records import COLLECTION as EXPORTERS
from counterfoil.flows.exporter_records import Exporter, plan_of
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.leftovers import on_its_own
from counterfoil.flows.managed_loads import ManagedLoads
from counterfoil.flows.managed_log import ManagedLog
from counterfoil.flows.managed_outcomes import NOT_NOW, Came, Outcome, journalled
from counterfoil.flows.managed_parking import BEGINNING, HalfWay, Parking
from counterfoil.flows.managed_ports import Desk, Desks
from counterfoil.flows.managed_runs import Ended, Left, ManagedRun
from counterfoil.flows.managed_standing import MANAGED, TICK
from counterfoil.flows.ports import Reach, Records
from counterfoil.flows.rewriting import written
from counterfoil.flows.run_leases import RunLeases

log = logging.getLogger("counterfoil.managed")


# After that no step begins; one that has begun may end within the function's time.
TIME_S = 240.0
_PAGE = 200
# Each so often the first tick looks whose room is not used any more.
_WINDOWS_AN_HOUR = 3_600 // WINDOW_S
# Somebody may note a due time late; so many windows are looked at again and again.
_LOOK_BACK = 2
# Where nobody knows how far the ticks had come.
_LONGEST_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ManagedTick:
    ran: int = 0
    failed: int = 0
    left: int = 0  # runs that go on in another tick
    waiting: int = 0  # due, and its time was used up before
    late_s: int = 0  # how late the one was that had waited longest


@dataclass(frozen=True, slots=True)
class ManagedRefresh:
    exporters: Exporters
    connections: Reach
    exports: Exports
    desks: Desks
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: random.Random = field(default_factory=random.SystemRandom)
    guests: Guests = EVERYBODY

    def tick(self) -> ManagedTick:
        """Everything that is due, what has waited longest first."""
        began, now = self.monotonic(), self._now()

        def has_time() -> bool:
            return self.monotonic() - began < TIME_S

        told = [self._gone_on(each, has_time) for each in self._parking.due(now)]
        due, first = self._due(now)
        late = max((now - at for at, _ in due), default=timedelta())
        waiting = 0
        for id in self._in_turn(due):
            if not has_time():
                waiting += 1
                continue
            told.append(self._apart(id, partial(self._run, id, has_time)))
        tick = ManagedTick(
            told.count(Came.RAN),
            told.count(Came.FAILED),
            told.count(Came.GOES_ON),
            waiting,
            int(late.total_seconds()),
        )
        self._note(tick, now, first)
        fields = {"count": tick.ran, "tries": tick.failed}
        log.info("managed refresh", extra={"fields": fields})
        return tick

    def _due(self, now: datetime) -> tuple[list[tuple[datetime, str]], int]:
        """Since when, and which; and the first window in which there still is one."""
        held = self._records.get(MANAGED, TICK)
        last = window_at(now)
        start = held.data["window"] if held else window_at(now - _LONGEST_BACK)
        found: list[tuple[datetime, str]] = []
        first = last - _LOOK_BACK
        for window in range(min(start, first), last + 1):
            documents = list(self._in_window(window))
            if documents:
                first = min(first, window)
            plans = [(plan_of(each.data), each.id) for each in documents]
            found += [(plan.due_at, id) for plan, id in plans if plan and plan.is_due(now)]
        return found, first

    def _in_window(self, window: int) -> Iterator[Document]:
        after: str | None = None
        while True:
            page = self._records.find(EXPORTERS, {"due_window": window}, limit=_PAGE, after=after)
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].id

    def _in_turn(self, due: list[tuple[datetime, str]]) -> list[str]:
        """By the minute, and by chance within one: instances that began together do not meet at
        each of them.
        """
        mixed = self.chance.sample(due, len(due))
        return [id for _, id in sorted(mixed, key=lambda each: int(each[0].timestamp()) // 60)]

    def _run(self, id: str, has_time: Callable[[], bool]) -> Outcome:
        exporter = self.exporters.by_id(id)  # another instance may have run it meanwhile
        if exporter is None or exporter.plan is None or not exporter.plan.is_due(self._now()):
            return NOT_NOW
        managed, leases = exporter.managed, RunLeases(self._records, self.exporters.clock)
        if managed is None or leases.alive(id) is not None:
            return NOT_NOW
        if exporter.paused or exporter.frozen_at:
            self._replan(exporter, lambda plan: plan.passed_over(self._now()))
            return NOT_NOW
        if not managed.is_proven(exporter.document.data):
            return self._stopped(exporter, Stopped.UNPROVEN)
        user = self._user(exporter)
        if isinstance(user, Outcome):
            return user
        return self._came(exporter, managed, user, has_time, ManagedRun.begin)

    def _came(
        self,
        exporter: Exporter,
        managed: Managed,
        user: User,
        has_time: Callable[[], bool],
        work: Callable[[ManagedRun], Left | Ended],
        half_way: HalfWay = BEGINNING,
    ) -> Outcome:
        """What became of a run in the one spreadsheet that somebody proved."""
        try:
            with self.desks.open(managed.account, managed.spreadsheet) as desk:
                sheet = self._sheet(exporter, managed, desk)
                try:
                    came = work(
                        ManagedRun(
                            self.exports, user, sheet, exporter.id, desk, has_time, self.sleep
                        )
                    )
                except AppError as error:
                    self._log(desk, exporter, sheet).trouble(error.code, error.message)
                    raise
                if isinstance(came, Ended):
                    self._log(desk, exporter, sheet).ended(came)
                calls = desk.cost()
        except SheetNotShared:
            return self._stopped(exporter, Stopped.UNSHARED, run_id=half_way.run_id)
        except AppError as error:
            return Outcome(Came.FAILED, error.code)
        if isinstance(came, Left):
            self._parking.park(exporter.id, came, half_way, calls)
            return Outcome(Came.GOES_ON)
        if came.is_unshared:
            return self._stopped(exporter, Stopped.UNSHARED)
        if came.code:
            return Outcome(Came.FAILED, came.code)
        self._loaded(exporter, managed, half_way.calls + calls)
        return Outcome(Came.RAN)

    def _loaded(self, exporter: Exporter, managed: Managed, calls: int) -> None:
        """How full its account is by what its run has cost."""
        if plan := exporter.plan:
            loads = ManagedLoads(self._records)
            work = partial(loads.ran, managed.account, exporter.id, plan.schedule, calls)
            on_its_own(work, None, log=log, told="left over", exporter=exporter.id)

    def _stopped(
        self, exporter: Exporter, why: Stopped, came: Came = Came.FAILED, run_id: str = ""
    ) -> Outcome:
        """It runs no more, until somebody turns it on again; nor does the run that it was at."""
        if run_id and exporter.managed:
            user = User(exporter.run_as or "", "")
            digest = str(exporter.document.data["sheet"])
            sheet = Sheet(exporter.managed.spreadsheet, digest, _zone_of(exporter), "")
            self.exports.acknowledge(user, sheet, run_id, applied=False, code=why.value)
        self._replan(exporter, lambda plan: plan.ended(why))
        return Outcome(came, stopped=why)

    def _swept(self, managed: Managed, run_id: str) -> bool:
        """What had arrived of that run goes."""
        with self.desks.open(managed.account, managed.spreadsheet) as desk:
            told = desk.apply("", [{"op": "drop_stage", "run": run_id}])
        return bool(told["applied"])

    def _log(self, desk: Desk, exporter: Exporter, sheet: Sheet) -> ManagedLog:
        return ManagedLog(self._records, self.exporters.clock, desk, exporter, zone(sheet.zone))

    def _sheet(self, exporter: Exporter, managed: Managed, desk: Desk) -> Sheet:
        """As it is now. Raises SheetNotShared, ServiceUnavailable."""
        place = desk.place()
        where = place.zone if _is_zone(place.zone) else _zone_of(exporter)
        if exporter.plan and exporter.plan.zone.key != where:
            self._replan(exporter, lambda plan: plan.in_zone(zone(where), self._now()))
        digest = str(exporter.document.data["sheet"])
        return Sheet(managed.spreadsheet, digest, where, place.locale)

    def _user(self, exporter: Exporter, run_id: str = "") -> User | Outcome:
        """Whose run it is, while they are a member of every company and one of those whom the
        deployment is for; if not, it stops. While one company is paused it waits for its next time.
        """
        sub = exporter.run_as or ""  # of whoever had themselves forgotten nothing is left
        user = User(sub, "")
        try:
            reached = [
                self.connections.reachable(user, id, NEEDS[Action.RUN])
                for id in exporter.connection_ids
            ]
        except (NotFound, Forbidden):
            return self._stopped(exporter, Stopped.LEFT, Came.NOT_NOW, run_id)
        if any(each.state is ConnectionState.PAUSED for each in reached):
            self._replan(exporter, lambda plan: plan.passed_over(self._now()))
            return NOT_NOW
        member = self._records.get(MEMBERS, member_id(exporter.connection_id, sub))
        email = str(member.data["email"]) if member else ""
        # Nobody asks here whom Google could vouch for, so it is what was so when they turned it on.
        if not self.guests.welcome(email, exporter.managed.domain if exporter.managed else ""):
            return self._stopped(exporter, Stopped.LEFT, Came.NOT_NOW, run_id)
        return User(sub, email)

    def _gone_on(self, parked: Document, has_time: Callable[[], bool]) -> Came:
        if not has_time():
            return Came.NOT_NOW
        half_way = self._parking.taken(parked)
        if half_way is None:
            return Came.NOT_NOW
        return self._apart(parked.id, partial(self._went_on, parked.id, half_way, has_time))

    def _apart(self, id: str, work: Callable[[], Outcome]) -> Came:
        return journalled(id, work, self.monotonic).came

    def _went_on(self, id: str, half_way: HalfWay, has_time: Callable[[], bool]) -> Outcome:
        exporter = self.exporters.by_id(id)
        if exporter is None or exporter.managed is None:
            return NOT_NOW
        cursor, run_id = half_way.cursor, half_way.run_id
        if not exporter.managed.is_proven(exporter.document.data):
            return self._stopped(exporter, Stopped.UNPROVEN, run_id=run_id)
        user = self._user(exporter, run_id)
        if isinstance(user, Outcome):
            if user.stopped:
                on_its_own(
                    partial(self._swept, exporter.managed, run_id), False, log=log, told="left over"
                )
            return user
        return self._came(
            exporter, exporter.managed, user, has_time, lambda run: run.go_on(cursor), half_way
        )

    def _note(self, tick: ManagedTick, now: datetime, first: int) -> None:
        """How far it came, for the next tick and for `health`."""

        def noted(data: Mapping[str, Any] | None) -> dict[str, Any]:
            hours.append(data["at"] if data else None)
            return {"window": first, "at": now, "late_s": tick.late_s, "waiting": tick.waiting}

        hours: list[datetime | None] = []
        on_its_own(
            lambda: bool(written(self._records, MANAGED, TICK, noted)),
            False,
            log=log,
            told="not noted",
        )
        before = hours[-1] if hours else now
        if (
            before is None
            or window_at(before) // _WINDOWS_AN_HOUR != window_at(now) // _WINDOWS_AN_HOUR
        ):
            on_its_own(ManagedLoads(self._records).sweep, 0, log=log, told="not swept")

    def _replan(self, exporter: Exporter, change: Callable[[Plan], Plan]) -> None:
        self.exporters.replan(exporter.document, change)

    @property
    def _parking(self) -> Parking:
        return Parking(self._records, self.exporters.clock)

    @property
    def _records(self) -> Records:
        return self.exporters.records

    def _now(self) -> datetime:
        return self.exporters.clock()


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except BadRequest:
        return False
    return True


def _zone_of(exporter: Exporter) -> str:
    return exporter.plan.zone.key if exporter.plan else "UTC"
