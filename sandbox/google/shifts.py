"""Cells put into some columns of a tab: what lies below goes down, with all that speaks of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.google import formula_references, moves
from sandbox.google.a1 import Rect, Reference

if TYPE_CHECKING:
    from sandbox.google.layout import Layout


def shifted_down(tab: Layout, rect: Rect) -> None:
    """Names, formulas and attached things follow where they lie wholly in these columns."""
    workbook = tab.workbook
    move = moves.inserted(rect.row, rect.rows)

    def inside(column: int, end: int | None) -> bool:
        return rect.column <= column and end is not None and end <= rect.end_column

    def reference(found: Reference) -> Reference | None:
        if not inside(found.column, found.end_column):
            return found
        return moves.moved_reference(found, "ROWS", move)

    for key, named in list(workbook.named_ranges.items()):
        place = named.rect if named.sheet_id == tab.sheet_id else None
        if place is not None and inside(place.column, place.end_column):
            moved = moves.moved_rect(place, "ROWS", move)
            workbook.named_ranges[key] = replace(named, rect=moved)
    for item in workbook.attached.of(tab.sheet_id):
        if item.rect is not None and inside(item.rect.column, item.rect.end_column):
            workbook.attached.change(item.id, rect=moves.moved_rect(item.rect, "ROWS", move))
    workbook.charts.shifted_down(
        tab.sheet_id, lambda place: inside(place.column, place.end_column), move
    )
    for other in workbook.tabs:

        def changed(text: str, own: str = other.title) -> str:
            return formula_references.references_mapped(text, own, tab.title, reference)

        other.map_formulas(changed)
