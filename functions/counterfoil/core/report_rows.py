"""A report laid out for the sheet, in whatever layout. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from counterfoil.core.blocks import Layout
from counterfoil.core.cells import Cell
from counterfoil.core.datasets import ColumnType
from counterfoil.core.reports import LineKind, ReportColumn


class ReportLayout(enum.StrEnum):
    PRINTED = "printed"  # as QuickBooks prints it
    TIDY = "tidy"  # one value, or one line, a row


class AccountNumbers(enum.StrEnum):
    """In front of accounts' names."""

    AS_SENT = "as_sent"  # as the company has QuickBooks show them
    SHOWN = "shown"
    HIDDEN = "hidden"


class Totals(enum.StrEnum):
    VALUES = "values"
    FORMULAS = "formulas"  # live ones that come to the same


class Keeping(enum.StrEnum):
    """What a run does with the report that is there."""

    REPLACE = "replace"
    HISTORY = "history"  # replaced too, and each run leaves a copy in a tab of copies


@dataclass(frozen=True, slots=True)
class ReportRows:
    """What goes to the sheet: rows for people above, rows of data below."""

    header_rows: list[list[Cell]]
    rows: list[list[Cell]]
    layout: Layout
    line_keys: tuple[str, ...]  # one per row of data
    line_kinds: tuple[LineKind, ...] = ()  # likewise, where the report is printed
    former: tuple[str, ...] = ()  # of each column where it is printed: `ReportColumn.former`
    whose: str = ""  # the company's number: ids in keys are of its books


def column_type(column: ReportColumn) -> ColumnType:
    """How its values are shown; a quantity or a rate is no money, whose decimals would cut it."""
    if column.is_quantity or column.is_percent:
        return ColumnType.NUMBER
    if column.is_amount:
        return ColumnType.MONEY
    return ColumnType.DATE if column.is_date else ColumnType.TEXT
