"""What the page draws of the charts that stand on a tab: their titles, labels and numbers."""

from __future__ import annotations

from typing import Any

from sandbox.google.charts import Chart, Place, range_place
from sandbox.google.grid import Workbook
from sandbox.google.shown import shown
from sandbox.google.tab import Tab

Json = dict[str, Any]
MOST_POINTS = 200  # more would be no picture


def drawn_charts(workbook: Workbook, tab: Tab) -> list[Json]:
    """Oldest first: `row` and `column` of the corner, `kind` as in the Sheets API, `labels` of the
    points, and `series` with a name and a number for each (None where there is none).
    """
    found = (_drawn(workbook, chart) for chart in workbook.charts.of(tab.sheet_id))
    return [each for each in found if each is not None]


def _drawn(workbook: Workbook, chart: Chart) -> Json | None:
    basic = chart.spec.get("basicChart")
    if not basic:
        return None
    heads = int(basic.get("headerCount", 0))
    domains = [_cells(workbook, each["domain"]) for each in basic.get("domains", [])]
    labels = domains[0][heads:] if domains else []
    points = [at for at, (text, _) in enumerate(labels) if text][:MOST_POINTS]
    series = [_cells(workbook, each["series"]) for each in basic.get("series", [])]
    row, column = chart.anchor
    return {
        "id": chart.id,
        "row": row,
        "column": column,
        "title": chart.spec.get("title", ""),
        "kind": basic.get("chartType", "COLUMN"),
        "labels": [labels[at][0] for at in points],
        "series": [
            {
                "name": cells[0][0] if heads and cells else "",
                "values": [
                    cells[heads + at][1] if heads + at < len(cells) else None for at in points
                ],
            }
            for cells in series
        ],
    }


def _cells(workbook: Workbook, data: Json) -> list[tuple[str, float | None]]:
    """Of each cell what it shows, and its number."""
    return [
        cell
        for source in data["sourceRange"]["sources"]
        for cell in _read(workbook, range_place(source))
    ]


def _read(workbook: Workbook, place: Place) -> list[tuple[str, float | None]]:
    sheet_id, rect = place
    tab = workbook.tab_by_id(sheet_id)
    if tab is None:
        return []
    read = []
    for row in range(rect.row, rect.end_row):
        for column in range(rect.column, rect.end_column):
            value = tab.value(row, column)
            number = (
                value if isinstance(value, int | float) and not isinstance(value, bool) else None
            )
            read.append((shown(value, tab.pattern(tab.cell(row, column))), number))
    return read
