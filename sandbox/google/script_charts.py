"""SpreadsheetApp's charts over the grid: what the runtime calls by name.

https://developers.google.com/apps-script/reference/spreadsheet/embedded-chart-builder
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.google import charts
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.charts import Chart, Place
from sandbox.google.grid import Workbook
from sandbox.google.tab import Tab

Json = dict[str, Any]

_LEGENDS = {"bottom": "BOTTOM_LEGEND", "right": "RIGHT_LEGEND", "top": "TOP_LEGEND"}


def _of_sheet(workbook: Workbook, asked: Json) -> list[Json]:
    return [
        {"id": chart.id, "ranges": [_at(*place) for place in charts.places(chart.spec)]}
        for chart in workbook.charts.of(_tab(workbook, asked).sheet_id)
    ]


def _insert(workbook: Workbook, asked: Json) -> None:
    with workbook.editing():
        tab = _tab(workbook, asked)
        at = asked["row"], asked["column"]
        tab.check_inside(Rect(*at))
        found = [_place(each) for each in asked["ranges"]]
        workbook.charts.add(Chart(workbook.new_id(), tab.sheet_id, at, _spec(asked, found)))


def _update(workbook: Workbook, asked: Json) -> None:
    """Other ranges. All that the script did not set stays as it is."""
    with workbook.editing():
        chart = workbook.charts.must(asked["id"])
        found = [_place(each) for each in asked["ranges"]]
        if len(found) != len(charts.places(chart.spec)):
            raise GridError("The sandbox does not change how many ranges a chart has.")
        left = iter(found)
        workbook.charts.change(chart.id, charts.mapped(chart.spec, lambda _: next(left)))


def _remove(workbook: Workbook, asked: Json) -> None:
    with workbook.editing():
        workbook.charts.remove(asked["id"])


def _spec(asked: Json, found: list[Place]) -> Json:
    """The first range is what the others are drawn over."""
    options = dict(asked["options"])
    made: Json = {"title": options.pop("title")} if "title" in options else {}
    basic: Json = {"chartType": asked["type"], "headerCount": asked["headers"]}
    if "legend.position" in options:
        basic["legendPosition"] = _LEGENDS[options.pop("legend.position")]
    if options:
        raise GridError(f"The sandbox does not know the chart's option {next(iter(options))}.")
    domain, *series = [{"sourceRange": {"sources": [charts.range_json(each)]}} for each in found]
    basic["domains"] = [{"domain": domain}]
    basic["series"] = [{"series": each} for each in series]
    return made | {"basicChart": basic}


def _tab(workbook: Workbook, asked: Json) -> Tab:
    tab = workbook.tab_by_id(asked["sheet"])
    if tab is None:
        raise GridError(f"Sheet {asked['sheet']} not found")
    return tab


def _place(asked: Json) -> Place:
    rect = Rect(asked["row"], asked["column"], asked["rows"], asked["columns"])
    return asked["sheet"], rect


def _at(sheet_id: int, rect: Rect) -> Json:
    place = {"row": rect.row, "column": rect.column, "rows": rect.rows, "columns": rect.columns}
    return {"sheet": sheet_id, **place}


METHODS: dict[str, Callable[[Workbook, Json], Any]] = {
    "charts.of": _of_sheet,
    "charts.insert": _insert,
    "charts.update": _update,
    "charts.remove": _remove,
}
