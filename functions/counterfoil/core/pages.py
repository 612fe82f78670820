"""One answer to a query, as rows of cells with what the proof needs beside them. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import accumulate, chain
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil.core import faults
from counterfoil.core.canonical import canonical
from counterfoil.core.cells import BLANK, Cell
from counterfoil.core.datasets import Column, ColumnType, Entity, Source
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.look_ups import Lack, id_column, lacked
from counterfoil.core.records import Record, parts, plain_rows, reader, unwrapped

NOTHING = Decimal(0)

Body = faults.Body


class NotAPage(Exception):
    """The answer is not one that QuickBooks gives to a query for this entity."""


@dataclass(frozen=True, slots=True)
class Page:
    """Records in QuickBooks' order: everything here but `rows` has one entry per record."""

    rows: Sequence[Sequence[Cell]]  # the first cell of each is the record's Id, or the row's own
    currencies: Sequence[str]  # "" where the record names none: the company's own
    amounts: Mapping[str, Sequence[Decimal]]  # by total column; what is no number counts 0
    time: str  # when QuickBooks answered, in its own words
    of_lines: OfLines | None = None  # where each line has a row
    lacks: Sequence[Lack] = ()  # names that QuickBooks did not send along
    encode: Callable[[Sequence[Sequence[Cell]]], str] = canonical  # the text of such rows
    matches: Sequence[bool] | None = None  # whether each passes the filters; None: there are none
    sums: Mapping[int, Decimal] = field(default_factory=dict)  # of columns, where known: see Tally
    # Of totals what each record's comes to in the company's own currency, None where nobody told;
    # nothing where all are in that one: see core/home_totals.py.
    at_home: Mapping[str, Sequence[Decimal | None]] = field(default_factory=dict)

    @property
    def ids(self) -> list[Cell]:
        """Of the records."""
        return self.of_lines.ids if self.of_lines else [row[0] for row in self.rows]

    def only(self, places: Sequence[int]) -> Page:
        """The same page with only the records at those places."""
        kept = self._rows_at(places)
        now = {row: at for at, row in enumerate(kept)}
        return Page(
            [self.rows[row] for row in kept],
            [self.currencies[place] for place in places],
            {key: [each[place] for place in places] for key, each in self.amounts.items()},
            self.time,
            self.of_lines and self.of_lines.only(places),
            [lack.at_row(now[lack.row]) for lack in self.lacks if lack.row in now],
            self.encode,
            None if self.matches is None else [self.matches[place] for place in places],
            at_home={key: [each[it] for it in places] for key, each in self.at_home.items()},
        )

    def matching(self) -> Page:
        """The same page with only the records that pass the filters."""
        if self.matches is None:
            return self
        return self.only([place for place, passes in enumerate(self.matches) if passes])

    def named(self, names: Mapping[tuple[str, str], str]) -> Page:
        """With the names in the cells that lacked them, by list and id."""
        rows = list(self.rows)
        for lack in self.lacks:
            row = list(rows[lack.row])
            row[lack.column] = names.get((lack.list, lack.id), BLANK)
            rows[lack.row] = row
        return replace(self, rows=rows, lacks=())

    def _rows_at(self, places: Sequence[int]) -> list[int]:
        if self.of_lines is None:
            return list(places)
        ends = [0, *accumulate(self.of_lines.counts)]
        return list(chain.from_iterable(range(ends[at], ends[at + 1]) for at in places))


@dataclass(frozen=True, slots=True)
class OfLines:
    """Which records the rows of a page belong to: so many in a row to each."""

    ids: list[Cell]
    counts: Sequence[int] = field(default=())

    def only(self, places: Sequence[int]) -> OfLines:
        return OfLines([self.ids[at] for at in places], [self.counts[at] for at in places])


def identified(page: Page) -> list[Cell]:
    """The Ids of its records. Raises IncompleteRead where one has none."""
    ids = page.ids
    if BLANK in ids:
        raise IncompleteRead(
            "QuickBooks sent records without an Id, by which they are told apart. Nothing was "
            "written.",
            sent=len(ids),
        )
    return ids


def total_columns(entity: Entity, columns: Sequence[Column]) -> tuple[int, ...]:
    """Which of the columns stand in the proof with their sum per currency, or in the home one."""
    return tuple(
        place
        for place, column in enumerate(columns)
        if column.key in entity.total_keys or (is_home(column) and not column.of_line)
    )


