"""Exports: choices checked, QuickBooks read in steps, operations for the sheet handed out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from counterfoil.core import blocks
from counterfoil.core.authority import NEEDS, Action
from counterfoil.core.datasets import Dataset, Entity
from counterfoil.core.dates import zone
from counterfoil.core.errors import (
    AppError,
    BadRequest,
    BlockNeeded,
    BudgetSpent,
    CellsNeeded,
    CursorExpired,
    ExporterFrozen,
    ExporterPaused,
    NotFound,
    RunInProgress,
    ServiceUnavailable,
)
from counterfoil.core.occasions import Occasion
from counterfoil.core.people import Connection, Sheet, User
from counterfoil.core.quiet import Shared
from counterfoil.flows import runs
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.choices import Choice, ReportChoice, allowed, checked, chosen
from counterfoil.flows.cursors import Cursor, Cursors
from counterfoil.flows.entity_read import Limits
from counterfoil.flows.estimates import Estimate, added, of_entity, of_report
from counterfoil.flows.exporters import ENTITY, REPORT, Exporter, Exporters, Listed
from counterfoil.flows.freezing import check_thawed
from counterfoil.flows.moving import given_cells
from counterfoil.flows.ports import (
    AccessTokens,
    Clock,
    PageReader,
    QuickBooks,
    Reach,
    Records,
    Sealer,
)
from counterfoil.flows.previews import Preview, of_the_first, only_entities, preview_of, shown_of
from counterfoil.flows.run_leases import RunLeases
from counterfoil.flows.runs import Runs
from counterfoil.flows.saved import check_country, dataset_of, may_run, resting
from counterfoil.flows.schedules import Schedules
from counterfoil.flows.several import (
    Part,
    check_ids,
    check_several,
    chosen_companies,
    parts_of,
    told_apart,
)
from counterfoil.flows.shared_calls import MOST_TOGETHER, PRESS, wanted_by
from counterfoil.flows.stepper import Stepper
from counterfoil.flows.steps import Going, Step
from counterfoil.flows.updates import Update, begun, gone_on, of_company

_NO_CELLS: Mapping[str, str | None] = {}


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a run of an exporter does beyond its options."""

    take_over: bool = False
    replace: bool = False
    tidy_up: bool = False
    scheduled: bool = False
    together: Sequence[str] = ()  # exporters that the same press runs behind it
    after: str | None = None  # a run before it, of the same press


