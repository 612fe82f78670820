"""An update that asks only for what changed: one call of CDC, and the rows that it names.

What goes into the table is always QuickBooks' own answer to the export's query: CDC tells which
records to ask for, and no filter is judged by us.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from counterfoil import catalog
from counterfoil.core import paging, query
from counterfoil.core.canonical import Cell
from counterfoil.core.cells import EPOCH
from counterfoil.core.changes import Changes, asked_since, changes_by_entity
from counterfoil.core.errors import QuickBooksRejected
from counterfoil.core.operations import NO_ROWS, EncodedRows
from counterfoil.core.pages import Body, Page, identified
from counterfoil.core.query import LARGEST_PAGE, Condition, Op
from counterfoil.core.quiet import Quiet, Shared, Wanted
from counterfoil.core.standing import Standing
from counterfoil.core.watermarks import Watermark
from counterfoil.flows.chosen import EntityChoice, Mode
from counterfoil.flows.closing import NOT_CAPTURED
from counterfoil.flows.filter_names import moved
from counterfoil.flows.names import Names
from counterfoil.flows.ports import Company
from counterfoil.flows.renamed import blind, renamed
from counterfoil.flows.update_columns import update_columns

_NO_CHANGES = Changes((), complete=True, time="")
_Days = tuple[date | None, date | None]
# A plan without it, or whoever connected without the right to it, as well.
_NOT_TOLD = NOT_CAPTURED | {"5020", "5030"}
FIRST = "Which rows are the first can be told from all of them alone, and something changed."
TOO_MANY = "More changed than QuickBooks tells at once."


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything has to be read, and why; `deleted` are ids that QuickBooks deleted since the last
    run, None where nobody knows.
    """

    why: str
    deleted: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What changed. `departed` are keys of rows, `removed` those of them that QuickBooks deleted;
    `rows_after` is how many rows the table has if all departed go.
    """

    rows: Sequence[Sequence[Cell]]
    encoded: EncodedRows
    records: int
    departed: Sequence[str]
    removed: Sequence[str]
    rows_after: int
    since: datetime  # what was asked for
    until: datetime  # from when on the next update has to ask
    deleted: Sequence[str] = ()  # records
    quiet: Quiet | None = None  # what the call told of other entities
    was_told: bool = False  # by the call of another run
    lists: Sequence[str] = ()  # whose changes may concern a row
    told: int = 0  # how many records QuickBooks says that it changed, whether or not rows show it

    @property
    def is_nothing(self) -> bool:
        return not self.rows and not self.departed


@dataclass
class _Sent:
    """The rows of one or more answers, each record once."""

    ids: set[str] = field(default_factory=set)
    rows: list[Sequence[Cell]] = field(default_factory=list)
    parts: list[EncodedRows] = field(default_factory=list)


class _TooMany(Exception):
    """A full answer, which may not be all."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a call of CDC told of the entities that were `asked`."""

    asked: tuple[str, ...]
    since: datetime
    until: datetime
    changes: Mapping[str, Changes]
    every: Changes

    def quiet(self, connection_id: str) -> Quiet:
        names = {entity.query_name: entity.entity for entity in catalog.ENTITIES}
        still = (name for name in self.asked if names.get(name, name) not in self.changes)
        return Quiet(connection_id, self.since, self.until, frozenset(still))