def is_home(column: Column) -> bool:
    """Whether its amounts are in the company's own currency, whatever the transaction's is."""
    of_line = column.source is Source.OWN and column.path.startswith("home_")
    return of_line if column.of_line else column.source is Source.HOME


def currency_column(entity: Entity) -> Column | None:
    """A column that is read along with the others, for the totals."""
    if entity.currency_path is None:
        return None
    return Column("", "", ColumnType.TEXT, entity.currency_path)


def plain_page(answer: object, entity: Entity, columns: Sequence[Column], zone: ZoneInfo) -> Page:
    """From an answer parsed with `json.loads(text, parse_float=Decimal)`. Raises NotAPage."""
    records = records_of(answer, entity)
    reads = {place: reader(columns[place]) for place in total_columns(entity, columns)}
    return Page(
        rows=plain_rows(records, columns, zone),
        currencies=currencies_of(records, entity),
        amounts={
            columns[place].key: [amount(read(record)) for record in records]
            for place, read in reads.items()
        },
        time=time_of(answer),
        lacks=[
            Lack(row, place, *ref)
            for place, _, read in lacking(columns)
            for row, record in enumerate(records)
            if (ref := read(record)) is not None
        ],
    )


def records_of(answer: object, entity: Entity) -> list[Record]:
    """The objects in an answer, each out of what it may be wrapped in. Raises NotAPage, also for an
    answer that has none of this entity and is not empty: a list of another name is no empty table.
    """
    held = _held(answer)
    records = held.get(entity.entity, held.get(entity.query_name))
    if records is None:
        if held.get("maxResults") or any(isinstance(it, list) and it for it in held.values()):
            raise NotAPage
        return []
    if not isinstance(records, list | tuple):
        raise NotAPage
    if not all(isinstance(record, Mapping) for record in records):
        raise NotAPage
    return [unwrapped(record) for record in records] if entity.wrapped else list(records)


def currencies_of(records: Iterable[Record], entity: Entity) -> list[str]:
    column = currency_column(entity)
    if column is None:
        return ["" for _ in records]
    read = reader(column)
    return [currency_code(read(record)) for record in records]


def time_of(answer: object) -> str:
    return moment(answer["time"] if isinstance(answer, Mapping) and "time" in answer else "")


Lacking = Callable[[Record], tuple[str, str] | None]


def lacking(columns: Sequence[Column]) -> list[tuple[int, Column, Lacking]]:
    """The columns whose names a list can tell, with what reads that list and the id where the name
    lacks.
    """

    def ref_reader(column: Column) -> Lacking:
        name, lists = reader(column), column.look_up.split("|")
        ids = id_column(column)
        each = [reader(it) for it in (parts(ids) if len(lists) > 1 else (ids,))]

        def read(record: Record) -> tuple[str, str] | None:
            told = name(record)
            for of, id in zip(lists, each, strict=True):
                if of and (found := lacked(told, id(record))) is not None:
                    return of, found
            return None

        return read

    return [
        (place, column, ref_reader(column))
        for place, column in enumerate(columns)
        if column.look_up and not column.of_line
    ]


def count_of(body: bytes) -> int:
    """The number in the answer to a COUNT. Raises QuickBooksBusy for what is none."""
    try:
        total = _held(json.loads(body)).get("totalCount")
    except (ValueError, RecursionError, NotAPage) as error:
        raise faults.unreadable(200) from error
    if isinstance(total, bool) or not isinstance(total, int) or total < 0:
        raise faults.unreadable(200)
    return total


def amount(value: object) -> Decimal:
    """An exact amount; 0 for whatever is no number."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else NOTHING
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str):
        try:
            exact = Decimal(value)
        except InvalidOperation:
            return NOTHING
        return exact if exact.is_finite() else NOTHING
    return NOTHING


def currency_code(value: object) -> str:
    return value if isinstance(value, str) else ""


def moment(value: object) -> str:
    return value if isinstance(value, str) else ""


def _held(answer: object) -> Mapping[str, Any]:
    held = answer.get("QueryResponse") if isinstance(answer, Mapping) else None
    if not isinstance(held, Mapping):
        raise NotAPage
    return held
