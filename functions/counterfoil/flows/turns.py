"""What an update does first: it asks what changed, or learns that everything has to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from counterfoil.core.custom_types import FieldTypes
from counterfoil.core.pages import Body, Page
from counterfoil.core.quiet import Shared
from counterfoil.core.standing import Standing
from counterfoil.core.watermarks import Watermark
from counterfoil.flows.all_turns import StepTurns, each_of
from counterfoil.flows.changed_read import ChangedRead, Found, Whole
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.closed_books import Closed, ClosingDates
from counterfoil.flows.estimates import check_cells
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.ports import Company
from counterfoil.flows.several import Part, called
from counterfoil.flows.update_columns import update_columns
from counterfoil.flows.updates import Of, Update, scope_of, why_whole

OTHERS = "The table holds rows of a company that is not read any more."


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed in a company since the run that left `mark`."""

    part: Part
    found: Found
    mark: Watermark


@dataclass(frozen=True, slots=True)
class Turn:
    """`changed` of each company, since the run `base`; without, `update` says why all is read."""

    update: Update
    changed: tuple[Changed, ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class Turns:
    """`left_by` tells the watermarks of a run of the exporter."""

    parts: Sequence[Part]
    exporter: Exporter
    zone: str
    replace: bool
    left_by: Callable[[Exporter, str], Mapping[str, Watermark]]
    reader: Callable[[EntityChoice], Callable[[Body], Page]]
    now: datetime
    reconcile: timedelta
    max_cells: int
    monotonic: Callable[[], float]
    closing_dates: ClosingDates
    shared: Shared | None = None

    def taken(self, turns: StepTurns, update: Update) -> Turn:
        """One call for each company where nothing changed, side by side. Raises ExportTooLarge, and
        what a call raises: a company that cannot be read is never left out.
        """
        told = update.told
        marks = self.left_by(self.exporter, told.run) if told else {}
        whys = [self._why_whole(update, part, marks) for part in self.parts]
        for why in whys:
            if isinstance(why, Whole):
                return self._whole(turns, update, why.why, None)
        if told is None:
            raise ValueError("without a table everything is read")
        why = first = self._named(whys) or self._others(told)

        def read(part: Part) -> Found | Whole:
            mark = marks[part.connection.id]
            return self._read(turns.of(part.connection), part, told, mark, first)

        changed: list[Changed] = []
        deleted: list[tuple[str, ...]] | None = []
        for part, found in zip(self.parts, each_of(self.parts, turns, read), strict=True):
            if isinstance(found, Whole):
                why = why or self._named([found.why], part)
            else:
                changed.append(Changed(part, found, marks[part.connection.id]))
            deleted = self._with(deleted, part, found.deleted)
        if why:
            return self._whole(turns, update, why, deleted)
        check_cells(
            self.parts[0].entity, sum(it.found.rows_after for it in changed), self.max_cells
        )
        those = [each.part for each in changed if not each.found.is_nothing]
        closed = self._closing_dates(turns, those)
        return Turn(replace(update, closed=closed), tuple(changed), told.run)

    def _why_whole(self, update: Update, part: Part, marks: Mapping[str, Watermark]) -> Whole | str:
        mine = replace(update, told=self._mine(update.told, part) if update.told else None)
        mark, choice = marks.get(part.connection.id), part.entity
        scope = scope_of(self.exporter, self._of(part))
        return why_whole(mine, choice, mark, scope, self.now, self.reconcile, replace=self.replace)

    def _of(self, part: Part) -> Of:
        return Of(part.entity, called(self.parts), self.zone)

    def _mine(self, told: Standing, part: Part) -> Standing:
        """The rows of that company."""
        column = update_columns(part.entity).company
        return told if column is None else told.only(column.key, part.connection.realm_id)

    def _others(self, told: Standing) -> str:
        column = update_columns(self.parts[0].entity).company
        if column is None:
            return ""
        read = {part.connection.realm_id for part in self.parts}
        return OTHERS if set(told.columns[column.key]) - read else ""

    def _read(
        self, company: Company, part: Part, told: Standing, mark: Watermark, why: str
    ) -> Found | Whole:
        if mark.since is None:
            raise ValueError("without a mark everything is read")
        standing, choice = self._mine(told, part), part.entity
        types = FieldTypes(choice.columns, mark.types)
        read_page = types.watched(choice.entity, self.reader(choice))
        reading = ChangedRead(choice, standing, mark, mark.since, read_page, self.monotonic)
        return reading.read(company, why, self.shared)

    def _with(
        self,
        deleted: list[tuple[str, ...]] | None,
        part: Part,
        ids: Sequence[str] | None,
    ) -> list[tuple[str, ...]] | None:
        if deleted is None or ids is None:
            return None
        return [*deleted, *(self.keyed(part, id) for id in ids)]

    def keyed(self, part: Part, id: str) -> tuple[str, ...]:
        """Whose it is, where the table holds the rows of several."""
        whose = update_columns(part.entity).company
        return (*([part.connection.realm_id] if whose else []), id)

    def _whole(
        self,
        turns: StepTurns,
        update: Update,
        why: str,
        deleted: Sequence[tuple[str, ...]] | None,
    ) -> Turn:
        ids = None if deleted is None else tuple(deleted)
        return Turn(update.whole(why, ids, self._closing_dates(turns, self.parts)))

    def _named(self, whys: Sequence[Whole | str], part: Part | None = None) -> str:
        """The first reason; of one company among several with its name."""
        why = next((str(it) for it in whys if it), "")
        return f"{part.name}: {why}" if part and why and len(self.parts) > 1 else why

    def _closing_dates(self, turns: StepTurns, parts: Sequence[Part]) -> Closed:
        """Where rows have a date that the table shows."""
        dated = [part for part in parts if update_columns(part.entity).day is not None]
        days = each_of(
            dated,
            turns,
            lambda part: self.closing_dates.fresh(part.connection, turns.of(part.connection)),
        )
        told = zip(dated, days, strict=True)
        return tuple((part.connection.realm_id, day) for part, day in told if day)
