"""What the page is told of a chart: labels, names and numbers, from whatever tab they stand on."""

from __future__ import annotations

from typing import Any

from sandbox.google.a1 import Rect
from sandbox.google.charts import Chart, range_json
from sandbox.google.drawn_charts import drawn_charts
from sandbox.google.grid import Workbook
from sandbox.google.snapshot import snapshot


def source(sheet_id: int, rect: Rect) -> dict[str, Any]:
    return {"sourceRange": {"sources": [range_json((sheet_id, rect))]}}


def test_a_chart_is_drawn_of_what_its_ranges_show() -> None:
    book = Workbook("b", year=2026)
    here, board = book.tabs[0], book.add_tab("Board")
    here.write(0, 0, [["Month", "Income"], ["Jan", 10], ["Feb", "none"], ["", 3], ["Mar", -2.5]])
    spec = {
        "title": "By month",
        "basicChart": {
            "chartType": "COLUMN", "headerCount": 1,
            "domains": [{"domain": source(here.sheet_id, Rect(0, 0, 5, 1))}],
            "series": [{"series": source(here.sheet_id, Rect(0, 1, 5, 1))}],
        },
    }  # fmt: skip
    book.charts.add(Chart(7, board.sheet_id, (1, 4), spec))
    drawn = {
        "id": 7, "row": 1, "column": 4, "title": "By month", "kind": "COLUMN",
        "labels": ["Jan", "Feb", "Mar"],
        "series": [{"name": "Income", "values": [10, None, -2.5]}],
    }  # fmt: skip
    assert drawn_charts(book, board) == [drawn]
    assert drawn_charts(book, here) == []
    assert snapshot(book, board)["charts"] == [drawn]
    book.delete_tab(here)
    assert drawn_charts(book, board)[0]["labels"] == []
