"""What managed refresh says in the tab "Counterfoil log" of a run that nobody looked at.

What a run changed is listed there by the writer, with its proof. A run that changed nothing has one
line of proof a day, the first: one each quarter of an hour would fill the tab, and each costs three
reads of a bucket of which reads are what is scarce.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from counterfoil.core import operations
from counterfoil.core.errors import SheetNotShared
from counterfoil.core.plans import needs_person
from counterfoil.flows import runs
from counterfoil.flows.exporter_records import Exporter, shown_title
from counterfoil.flows.leftovers import on_its_own
from counterfoil.flows.managed_ports import Desk
from counterfoil.flows.managed_runs import UNSHARED, Ended
from counterfoil.flows.ports import Clock, Records

log = logging.getLogger("counterfoil.managed")


@dataclass(frozen=True, slots=True)
class ManagedLog:
    records: Records
    clock: Clock
    desk: Desk
    exporter: Exporter  # as it was before the run
    where: ZoneInfo

    def ended(self, came: Ended) -> None:
        """What a person must see to, or the day's line of proof. Never the end of a run."""
        if came.code is not None:
            self.trouble(came.code, came.why)
        elif came.proof and not self._is_told_today():
            on_its_own(partial(self._line, came.proof, came.run), None, log=log, told="left over")

    def trouble(self, code: str, why: str) -> None:
        """A line of what a person must see to; after a few of them it stops."""
        if code not in (*UNSHARED, SheetNotShared.code) and needs_person(code):
            self._line(why)

    def _line(self, what: str, run: str = "") -> None:
        at = self.clock().astimezone(self.where).strftime("%Y-%m-%d %H:%M")
        row = [at, shown_title(self.exporter.document), what, *([f"run {run}"] if run else [])]
        self.desk.apply("", json.loads(operations.encode([operations.log_line(row)])))

    def _is_told_today(self) -> bool:
        """The run before had nobody to look at it either, that same day, and went well: it, or one
        before it, has left its line or its list.
        """
        last = self.exporter.last_run
        if last is None or last["state"] != runs.APPLIED:
            return False
        days = {at.astimezone(self.where).date() for at in (last["at"], self.clock())}
        if len(days) > 1:
            return False
        held = self.records.get(runs.COLLECTION, str(last["run_id"]))
        return held is not None and runs.held(held).scheduled
