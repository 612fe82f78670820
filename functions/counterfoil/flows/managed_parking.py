"""A run of managed refresh that goes on in another tick: whoever takes its record away has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from counterfoil.core.stores import Changed, Document
from counterfoil.flows.cursors import LIFE, PARKED
from counterfoil.flows.managed_runs import Left
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.rewriting import written
from counterfoil.flows.run_leases import RunLeases

_MOST = 200  # in one tick


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Where a run stands, and how many calls of the spreadsheet it has cost so far."""

    cursor: str = ""
    run_id: str = ""
    calls: int = 0


BEGINNING = HalfWay()


@dataclass(frozen=True, slots=True)
class Parking:
    records: Records
    clock: Clock

    def due(self, now: datetime) -> list[Document]:
        """Those whose time has come, by the exporter's id."""
        found = self.records.find(PARKED, {}, limit=_MOST)
        return [each for each in found if each.data["goes_on_at"] <= now]

    def taken(self, parked: Document) -> HalfWay | None:
        """None where somebody was quicker. One that dies with it is run anew when its lease is
        over.
        """
        try:
            self.records.delete(PARKED, parked.id, version=parked.version)
        except Changed:
            return None
        data = parked.data
        return HalfWay(str(data["cursor"]), str(data.get("run", "")), int(data.get("calls", 0)))

    def park(self, exporter_id: str, left: Left, before: HalfWay, calls: int) -> None:
        """`calls` are those of this tick. One that could not go on is parked as it was."""
        now = self.clock()
        until, run_id = now + timedelta(seconds=left.wait_s), left.run_id or before.run_id
        kept = {
            "cursor": left.cursor,
            "run": run_id,
            "calls": before.calls + calls,
            "goes_on_at": until,
            "expires_at": now + LIFE,
        }
        written(self.records, PARKED, exporter_id, lambda _: kept)
        if run_id:
            RunLeases(self.records, self.clock).park(exporter_id, run_id, until)
