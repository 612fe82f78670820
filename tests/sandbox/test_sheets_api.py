"""The Sheets API stand-in: what it refuses, and the corners in which clients are caught."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.google import sheets_contract
from sandbox.google.a1 import Rect
from sandbox.google.state import grid_state
from tests.sandbox.json_api import Api, Json


@pytest.fixture
def api() -> Api:
    return Api()


# What is refused


def test_without_a_token_nothing_is_answered(api: Api) -> None:
    api.headers = {}
    error = api.refused("GET", "/book")
    assert (error["code"], error["status"]) == (401, "UNAUTHENTICATED")


def test_another_spreadsheet_is_not_found(api: Api) -> None:
    error = api.refused("GET", "/other")
    assert (error["code"], error["status"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"requests": [{"addSheets": {}}]}, "Unknown name \"addSheets\" at 'requests[0]'"),
        ({"requests": [{"addSheet": {"properties": {"title": 5}}}]}, "properties.title"),
        (
            {"requests": [{"copyPaste": {"pasteType": "PASTE_ALL"}}]},
            "Invalid value at 'requests[0].copyPaste.pasteType'",
        ),
        ({"request": []}, 'Unknown name "request"'),
        ({"requests": []}, "at least one request"),
        ({"requests": [{}]}, "exactly one request"),
        ({"requests": [{"addTable": {}}]}, "does not know addTable"),
        ({"requests": [{"deleteSheet": {"sheetId": 77}}]}, "No grid with id: 77"),
        ({"requests": [{"updateCells": {"fields": "userEnteredValu"}}]}, "Invalid field"),
        ({"requests": [{"repeatCell": {"fields": "chipRuns"}}]}, "does not keep chipRuns"),
        ({"requests": [{"repeatCell": {"range": {}}}]}, "At least one field"),
    ],
)
def test_a_batch_that_is_wrong_is_refused_in_google_s_words(
    api: Api, body: Json, words: str
) -> None:
    error = api.refused("POST", "/book:batchUpdate", body)
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert words in error["message"]


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("/book/values/A1", {"valueRender": "FORMULA"}, 'Unknown name "valueRender"'),
        ("/book/values/A1", {"valueRenderOption": "RAW"}, "Invalid value at 'valueRenderOption'"),
        ("/book", {"includeGridData": "maybe"}, "TYPE_BOOL"),
        ("/book", {"fields": "sheets.nothing"}, "Invalid field: nothing"),
        ("/book", {"fields": "sheets("}, "Invalid field mask"),
        ("/book/values/Nowhere!A1", {}, "Unable to parse range: Nowhere!A1"),
        ("/book/values/A1:ZZ5", {}, "exceeds grid limits"),
        ("/book/developerMetadata/7", {}, "not found"),
        ("/book", {"excludeTablesInBandedRanges": "true"}, "does not know"),
    ],
)
def test_a_query_that_is_wrong_is_refused(api: Api, path: str, query: Json, words: str) -> None:
    assert words in api.refused("GET", path, **query)["message"]


def test_what_the_stand_in_does_not_do_is_refused_not_ignored(api: Api) -> None:
    assert api.refused("DELETE", "/book")["code"] == 404
    linked = {
        "repeatCell": {
            "range": {"sheetId": 0},
            "cell": {"userEnteredFormat": {"textFormat": {"link": {"uri": "http://x"}}}},
            "fields": "userEnteredFormat",
        }
    }
    message = api.batch_refused(linked)
    assert "does not keep userEnteredFormat.textFormat.link" in message
    for path in ("padding.top", "borders.top.style"):
        half = {"repeatCell": {"cell": {}, "fields": f"userEnteredFormat.{path}"}}
        assert "does not keep" in api.batch_refused(half)


def test_a_batch_happens_whole_or_not_at_all(api: Api) -> None:
    before = grid_state(api.workbook)
    message = api.batch_refused(
        {"addSheet": {"properties": {"title": "New", "sheetId": 5}}},
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}},
        {"addNamedRange": {"namedRange": {"name": "A1", "range": {"sheetId": 5}}}},
    )
    assert message.startswith("Invalid requests[2].addNamedRange")
    assert grid_state(api.workbook) == before


def test_trouble_can_be_ordered(api: Api) -> None:
    api.app.fail_next(429, 503)
    assert api.refused("GET", "/book")["status"] == "RESOURCE_EXHAUSTED"
    assert api.refused("GET", "/book")["status"] == "UNAVAILABLE"
    assert api.call("GET", "/book")
    assert api.app.calls == {"spreadsheets.get": 3}


# Cells, tabs, names, metadata


def test_typed_cells_are_never_parsed_and_a_range_blanks_what_is_not_given(api: Api) -> None:
    api.update("A1:C2", [["x"] * 3] * 2)
    given = [{"stringValue": "=1+1"}, {"numberValue": 5}]
    api.batch(
        {
            "updateCells": {
                "range": {"endRowIndex": 2, "endColumnIndex": 3},
                "rows": [{"values": [{"userEnteredValue": value} for value in given]}],
                "fields": "userEnteredValue",
            }
        }
    )
    assert api.values("A1:C2", valueRenderOption="UNFORMATTED_VALUE") == [["=1+1", 5]]
    assert api.workbook.formulas() == {}


def test_a_mask_says_what_is_cleared_and_what_is_left(api: Api) -> None:
    tab = api.workbook.tabs[0]
    tab.look(Rect(0, 0), bold=True, italic=True, pattern="@", background="#ff0000")
    tab.note(0, 0, "mine")
    cell = {"userEnteredFormat": {"textFormat": {"italic": True}}}
    fields = "userEnteredFormat(textFormat.bold,backgroundColor)"
    where = {"endRowIndex": 1, "endColumnIndex": 1}
    api.batch({"repeatCell": {"range": where, "cell": cell, "fields": fields}})
    look = tab.cell(0, 0).look
    assert (look.bold, look.italic, look.pattern, look.background) == (False, True, "@", "")
    assert tab.cell(0, 0).note == "mine"
    api.batch({"repeatCell": {"range": where, "cell": {}, "fields": "*"}})
    assert grid_state(api.workbook) == {"tabs": [{"title": "Sheet1"}]}


def test_looks_survive_the_way_there_and_back(api: Api) -> None:
    look = {
        "numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"},
        "textFormat": {"bold": True, "fontSize": 12},
        "horizontalAlignment": "CENTER",
        "wrapStrategy": "WRAP",
    }
    where = {"endRowIndex": 1, "endColumnIndex": 1}
    cell = {"userEnteredFormat": look, "note": "n"}
    api.batch({"repeatCell": {"range": where, "cell": cell, "fields": "userEnteredFormat,note"}})
    api.update("A1", [[46024]])
    found = api.call("GET", "/book", ranges="A1", fields="sheets.data.rowData.values")
    read = found["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert (read["userEnteredFormat"], read["note"]) == (look, "n")
    assert read["formattedValue"] == "2026-01-02"
    assert read["effectiveValue"] == {"numberValue": 46024}


def test_a_formula_and_a_text_that_looks_like_one_are_told_apart(api: Api) -> None:
    api.update("A1", [["=1+1", "=1+1"]])
    api.workbook.tabs[0].set_formula(0, 1, "=1+1")
    found = api.call("GET", "/book", fields="sheets.data.rowData.values.userEnteredValue")
    cells = found["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert [cell["userEnteredValue"] for cell in cells] == [
        {"stringValue": "=1+1"},
        {"formulaValue": "=1+1"},
    ]


def test_tabs_come_change_and_go(api: Api) -> None:
    (added,) = api.batch({"addSheet": {"properties": {"title": "New", "hidden": True}}})
    properties = added["addSheet"]["properties"]
    assert properties["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    new = {"sheetId": properties["sheetId"]}
    changed = new | {
        "title": "Newer",
        "index": 0,
        "gridProperties": {"rowCount": 5, "frozenRowCount": 2},
    }
    fields = "title,index,hidden,gridProperties(rowCount,frozenRowCount)"
    api.batch({"updateSheetProperties": {"properties": changed, "fields": fields}})
    first, second = api.call("GET", "/book", fields="sheets.properties")["sheets"]
    assert first["properties"] == {
        "sheetId": new["sheetId"],
        "title": "Newer",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 5, "columnCount": 26, "frozenRowCount": 2},
    }
    assert second["properties"]["index"] == 1
    taken = {"updateSheetProperties": {"properties": new | {"title": "sheet1"}, "fields": "title"}}
    assert "already exists" in api.batch_refused(taken)
    api.batch({"deleteSheet": new})
    assert [tab.title for tab in api.workbook.tabs] == ["Sheet1"]
    assert "visible sheets" in api.batch_refused({"deleteSheet": {"sheetId": 0}})


def test_dimensions_grow_shrink_move_and_widen(api: Api) -> None:
    api.update("A1:A3", [["a"], ["b"], ["c"]])
    rows = {"sheetId": 0, "dimension": "ROWS"}
    api.batch(
        {"appendDimension": {"sheetId": 0, "dimension": "COLUMNS", "length": 2}},
        {"insertDimension": {"range": rows | {"startIndex": 1, "endIndex": 2}}},
        {"deleteDimension": {"range": rows | {"startIndex": 0, "endIndex": 1}}},
        {"moveDimension": {"source": rows | {"startIndex": 1, "endIndex": 2}}},
        {
            "updateDimensionProperties": {
                "range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 3},
                "properties": {"pixelSize": 60},
                "fields": "pixelSize",
            }
        },
    )
    tab = api.workbook.tabs[0]
    assert tab.size == (1000, 28)
    assert api.values("A1:A3") == [["b"], [], ["c"]]
    assert tab.widths == {1: 60, 2: 60}


def test_names_are_made_moved_and_removed_and_leave_sheet_zero_out(api: Api) -> None:
    where = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    (made,) = api.batch({"addNamedRange": {"namedRange": {"name": "CF_x", "range": where}}})
    named = made["addNamedRange"]["namedRange"]
    assert named["range"] == where  # as Google answers: a sheet id of 0 is not written
    again = {"addNamedRange": {"namedRange": {"name": "cf_X", "range": where}}}
    assert "already exists" in api.batch_refused(again)
    moved = {"namedRangeId": named["namedRangeId"], "range": where | {"endRowIndex": 9}}
    api.batch({"updateNamedRange": {"namedRange": moved, "fields": "range"}})
    assert api.call("GET", "/book")["namedRanges"] == [moved | {"name": "CF_x"}]
    api.batch({"deleteNamedRange": {"namedRangeId": named["namedRangeId"]}})
    assert "namedRanges" not in api.call("GET", "/book")


def test_metadata_is_made_found_changed_and_removed(api: Api) -> None:
    item = {
        "metadataKey": "counterfoil:CF_x",
        "metadataValue": "one",
        "location": {"sheetId": 0},
        "visibility": "DOCUMENT",
    }
    (made,) = api.batch({"createDeveloperMetadata": {"developerMetadata": item}})
    kept = made["createDeveloperMetadata"]["developerMetadata"]
    lookup = {"developerMetadataLookup": {"metadataKey": "counterfoil:CF_x"}}
    found = api.call("POST", "/book/developerMetadata:search", {"dataFilters": [lookup]})
    assert found["matchedDeveloperMetadata"][0]["developerMetadata"] == kept
    change = {"dataFilters": [lookup], "developerMetadata": {"metadataValue": "two"}}
    api.batch({"updateDeveloperMetadata": change | {"fields": "metadataValue"}})
    read = api.call("GET", f"/book/developerMetadata/{kept['metadataId']}")
    assert read == kept | {"metadataValue": "two"}
    assert api.call("GET", "/book")["sheets"][0]["developerMetadata"] == [read]
    api.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})
    assert api.call("POST", "/book/developerMetadata:search", {"dataFilters": [lookup]}) == {}
    nowhere = {"createDeveloperMetadata": {"developerMetadata": {"metadataKey": "k"}}}
    assert "one location" in api.batch_refused(nowhere)
    where = {"metadataKey": "k", "location": {"spreadsheet": True}}
    unseen = {"createDeveloperMetadata": {"developerMetadata": where}}
    assert "visibility must be specified" in api.batch_refused(unseen)


def test_pasted_values_leave_formulas_and_looks_behind(api: Api) -> None:
    tab = api.workbook.tabs[0]
    tab.write(0, 0, [["=text", ""], [1, 2]])
    tab.set_formula(0, 1, "=A2+B2")
    tab.look(Rect(0, 0, 2, 2), bold=True)
    tab.write(0, 3, [["old", "old"]])
    source = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    target = source | {"startColumnIndex": 3, "endColumnIndex": 5}
    paste = {"source": source, "destination": target}
    api.batch({"copyPaste": paste | {"pasteType": "PASTE_VALUES"}})
    assert tab.values(Rect(0, 3, 2, 2)) == [["=text", 3], [1, 2]]
    assert api.workbook.formulas() == {"Sheet1!B1": "=A2+B2"}
    assert not tab.cell(0, 3).look.bold
    api.batch({"copyPaste": paste | {"pasteType": "PASTE_FORMAT"}})
    assert tab.cell(0, 3).look.bold


def test_a_spreadsheet_is_created(api: Api) -> None:
    made = api.call("POST", "", {"properties": {"title": "Books", "timeZone": "Europe/Berlin"}})
    read = api.call("GET", f"/{made['spreadsheetId']}", fields="properties(title,timeZone)")
    assert read == {"properties": {"title": "Books", "timeZone": "Europe/Berlin"}}


# The description of the API

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["stringValue", "boolValue", "numberValue", "note", "x"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=4,
)


@given(
    st.dictionaries(
        st.sampled_from(["userEnteredValue", "note", "hyperlink", "pivotTable", "y"]),
        json_values,
        max_size=3,
    )
)
def test_the_fast_check_and_json_schema_agree(cell: Json) -> None:
    schema = sheets_contract.json_schema("CellData")
    fits = jsonschema.Draft202012Validator(schema).is_valid(cell)
    try:
        sheets_contract.check("CellData", cell)
    except sheets_contract.Violation:
        assert not fits
    else:
        assert fits


def test_every_method_of_the_description_has_a_path_of_its_own() -> None:
    found = {method.id for method in sheets_contract.methods()}
    assert len(found) == 17
    assert "spreadsheets.values.batchGetByDataFilter" in found
