"""google-api-python-client and gspread, unmodified, against the Sheets API stand-in.

How they are pointed there is in conftest.py; test_gspread.py goes on with gspread.
"""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from googleapiclient.errors import HttpError
from gspread.exceptions import APIError, WorksheetNotFound

from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox

# google-api-python-client


def test_google_s_client_writes_and_reads_values(workbook: Workbook, spreadsheets: Any) -> None:
    values = spreadsheets.values()
    body = {"values": [["Id", "Total"], ["00123", 5.5], ["=1+1", True]]}
    done = values.update(
        spreadsheetId=workbook.id, range="Sheet1!A1", valueInputOption="RAW", body=body
    ).execute()
    assert done["updatedCells"] == 6
    read = values.batchGet(
        spreadsheetId=workbook.id,
        ranges=["Sheet1!A1:B1", "Sheet1!A2:B3"],
        valueRenderOption="UNFORMATTED_VALUE",
    ).execute()
    assert [one["values"] for one in read["valueRanges"]] == [
        [["Id", "Total"]],
        [["00123", 5.5], ["=1+1", True]],
    ]
    values.append(
        spreadsheetId=workbook.id,
        range="Sheet1!A1",
        valueInputOption="USER_ENTERED",
        body={"values": [["=B2*2"]]},
    ).execute()
    read = values.get(spreadsheetId=workbook.id, range="A4").execute()
    assert read["values"] == [["11"]]
    values.clear(spreadsheetId=workbook.id, range="Sheet1", body={}).execute()
    assert "values" not in values.get(spreadsheetId=workbook.id, range="Sheet1").execute()


def test_google_s_client_adds_formats_and_deletes_a_tab(
    workbook: Workbook, spreadsheets: Any
) -> None:
    def batch(*asked: Any) -> Any:
        body = {"requests": list(asked)}
        return spreadsheets.batchUpdate(spreadsheetId=workbook.id, body=body).execute()["replies"]

    (added,) = batch({"addSheet": {"properties": {"title": "Report"}}})
    sheet_id = added["addSheet"]["properties"]["sheetId"]
    bold = {
        "repeatCell": {
            "range": {"sheetId": sheet_id, "endRowIndex": 1},
            "cell": {"userEnteredFormat": {"textFormat": {"bold": True}}},
            "fields": "userEnteredFormat.textFormat.bold",
        }
    }
    batch(bold)
    told = spreadsheets.get(
        spreadsheetId=workbook.id,
        ranges=["Report!A1:B2"],
        fields="sheets(properties.title,data.rowData.values.userEnteredFormat)",
    ).execute()
    looks = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    rows = [{"values": [looks, looks]}]
    assert told == {"sheets": [{"properties": {"title": "Report"}, "data": [{"rowData": rows}]}]}
    batch({"deleteSheet": {"sheetId": sheet_id}})
    assert [tab.title for tab in workbook.tabs] == ["Sheet1"]


def test_google_s_client_understands_a_refusal(workbook: Workbook, spreadsheets: Any) -> None:
    call = spreadsheets.values().get(spreadsheetId=workbook.id, range="Nowhere!A1")
    with pytest.raises(HttpError, match="Unable to parse range") as refusal:
        call.execute()
    assert refusal.value.resp.status == 400


def test_google_s_client_tries_again_when_throttled(
    google: GoogleSandbox,
    workbook: Workbook,
    spreadsheets: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("googleapiclient.http.time.sleep", lambda _: None)
    google.sheets.fail_next(429, 500)
    answer = spreadsheets.get(spreadsheetId=workbook.id).execute(num_retries=2)
    assert answer["spreadsheetId"] == workbook.id


# gspread


def test_gspread_writes_and_reads_values(book: gspread.Spreadsheet) -> None:
    tab = book.sheet1
    tab.update([["Name", "Total"], ["Ann", 5.5], ["=1+1", "00123"]], "A1")
    assert tab.get_all_values() == [["Name", "Total"], ["Ann", "5.5"], ["=1+1", "00123"]]
    assert tab.get_all_records(head=1)[0] == {"Name": "Ann", "Total": 5.5}
    assert tab.acell("A2").value == "Ann"
    assert tab.cell(2, 2, value_render_option=gspread.utils.ValueRenderOption.unformatted).value
    tab.update_cell(4, 1, "=B2*2")
    assert tab.acell("A4").value == "11"
    assert tab.find("Ann").address == "A2"
    tab.append_row(["Bob", 7])
    assert tab.row_values(5) == ["Bob", "7"]
    tab.append_rows([["Cy", 8], ["Di", 9]], value_input_option="USER_ENTERED")
    assert tab.col_values(2)[4:] == ["7", "8", "9"]
    assert tab.batch_get(["A2", "A5:B5"]) == [[["Ann"]], [["Bob", "7"]]]
    tab.batch_update([{"range": "A2", "values": [["Anna"]]}])
    tab.batch_clear(["B2:B3"])
    assert tab.get("A2:B3") == [["Anna"], ["=1+1"]]
    tab.clear()
    assert tab.get_all_values() == [[]]


def test_gspread_adds_changes_and_deletes_tabs(
    workbook: Workbook, book: gspread.Spreadsheet
) -> None:
    tab = book.add_worksheet("Report", rows=10, cols=5, index=0)
    assert (tab.row_count, tab.col_count) == (10, 5)
    tab.update_title("Renamed")
    tab.resize(20, 6)
    tab.add_rows(5)
    tab.freeze(rows=1)
    tab.hide()
    assert [(t.title, t.hidden, t.size) for t in workbook.tabs] == [
        ("Renamed", True, (25, 6)),
        ("Sheet1", False, (1000, 26)),
    ]
    assert workbook.tabs[0].frozen_rows == 1
    tab.show()
    tab.insert_row(["first"], 1)
    tab.delete_rows(1)
    assert [each.title for each in book.worksheets()] == ["Renamed", "Sheet1"]
    with pytest.raises(APIError, match="already exists"):
        book.add_worksheet("renamed", 1, 1)
    book.del_worksheet(tab)
    with pytest.raises(WorksheetNotFound):
        book.worksheet("Renamed")


def test_gspread_formats_names_and_notes(workbook: Workbook, book: gspread.Spreadsheet) -> None:
    tab = book.sheet1
    tab.update([[1234.5, -2]], "A1")
    tab.format(
        "A1:B1",
        {
            "numberFormat": {"type": "NUMBER", "pattern": "#,##0.00;(#,##0.00)"},
            "textFormat": {"bold": True},
            "horizontalAlignment": "CENTER",
            "backgroundColor": {"red": 1.0, "green": 0.5, "blue": 0.0},
        },
    )
    assert tab.get("A1:B1") == [["1,234.50", "(2.00)"]]
    look = workbook.tabs[0].cell(0, 0).look
    assert (look.bold, look.align, look.background) == (True, "CENTER", "#ff8000")
    tab.define_named_range("A1:B1", "totals")
    assert book.values_get("totals")["values"] == [["1,234.50", "(2.00)"]]
    assert [named["name"] for named in book.list_named_ranges()] == ["totals"]
    tab.update_note("A1", "mine")
    assert tab.get_note("A1") == "mine"
    book.update_title("Books")
    assert workbook.title == "Books"