_AS_IT_IS = _Wish()


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
    ) -> Step:
        """The first step of a new export, which reads the `others` as well. Nothing is asked or
        stored before all is checked.

        Raises BadRequest, CellsNeeded, NotFound, Forbidden, and what a run can end with:
        ReconnectRequired, ConnectionPaused, ConnectionSuspect, QuickBooksBusy, QuickBooksRejected,
        IncompleteRead, ExportTooLarge, ReportTooLarge. A run that raised has written nothing.
        """
        parts, occasion = self._checked(
            user, sheet, (connection_id, *others), dataset, options, cells
        )
        exporter = self._exporters.create(
            user,
            sheet,
            kind=ENTITY if isinstance(dataset, Entity) else REPORT,
            dataset=dataset.key,
            connection_ids=(connection_id, *others),
            options=parts[0].choice.options,
            tab=blocks.safe_title(tab or dataset.title),
        )
        return self._begin(user, sheet, parts, exporter, occasion)

    def estimate(
        self,
        user: User,
        sheet: Sheet,
        *,
        connection_id: str,
        others: Sequence[str] = (),
        dataset: Dataset,
        options: Mapping[str, Any],
        cells: Mapping[str, str | None] = _NO_CELLS,
    ) -> Estimate:
        """What `start` with the same choices would bring and cost. Nothing is kept but the calls.

        Raises as `start` does, before anything is read.
        """
        parts, _ = self._checked(user, sheet, (connection_id, *others), dataset, options, cells)
        choice = parts[0].choice
        if isinstance(choice, ReportChoice):
            return of_report(choice)
        limits = self.limits
        found: list[Estimate] = []
        for part in parts:
            with self._stepper.once(user, part.connection) as company:
                estimate = of_entity(
                    company,
                    part.entity,
                    max_cells=limits.max_cells,
                    in_order=limits.cells_in_order,
                    page=limits.page,
                )
            found.append(estimate)
        return added(found, parts[0].entity)

    def preview(
        self,
        user: User,
        sheet: Sheet,
        *,
        connection_id: str,
        others: Sequence[str] = (),
        dataset: Dataset,
        options: Mapping[str, Any],
        cells: Mapping[str, str | None] = _NO_CELLS,
    ) -> Preview:
        """The first rows that `start` with the same choices would bring, without secrets.

        Raises as `start` does; BadRequest for a report. Nothing is kept but the call.
        """
        parts, occasion = self._checked(
            user, sheet, (connection_id, *others), dataset, options, cells
        )
        first = parts[0]
        if isinstance(first.choice, ReportChoice):
            raise only_entities()
        shown, stepper = shown_of(first.entity), self._stepper
        with stepper.once(user, first.connection) as company:
            read = stepper.reader(shown, occasion.zone)
            preview = preview_of(company, shown, read, page=self.limits.page)
        return preview if len(parts) == 1 else of_the_first(preview, first.name)

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
        together: Sequence[str] = (),
        after: str | None = None,
    ) -> Step:
        """The first step of another run of an exporter of this spreadsheet; `block` is what stands
        in the table, which an update must know (core.standing).

        Raises as `start`, ExporterPaused when its author may no longer edit, BlockNeeded where
        `block` (report_standing) is, and RunInProgress while another run of it is alive; with
        `take_over` a parked one ends instead. With `replace` it takes the block as people left it,
        of which the log tab keeps a copy; with `tidy_up` lines of a report that are gone leave.
        What stops a `scheduled` one, before it began too, is noted with its schedule. Exporters
        that one press runs share a call: `together` are those behind it, `after` a run before it.
        """
        exporter = self._exporters.of(sheet, exporter_id)
        by_schedule = bool(scheduled and exporter.plan and exporter.run_as == user.sub)
        wish = _Wish(take_over, replace, tidy_up, by_schedule, together, after)
        if not by_schedule:
            return self._again(user, sheet, exporter, wish, cells, block)
        try:
            return self._again(user, sheet, exporter, wish, cells, block)
        except (CellsNeeded, BlockNeeded, ExporterFrozen):
            raise  # the add-on asks once more, with what stands there; frozen is no failure
        except AppError as error:
            if not error.details.get("ended"):
                self._schedules.missed(exporter, error.code)
            raise

    def _again(
        self,
        user: User,
        sheet: Sheet,
        exporter: Exporter,
        wish: _Wish,
        cells: Mapping[str, str | None],
        block: Mapping[str, Any] | None,
    ) -> Step:
        zone(sheet.zone)
        connections = may_run(user, exporter, self.connections, self._exporters)
        # Only a member is told who froze it.
        check_thawed(self.records, exporter, sheet)
        given = given_cells(exporter.options, cells)
        dataset = dataset_of(exporter)
        parts, occasion = self._parts(sheet, connections, dataset, exporter.options, given)
        choice = parts[0].choice
        _check_block(exporter, choice, block)
        update = begun(exporter, choice, block)
        if update and update.told:
            of_company(self._runs.companies_of(exporter, update.told.run), parts[0].connection.id)
        if wish.scheduled:
            self._within_budget(user, [part.connection for part in parts])
        shared = self._shared(user, sheet, parts[0].connection, wish) if update else None
        return self._begin(user, sheet, parts, exporter, occasion, wish, block, update, shared)

    def _shared(self, user: User, sheet: Sheet, connection: Connection, wish: _Wish) -> Shared:
        """With the other runs of the press that began this one."""
        others = []
        for id in wish.together[:MOST_TOGETHER]:
            with contextlib.suppress(NotFound):
                other = self._exporters.of(sheet, id)
                others.append(wanted_by(other, connection.id, self._runs.left_by, self.clock()))
        told = self._runs.quiet_of(user, sheet, wish.after, PRESS) if wish.after else None
        return Shared(connection.id, tuple(it for it in others if it), told)

    def resume(
        self,
        user: User,
        sheet: Sheet,
        cursor: str,
        *,
        block: Mapping[str, Any] | None = None,
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
        choices = [chosen(dataset, exporter.options, each) for each in held.occasions]
        update: Update | None = None
        if exporter.revision == held.revision:
            _check_block(exporter, choices[0], block)
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
        parts = parts_of(connections, choices, [each["name"] for each in held.companies])
        return self._stepper.step(
            Going(
                *(user, sheet, parts, exporter, run, held),
                resumable=True,
                block=block,
                update=update,
            )
        )

    def park(self, user: User, sheet: Sheet, run_id: str, *, wait_s: int) -> None:
        """The run waits for its next trigger: others are told when it goes on, and may take it
        over. Raises NotFound, CursorExpired when it is over, and ScheduleStopped, which ends it,
        when a scheduled one has used up its triggers.
        """
        run = self._runs.of(user, sheet, run_id)
        if run.scheduled and run.state in (runs.RUNNING, runs.SENT):
            self._schedules.parked(self._exporters.of(sheet, run.exporter_id), run, self._end)
        until = self.clock() + timedelta(seconds=wait_s)
        alive = run.state in (runs.RUNNING, runs.SENT)
        if not alive or not self._leases.park(run.exporter_id, run.id, until):
            raise CursorExpired("This run is over. Please export again.")

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
        """What became of a run in the sheet: counts and codes only. Repeating it changes nothing.

        Raises NotFound for a foreign run, BadRequest for one applied before it was sent.
        """
        run = self._runs.of(user, sheet, run_id)
        if run.state in (runs.APPLIED, runs.FAILED):
            return
        if applied and run.state != runs.SENT:
            raise BadRequest("This run has not been sent completely.")
        ended = (
            self._runs.applied(run, rows_seen, code)
            if applied
            else self._runs.failed(run, runs.safe_code(code), operation=failed_operation)
        )
        self._leases.release(run.exporter_id, run.id, swept=applied)
        self._stepper.note(self._exporters.of(sheet, run.exporter_id), ended)

    def _end(self, exporter: Exporter, run: runs.Run, code: str) -> None:
        ended = self._runs.failed(run, code)
        self._leases.release(exporter.id, run.id, swept=False)
        self._stepper.note(exporter, ended)

    def _within_budget(self, user: User, connections: Sequence[Connection]) -> None:
        budgets = self.budgets
        if budgets and not all(
            budgets.schedules_may_run(each.realm_id, user.sub) for each in connections
        ):
            raise BudgetSpent(
                "Nine tenths of this month's calls of QuickBooks are used up, so schedules wait "
                "until next month. You can still run exports yourself."
            )

    def in_sheet(self, sheet: Sheet) -> list[Listed]:
        """The exporters of a spreadsheet, newest first."""
        return self._exporters.in_sheet(sheet)

    def alive(self, exporter_id: str) -> Mapping[str, str | None] | None:
        """Whose run of an exporter of this spreadsheet is alive: `by`, `since`, `goes_on_at`."""
        return self._leases.alive(exporter_id)

    def _begin(
        self,
        user: User,
        sheet: Sheet,
        parts: tuple[Part, ...],
        exporter: Exporter,
        occasion: Occasion,
        wish: _Wish = _AS_IT_IS,
        block: Mapping[str, Any] | None = None,
        update: Update | None = None,
        shared: Shared | None = None,
    ) -> Step:
        run_id = runs.new_id()
        turn = self._leases.take(exporter.id, run_id, user, sheet, take_over=wish.take_over)
        try:
            for each in turn.dead:
                self._runs.abandon(each)
            if not exporter.is_new:  # whoever freezes it looks for this lease, after that mark
                check_thawed(self.records, self._exporters.again(exporter), sheet)
            run = self._runs.begin(
                *(run_id, user, sheet, exporter),
                companies=[part.connection.id for part in parts],
                scheduled=wish.scheduled,
            )
        except (ServiceUnavailable, ExporterFrozen, NotFound):
            with contextlib.suppress(ServiceUnavailable):  # or it runs out by itself
                self._leases.release(exporter.id, run_id, swept=False)
            raise
        cursor = Cursor(
            run_id=run.id,
            fence=turn.fence,
            exporter_id=exporter.id,
            revision=exporter.revision,
            companies=[
                {
                    "id": part.connection.id,
                    "name": part.name,
                    "fiscal_month": part.connection.fiscal_month,
                }
                for part in parts
            ],
            zone=sheet.zone,
            day=occasion.day.isoformat(),
            cells=occasion.cells or {},
            is_new=exporter.is_new or (update is not None and update.is_gone),
            replace=wish.replace,
            tidy_up=wish.tidy_up,
            calls=0,
            setbacks=0,
            pauses=0,
            drops=turn.dead,
            position=None,
            update=update.as_cursor() if update else None,
        )
        return self._stepper.step(
            Going(
                *(user, sheet, parts, exporter, run, cursor),
                resumable=False,
                block=block,
                update=update,
                shared=shared,
            )
        )

    def _checked(
        self,
        user: User,
        sheet: Sheet,
        connection_ids: Sequence[str],
        dataset: Dataset,
        options: Mapping[str, Any],
        cells: Mapping[str, str | None],
    ) -> tuple[tuple[Part, ...], Occasion]:
        """What is asked for, before anything outside is."""
        day = self.clock().astimezone(zone(sheet.zone)).date()
        choice = checked(dataset, options, day)
        check_ids(connection_ids)
        check_several(choice, len(connection_ids))
        given = given_cells(choice.options, cells)
        connections = [
            self.connections.reachable(user, id, NEEDS[Action.EXPORT]) for id in connection_ids
        ]
        for connection in connections:
            check_country(dataset, connection)
            allowed(choice, connection.role)
        return self._parts(sheet, connections, dataset, choice.options, given)

    def _parts(
        self,
        sheet: Sheet,
        connections: Sequence[Connection],
        dataset: Dataset,
        options: Mapping[str, Any],
        given: Mapping[str, str | None],
    ) -> tuple[tuple[Part, ...], Occasion]:
        """What each company brings, and the occasion of the first."""
        now, where = self.clock(), zone(sheet.zone)
        occasion = Occasion.at(now, where, connections[0].fiscal_month, given)
        read = chosen_companies(connections, options, occasion)
        occasions = [Occasion.at(now, where, each.fiscal_month, given) for each in read]
        choices = [chosen(dataset, options, each) for each in occasions]
        return parts_of(read, choices, told_apart(read)), occasions[0]

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


def _check_block(exporter: Exporter, choice: Choice, block: Mapping[str, Any] | None) -> None:
    """Raises BlockNeeded where lines are to keep their places in a block that was not told of."""
    if block is not None or exporter.is_new:
        return
    if isinstance(choice, ReportChoice) and choice.is_keyed:
        raise BlockNeeded(
            "This export keeps to the lines that are in the sheet. Please reload the sidebar, and "
            "run it again.",
            block=exporter.block,
            lines=True,
        )
