"""Charts in the Sheets API stand-in."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.google.state import grid_state
from tests.sandbox.json_api import Api


@pytest.fixture
def api() -> Api:
    return Api()


def a_spec(*ranges: dict[str, int], **more: Any) -> dict[str, Any]:
    domain, *series = [{"sourceRange": {"sources": [each]}} for each in ranges]
    basic = {"chartType": "LINE", "domains": [{"domain": domain}]}
    return {"basicChart": basic | {"series": [{"series": each} for each in series]}} | more


def a_column(at: int, rows: int = 3) -> dict[str, int]:
    rect = {"startRowIndex": 0, "endRowIndex": rows}
    return rect | {"startColumnIndex": at, "endColumnIndex": at + 1}


def charts_of(api: Api) -> Any:
    return api.call("GET", "/book", fields="sheets.charts")["sheets"][0].get("charts", [])


def test_a_chart_is_added_follows_rows_is_described_anew_and_deleted(api: Api) -> None:
    spec = a_spec(a_column(0), a_column(1), title="=1+1")
    anchor = {"overlayPosition": {"anchorCell": {"rowIndex": 4, "columnIndex": 3}}}
    answer = api.batch({"addChart": {"chart": {"chartId": 7, "spec": spec, "position": anchor}}})
    assert answer[0]["addChart"]["chart"]["chartId"] == 7
    assert charts_of(api) == [{"chartId": 7, "spec": spec, "position": anchor}]
    api.workbook.tabs[0].insert_rows(1, 2)
    (found,) = charts_of(api)
    assert found["spec"] == a_spec(a_column(0, 5), a_column(1, 5), title="=1+1")
    assert found["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 6, "columnIndex": 3}
    other = a_spec(a_column(2, 9), a_column(3, 9))
    api.batch({"updateChartSpec": {"chartId": 7, "spec": other}})
    assert charts_of(api)[0]["spec"] == other
    api.batch({"deleteEmbeddedObject": {"objectId": 7}})
    assert charts_of(api) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"updateChartSpec": {"chartId": 9, "spec": a_spec(a_column(0), a_column(1))}}, "id: 9"),
        ({"deleteEmbeddedObject": {"objectId": 9}}, "id: 9"),
        ({"addChart": {"chart": {"spec": {}}}}, "one kind"),
        ({"addChart": {"chart": {"spec": a_spec(a_column(0))}}}, "needs a series"),
        ({"addChart": {"chart": {"spec": a_spec(a_column(0), a_column(99))}}}, "grid limits"),
        (
            {"addChart": {"chart": {"spec": a_spec(a_column(0), {"endRowIndex": 2})}}},
            "one row or one column",
        ),
    ],
)
def test_a_chart_that_cannot_be_is_refused(api: Api, asked: Any, said: str) -> None:
    before = grid_state(api.workbook)
    assert said in api.batch_refused(asked)
    assert grid_state(api.workbook) == before


def test_a_chart_goes_with_its_tab_and_loses_what_it_read_in_another(api: Api) -> None:
    api.batch({"addSheet": {"properties": {"title": "Other", "sheetId": 5}}})
    there = a_column(0) | {"sheetId": 5}
    on_other = {"overlayPosition": {"anchorCell": {"sheetId": 5}}}
    for id, position in ((1, {"overlayPosition": {"anchorCell": {}}}), (2, on_other)):
        chart = {"chartId": id, "spec": a_spec(there, a_column(1)), "position": position}
        api.batch({"addChart": {"chart": chart}})
    api.batch({"deleteSheet": {"sheetId": 5}})
    (left,) = charts_of(api)
    assert left["chartId"] == 1
    basic = left["spec"]["basicChart"]
    assert basic["domains"][0]["domain"]["sourceRange"]["sources"] == []
    assert basic["series"][0]["series"]["sourceRange"]["sources"] == [a_column(1)]
