"""What a schedule will cost before it is saved: calls of QuickBooks per run, and in a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from counterfoil.core import paging
from counterfoil.core.changes import WITHOUT_CDC
from counterfoil.core.people import Sheet, User
from counterfoil.core.schedules import most_in_a_month, parsed
from counterfoil.flows import runs
from counterfoil.flows.asking import Asked
from counterfoil.flows.choices import checked
from counterfoil.flows.chosen import EntityChoice, Mode
from counterfoil.flows.export import Exports
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.runs import Runs
from counterfoil.flows.saved import SavedExports, dataset_of
from counterfoil.flows.update_columns import tells_closed_books
from counterfoil.flows.updates import ALONE

MONTH = timedelta(days=31)
# Of an update that found something: what changed, those rows, the closing date.
CHANGES = 3


@dataclass(frozen=True, slots=True)
class Forecast:
    """`calls` of a run: those of the last one, or about as many as its size asks for; None where
    it has not run, and nobody counted. `runs` in a month of 31 days, of which `whole_runs` take
    `whole_calls`: those of an update that read everything, and the first of a day, which also ask
    when the books were closed.
    """

    calls: int | None
    runs: int
    whole_runs: int = 0
    whole_calls: int = 0

    def as_json(self) -> dict[str, int | None]:
        others = self.runs - self.whole_runs
        whole = self.whole_runs * self.whole_calls
        month = None if self.calls is None else self.calls * others + whole
        return {
            "calls_per_run": self.calls,
            "runs_per_month": self.runs,
            "calls_per_month": month,
        }


@dataclass(frozen=True, slots=True)
class Forecasts:
    saved: SavedExports
    exports: Exports
    runs: Runs

    def of(
        self,
        user: User,
        sheet: Sheet,
        exporter_id: str,
        schedule: Mapping[str, Any],
        *,
        count: bool = False,
        cells: Mapping[str, str | None],
    ) -> Forecast:
        """Free where it has run; else `count` says that QuickBooks may be asked for its size.

        Raises BadRequest for what is no schedule, NotFound, Forbidden, and as Exports.estimate.
        """
        times = most_in_a_month(parsed(schedule))
        exporter = self.saved.editable(user, sheet, exporter_id)
        calls = self._of_last_run(exporter)
        if calls is None and count:
            ids = tuple(exporter.connection_ids)
            asked = Asked(ids, dataset_of(exporter), exporter.options, cells)
            calls = self.exports.estimate(user, sheet, asked).calls
        if calls is None:
            return Forecast(None, times)
        choice = checked(dataset_of(exporter), exporter.options, self.runs.clock().date())
        if not isinstance(choice, EntityChoice):
            return Forecast(calls, times)
        if choice.mode is Mode.REPLACE:
            # Beside the rows, once a day, when the books were closed.
            often = min(times, MONTH.days) if tells_closed_books(choice) else 0
            return Forecast(calls, times, often, calls + len(exporter.connection_ids))
        return self._of_update(exporter, choice, calls, times)

    def _of_update(
        self, exporter: Exporter, choice: EntityChoice, calls: int, times: int
    ) -> Forecast:
        """What changed, its rows and the closing date, of each company; and once in some days
        everything.
        """
        limits, companies = self.exports.limits, len(exporter.connection_ids)
        pages = calls if self._of_last_run(exporter) is None else self._pages(exporter)
        # Beside the pages, what was deleted and when the books were closed.
        whole = max(calls, pages + 2 * companies)
        if choice.first is not None or choice.entity.entity in WITHOUT_CDC | ALONE:
            return Forecast(whole, times)
        often = (
            MONTH.days if self._is_of_its_day(exporter, choice) else -(-MONTH // limits.reconcile)
        )
        often = min(times, often)
        return Forecast(min(calls, CHANGES * companies), times, often, whole)

    def _pages(self, exporter: Exporter) -> int:
        """Of everything that was read, however little of it is in the table."""
        last: Mapping[str, Any] = exporter.last_run or {}
        sent = [mark.records for mark in self.runs.left_by(exporter, last["run_id"]).values()]
        known = [records for records in sent if records is not None]
        whole = known if known and len(known) == len(sent) else [int(last["rows"] or 0)]
        return sum(paging.calls(records, self.exports.limits.page) for records in whole)

    def _is_of_its_day(self, exporter: Exporter, choice: EntityChoice) -> bool:
        """Whether its filters mean another thing each day: the first run of one reads all. What
        stands in a cell is the same tomorrow.
        """
        today = self.runs.clock().date()
        then = checked(
            dataset_of(exporter), exporter.options, today + timedelta(days=1), example=today
        )
        return isinstance(then, EntityChoice) and then.tests != choice.tests

    def _of_last_run(self, exporter: Exporter) -> int | None:
        last = exporter.last_run
        if last is None or last["state"] not in (runs.SENT, runs.APPLIED):
            return None
        return self.runs.calls_of(last["run_id"])
