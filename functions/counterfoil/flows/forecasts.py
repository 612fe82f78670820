"""What a schedule will cost before it is saved: calls of QuickBooks per run, and in a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.core.people import Sheet, User
from counterfoil.core.schedules import most_in_a_month, parsed
from counterfoil.flows import runs
from counterfoil.flows.export import Exports
from counterfoil.flows.exporters import Exporter
from counterfoil.flows.runs import Runs
from counterfoil.flows.saved import SavedExports, dataset_of


@dataclass(frozen=True, slots=True)
class Forecast:
    """`calls` of a run: those of the last one, or about as many as its size asks for; None where
    it has not run, and nobody counted. `runs` in a month of 31 days.
    """

    calls: int | None
    runs: int

    def as_json(self) -> dict[str, int | None]:
        month = None if self.calls is None else self.calls * self.runs
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
            first, *others = exporter.connection_ids
            estimate = self.exports.estimate(
                user,
                sheet,
                connection_id=first,
                others=others,
                dataset=dataset_of(exporter),
                options=exporter.options,
                cells=cells,
            )
            calls = estimate.calls
        return Forecast(calls, times)

    def _of_last_run(self, exporter: Exporter) -> int | None:
        last = exporter.last_run
        if last is None or last["state"] not in (runs.SENT, runs.APPLIED):
            return None
        return self.runs.calls_of(last["run_id"])
