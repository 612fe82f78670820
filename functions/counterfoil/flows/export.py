"""Exports: choices checked, QuickBooks read in steps, operations for the sheet handed out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from counterfoil.core.authority import NEEDS, Action
from counterfoil.core.consolidation_tabs import Tabs
from counterfoil.core.datasets import Dataset
from counterfoil.core.errors import (
    CursorExpired,
    ExporterFrozen,
    ExporterPaused,
    RunInProgress,
)
from counterfoil.core.people import Sheet, User
from counterfoil.flows import runs
from counterfoil.flows.asking import Asked, Asking
from counterfoil.flows.beginning import Beginning, Wish
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.choices import chosen
from counterfoil.flows.closed_books import ClosingDates
from counterfoil.flows.cursors import Cursors
from counterfoil.flows.estimates import Estimate
from counterfoil.flows.exporter_records import Contents
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.exporters_listed import Listed
from counterfoil.flows.frozen import check_thawed
from counterfoil.flows.given_tabs import tabs_for
from counterfoil.flows.limits import Limits
from counterfoil.flows.looking_ahead import LookingAhead
from counterfoil.flows.ports import (
    AccessTokens,
    Clock,
    PageReader,
    QuickBooks,
    Reach,
    Records,
    Sealer,
)
from counterfoil.flows.previews import Preview
from counterfoil.flows.rerun import FromSheet, Rerun, check_block
from counterfoil.flows.run_ends import RunEnds
from counterfoil.flows.run_leases import RunLeases
from counterfoil.flows.runs import Runs
from counterfoil.flows.saved import dataset_of, resting
from counterfoil.flows.schedules import Schedules
from counterfoil.flows.several import one_calendar, parts_of
from counterfoil.flows.stepper import Stepper
from counterfoil.flows.steps import Going, Step
from counterfoil.flows.updates import Update, gone_on

_NO_CELLS: Mapping[str, str | None] = {}


@dataclass(frozen=True, slots=True)
class Exports:
    """`budgets` is None where nothing is limited: in benchmarks of raw speed."""

    records: Records
    sealer: Sealer
    connections: Reach
    tokens: AccessTokens
    quickbooks: QuickBooks
    page_reader: PageReader
    clock: Clock
    budgets: Budgets | None
    limits: Limits = field(default_factory=Limits)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def start(
        self,
        user: User,
        sheet: Sheet,
        *,
        connection_id: str,
        others: Sequence[str] = (),
        dataset: Dataset,
        options: Mapping[str, Any],
        tab: str | None,
        cells: Mapping[str, str | None] = _NO_CELLS,
        tabs: Tabs | None = None,
    ) -> Step:
        """The first step of a new export, which reads the `others` as well. Nothing is asked or
        stored before all is checked.

        Raises BadRequest, CellsNeeded, NotFound, Forbidden, TabsNeeded and RatesNeeded where
        `tabs` that people fill in are read, and what a run can end with:
        ReconnectRequired, ConnectionPaused, ConnectionSuspect, QuickBooksBusy, QuickBooksRejected,
        IncompleteRead, ExportTooLarge, ReportTooLarge. A run that raised has written nothing.
        """
        asked = Asked((connection_id, *others), dataset, options, cells)
        parts, occasion = self._asking.new(user, sheet, asked)
        held = tabs_for(parts, tabs)
        contents = Contents.of(
            dataset, asked.connection_ids, parts[0].choice.options, tab or dataset.title
        )
        drafted = self._exporters.draft(user, sheet, contents)
        return self._beginning.first(user, sheet, parts, drafted, occasion, tabs=held)

    def estimate(self, user: User, sheet: Sheet, asked: Asked) -> Estimate:
        """What `start` with the same choices would bring and cost. Nothing is kept but the calls.

        Raises as `start` does, before anything is read.
        """
        parts, _ = self._asking.new(user, sheet, asked)
        return self._ahead.estimate(user, parts)

    def preview(self, user: User, sheet: Sheet, asked: Asked) -> Preview:
        """The first rows that `start` with the same choices would bring, without secrets.

        Raises as `start`; BadRequest for a report made of several. Only the calls are kept.
        """
        parts, occasion = self._asking.new(user, sheet, asked)
        return self._ahead.preview(user, parts, occasion)

    def again(
        self,
        user: User,
        sheet: Sheet,
        exporter_id: str,
        *,
        take_over: bool = False,
        replace: bool = False,
        scheduled: bool = False,
        tidy_up: bool = False,
        cells: Mapping[str, str | None] = _NO_CELLS,
        block: Mapping[str, Any] | None = None,
        tabs: Tabs | None = None,
        together: Sequence[str] = (),
        after: str | None = None,
    ) -> Step:
        """The first step of another run of an exporter of this spreadsheet; `block` is what stands
        in the table, which an update must know (core.standing).

        Raises as `start`, ExporterPaused when its author may no longer edit, BlockNeeded where
        `block` (report_standing) is, and RunInProgress while another run of it is alive; with
        `take_over` a parked one ends instead. With `replace` it takes the block as people left it,
        of which a tab keeps a copy; with `tidy_up` lines of a report that are gone leave.
        What stops a `scheduled` one, before it began too, is noted with its schedule. Exporters
        that one press runs share a call: `together` are those behind it, `after` a run before it.
        """
        exporter = self._exporters.of(sheet, exporter_id)
        by_schedule = bool(scheduled and exporter.plan and exporter.run_as == user.sub)
        wish = Wish(take_over, replace, tidy_up, by_schedule, together, after)
        return self._rerun.run(user, sheet, exporter, wish, FromSheet(cells, block, tabs))

    def resume(
        self,
        user: User,
        sheet: Sheet,
        cursor: str,
        *,
        block: Mapping[str, Any] | None = None,
        tabs: Tabs | None = None,
    ) -> Step:
        """The next step of a run. Repeated, it fills the same cells. `block` as for `again`.

        Raises NotFound for a cursor that is foreign or tampered with, CursorExpired,
        RunInProgress when somebody took it over, and as `start`. The details of an error that
        ended the run say so, and the writer drops its stage; after any other, ServiceUnavailable
        for one, the same cursor may be handed in again.
        """
        held = self._cursors.opened(user, sheet, cursor)
        connections = [
            self.connections.reachable(user, each["id"], NEEDS[Action.RUN])
            for each in held.companies
        ]
        run = self._runs.of(user, sheet, held.run_id)
        if run.state in (runs.APPLIED, runs.FAILED):
            raise runs.ended(CursorExpired("This run is over. Please export again."), run.id)
        exporter = self._exporters.of(sheet, held.exporter_id)
        dataset = dataset_of(exporter)
        occasions = one_calendar(exporter.options, held.occasions)
        choices = [chosen(dataset, exporter.options, each) for each in occasions]
        parts = parts_of(connections, choices, [each["name"] for each in held.companies])
        update: Update | None = None
        told: Tabs = {}
        if exporter.revision == held.revision:
            told = tabs_for(parts, tabs)
            check_block(exporter, choices[0], block)
            update = gone_on(exporter, choices[0], held.update, block)
            held = replace(held, is_new=held.is_new or bool(update and update.is_gone))
        try:
            if exporter.revision != held.revision:
                raise CursorExpired("This export was changed during the run. Please export again.")
            if exporter.paused:
                raise resting(exporter.paused)
            check_thawed(self.records, exporter, sheet)
            self._leases.renew(exporter.id, run.id, user, sheet)
        except (CursorExpired, ExporterPaused, ExporterFrozen, RunInProgress) as error:
            raise runs.ended(error, run.id, exporter.id) from None
        return self._stepper.step(
            Going(
                *(user, sheet, parts, exporter, run, held),
                resumable=True,
                block=block,
                update=update,
                tabs=told,
            )
        )

    def park(self, user: User, sheet: Sheet, run_id: str, *, wait_s: int) -> None:
        """Raises as RunEnds.park."""
        self._ends.park(user, sheet, run_id, wait_s=wait_s)

    def acknowledge(
        self,
        user: User,
        sheet: Sheet,
        run_id: str,
        *,
        applied: bool,
        rows_seen: int | None = None,
        failed_operation: int | None = None,
        code: str | None = None,
    ) -> None:
        """Raises as RunEnds.acknowledge."""
        self._ends.acknowledge(
            *(user, sheet, run_id),
            applied=applied,
            rows_seen=rows_seen,
            failed_operation=failed_operation,
            code=code,
        )

    def in_sheet(self, sheet: Sheet) -> list[Listed]:
        """The exporters of a spreadsheet, newest first."""
        return self._exporters.in_sheet(sheet)

    def alive(self, exporter_id: str) -> Mapping[str, str | None] | None:
        """Whose run of an exporter of this spreadsheet is alive: `by`, `since`, `goes_on_at`."""
        return self._leases.alive(exporter_id)

    @property
    def _asking(self) -> Asking:
        return Asking(self.connections, self.clock)

    @property
    def _ahead(self) -> LookingAhead:
        return LookingAhead(self._stepper, self.limits)

    @property
    def _beginning(self) -> Beginning:
        return Beginning(self._stepper)

    @property
    def _rerun(self) -> Rerun:
        return Rerun(
            self.records,
            self.connections,
            self._asking,
            self._beginning,
            self._schedules,
            self.budgets,
        )

    @property
    def _ends(self) -> RunEnds:
        return RunEnds(self._stepper, self._schedules)

    @property
    def _stepper(self) -> Stepper:
        return Stepper(
            exporters=self._exporters,
            runs=self._runs,
            leases=self._leases,
            cursors=self._cursors,
            tokens=self.tokens,
            quickbooks=self.quickbooks,
            page_reader=self.page_reader,
            clock=self.clock,
            budgets=self.budgets,
            limits=self.limits,
            closing_dates=ClosingDates(self.records, self.clock),
            monotonic=self.monotonic,
            sleep=self.sleep,
        )

    @property
    def _exporters(self) -> Exporters:
        return Exporters(self.records, self.sealer, self.clock)

    @property
    def _runs(self) -> Runs:
        return Runs(self.records, self.clock)

    @property
    def _schedules(self) -> Schedules:
        return Schedules(self._exporters, self.connections)

    @property
    def _leases(self) -> RunLeases:
        return RunLeases(self.records, self.clock)

    @property
    def _cursors(self) -> Cursors:
        return Cursors(self.sealer, self.clock)
