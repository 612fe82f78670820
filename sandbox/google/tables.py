"""Where the tables of a tab are: rectangles of cells that touch each other."""

from __future__ import annotations

from sandbox.google.a1 import Rect
from sandbox.google.attached import overlap
from sandbox.google.tab import Tab


def last_table(tab: Tab, rect: Rect) -> Rect | None:
    """The lowest table that shares a cell with `rect`, and of those the one furthest right."""
    touching = [table for table in tables(tab) if overlap(table, rect)]
    return max(touching, key=lambda table: (table.end_row, table.end_column), default=None)


def tables(tab: Tab) -> list[Rect]:
    """Each is the rectangle around filled cells that are next to each other, corners included."""
    done: list[Rect] = []
    growing: list[Rect] = []
    runs: dict[int, list[Rect]] = {}
    for row, column, cell in tab.cells():
        if cell.value == "" and not cell.formula:
            continue
        line = runs.setdefault(row, [])
        if line and line[-1].end_column == column:
            line[-1] = Rect(row, line[-1].column, 1, line[-1].columns + 1)
        else:
            line.append(Rect(row, column))
    for row, line in sorted(runs.items()):
        done += [table for table in growing if table.end_row < row]
        growing = [table for table in growing if table.end_row >= row]
        for run in line:
            near = [table for table in growing if _next_to(table, run)]
            growing = [table for table in growing if table not in near] + [_around(run, *near)]
    return done + growing


def _next_to(one: Rect, other: Rect) -> bool:
    return overlap(Rect(one.row - 1, one.column - 1, one.rows + 2, one.columns + 2), other)


def _around(*rects: Rect) -> Rect:
    row, column = min(r.row for r in rects), min(r.column for r in rects)
    rows = max(r.end_row for r in rects) - row
    return Rect(row, column, rows, max(r.end_column for r in rects) - column)
