"""What an update does first: it asks what changed, or learns that everything has to be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from counterfoil.core.pages import Page
from counterfoil.core.quiet import Shared
from counterfoil.core.watermarks import Watermark
from counterfoil.flows.changed_read import ChangedRead, Found, Whole
from counterfoil.flows.choices import EntityChoice
from counterfoil.flows.closed_books import closing_date
from counterfoil.flows.estimates import check_cells
from counterfoil.flows.exporters import Exporter
from counterfoil.flows.ports import Company
from counterfoil.flows.update_columns import update_columns
from counterfoil.flows.updates import Update, scope_of, why_whole


@dataclass(frozen=True, slots=True)
class Turn:
    """`found` with the watermark of the run `base` before it; without, `update` says why."""

    update: Update
    found: Found | None = None
    mark: Watermark | None = None
    base: str = ""

    @property
    def of_changes(self) -> tuple[Found, Watermark]:
        if self.found is None or self.mark is None:
            raise ValueError("everything has to be read")
        return self.found, self.mark


@dataclass(frozen=True, slots=True)
class Turns:
    """`left_by` tells the watermark of a run of the exporter."""

    choice: EntityChoice
    exporter: Exporter
    zone: str
    replace: bool
    left_by: Callable[[Exporter, str], Watermark | None]
    read_page: Callable[[bytes], Page]
    now: datetime
    reconcile: timedelta
    max_cells: int
    monotonic: Callable[[], float]
    shared: Shared | None = None

    def taken(self, company: Company, update: Update) -> Turn:
        """One call where nothing changed. Raises ExportTooLarge, and what a call raises."""
        told = update.told
        mark = self.left_by(self.exporter, told.run) if told else None
        why = why_whole(
            update,
            self.choice,
            mark,
            scope_of(self.exporter, self.choice, self.zone),
            self.now,
            self.reconcile,
            replace=self.replace,
        )
        if isinstance(why, Whole):
            return Turn(update.whole(why, self._closing_date(company)))
        if told is None or mark is None or mark.since is None:
            raise ValueError("without a table and a mark everything is read")
        reading = ChangedRead(self.choice, told, mark, mark.since, self.read_page, self.monotonic)
        found = reading.read(company, why, self.shared)
        if isinstance(found, Whole):
            return Turn(update.whole(found, self._closing_date(company)))
        check_cells(self.choice, found.rows_after, self.max_cells)
        closed = None if found.is_nothing else self._closing_date(company)
        return Turn(replace(update, closed=closed), found, mark, told.run)

    def _closing_date(self, company: Company) -> date | None:
        """Where rows have a date that the table shows."""
        return closing_date(company) if update_columns(self.choice).day else None
