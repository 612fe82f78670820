"""What one cell of the grid holds. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


class GridError(Exception):
    """The spreadsheet says no; the message is what Sheets would say."""


@dataclass(frozen=True, slots=True)
class CellError:
    """The value of a formula that failed: `text` is what the cell shows, such as "#NAME?"."""

    text: str
    message: str = ""


# "" is a blank cell. Dates are numbers: days since 1899-12-30.
Value = str | int | float | bool | CellError


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell is drawn; "" is automatic. Colours are "#rrggbb"."""

    pattern: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strikethrough: bool = False
    size: int = 0
    color: str = ""
    background: str = ""
    align: str = ""  # LEFT, CENTER, RIGHT
    vertical: str = ""  # TOP, MIDDLE, BOTTOM
    wrap: str = ""  # OVERFLOW_CELL, CLIP, WRAP
    font: str = ""
    top: str = ""  # borders, such as "SOLID #000000"
    bottom: str = ""
    left: str = ""
    right: str = ""
    padding: str = ""  # pixels: "top right bottom left"
    rotation: str = ""  # degrees, or "vertical"
    direction: str = ""  # LEFT_TO_RIGHT, RIGHT_TO_LEFT


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` is typed; for a cell with a formula the value is computed when it is read."""

    value: Value = ""
    formula: str = ""
    look: Look = field(default=PLAIN)
    note: str = ""
    rule: str = ""  # data validation, as the Sheets API's JSON; it binds people, not programs


BLANK = Cell()

# https://support.google.com/drive/answer/37603
LONGEST_TEXT = 50_000


def stored(value: object) -> Value:
    """A typed value as a cell keeps it. Raises GridError for what no cell can hold."""
    if isinstance(value, bool | CellError):
        return value
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT // 2 and _units(value) > LONGEST_TEXT:
            raise GridError(
                "Your input contains more than the maximum of 50000 characters in a single cell."
            )
        return value
    if isinstance(value, int | float):
        return _number(value)
    raise GridError(f"A cell cannot hold a {type(value).__name__}.")


def _units(text: str) -> int:
    """How long JavaScript says that the text is."""
    return len(text) + sum(character > "\uffff" for character in text)


def _number(value: int | float) -> int | float:
    # Sheets knows doubles only: a 19-digit id kept as a number loses its last digits, here too.
    double = float(value)
    if not math.isfinite(double):
        raise GridError("A cell cannot hold a number that is not finite.")
    return int(double) if double.is_integer() and abs(double) < 2**53 else double
