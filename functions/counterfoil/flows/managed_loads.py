"""Who uses how much of a service account: what does not fit is refused, not promised.

One record an account, so that two who come at once do not both get the last room. An export that
was deleted or ended meanwhile is found out each hour, and when its room is needed. One that paused
keeps its room as long as a run by hand can bring it back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.core.errors import ManagedFull
from counterfoil.core.managed import SINKS_TO, Managed, account_key, capacity, has_room, load_of
from counterfoil.core.schedules import Often, Schedule
from counterfoil.core.stores import Document
from counterfoil.flows.exporter_records import COLLECTION as EXPORTERS
from counterfoil.flows.exporter_records import plan_of
from counterfoil.flows.ports import Records
from counterfoil.flows.rewriting import rewritten, written

LOADS = "loads"
_MOST_ACCOUNTS = 200
_OFTENEST = Schedule(Often.MINUTES, every=15)
_SAME = 0.01  # of a load: kept in millionths, it is never quite what was reckoned


@dataclass(frozen=True, slots=True)
class ManagedLoads:
    records: Records

    def take(
        self, account: str, exporter_id: str, schedule: Schedule, before: Schedule | None = None
    ) -> None:
        """It has its room, of what its runs are known to cost; what it had `before`, so often, is
        given back. What asks no more than it has is never refused. Raises ManagedFull.
        """
        try:
            self._take(account, exporter_id, schedule, before)
        except ManagedFull:
            held = self.records.get(LOADS, account_key(account))
            if held is None:
                raise
            self._forget_the_gone(held)
            self._take(account, exporter_id, schedule, before)

    def ran(self, account: str, exporter_id: str, schedule: Schedule, calls: int) -> None:
        """It counts as what its run has cost of the account: at once where that is more, and by
        and by where it is less. What has a room keeps it.
        """
        held = self.records.get(LOADS, account_key(account))
        known = _loads(held.data if held else None).get(exporter_id)
        if held is None or known is None:
            return
        load = max(load_of(schedule, calls), SINKS_TO * known)
        if abs(load - known) > _SAME * known:
            rewritten(self.records, held, lambda data: _changed(data, exporter_id, load))

    def sweep(self) -> int:
        """Gives back the room of those that are gone; how many accounts there are."""
        accounts = self.records.find(LOADS, {}, limit=_MOST_ACCOUNTS)
        for held in accounts:
            self._forget_the_gone(held)
        return len(accounts)

    def used(self, account: str) -> float:
        """How much of what can be given away is taken: 1 is all of it."""
        held = self.records.get(LOADS, account_key(account))
        return math.fsum(_loads(held.data if held else None).values()) / capacity()

    def has_room_for_one(self, account: str) -> bool:
        """Whether one more small export, however often, would have its room there."""
        held = self.records.get(LOADS, account_key(account))
        return has_room((*_loads(held.data if held else None).values(), load_of(_OFTENEST)))

    def _take(
        self, account: str, exporter_id: str, schedule: Schedule, before: Schedule | None
    ) -> None:
        def taken(data: Mapping[str, Any] | None) -> dict[str, Any]:
            loads = _loads(data)
            had = loads.get(exporter_id, 0.0) if before else 0.0
            load = load_of(schedule)
            if before:
                load = max(load, had * load / load_of(before))
            loads[exporter_id] = load
            if load > had * (1 + _SAME) and not has_room(loads.values()):
                raise _full()
            return _record(loads)

        written(self.records, LOADS, account_key(account), taken)

    def _forget_the_gone(self, held: Document) -> None:
        gone = {id for id in _loads(held.data) if not self._is_at(held.id, id)}
        if gone:
            rewritten(
                self.records,
                held,
                lambda data: _record({k: v for k, v in _loads(data).items() if k not in gone}),
            )

    def _is_at(self, account: str, exporter_id: str) -> bool:
        """`account` is its key."""
        document = self.records.get(EXPORTERS, exporter_id)
        if document is None:
            return False
        plan, managed = plan_of(document.data), Managed.of(document.data)
        if plan is None or plan.is_over or managed is None:
            return False
        return account_key(managed.account) == account


def _loads(data: Mapping[str, Any] | None) -> dict[str, float]:
    """Calls a minute, by the exporter's id. Kept in millionths: a record holds no fractions."""
    return {id: load / 1_000_000 for id, load in (data or {}).get("loads", {}).items()}


def _changed(data: Mapping[str, Any], exporter_id: str, load: float) -> dict[str, Any] | None:
    """None where it is swept meanwhile."""
    loads = _loads(data)
    return _record({**loads, exporter_id: load}) if exporter_id in loads else None


def _record(loads: Mapping[str, float]) -> dict[str, Any]:
    return {"loads": {id: round(load * 1_000_000) for id, load in loads.items()}}


def _full() -> ManagedFull:
    return ManagedFull(
        "Managed refresh has no room for one more export so often. Choose a longer time between "
        "two refreshes, let your own hourly schedule run it, or ask whoever runs Counterfoil to "
        "add a service account."
    )
