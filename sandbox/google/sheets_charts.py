"""Charts in the words of the Sheets API, both ways.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/charts
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.google import charts
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.charts import Chart
from sandbox.google.grid import Workbook
from sandbox.google.sheets_fields import only
from sandbox.google.sheets_json import grid_range, must_tab, tab_and_rect
from sandbox.google.tab import Tab

Json = dict[str, Any]


def of_sheet(workbook: Workbook, tab: Tab) -> list[Json]:
    return [_json(chart) for chart in workbook.charts.of(tab.sheet_id)]


def _json(chart: Chart) -> Json:
    row, column = chart.anchor
    anchor = {name: at for name, at in (("rowIndex", row), ("columnIndex", column)) if at}
    tab = {"sheetId": chart.sheet_id} if chart.sheet_id else {}
    position = {"overlayPosition": {"anchorCell": tab | anchor}}
    return {"chartId": chart.id, "spec": _answered(chart.spec), "position": position}


def _answered(spec: Any) -> Any:
    """As the server answers ranges: a sheet id of 0 is left out."""
    if isinstance(spec, list):
        return [_answered(each) for each in spec]
    if not isinstance(spec, dict):
        return spec
    if "sources" in spec:
        found = charts.places({"sourceRange": spec})
        return spec | {"sources": [grid_range(*place) for place in found]}
    return {name: _answered(each) for name, each in spec.items()}


def _add(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("chart", {})
    only(given, "chartId", "spec", "position")
    position = given.get("position", {})
    only(position, "overlayPosition")
    overlay = position.get("overlayPosition", {})
    only(overlay, "anchorCell", "offsetXPixels", "offsetYPixels", "widthPixels", "heightPixels")
    anchor = overlay.get("anchorCell", {})
    tab = must_tab(workbook, anchor.get("sheetId", 0))
    at = anchor.get("rowIndex", 0), anchor.get("columnIndex", 0)
    tab.check_inside(Rect(*at))
    spec = _checked(workbook, given.get("spec", {}))
    id = given.get("chartId", workbook.new_id())
    made = workbook.charts.add(Chart(id, tab.sheet_id, at, spec))
    return {"addChart": {"chart": _json(made)}}


def _update(workbook: Workbook, asked: Json) -> Json:
    """All of its description: what is not given is gone."""
    workbook.charts.change(asked.get("chartId", 0), _checked(workbook, asked.get("spec", {})))
    return {}


def _delete(workbook: Workbook, asked: Json) -> Json:
    workbook.charts.remove(asked.get("objectId", 0))
    return {}


def _checked(workbook: Workbook, spec: Json) -> Json:
    """The spec with its ranges closed. Raises GridError for what Google refuses."""
    kinds = [name for name in spec if name.endswith("Chart")]
    if len(kinds) != 1:
        raise GridError("Exactly one kind of chart must be set.")
    basic = spec.get("basicChart")
    if basic is not None:
        if basic.get("chartType", "BASIC_CHART_TYPE_UNSPECIFIED").endswith("UNSPECIFIED"):
            raise GridError("chartType must be set.")
        if not basic.get("series"):
            raise GridError("A basic chart needs a series.")
    return charts.mapped(_closed(workbook, spec), _line)


def _closed(workbook: Workbook, spec: Any) -> Any:
    if isinstance(spec, list):
        return [_closed(workbook, each) for each in spec]
    if not isinstance(spec, dict):
        return spec
    if "sources" in spec:
        found = [tab_and_rect(workbook, each) for each in spec["sources"]]
        ranges = [charts.range_json((tab.sheet_id, rect)) for tab, rect in found]
        return spec | {"sources": ranges}
    return {name: _closed(workbook, each) for name, each in spec.items()}


def _line(place: charts.Place) -> charts.Place:
    _, rect = place
    if 1 not in (rect.rows, rect.columns):
        raise GridError("A source range must be one row or one column.")
    return place


REQUESTS: dict[str, Callable[[Workbook, Json], Json]] = {
    "addChart": _add,
    "updateChartSpec": _update,
    "deleteEmbeddedObject": _delete,
}
