"""A1 notation and rectangles, counted from 0. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9][0-9]{0,7})?\Z")


@dataclass(frozen=True, slots=True)
class Rect:
    """Rows `row` to `row + rows - 1` and the columns alike; `rows` and `columns` may be 0."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def end_row(self) -> int:
        return self.row + self.rows

    @property
    def end_column(self) -> int:
        return self.column + self.columns

    def a1(self) -> str:
        first = f"{letters(self.column)}{self.row + 1}"
        if self.rows == self.columns == 1:
            return first
        return f"{first}:{letters(self.end_column - 1)}{self.end_row}"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text like `'My tab'!A2:C` says: ends are exclusive, None where left open."""

    title: str | None
    row: int
    column: int
    end_row: int | None
    end_column: int | None

    def within(self, rows: int, columns: int) -> Rect:
        """The rectangle on a tab of that size; open ends reach its edge."""
        end_row = rows if self.end_row is None else self.end_row
        end_column = columns if self.end_column is None else self.end_column
        return Rect(
            self.row, self.column, max(0, end_row - self.row), max(0, end_column - self.column)
        )


def letters(column: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(column: str) -> int:
    """A is 0."""
    total = 0
    for letter in column.upper():
        total = total * 26 + ord(letter) - 64
    return total - 1


def quoted(title: str) -> str:
    """A tab title as it stands before `!`, in apostrophes where Sheets needs them."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", title) and parse(title) is None:
        return title
    return "'" + title.replace("'", "''") + "'"


def parse(text: str) -> Reference | None:
    """The reference in `text`, or None where it is none (a tab's or a named range's name)."""
    title, cells = _split(text)
    if not cells:
        return None
    first, colon, last = cells.partition(":")
    start = _CELL.match(first)
    if start is None or not any(start.groups()):
        return None
    row = int(start[2]) - 1 if start[2] else 0
    column = number(start[1]) if start[1] else 0
    if not colon:
        # A lone "A" or "1" is a name, not a cell.
        return Reference(title, row, column, row + 1, column + 1) if all(start.groups()) else None
    end = _CELL.match(last)
    if end is None or not any(end.groups()):
        return None
    end_row = int(end[2]) if end[2] else None
    end_column = number(end[1]) + 1 if end[1] else None
    if end_row is not None and end_row <= row:
        row, end_row = end_row - 1, row + 1
    if end_column is not None and end_column <= column:
        column, end_column = end_column - 1, column + 1
    return Reference(title, row, column, end_row, end_column)


def unquoted(title: str) -> str:
    """A title as people write it before `!`, without the apostrophes around it."""
    if len(title) > 1 and title[0] == title[-1] == "'":
        return title[1:-1].replace("''", "'")
    return title


def _split(text: str) -> tuple[str | None, str]:
    if text.startswith("'"):
        closed = re.match(r"('(?:[^']|'')*')!(.*)\Z", text, re.DOTALL)
        return (unquoted(closed[1]), closed[2]) if closed else (None, "")
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)
