"""Charts of a spreadsheet: where each stands, and what it draws.

A chart is kept in the words of the Sheets API (a ChartSpec); the ranges in it follow rows and
columns as a named range does.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.google import moves
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError

Json = dict[str, Any]
Place = tuple[int, Rect]  # a tab's id, and cells of it


@dataclass(frozen=True, slots=True)
class Chart:
    id: int
    sheet_id: int  # the tab on which it stands
    anchor: tuple[int, int]  # the cell at its top left corner
    spec: Json = field(default_factory=dict)


class Charts:
    """All of one spreadsheet, by id."""

    def __init__(self) -> None:
        self._items: dict[int, Chart] = {}

    def add(self, chart: Chart) -> Chart:
        if chart.id in self._items:
            raise GridError(f"An embedded object with id {chart.id} already exists.")
        self._items[chart.id] = chart
        return chart

    def must(self, id: int) -> Chart:
        if id not in self._items:
            raise GridError(f"No embedded object with id: {id}")
        return self._items[id]

    def change(self, id: int, spec: Json) -> None:
        self._items[id] = replace(self.must(id), spec=spec)

    def remove(self, id: int) -> None:
        self._items.pop(self.must(id).id)

    def all(self) -> list[Chart]:
        return list(self._items.values())

    def of(self, sheet_id: int) -> Iterator[Chart]:
        """Those that stand on a tab, oldest first."""
        return (chart for chart in self.all() if chart.sheet_id == sheet_id)

    def forget_tab(self, sheet_id: int) -> None:
        """Those on it go with it; the others lose what they read there."""
        self._items = {id: chart for id, chart in self._items.items() if chart.sheet_id != sheet_id}
        self._map(lambda place: None if place[0] == sheet_id else place)

    def moved_on(self, sheet_id: int, axis: str, move: moves.Move) -> None:
        def followed(place: Place) -> Place | None:
            if place[0] != sheet_id:
                return place
            rect = moves.moved_rect(place[1], axis, move)
            return (sheet_id, rect) if rect else None

        self._map(followed)
        for chart in self.of(sheet_id):
            spot = moves.moved_rect(Rect(*chart.anchor), axis, move)
            if spot is not None:
                self._items[chart.id] = replace(chart, anchor=(spot.row, spot.column))

    def shifted_down(self, sheet_id: int, inside: Callable[[Rect], bool], move: moves.Move) -> None:
        """Cells were put into some columns of a tab: what lies in these below them goes down."""

        def followed(place: Place) -> Place | None:
            if place[0] != sheet_id or not inside(place[1]):
                return place
            rect = moves.moved_rect(place[1], "ROWS", move)
            return (sheet_id, rect) if rect else None

        self._map(followed)

    def state(self) -> dict[int, Chart]:
        return dict(self._items)

    def restore(self, state: dict[int, Chart]) -> None:
        self._items = dict(state)

    def _map(self, change: Callable[[Place], Place | None]) -> None:
        for chart in self.all():
            self._items[chart.id] = replace(chart, spec=mapped(chart.spec, change))


def places(spec: Json) -> list[Place]:
    """What it reads, in the order of domain and series."""
    return [range_place(each) for sources in _sources(spec) for each in sources]


def mapped(spec: Json, change: Callable[[Place], Place | None]) -> Json:
    """Another spec whose ranges are changed; None takes one out."""
    made = copy.deepcopy(spec)
    for sources in _sources(made):
        kept = [change(range_place(each)) for each in sources]
        sources[:] = [range_json(each) for each in kept if each is not None]
    return made


def filled(spec: Json, ranges: list[Place]) -> Json:
    """Another spec with a range in each place for one."""
    made = copy.deepcopy(spec)
    for sources, place in zip(_sources(made), ranges, strict=True):
        sources[:] = [range_json(place)]
    return made


def range_json(place: Place) -> Json:
    """With its tab even where that is 0, as it is asked for."""
    sheet_id, rect = place
    return {
        "sheetId": sheet_id,
        "startRowIndex": rect.row,
        "endRowIndex": rect.end_row,
        "startColumnIndex": rect.column,
        "endColumnIndex": rect.end_column,
    }


def _sources(value: Any) -> list[list[Json]]:
    """Every `sourceRange` in it, whatever the kind of chart."""
    if isinstance(value, list):
        return [found for each in value for found in _sources(each)]
    if not isinstance(value, dict):
        return []
    own = [value["sourceRange"]["sources"]] if "sourceRange" in value else []
    others = sorted(value.keys() - {"sourceRange"})
    return own + [found for name in others for found in _sources(value[name])]


def range_place(found: Json) -> Place:
    rows = found["endRowIndex"] - found.get("startRowIndex", 0)
    columns = found["endColumnIndex"] - found.get("startColumnIndex", 0)
    at = found.get("startRowIndex", 0), found.get("startColumnIndex", 0)
    return found.get("sheetId", 0), Rect(*at, rows, columns)
