"""The block of a printed report before a run, as its spreadsheet tells of it. Pure.

Names of lines and titles of months that are gone stand nowhere but in the sheet. Nothing of it is
kept; what the receipt does not vouch for is not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.core import marks
from counterfoil.core.canonical import Cell
from counterfoil.core.errors import BadRequest
from counterfoil.core.keyed import MOST_COLUMNS, MOST_LINES, Line, Standing, labels_mark, lines_in
from counterfoil.core.readings import tell

_MOST_ROWS = MOST_LINES + 100  # with the header
_MOST_COLUMNS = MOST_COLUMNS + 1_000  # with those of people inside
_LONGEST_CELL = 50_000  # what a cell can hold
_LONGEST_TEXT = 30_000  # of a receipt
_MOST_EXTENT = 10_000_000


def standing_of(told: Mapping[str, Any], key: str) -> Standing | None:
    """From `{"receipt", "rows", "columns", "titles", "labels", "beside"}`: the receipt or null, the
    block's extent, its row of titles, the rows of its first column of ours below that, and which of
    these rows have something of a person's beside them, where there are many.

    None where the block, its receipt or its lines are not there, or not as the last run left them.
    Raises BadRequest for what no spreadsheet of ours tells. `key` is the digest's.
    """
    tell("block", _SCHEMA)
    receipt = told.get("receipt")
    if receipt is None:
        return None
    titles, labels = _cells(told, "titles", _MOST_COLUMNS), _cells(told, "labels", _MOST_ROWS)
    rows, columns = (_extent(told.get(name)) for name in ("rows", "columns"))
    if not isinstance(receipt, Mapping):
        raise _wrong()
    text, at = _text(receipt, "lines"), _extent(receipt.get("rows"))
    to_come = receipt.get("to_come")
    if receipt.get("state") == "done":
        lines = _vouched(key, text, labels) if rows == at else None
        keys = _text(receipt, "keys")
    elif isinstance(to_come, Mapping):
        lines = _while_making_room(key, text, _text(to_come, "lines"), labels)
        keys = _one_as_wide(columns, receipt, to_come)
    else:
        lines = _lines(text, labels) if rows == at else None
        keys = _text(receipt, "keys")
    found = marks.cut(keys, marks.KEY_MARK)
    places = _places(receipt, key, titles, columns, len(found))
    if lines is None or not found or places is None:
        return None
    return Standing(
        rows=rows,
        lines=lines,
        labels=tuple(labels),
        keys=tuple(found),
        titles=tuple(titles[place] for place in places),
        beside=_rows_of(told.get("beside")),
    )


_CELLS = {"type": "array", "items": {"type": ["string", "number"], "maxLength": _LONGEST_CELL}}
_EXTENT = {"type": "integer", "minimum": 0, "maximum": _MOST_EXTENT}
_SCHEMA: Mapping[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        "receipt": {"type": ["object", "null"]},
        "titles": {**_CELLS, "maxItems": _MOST_COLUMNS},
        "labels": {**_CELLS, "maxItems": _MOST_ROWS},
        "rows": _EXTENT,
        "columns": _EXTENT,
        "beside": {"type": "array", "items": _EXTENT, "maxItems": _MOST_ROWS},
    },
}


def _vouched(key: str, text: str, labels: Sequence[Cell]) -> tuple[Line, ...] | None:
    """The lines, if they still stand in the order in which they were written."""
    found = lines_in(text)
    return None if found is None or found[1] != labels_mark(key, labels) else found[0]


def _lines(text: str, labels: Sequence[Cell]) -> tuple[Line, ...] | None:
    found = lines_in(text)
    return found[0] if found and len(found[0]) == len(labels) else None


def _while_making_room(
    key: str, before: str, after: str, labels: Sequence[Cell]
) -> tuple[Line, ...] | None:
    """A run died: nothing was done yet, or what goes has gone, or what comes has its rows too."""
    old, new = lines_in(before), lines_in(after)
    if (same := _vouched(key, before, labels)) or not (old and new):
        return same
    stays = {line.mark for line in new[0]}
    left = tuple(line for line in old[0] if line.mark in stays)
    return next((lines for lines in (new[0], left) if len(lines) == len(labels)), None)


def _one_as_wide(columns: int, receipt: Mapping[str, Any], to_come: Mapping[str, Any]) -> str:
    """The keys from before, those to come, or those of both, whichever are as many."""
    before, after = (marks.cut(_text(each, "keys"), marks.KEY_MARK) for each in (receipt, to_come))
    left = [each for each in before if each in after]
    return next(("".join(k) for k in (before, after, left) if len(k) == columns), "")


def _places(
    receipt: Mapping[str, Any], key: str, titles: Sequence[Cell], columns: int, ours: int
) -> Sequence[int] | None:
    """Where our columns are in the block; None where a person's make that uncertain."""
    places = receipt.get("places")
    if not isinstance(places, list) or not all(isinstance(each, int) for each in places):
        places = list(range(ours))
    if len(places) != ours or columns != len(titles):
        return None
    if columns == max(places, default=-1) + 1 and min(places, default=0) >= 0:
        return places
    kept = receipt.get("marks")
    given = marks.cut(_text(kept, "titles")) if isinstance(kept, Mapping) else []
    found = [marks.title_mark(key, title) for title in titles]
    if len(given) != ours or any(found.count(each) != 1 for each in given):
        return None
    return [found.index(each) for each in given]


def _cells(told: Mapping[str, Any], name: str, most: int) -> list[Cell]:
    found = told.get(name)
    if not isinstance(found, list) or len(found) > most:
        raise _wrong()
    for cell in found:
        if not isinstance(cell, str | int | float) or len(str(cell)) > _LONGEST_CELL:
            raise _wrong()
    return found


def _rows_of(told: object) -> frozenset[int]:
    if told is None:  # by a sidebar that was open before
        return frozenset()
    if not isinstance(told, list) or len(told) > _MOST_ROWS:
        raise _wrong()
    return frozenset(map(_extent, told))


def _text(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name) or ""
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise _wrong()
    return value


def _extent(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= _MOST_EXTENT:
        raise _wrong()
    return value


def _wrong() -> BadRequest:
    return BadRequest(
        "What was told of the table is not understood. Please reload the sidebar.", field="block"
    )
