"""Cells of a column of values, made all at once where they are of one kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil.core.canonical import LARGEST_INTEGER
from counterfoil.core.cells import (
    BLANK,
    TEXT_LIMIT,
    Cell,
    date_text_serial,
    maker,
    moment_serial,
)
from counterfoil.core.datasets import Column, ColumnType

# Below it no text needs counting: characters are one or two units of JavaScript's.
SHORT = TEXT_LIMIT // 2

Values = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """The cells of a column; whether every encoder is known to write them alike; their amounts,
    where these come for nothing.
    """

    cells: Sequence[Cell]
    alike: bool = False
    amounts: Sequence[Decimal] | None = None


# Their cells are texts, booleans and days, which every encoder writes alike.
_SURELY_ALIKE = (ColumnType.TEXT, ColumnType.BOOLEAN, ColumnType.DATE)


def shown_by(column: Column, zone: ZoneInfo) -> Callable[[Values], Shown]:
    """What makes the column's cells of values of any kind."""
    make, alike = cells_maker(column, zone), column.type in _SURELY_ALIKE
    return lambda values: Shown(make(values), alike)


def cells_maker(column: Column, zone: ZoneInfo) -> Callable[[Values], Sequence[Cell]]:
    """The column's maker over many values, with the common cases of one kind all at once."""
    make = maker(column.type, zone, column.title)
    of_texts = _of_texts(column.type, zone)
    is_flag = column.type is ColumnType.BOOLEAN
    is_number = column.type in (ColumnType.MONEY, ColumnType.NUMBER)

    def cells(values: Values) -> Sequence[Cell]:
        kinds = set(map(type, values))
        if kinds == _NOTHINGS:
            return [BLANK] * len(values)
        if kinds <= TEXTS_OR_NOTHINGS:
            texts = values if kinds == TEXTS else [value or BLANK for value in values]
            found = of_texts(texts)
            if found is not None:
                return found
        if kinds == _FLAGS and is_flag:
            return values
        return _numbers(values, make) if is_number else list(map(make, values))

    return cells


def _numbers(values: Values, make: Callable[[Any], Cell]) -> Sequence[Cell]:
    """Numbers with a fraction, as most amounts are, and small whole ones; `make` takes the rest."""
    return [
        near
        if value.__class__ is Decimal
        and not (near := float(value)).is_integer()
        and near - near == 0
        else value
        if value.__class__ is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER
        else make(value)
        for value in values
    ]


_NOTHINGS, TEXTS, _FLAGS = {type(None)}, {str}, {bool}
TEXTS_OR_NOTHINGS = _NOTHINGS | TEXTS


def _of_texts(type: ColumnType, zone: ZoneInfo) -> Callable[[Sequence[str]], Sequence[Cell] | None]:
    """The cells of texts, some of them blank; None where one is not what its column expects."""

    def told(serials: list[Any]) -> Sequence[Cell] | None:
        return None if None in serials else serials

    match type:
        case ColumnType.TEXT:
            return lambda texts: texts if max(map(len, texts), default=0) <= SHORT else None
        case ColumnType.DATE:
            return lambda texts: told([text and date_text_serial(text) for text in texts])
        case ColumnType.DATETIME:
            return lambda texts: told([text and moment_serial(text, zone) for text in texts])
        case _:
            return lambda texts: None
