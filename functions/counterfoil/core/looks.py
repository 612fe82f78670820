"""How values look in the sheet: number formats by type and currency, widths. Pure."""

from __future__ import annotations

from typing import Literal

from counterfoil.core.datasets import Column, ColumnType, Source
from counterfoil.core.operations import SheetColumn

Kind = Literal["text", "number", "date", "datetime", "boolean"]

KINDS: dict[ColumnType, Kind] = {
    ColumnType.TEXT: "text",
    ColumnType.MONEY: "number",
    ColumnType.NUMBER: "number",
    ColumnType.DATE: "date",
    ColumnType.DATETIME: "datetime",
    ColumnType.BOOLEAN: "boolean",
}

TEXT_PATTERN = "@"
DATE_PATTERN = "yyyy-mm-dd"
DATETIME_PATTERN = "yyyy-mm-dd hh:mm"
NUMBER_PATTERN = "#,##0.00####"
PLAIN_PATTERN = "General"
WHOLE = SheetColumn("number", "0")
PERCENT = SheetColumn("number", "0.0%;(0.0%)")

# Currencies that have not two decimals (ISO 4217, list one).
# https://www.six-group.com/en/products-services/financial-information/data-standards.html
_DECIMALS = dict.fromkeys(
    (
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
        *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
    ),
    0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)

# Pixels, about seven to a character.
_WIDTHS = {
    ColumnType.TEXT: 160,
    ColumnType.MONEY: 110,
    ColumnType.NUMBER: 100,
    ColumnType.DATE: 100,
    ColumnType.DATETIME: 140,
    ColumnType.BOOLEAN: 90,
}
_ADDRESS_WIDTH = 260
_LETTER_WIDTH = 8  # of a bold title
_WIDEST_TITLE = 320  # "Change from 2025-01-01 to 2025-06-30" is read whole


def decimals(currency: str) -> int:
    """How many decimals amounts of that currency have; 2 for one that we do not know."""
    return _DECIMALS.get(currency, 2)


def money_pattern(currency: str) -> str:
    """Negatives in brackets, thousands apart; nothing is rounded but the display."""
    places = decimals(currency)
    amount = "#,##0" + (f".{'0' * places}" if places else "")
    return f"{amount};({amount})"


def pattern(type: ColumnType, currency: str) -> str:
    match type:
        case ColumnType.TEXT:
            return TEXT_PATTERN
        case ColumnType.MONEY:
            return money_pattern(currency)
        case ColumnType.NUMBER:
            return NUMBER_PATTERN
        case ColumnType.DATE:
            return DATE_PATTERN
        case ColumnType.DATETIME:
            return DATETIME_PATTERN
        case ColumnType.BOOLEAN:
            return PLAIN_PATTERN


def sheet_column(column: Column, currency: str) -> SheetColumn:
    return SheetColumn(KINDS[column.type], column.pattern or pattern(column.type, currency))


def typed_column(type: ColumnType, currency: str) -> SheetColumn:
    return SheetColumn(KINDS[type], pattern(type, currency))


def type_width(type: ColumnType, title: str) -> int:
    """Pixels for values of that type, below a title that is read whole within reason."""
    return max(_WIDTHS[type], min(_WIDEST_TITLE, _LETTER_WIDTH * (2 + len(title))))


def width(column: Column) -> int:
    """Pixels for a column that is new in the sheet."""
    if column.key == "id":
        return 80
    if column.source is Source.ADDRESS:
        return _ADDRESS_WIDTH
    return type_width(column.type, column.title)
