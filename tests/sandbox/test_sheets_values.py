"""Values through the Sheets API stand-in: RAW and USER_ENTERED, rendered and trimmed."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from sandbox.google.a1 import Rect
from tests.sandbox.json_api import Api


@pytest.fixture
def api() -> Api:
    return Api()


def test_raw_stores_and_user_entered_parses(api: Api) -> None:
    row = ["=1+1", "00123", "2026-01-02", "'x", True, 1.5, None]
    api.update("A1:G1", [row])
    api.update("A2:G2", [row], "USER_ENTERED")
    raw, typed = api.values("A1:G2", valueRenderOption="UNFORMATTED_VALUE")
    assert raw == ["=1+1", "00123", "2026-01-02", "'x", True, 1.5]
    assert typed == [2, 123, 46024, "x", True, 1.5]
    assert api.values("A1:C2", valueRenderOption="FORMULA") == [
        ["=1+1", "00123", "2026-01-02"],
        ["=1+1", 123, 46024],
    ]


def test_values_come_formatted_unless_asked_otherwise_and_without_blank_ends(api: Api) -> None:
    api.update("A1:C3", [["a", "", ""], ["", 1234.5, ""], ["", "", ""]])
    api.workbook.tabs[0].look(Rect(1, 1), pattern="#,##0.00")
    assert api.values("Sheet1") == [["a"], ["", "1,234.50"]]
    assert api.values("B2", valueRenderOption="UNFORMATTED_VALUE") == [[1234.5]]
    assert api.values("A1:B2", majorDimension="COLUMNS") == [["a"], ["", "1,234.50"]]
    assert api.values("D1:E9") is None


def test_dates_are_serials_or_texts(api: Api) -> None:
    api.update("A1", [["2026-01-02"]], "USER_ENTERED")
    assert api.values("A1") == [["2026-01-02"]]
    assert api.values("A1", valueRenderOption="UNFORMATTED_VALUE") == [[46024]]
    as_text = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "FORMATTED_STRING"}
    assert api.values("A1", **as_text) == [["2026-01-02"]]


def test_data_larger_than_its_range_is_refused_but_one_cell_is_an_anchor(api: Api) -> None:
    error = api.refused(
        "PUT", "/book/values/A1:B1", {"values": [[1, 2], [3, 4]]}, valueInputOption="RAW"
    )
    assert "tried writing to row [2]" in error["message"]
    assert api.update("B2", [[1, 2], [3, 4]])["updatedRange"] == "Sheet1!B2:C3"


def test_a_missing_value_input_option_is_refused(api: Api) -> None:
    error = api.refused("PUT", "/book/values/A1", {"values": [[1]]})
    assert "'valueInputOption' is required" in error["message"]


def test_a_list_is_no_cell(api: Api) -> None:
    error = api.refused("PUT", "/book/values/A1", {"values": [[["x"]]]}, valueInputOption="RAW")
    assert error["message"] == "Invalid values[0][0]: list_value"


def test_rows_are_appended_below_and_the_grid_grows(api: Api) -> None:
    api.update("A1:A1000", [[i] for i in range(1000)])
    answer = api.call(
        "POST", "/book/values/A1:append", {"values": [["end"]]}, valueInputOption="RAW"
    )
    assert answer["updates"]["updatedRange"] == "Sheet1!A1001"
    assert answer["tableRange"] == "Sheet1!A1:A1000"
    assert api.workbook.tabs[0].row_count == 1001


def test_ranges_are_cleared_and_keep_their_looks(api: Api) -> None:
    api.update("A1:B1", [["x", "y"]])
    api.workbook.tabs[0].look(Rect(0, 0), bold=True)
    assert api.call("POST", "/book/values/A1:clear", {})["clearedRange"] == "Sheet1!A1"
    assert api.values("A1:B1") == [["", "y"]]
    assert api.workbook.tabs[0].cell(0, 0).look.bold
    api.call("POST", "/book/values:batchClear", {"ranges": ["B1", "C1"]})
    assert api.values("A1:B1") is None


def test_many_ranges_are_written_or_none(api: Api) -> None:
    data = [{"range": "A1", "values": [[1]]}, {"range": "Nowhere!A1", "values": [[2]]}]
    api.refused("POST", "/book/values:batchUpdate", {"data": data, "valueInputOption": "RAW"})
    assert api.values("A1") is None
    data[1]["range"] = "B2"
    body = {"data": data, "valueInputOption": "RAW", "includeValuesInResponse": True}
    answer = api.call("POST", "/book/values:batchUpdate", body)
    assert (answer["totalUpdatedCells"], answer["totalUpdatedSheets"]) == (2, 1)
    assert answer["responses"][1]["updatedData"]["values"] == [["2"]]
    found = api.call("GET", "/book/values:batchGet", ranges=["A1", "B2"])
    assert [one["values"] for one in found["valueRanges"]] == [[["1"]], [["2"]]]


def test_a_title_with_odd_letters_is_found_quoted_and_encoded(api: Api) -> None:
    api.workbook.rename_tab(api.workbook.tabs[0], "It's 1/2: a!b")
    api.workbook.name_range("CF_x", 0, Rect(0, 0, 1, 2))
    path = "%27It%27%27s%201%2F2%3A%20a%21b%27%21A1%3AB1"
    response = Client(api.app).put(
        f"/v4/spreadsheets/book/values/{path}?valueInputOption=RAW",
        json={"values": [["here", 1]]},
        headers=api.headers,
    )
    assert response.status_code == 200, response.text
    assert api.values("CF_x") == [["here", "1"]]