class ChangedRead:
    """Of one step; nothing of it is carried on."""

    def __init__(
        self,
        choice: EntityChoice,
        standing: Standing,
        mark: Watermark,
        since: datetime,
        read_page: Callable[[Body], Page],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._choice = choice
        self._standing = standing
        self._mark = mark
        self._since = since
        self._read_page = read_page
        self._monotonic = monotonic
        self._columns = update_columns(choice)
        self._keys = [str(cell) for cell in standing.columns.get(self._columns.key.key, ())]

    def read(
        self, company: Company, why_whole: str = "", shared: Shared | None = None
    ) -> Found | Whole:
        """One call where nothing changed, or none where the call of a run before has told so. With
        `why_whole` everything has to be read anyway, and that call tells what was deleted.

        Raises what a call raises.
        """
        days = self._choice.start, self._choice.end
        if self._choice.first is not None and (self._mark.start, self._mark.end) != days:
            why_whole = why_whole or FIRST
        asked = dict.fromkeys((self._choice.entity.query_name, *self._lists()))
        until = shared.still_until(asked, self._since) if shared and not why_whole else None
        if until is not None:
            with contextlib.suppress(_TooMany):  # that days let in: asked for like any other
                return replace(self._followed(company, _NO_CHANGES, {}, until), was_told=True)
        others = shared.others if shared and not why_whole else ()
        try:
            told = self._asked(company, asked, others)
            if others and not told.every.complete:
                told = self._asked(company, asked, ())
        except QuickBooksRejected as error:
            if error.details.get("intuit_code") not in _NOT_TOLD:
                raise
            if others:  # one of theirs may be what it does not tell of
                return self.read(company, why_whole, shared and replace(shared, others=()))
            return Whole(why_whole or "QuickBooks does not tell what changed there.")
        if not told.every.complete:
            return Whole(why_whole or TOO_MANY)
        read = self._read(company, told, why_whole)
        if shared is None or isinstance(read, Whole):
            return read
        return replace(read, quiet=told.quiet(shared.connection_id))

    def _lists(self) -> tuple[str, ...]:
        """The lists whose changes may concern a row: those of which the table shows an id. A plan
        without locations may not even be asked for them.
        """
        told = self._standing.columns
        idle = [
            name
            for name in self._columns.shown
            if name.id and not any(cell != "" for cell in told.get(name.id.key, ("unknown",)))
        ]
        kept = [each for name in self._columns.shown if name not in idle for each in name.lists]
        return tuple(dict.fromkeys([*kept, *self._columns.filtering]))

    def _asked(self, company: Company, own: Iterable[str], others: Sequence[Wanted]) -> _Told:
        began = self._monotonic()
        more = (name for each in others for name in each.entities)
        asked = tuple(dict.fromkeys((*own, *more)))
        since = min((each.since for each in others), default=self._since)
        since = min(since, self._since)
        changes, every = changes_by_entity(company.cdc(asked, since))
        until = asked_since(every.time, self._monotonic() - began)
        return _Told(asked, since, until, changes, every)

    def _read(self, company: Company, told: _Told, why_whole: str) -> Found | Whole:
        changes = {name: it.after(self._since) for name, it in told.changes.items()}
        changes = {name: it for name, it in changes.items() if it.of}
        until = told.until
        own = changes.get(self._choice.entity.entity, _NO_CHANGES)
        deleted = tuple(change.id for change in own.of if change.deleted)
        listed = {name: it for name, it in changes.items() if name in self._columns.lists}
        why_whole = why_whole or blind(self._columns, listed)
        why_whole = why_whole or moved(company, self._choice, listed)
        if self._choice.first is not None and (own.of or listed):
            why_whole = why_whole or FIRST
        if why_whole:
            return Whole(why_whole, deleted)
        try:
            return self._followed(company, own, listed, until)
        except _TooMany:
            return Whole(TOO_MANY, deleted)

    def _followed(
        self, company: Company, own: Changes, listed: Mapping[str, Changes], until: datetime
    ) -> Found:
        written = [change.id for change in own.of if not change.deleted]
        stale = renamed(company, self._columns, self._standing, listed)
        asked = list(dict.fromkeys([*written, *(self._record(self._keys[row]) for row in stale)]))
        sent, names = _Sent(), Names()
        for page in (*self._by_id(company, asked), *self._newly_in(company)):
            self._take(company, page, sent, names)
        deleted = {change.id for change in own.of if change.deleted}
        found = self._told(sent, set(asked), deleted, until)
        return replace(found, told=len({change.id for change in own.of}))

    def _by_id(self, company: Company, ids: Sequence[str]) -> list[Page]:
        """Those of the records that match the filters now."""
        if len(ids) > LARGEST_PAGE:
            raise _TooMany
        if not ids:
            return []
        where = (Condition("Id", Op.IN, tuple(ids)), *self._choice.where)
        return [self._page(company, where)]

    def _newly_in(self, company: Company) -> list[Page]:
        """What the days that moved let in since the last run, though nobody touched it."""
        choice, mark = self._choice, self._mark
        path = choice.entity.date_path or ""
        pages = []
        for start, end in gained((mark.start, mark.end), (choice.start, choice.end)):
            days = [Condition(path, op, day) for op, day in ((Op.GE, start), (Op.LE, end)) if day]
            others = [each for each in choice.where if each.path != path]
            pages.append(self._page(company, (*days, *others)))
            if paging.needs_count(len(pages[-1].ids)):
                raise _TooMany
        return pages

    def _page(self, company: Company, where: Sequence[Condition]) -> Page:
        statement = query.select(self._choice.entity.query_name, where)
        custom_fields = any("CustomField[" in it.path for it in self._choice.columns)
        return self._read_page(company.query(statement, custom_fields=custom_fields))

    def _take(self, company: Company, page: Page, sent: _Sent, names: Names) -> None:
        """What matches, once, with the names that QuickBooks keeps in other lists. Where rows stay
        as they are, only what is not there yet.
        """
        page = page.matching()
        ids = identified(page)
        fresh = [place for place, id in enumerate(ids) if str(id) not in sent.ids]
        page = names.filled(page.only(fresh), company)
        sent.ids |= {str(id) for id in page.ids}
        rows = page.rows
        if self._choice.mode is Mode.ADD:
            known, key = set(self._keys), self._columns.key_place
            rows = [row for row in rows if str(row[key]) not in known]
        sent.rows += rows
        if rows:
            sent.parts.append(EncodedRows.encoded(page.encode(rows), len(rows)))

    def _told(self, sent: _Sent, asked: set[str], deleted: set[str], until: datetime) -> Found:
        keys, place = self._keys, self._columns.key_place
        now = {str(row[place]) for row in sent.rows}
        departed = [] if self._choice.mode is Mode.ADD else self._departed(now, asked | deleted)
        # A line that its record has no more was taken out of it.
        lost = deleted | sent.ids
        return Found(
            rows=sent.rows,
            encoded=EncodedRows.joined(sent.parts) if sent.parts else NO_ROWS,
            records=len(sent.ids),
            departed=departed,
            removed=[key for key in departed if self._record(key) in lost],
            rows_after=len(keys) + len(now - set(keys)) - len(departed),
            since=self._since,
            until=until,
            deleted=tuple(sorted(deleted)),
            lists=self._lists(),
        )

    def _departed(self, now: set[str], touched: set[str]) -> list[str]:
        """The keys of rows whose record was asked for and did not come, or that the days no longer
        let in.
        """
        outside, marked = self._outside(), self._marked()
        return [
            key
            for key in self._keys
            if key not in now
            and (key in outside or (self._record(key) in touched and key not in marked))
        ]

    def _marked(self) -> set[str]:
        """The keys of rows that are known to be no more, and stay."""
        column = self._columns.departed
        cells = self._standing.columns[column.key] if column else ()
        return {key for key, cell in zip(self._keys, cells, strict=False) if cell != ""}

    def _outside(self) -> set[str]:
        choice, column = self._choice, self._columns.day
        start, end = choice.start, choice.end
        if column is None or (self._mark.start, self._mark.end) == (start, end):
            return set()
        days = map(_as_day, self._standing.columns[column.key])
        return {
            key
            for key, day in zip(self._keys, days, strict=True)
            if day and ((start and day < start) or (end and day > end))
        }

    def _record(self, key: str) -> str:
        """The record of a row: a line's key is its record's with its own ("130-2")."""
        return key.rpartition("-")[0] if self._choice.lines else key


def gained(old: _Days, new: _Days) -> list[_Days]:
    """The days of the new range that are not in the old one, as ranges; an open end is None."""
    (old_start, old_end), (start, end) = old, new
    day = timedelta(days=1)
    if (old_end and start and start > old_end) or (old_start and end and end < old_start):
        return [new]
    found: list[_Days] = []
    if old_start and (start is None or start < old_start):
        found.append((start, old_start - day))
    if old_end and (end is None or end > old_end):
        found.append((old_end + day, end))
    return found


def _as_day(cell: Cell) -> date | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return EPOCH + timedelta(days=int(cell))
