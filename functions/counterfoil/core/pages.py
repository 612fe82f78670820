"""One answer to a query, as rows of cells with what the proof needs beside them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil.core import faults
from counterfoil.core.cells import Cell
from counterfoil.core.datasets import Column, ColumnType, Entity
from counterfoil.core.records import plain_rows, reader

NOTHING = Decimal(0)


class NotAPage(Exception):
    """The answer is not one that QuickBooks gives to a query for this entity."""


@dataclass(frozen=True, slots=True)
class Page:
    """Records in QuickBooks' order: everything here has one entry per record."""

    rows: Sequence[Sequence[Cell]]  # the first cell of each is the record's Id
    currencies: Sequence[str]  # "" where the record names none: the company's own
    amounts: Mapping[str, Sequence[Decimal]]  # by total column; what is no number counts 0
    time: str  # when QuickBooks answered, in its own words

    def only(self, places: Sequence[int]) -> Page:
        """The same page with only the records at those places."""
        return Page(
            [self.rows[place] for place in places],
            [self.currencies[place] for place in places],
            {key: [each[place] for place in places] for key, each in self.amounts.items()},
            self.time,
        )


EMPTY = Page((), (), {}, "")


def total_columns(entity: Entity, columns: Sequence[Column]) -> tuple[int, ...]:
    """Which of the columns stand in the proof with their sum per currency."""
    return tuple(place for place, column in enumerate(columns) if column.key in entity.total_keys)


def currency_column(entity: Entity) -> Column | None:
    """A column that is read along with the others, for the totals."""
    if entity.currency_path is None:
        return None
    return Column("", "", ColumnType.TEXT, entity.currency_path)


def plain_page(answer: object, entity: Entity, columns: Sequence[Column], zone: ZoneInfo) -> Page:
    """From an answer parsed with `json.loads(text, parse_float=Decimal)`. Raises NotAPage."""
    held = _held(answer)
    records = held.get(entity.entity, ())
    if not isinstance(records, list | tuple):
        raise NotAPage
    if not all(isinstance(record, Mapping) for record in records):
        raise NotAPage
    currency = currency_column(entity)
    read_currency = reader(currency) if currency else None
    reads = {place: reader(columns[place]) for place in total_columns(entity, columns)}
    return Page(
        rows=plain_rows(records, columns, zone),
        currencies=[
            currency_code(read_currency(record)) if read_currency else "" for record in records
        ],
        amounts={
            columns[place].key: [amount(read(record)) for record in records]
            for place, read in reads.items()
        },
        time=moment(answer["time"] if isinstance(answer, Mapping) and "time" in answer else ""),
    )


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
