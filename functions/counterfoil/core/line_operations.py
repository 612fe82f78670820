"""Operations on rows, columns and formulas of a block, one constructor each. Pure.

The rest of the table in docs/operations.md is in core/operations.py and core/patch_operations.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core.operations import Operation

Place = tuple[int, int]
"""(at, count): counted in the block as it is before the operation, ascending."""


def insert_rows(rows_after: int, places: Sequence[Place]) -> Operation:
    """Whole rows before the block's rows `at`; the block has `rows_after` rows then."""
    return Operation("insert_rows", {"rows": rows_after, "places": _lists(places)})


def insert_columns(columns_after: int, places: Sequence[Place]) -> Operation:
    """Whole columns before our columns `at`; so many columns are ours then."""
    return Operation("insert_columns", {"columns": columns_after, "places": _lists(places)})


def delete_rows(rows_after: int, places: Sequence[Place]) -> Operation:
    return Operation("delete_rows", {"rows": rows_after, "places": _lists(places)})


def delete_columns(columns_after: int, places: Sequence[Place]) -> Operation:
    return Operation("delete_columns", {"columns": columns_after, "places": _lists(places)})


def sort(header_rows: int, by: Sequence[tuple[int, bool]]) -> Operation:
    """Data rows by columns of ours, first things first; `by` is (column, descending)."""
    orders = [{"column": column, "descending": descending} for column, descending in by]
    return Operation("sort", {"header_rows": header_rows, "by": orders})


def copy_snapshot(title: str) -> Operation:
    """The block's values in a new tab, as "title 2" where the title is taken."""
    return Operation("copy_values", {"title": title, "fresh": True})


def padlock(locked: bool, frozen: Sequence[str] = ()) -> Operation:
    """A padlock before the title of the block's tab; or none any more, unless one of the other
    blocks that are still `frozen` stands there.
    """
    return Operation(
        "padlock", {"locked": locked} if locked else {"locked": locked, "frozen": list(frozen)}
    )


@dataclass(frozen=True, slots=True)
class Total:
    """A live total over cells above or below it in its column: `plus` and `minus` are (first row,
    rows) of the block. It must come to what stands there, to `scale` places.
    """

    row: int
    column: int
    plus: Sequence[Place]
    minus: Sequence[Place] = ()
    scale: int = 2

    def as_json(self) -> dict[str, Any]:
        return {
            "template": "sum",
            "row": self.row,
            "column": self.column,
            "plus": _lists(self.plus),
            "minus": _lists(self.minus),
            "scale": self.scale,
        }


@dataclass(frozen=True, slots=True)
class NotRefreshed:
    """A title cell that is blank until `due`, and says then since when. Both are (day, second):
    days since 1899-12-30 and seconds of that day, in the spreadsheet's zone.
    """

    row: int
    column: int
    at: tuple[int, int]
    due: tuple[int, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "template": "not_refreshed_since",
            "row": self.row,
            "column": self.column,
            "at": list(self.at),
            "due": list(self.due),
        }


def formula(cells: Sequence[Total | NotRefreshed]) -> Operation:
    """Our own formulas, over what stands there."""
    return Operation("formula", {"cells": [cell.as_json() for cell in cells]})


def _lists(places: Sequence[Place]) -> list[list[int]]:
    return [list(place) for place in places]
