"""What stands in a block before a run, as its spreadsheet tells of it. Pure.

An update asks for it: the receipt, and the columns by which rows are known. What came along is
believed as far as the receipt's marks prove it; nothing of it is ever kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from counterfoil.core import marks
from counterfoil.core.canonical import Cell
from counterfoil.core.errors import BadRequest
from counterfoil.core.readings import tell

MOST_COLUMNS = 200  # that an update asks for
MOST_ROWS = 1_000_000
LONGEST_CELL = 50_000  # characters: what Google lets a cell hold


@dataclass(frozen=True, slots=True)
class Standing:
    """`columns` by their keys in the catalog: only those that hold what the last run left."""

    there: bool  # whether the table is still in the spreadsheet
    run: str = ""  # whose receipt it has, if that run ended
    keys: str = ""  # marks of the columns that the receipt tells of
    columns: Mapping[str, Sequence[Cell]] = field(default_factory=dict, repr=False)

    def only(self, column: str, cell: Cell) -> Standing:
        """Of the rows that have that cell in a column, as far as that is known."""
        cells = self.columns.get(column)
        if cells is None:
            return self
        places = [at for at, each in enumerate(cells) if each == cell]
        columns = {key: [values[at] for at in places] for key, values in self.columns.items()}
        return replace(self, columns=columns)

    @property
    def rows(self) -> int:
        return max(map(len, self.columns.values()), default=0)


GONE = Standing(there=False)


def standing(told: Mapping[str, Any], key: str, wanted: Sequence[str]) -> Standing:
    """From `{"there", "run", "done", "keys", "marks", "columns"}`, where `columns` are in the order
    of `wanted` (keys of the catalog), null for one that is not there; `key` is the digest's.

    Raises BadRequest for what no spreadsheet of ours tells.
    """
    tell("block", _SCHEMA)
    if told.get("there") is False:
        return GONE
    run, keys, kept = (told.get(name) or "" for name in ("run", "keys", "marks"))
    columns = told.get("columns") or []
    if not all(isinstance(each, str) for each in (run, keys, kept)) or not _are(columns, wanted):
        raise _wrong()
    if told.get("done") is not True or not run:
        return Standing(there=True)
    proofs = dict(zip(marks.cut(keys, marks.KEY_MARK), marks.cut(kept), strict=False))
    found = {
        name: values
        for name, values in zip(wanted, columns, strict=False)
        if values is not None
        # Where a person put a column in, or changed a cell, another one was read.
        and proofs.get(marks.key_marks(key, [name])) == marks.column_mark(key, values)
    }
    return Standing(True, run, keys, found)


_TEXT = {"type": ["string", "null"]}
_SCHEMA: Mapping[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        "there": {"type": ["boolean", "null"]},
        **{"run": _TEXT, "keys": _TEXT, "marks": _TEXT},
        "done": {"type": ["boolean", "null"]},
        "columns": {
            "type": ["array", "null"],
            "maxItems": MOST_COLUMNS,
            "items": {
                "type": ["array", "null"],
                "items": {
                    "type": ["string", "number", "boolean"],
                    "maxLength": LONGEST_CELL,
                },
            },
        },
    },
}


def asked_for(key: str, wanted: Sequence[str]) -> str:
    """How the spreadsheet is asked for those columns: their marks, as its receipt has them."""
    return marks.key_marks(key, wanted)


def _are(columns: object, wanted: Sequence[str]) -> bool:
    if not isinstance(columns, list) or len(columns) > len(wanted):
        return False
    given = [values for values in columns if values is not None]
    if not all(isinstance(values, list) and len(values) <= MOST_ROWS for values in given):
        return False
    if len({len(values) for values in given}) > 1:
        return False
    return all(_is_cell(cell) for values in given for cell in values)


def _is_cell(cell: object) -> bool:
    if isinstance(cell, str):
        return len(cell) <= LONGEST_CELL
    return isinstance(cell, bool | int | float)


def _wrong() -> BadRequest:
    return BadRequest(
        "What was told of the table is not understood. Please reload the sidebar.", field="block"
    )
