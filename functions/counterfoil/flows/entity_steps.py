"""A step of a list or of transactions, of one company or several: what changed, or pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from counterfoil.core import blocks, filters
from counterfoil.core.blocks import Layout
from counterfoil.core.custom_types import FieldTypes
from counterfoil.core.dates import zone
from counterfoil.core.digest import Digest
from counterfoil.core.operations import EncodedRows
from counterfoil.core.pages import Body, Page
from counterfoil.flows.all_turns import StepTurns
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.closed_books import Closed, ClosingDates
from counterfoil.flows.entity_reading import EntityReading
from counterfoil.flows.limits import Limits
from counterfoil.flows.named_steps import with_names
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import Clock, PageReader
from counterfoil.flows.runs import Runs
from counterfoil.flows.several import Part, called, layout_of
from counterfoil.flows.step_ends import StepEnds
from counterfoil.flows.step_targets import target_of
from counterfoil.flows.steps import Going, Step
from counterfoil.flows.turns import Turn, Turns
from counterfoil.flows.update_columns import tells_closed_books
from counterfoil.flows.update_proofs import of_changes, of_whole
from counterfoil.flows.update_read import laid, patched
from counterfoil.flows.updates import Of, Update, watermark


@dataclass(frozen=True, slots=True)
class EntitySteps:
    ends: StepEnds
    runs: Runs
    page_reader: PageReader
    clock: Clock
    limits: Limits
    closing_dates: ClosingDates
    monotonic: Callable[[], float]

    def step(self, going: Going, turns: StepTurns) -> Step:
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
                target = target_of(going, self.clock(), 0)
                old = blocks.before(layout, target, reading.table.digest, keep=False)
                staged = (*old, *staged)
            return self.ends.unfinished(
                going, cursor, staged, done.wait_s, reading.records, reading.counted
            )
        target = target_of(going, self.clock(), reading.table.tally.rows, done.proof.first)
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
        each = [proof for _, proof in done.proof.companies] or [done.proof]
        left = {
            part.connection.id: watermark(
                going.exporter, _of(going, part), since, now, reading.types, proof.sent
            )
            for part, since, proof in zip(going.parts, reading.complete_since, each, strict=True)
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
        target = target_of(going, self.clock(), sum(each.found.rows_after for each in turn.changed))
        digest = Digest(going.exporter.digest_key)
        first = turn.changed[0]
        types = FieldTypes(first.part.entity.columns, first.mark.types)
        layout = types.shown(layout, first.part.connection.currency)
        made = patched(going.parts, layout, target, digest, turn)
        left = {
            it.part.connection.id: watermark(
                going.exporter,
                _of(going, it.part),
                it.found.until,
                it.mark.full_at,
                it.mark.types,
                it.mark.records,
                it.found.lists,
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


def _of(going: Going, part: Part) -> Of:
    return Of(part.entity, called(going.parts), going.cursor.zone)
