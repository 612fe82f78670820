"""From what a report says to cells of the sheet, column by column. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from types import NoneType
from typing import cast
from zoneinfo import ZoneInfo

from counterfoil.core.cells import BLANK, TEXT_LIMIT, Cell, date_serial, maker, number, numbers
from counterfoil.core.datasets import ColumnType
from counterfoil.core.report_values import Value

_TEXTS = frozenset((str, NoneType))
_AMOUNTS = frozenset((Decimal, NoneType))
_SURELY_SHORT = TEXT_LIMIT // 2  # in JavaScript's count too


def cell_columns(lines: Iterable[Sequence[Value]], title: str) -> list[list[Cell]]:
    """The cells of each column, of lines that have as many values. Raises as `column_cells`."""
    return [column_cells(column, title) for column in zip(*lines, strict=True)]


def column_cells(values: Sequence[Value], title: str) -> list[Cell]:
    """Raises ExportTooLarge for a text that no cell can hold."""
    kinds = set(map(type, values))
    if kinds <= _AMOUNTS:
        return _numbers(cast(Sequence[Decimal | None], values))
    if kinds <= _TEXTS:
        texts = [value or BLANK for value in cast(Sequence[str | None], values)]
        if max(map(len, texts), default=0) <= _SURELY_SHORT:
            return cast(list[Cell], texts)
    # Days come back in line after line.
    text = maker(ColumnType.TEXT, ZoneInfo("UTC"), title)
    found = {value: cell_of(value, text) for value in set(values)}
    return [found[value] for value in values]


def in_rows(columns: Iterable[Sequence[Cell]]) -> list[list[Cell]]:
    return list(map(list, zip(*columns, strict=True)))


def cell_of(value: Value, text: Callable[[object], Cell]) -> Cell:
    """`text` makes the cell of a text, as `maker` does."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, str):
        return text(value)
    return BLANK if value is None else date_serial(value)


def _numbers(values: Sequence[Decimal | None]) -> list[Cell]:
    found = iter(numbers([value for value in values if value is not None]))
    return [BLANK if value is None else next(found) for value in values]
