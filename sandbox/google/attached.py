"""What people put on cells: filters, merged cells, protections, charts and the like.

Each holds a rectangle of a tab, which follows rows and columns as a named range does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox.google import moves
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError

if TYPE_CHECKING:
    from sandbox.google.tab import Tab

FILTER = "filter"
MERGE = "merge"
PROTECTION = "protection"
CONDITIONAL = "conditional_format"
PIVOT = "pivot"
CHART = "chart"
KINDS = (FILTER, MERGE, PROTECTION, CONDITIONAL, PIVOT, CHART)

# What Google answers to an edit of cells that the editor may not edit.
PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
    "remove protection if you need to edit."
)


@dataclass(frozen=True, slots=True)
class Attached:
    """`rect` is what it reads or covers; None once those cells are deleted.

    `detail` by kind: a filter's {"hidden": {which of its columns, from 0: [shown texts]}}, a
    protection's {"warning": bool, "open": [[row, column, rows, columns] of what is not protected]},
    a chart's or a rule's whole description.
    """

    id: int
    kind: str
    sheet_id: int
    rect: Rect | None
    detail: dict[str, Any] = field(default_factory=dict)


class Attachments:
    """All of one spreadsheet, by id."""

    def __init__(self) -> None:
        self._items: dict[int, Attached] = {}
        self._ids = itertools.count(1)

    def add(self, kind: str, tab: Tab, rect: Rect, **detail: Any) -> Attached:
        """Raises GridError where that cannot be there."""
        tab.check_inside(rect)
        if kind not in KINDS:
            raise GridError(f"The sandbox does not know a {kind}.")
        if kind == FILTER and any(self.of(tab.sheet_id, FILTER)):
            raise GridError("You can't create a filter in a sheet that already has a filter.")
        if kind == MERGE:
            for other in self.of(tab.sheet_id, MERGE):
                if other.rect and overlap(other.rect, rect):
                    raise GridError("You must select all cells in a merged range to merge them.")
            # Only the top left cell keeps what it holds.
            for row, column, _ in list(tab.cells_in(rect)):
                if (row, column) != (rect.row, rect.column):
                    tab.clear(Rect(row, column))
        item = Attached(next(self._ids), kind, tab.sheet_id, rect, detail)
        self._items[item.id] = item
        return item

    def remove(self, id: int) -> None:
        if self._items.pop(id, None) is None:
            raise GridError(f"No object with id: {id}")

    def change(self, id: int, **changes: Any) -> None:
        self._items[id] = replace(self._items[id], **changes)

    def of(self, sheet_id: int, kind: str | None = None) -> Iterator[Attached]:
        """Those of a tab, oldest first."""
        for item in list(self._items.values()):
            if item.sheet_id == sheet_id and kind in (None, item.kind):
                yield item

    def forget_tab(self, sheet_id: int) -> None:
        self._items = {id: item for id, item in self._items.items() if item.sheet_id != sheet_id}

    def moved_on(self, sheet_id: int, axis: str, move: moves.Move) -> None:
        for item in self.of(sheet_id):
            if item.rect is not None:
                rect = moves.moved_rect(item.rect, axis, move)
                self.change(item.id, rect=rect, detail=_moved(item.detail, axis, move))

    def state(self) -> dict[int, Attached]:
        return dict(self._items)

    def restore(self, state: dict[int, Attached]) -> None:
        self._items = dict(state)

    def check_unprotected(self, tab: Tab, rect: Rect) -> None:
        """Raises GridError where an add-on's user or a service account may not write."""
        for item in self.of(tab.sheet_id, PROTECTION):
            free = item.detail.get("warning") or item.detail.get("may_edit")
            free = free or any(inside(rect, Rect(*each)) for each in item.detail.get("open", ()))
            if item.rect and overlap(item.rect, rect) and not free:
                raise GridError(PROTECTED)

    def check_may_insert(self, tab: Tab, axis: str, start: int) -> None:
        """Raises GridError where rows or columns would come into the middle of protected cells."""
        line = _strip(tab, axis, start - 1, 2)
        for item in self.of(tab.sheet_id, PROTECTION):
            rect = item.rect
            if rect is None:
                continue
            first, end = (
                (rect.row, rect.end_row) if axis == "ROWS" else (rect.column, rect.end_column)
            )
            free = item.detail.get("warning") or item.detail.get("may_edit")
            free = free or any(inside(line, Rect(*each)) for each in item.detail.get("open", ()))
            if first < start < end and not free:
                raise GridError(PROTECTED)

    def check_may_delete(self, tab: Tab, axis: str, start: int, count: int) -> None:
        """Raises GridError where protected cells would go."""
        self.check_unprotected(tab, _strip(tab, axis, start, count))

    def covered(self, tab: Tab) -> set[tuple[int, int]]:
        """Cells hidden under a merged one: what is written to them is lost."""
        return {
            (row, column)
            for item in self.of(tab.sheet_id, MERGE)
            if item.rect
            for row in range(item.rect.row, item.rect.end_row)
            for column in range(item.rect.column, item.rect.end_column)
            if (row, column) != (item.rect.row, item.rect.column)
        }

    def filtered_rows(self, tab: Tab) -> set[int]:
        """Rows that the tab's filter hides by its rule, as the cells are now."""
        hidden: set[int] = set()
        for item in self.of(tab.sheet_id, FILTER):
            if item.rect is None:
                continue
            for at, texts in item.detail.get("hidden", {}).items():
                column = item.rect.column + int(at)
                body = Rect(item.rect.row + 1, column, item.rect.rows - 1, 1)
                for i, (text,) in enumerate(tab.shown(body)):
                    if text in texts:
                        hidden.add(body.row + i)
        return hidden


def _strip(tab: Tab, axis: str, start: int, count: int) -> Rect:
    """Whole rows or columns of the tab."""
    if axis == "ROWS":
        return Rect(start, 0, count, tab.column_count)
    return Rect(0, start, tab.row_count, count)


def inside(rect: Rect, other: Rect) -> bool:
    """Whether all of the first is in the second."""
    return (
        other.row <= rect.row
        and rect.end_row <= other.end_row
        and other.column <= rect.column
        and rect.end_column <= other.end_column
    )


def _moved(detail: dict[str, Any], axis: str, move: moves.Move) -> dict[str, Any]:
    if "open" not in detail:
        return detail
    moved = (moves.moved_rect(Rect(*each), axis, move) for each in detail["open"])
    left = [[each.row, each.column, each.rows, each.columns] for each in moved if each]
    return detail | {"open": left}


def overlap(one: Rect, other: Rect) -> bool:
    return (
        one.row < other.end_row
        and other.row < one.end_row
        and one.column < other.end_column
        and other.column < one.end_column
    )
