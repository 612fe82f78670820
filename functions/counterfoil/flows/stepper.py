"""A run, step by step: reads what one step may carry and says what the sheet does with it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from counterfoil.core import blocks, faults, filters, operations
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.custom_types import FieldTypes
from counterfoil.core.dates import in_sheet, zone
from counterfoil.core.digest import Digest
from counterfoil.core.errors import (
    AppError,
    ConnectionBusy,
    QuickBooksBusy,
    ReconnectRequired,
    ServiceUnavailable,
)
from counterfoil.core.operations import EncodedRows
from counterfoil.core.pages import Body, Page
from counterfoil.core.people import Connection, User
from counterfoil.core.report_standing import standing_of
from counterfoil.flows.all_turns import AllTurns, StepTurns
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.chosen import EntityChoice, ReportChoice
from counterfoil.flows.closed_books import Closed, ClosingDates
from counterfoil.flows.company_pace import month_blocked
from counterfoil.flows.company_turns import CompanyTurns
from counterfoil.flows.consolidated_read import consolidated, titled
from counterfoil.flows.consolidating import Consolidation
from counterfoil.flows.cursors import Cursors
from counterfoil.flows.entity_reading import EntityReading
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.flights import busy as key_busy
from counterfoil.flows.kept_basis import on_basis, told_basis
from counterfoil.flows.limits import Limits
from counterfoil.flows.named_steps import with_names
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import AccessTokens, Clock, Company, PageReader, QuickBooks
from counterfoil.flows.report_parts import Narrower
from counterfoil.flows.report_read import laid_out, report_read
from counterfoil.flows.run_leases import RunLeases
from counterfoil.flows.runs import Runs
from counterfoil.flows.several import Part, called, layout_of, named
from counterfoil.flows.step_ends import StepEnds
from counterfoil.flows.steps import Going, Step
from counterfoil.flows.turns import Turn, Turns
from counterfoil.flows.update_columns import tells_closed_books
from counterfoil.flows.update_proofs import of_changes, of_whole
from counterfoil.flows.update_read import laid, patched
from counterfoil.flows.updates import Of, Update, watermark

# Refused steps in a row after which a run gives up.
MOST_SETBACKS = 2
# As many pauses of a minute tell Intuit's throttle from its block, which ends with the month.
MOST_PAUSES = 2


@dataclass(frozen=True, slots=True)
class Stepper:
    """`budgets` is None where nothing is limited."""

    exporters: Exporters
    runs: Runs
    leases: RunLeases
    cursors: Cursors
    tokens: AccessTokens
    quickbooks: QuickBooks
    page_reader: PageReader
    clock: Clock
    budgets: Budgets | None
    limits: Limits
    closing_dates: ClosingDates
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def ends(self) -> StepEnds:
        return StepEnds(self.exporters, self.runs, self.leases, self.cursors, self.clock)

    def step(self, going: Going) -> Step:
        """Reads as far as one step goes.

        What it raises has ended the run, nothing written, and says so in its details: all but
        ServiceUnavailable, after which a cursor that the writer holds can be handed in again.
        """
        sweeps = tuple(map(operations.drop_stage, going.cursor.drops))
        going = replace(going, cursor=replace(going.cursor, drops=()))
        turns = self._turns_of(going)
        went_well = False
        try:
            made = self._made(going, turns)
            went_well = made.cursor is None or bool(made.operations)
            return replace(made, operations=(*sweeps, *made.operations))
        finally:
            answered = turns.close(went_well=went_well)
            if answered and self.budgets:
                with contextlib.suppress(ServiceUnavailable):  # the next answer lifts it
                    self.budgets.lift()

    @contextlib.contextmanager
    def once(self, user: User, connection: Connection) -> Iterator[Company]:
        """The company for a call that belongs to no run, within the same pace and budgets."""
        turns = self._turns(user, connection, long=False, many=1)
        went_well = False
        try:
            yield turns.of(connection)
            went_well = True
        finally:
            turns.close(went_well=went_well)

    def _made(self, going: Going, turns: StepTurns) -> Step:
        try:
            if isinstance(going.choice, EntityChoice):
                # Kept, also where the step ends before its page.
                going = with_names(going, turns, self.runs.left_by)
                return self._entity_step(going, turns)
            return self._report_step(going, going.choice, turns)
        except Waiting as waiting:
            return self.ends.paused(going, turns, waiting.whole_s, going.cursor)
        except Narrower as found:
            narrower = replace(going.cursor, setbacks=0, pauses=0, position=found.position)
            return self.ends.paused(going, turns, found.wait_s, narrower)
        except (QuickBooksBusy, ConnectionBusy) as busy:
            if going.cursor.setbacks < MOST_SETBACKS:
                return self.ends.set_back(going, turns, busy)
            error = _given_up(busy)
            if self.budgets and faults.is_throttle(busy) and going.cursor.pauses >= MOST_PAUSES:
                whose = turns.connection
                error = month_blocked(self.budgets.block(whose.realm_id, whose.id))
            self.ends.fail(going, turns, error)
            raise error from busy
        except ReconnectRequired as error:
            if turns.replaced_after(error) and going.cursor.setbacks < MOST_SETBACKS:
                return self.ends.set_back(going, turns, key_busy())
            self.ends.fail(going, turns, error)
            raise
        except AppError as error:
            if not (going.resumable and isinstance(error, ServiceUnavailable)):
                self.ends.fail(going, turns, error)
            raise

    def _turns_of(self, going: Going) -> StepTurns:
        """One company after the other; all at once for a report of them all, and to ask each what
        changed.
        """
        asks = going.update is not None and not going.update.is_settled
        long, many = going.cursor.position is not None, self.limits.calls_per_step(going.choice)
        if going.group is None and not (asks and len(going.parts) > 1):
            return self._turns(going.user, going.connection, long=long, many=many)
        return AllTurns(
            lambda each: self._turns(going.user, each, long=long, many=many),
            [part.connection for part in going.parts],
        )

    def _turns(self, user: User, connection: Connection, *, long: bool, many: int) -> CompanyTurns:
        turns = CompanyTurns(
            user,
            self.tokens,
            self.quickbooks,
            self.budgets,
            long,
            many,
            self.monotonic,
            self.sleep,
        )
        turns.of(connection)
        return turns

    def _entity_step(self, going: Going, turns: StepTurns) -> Step:
        choice = going.parts[0].entity
        layout = layout_of(going.parts)
        try:
            turn = self._turn(going, turns, going.update)
        except Waiting as waiting:
            if len(going.parts) == 1 or going.update is None:
                raise
            # Not all companies could be asked in one step: once more, and then page by page.
            cursor = replace(going.cursor, update=going.update.later().as_cursor())
            return self.ends.paused(going, turns, waiting.whole_s, cursor)
        if turn is not None and turn.changed:
            return self._changed(going, layout, turn, turns)
        update = turn.update if turn else going.update
        going = replace(
            going, cursor=replace(going.cursor, update=update.as_cursor() if update else None)
        )
        if turn is not None:  # with what an earlier run knew of names, by now
            going = with_names(going, turns, self.runs.left_by, anew=True)
        where = zone(going.cursor.zone)
        reading = EntityReading(
            going.parts,
            layout,
            Digest(going.exporter.digest_key),
            self.limits,
            lambda choice: self.reader(choice, where),
            self.monotonic,
        )
        if going.cursor.position is not None:
            reading.go_on_from(going.cursor.position)
        done = reading.advance(lambda part: turns.alone(part.connection))
        layout = reading.layout
        run_id = going.run.id
        staged = (
            blocks.staged_part(layout, done.rows, run_id, done.at)
            if done.rows.rows and (done.staged or not done.proof)
            else ()
        )
        if done.proof is None:
            cursor = replace(
                going.cursor,
                calls=going.cursor.calls + turns.calls,
                setbacks=0,
                pauses=0,
                position=reading.position(),
            )
            if going.cursor.position is None and not going.cursor.replace:
                # Before hundreds of pages are read for a block that cannot be written.
                target = self._target(going, 0)
                old = blocks.before(layout, target, reading.table.digest, keep=False)
                staged = (*old, *staged)
            return self.ends.unfinished(
                going, cursor, staged, done.wait_s, reading.records, reading.counted
            )
        target = self._target(going, reading.table.tally.rows, done.proof.first)
        surplus = done.staged - reading.table.tally.rows
        if surplus > 0:  # rows that are no more
            blank = EncodedRows.of([[""] * len(layout.columns)] * surplus)
            staged += blocks.staged_part(layout, blank, run_id, reading.table.tally.rows)
        rows = None if done.staged else done.rows
        table = reading.table
        closed = self._closed(going, turns)
        end = laid(going.parts, layout, target, table.digest, table.tally, rows, update, closed)
        told = of_whole(choice, done.proof, update, self.clock(), is_new=target.new)
        now = self.clock()
        left = {
            part.connection.id: watermark(
                going.exporter, _of(going, part), since, now, reading.types
            )
            for part, since in zip(going.parts, reading.complete_since, strict=True)
        }
        return self.ends.finished(going, (*staged, *end), told.proof, turns, told, left)

    def _turn(self, going: Going, turns: StepTurns, update: Update | None) -> Turn | None:
        """What an update finds out first: what changed, or that everything has to be read."""
        if update is None or update.is_settled:
            return None
        where = zone(going.cursor.zone)
        return Turns(
            parts=going.parts,
            exporter=going.exporter,
            zone=going.cursor.zone,
            replace=going.cursor.replace,
            left_by=self.runs.left_by,
            reader=lambda choice: self.reader(choice, where),
            now=self.clock(),
            reconcile=self.limits.reconcile,
            max_cells=self.limits.max_cells,
            monotonic=self.monotonic,
            closing_dates=self.closing_dates,
            shared=going.shared,
        ).taken(turns, update)

    def _changed(self, going: Going, layout: Layout, turn: Turn, turns: StepTurns) -> Step:
        """The table as it was, with what changed."""
        told = of_changes(turn, zone(going.cursor.zone))
        target = self._target(going, sum(each.found.rows_after for each in turn.changed))
        digest = Digest(going.exporter.digest_key)
        first = turn.changed[0]
        types = FieldTypes(first.part.entity.columns, first.mark.types)
        layout = types.shown(layout, first.part.connection.currency)
        made = patched(going.parts, layout, target, digest, turn)
        left = {
            it.part.connection.id: watermark(
                going.exporter, _of(going, it.part), it.found.until, it.mark.full_at, it.mark.types
            )
            for it in turn.changed
        }
        return self.ends.finished(going, made, told.proof, turns, told, left)

    def _closed(self, going: Going, turns: StepTurns) -> Closed:
        """When a table that is replaced can tell which of its changes are in closed books."""
        if going.cursor.is_new or not tells_closed_books(going.parts[0].entity):
            return ()
        return self.closing_dates.recent([part.connection for part in going.parts], turns.alone)

    def reader(self, choice: EntityChoice, zone: ZoneInfo) -> Callable[[Body], Page]:
        """What turns the body of a page into rows, and says which pass the filters."""
        read = self.page_reader(choice.entity, choice.columns, zone, choice.lines)
        return filters.matching(read, choice.entity, choice.local)

    def _consolidated_step(
        self, going: Going, choice: ReportChoice, chosen: Consolidation, turns: AllTurns
    ) -> Step:
        made = consolidated(
            going.parts,
            chosen,
            going.tabs,
            turns,
            going.cursor.position,
            in_flight=self.limits.in_flight,
        )
        read = laid_out(
            made.found,
            titled(choice),
            Digest(going.exporter.digest_key),
            company_name=named([part.connection for part in going.parts]),
            max_cells=self.limits.max_cells,
            standing=standing_of(going.block, going.exporter.digest_key) if going.block else None,
            tidy_up=going.cursor.tidy_up,
        )
        end = (*read.operations(self._target(going, read.rows.rows)), *made.tabs)
        return self.ends.finished(going, end, read.proof, turns)

    def _report_step(self, going: Going, choice: ReportChoice, turns: StepTurns) -> Step:
        if going.group is not None and isinstance(turns, AllTurns):
            return self._consolidated_step(going, choice, going.group, turns)
        connection = going.connection
        choice = on_basis(choice, going.exporter.bases.get(connection.id))
        read = report_read(
            turns.of(connection),
            choice,
            Digest(going.exporter.digest_key),
            company_name=connection.name,
            whose=connection.realm_id,
            max_cells=self.limits.max_cells,
            in_flight=self.limits.in_flight,
            position=going.cursor.position,
            standing=standing_of(going.block, going.exporter.digest_key) if going.block else None,
            tidy_up=going.cursor.tidy_up,
            today=going.cursor.occasions[0].today,
        )
        end = read.operations(self._target(going, read.rows.rows))
        told = told_basis(choice, read.basis)
        bases = {connection.id: told} if told else None
        return self.ends.finished(going, end, read.proof, turns, bases=bases)

    def _target(self, going: Going, rows: int, first: str = "") -> Target:
        now = self.clock()
        return Target(
            run=going.run.id,
            fence=going.cursor.fence,
            title=going.exporter.tab,
            note=blocks.note_text(
                going.title,
                named([part.connection for part in going.parts]),
                "\n".join(filter(None, (going.period, first))),
                now,
                zone(going.cursor.zone),
                rows,
                going.run.short,
            ),
            at=now.isoformat(timespec="seconds"),
            new=going.cursor.is_new,
            replace=going.cursor.replace,
            late=_late(going, now),
        )


def _of(going: Going, part: Part) -> Of:
    return Of(part.entity, called(going.parts), going.cursor.zone)


def _late(going: Going, now: datetime) -> tuple[tuple[int, int], tuple[int, int]] | None:
    plan, here = going.exporter.plan, zone(going.cursor.zone)
    if plan is None or plan.stopped is not None:
        return None
    return in_sheet(now, here), in_sheet(plan.late_from(now), here)


def _given_up(busy: AppError) -> AppError:
    if not faults.is_throttle(busy):
        return busy
    return QuickBooksBusy(
        "QuickBooks has refused this company's requests for several minutes. Other apps may be "
        "using up its limit, or this deployment's monthly allowance is spent: try again later, "
        "and tell whoever runs Counterfoil if it stays so.",
        **busy.details,
    )
