"""References in the text of a formula, that follow moves, copies and new names. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.google import a1

_REFERENCE = re.compile(
    r"(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<tab>(?:'(?:[^']|'')+'|[A-Za-z_][A-Za-z0-9_]*)!)?"
    r"(?<![A-Za-z0-9_.$])(?P<cells>\$?[A-Z]{1,3}\$?[1-9]\d*(?::\$?[A-Z]{1,3}(?:\$?[1-9]\d*)?)?"
    r"|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?[1-9]\d*:\$?[1-9]\d*)(?![A-Za-z0-9_(!])"
)
_PART = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)(\d*)\Z")


def references_mapped(
    formula: str, own_title: str, title: str, change: Callable[[a1.Reference], a1.Reference | None]
) -> str:
    """The formula after something moved on the tab `title`; what is gone becomes #REF!."""

    def replaced(match: re.Match[str]) -> str:
        if match["text"] is not None:
            return match[0]
        named = a1.unquoted(match["tab"][:-1]) if match["tab"] else own_title
        reference = a1.parse(match["cells"])
        if named.lower() != title.lower() or reference is None:
            return match[0]
        moved = change(reference)
        prefix = match["tab"] or ""
        return prefix + ("#REF!" if moved is None else _rewritten(match["cells"], moved))

    return _REFERENCE.sub(replaced, formula)


def tab_renamed(formula: str, old: str, new: str | None) -> str:
    """The formula after a tab got another title, or (None) was deleted."""

    def replaced(match: re.Match[str]) -> str:
        if not match["tab"] or a1.unquoted(match["tab"][:-1]).lower() != old.lower():
            return match[0]
        return "#REF!" if new is None else f"{a1.quoted(new)}!{match['cells']}"

    return _REFERENCE.sub(replaced, formula)


def shifted(formula: str, rows: int, columns: int) -> str:
    """The formula after it was copied so far down and right: what has a dollar stays."""

    def replaced(match: re.Match[str]) -> str:
        if match["text"] is not None:
            return match[0]
        parts = [_shifted_part(part, rows, columns) for part in match["cells"].split(":")]
        return (match["tab"] or "") + ("#REF!" if None in parts else ":".join(map(str, parts)))

    return _REFERENCE.sub(replaced, formula)


def _shifted_part(cells: str, rows: int, columns: int) -> str | None:
    match = _PART.match(cells)
    if match is None:
        return cells
    # In "$1:$3" the dollar in front belongs to the row.
    row_stays = bool(match[3]) or (not match[2] and bool(match[1]))
    column = a1.number(match[2]) + (0 if match[1] else columns) if match[2] else 0
    row = int(match[4]) - 1 + (0 if row_stays else rows) if match[4] else 0
    return _cell(cells, row, column) if row >= 0 and column >= 0 else None


def _rewritten(cells: str, moved: a1.Reference) -> str:
    """`moved` in the shape of `cells`: the same dollars, the same open ends."""
    first, colon, last = cells.partition(":")
    start = _cell(first, moved.row, moved.column)
    if not colon:
        return start
    end_row = moved.row if moved.end_row is None else moved.end_row - 1
    end_column = moved.column if moved.end_column is None else moved.end_column - 1
    return f"{start}:{_cell(last, end_row, end_column)}"


def _cell(shape: str, row: int, column: int) -> str:
    match = _PART.match(shape)
    if match is None:
        return shape
    # In "$1:$3" the dollar in front belongs to the row.
    head = match[1] + (a1.letters(column) if match[2] else "")
    return head + match[3] + (str(row + 1) if match[4] else "")
