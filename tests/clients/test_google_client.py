"""google-api-python-client, unmodified: data filters, metadata and every batchUpdate request."""

from __future__ import annotations

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from sandbox.google.a1 import Rect
from sandbox.google.attached import FILTER, PROTECTION
from sandbox.google.grid import Workbook
from sandbox.google.state import grid_state

Json = dict[str, Any]


class Book:
    """One spreadsheet through Google's client."""

    def __init__(self, spreadsheets: Any, workbook: Workbook) -> None:
        self.api = spreadsheets
        self.id = workbook.id

    def batch(self, *asked: Json) -> list[Json]:
        body = {"requests": list(asked)}
        answer = self.api.batchUpdate(spreadsheetId=self.id, body=body).execute()
        replies: list[Json] = answer["replies"]
        return replies

    def get(self, **more: Any) -> Json:
        told: Json = self.api.get(spreadsheetId=self.id, **more).execute()
        return told

    def update(self, where: str, rows: list[list[Any]], option: str = "RAW") -> None:
        self.api.values().update(
            spreadsheetId=self.id, range=where, valueInputOption=option, body={"values": rows}
        ).execute()

    def values(self, where: str) -> list[list[Any]]:
        told = self.api.values().get(spreadsheetId=self.id, range=where).execute()
        rows: list[list[Any]] = told.get("values", [])
        return rows


@pytest.fixture
def book(spreadsheets: Any, workbook: Workbook) -> Book:
    made = Book(spreadsheets, workbook)
    made.update("A1", [["Name", "Total"], ["Cy", 8], ["Ann", 30], ["Bob", 7]])
    return made


def grid(rows: tuple[int, int], columns: tuple[int, int]) -> Json:
    return {
        "sheetId": 0,
        "startRowIndex": rows[0],
        "endRowIndex": rows[1],
        "startColumnIndex": columns[0],
        "endColumnIndex": columns[1],
    }


def on_rows(start: int, end: int) -> Json:
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end}


# Data filters


def test_values_are_read_written_and_cleared_by_data_filters(book: Book) -> None:
    by_text = {"a1Range": "A2:B2"}
    by_grid = {"gridRange": grid((1, 2), (0, 2))}
    values = book.api.values()
    read = values.batchGetByDataFilter(
        spreadsheetId=book.id, body={"dataFilters": [by_text, by_grid, {"a1Range": "A4"}]}
    ).execute()
    first, second = read["valueRanges"]
    assert first["valueRange"]["values"] == [["Cy", "8"]]
    assert first["dataFilters"] == [by_text, by_grid]
    assert second["valueRange"]["values"] == [["Bob"]]
    data = [{"dataFilter": by_grid, "values": [["Di", 1]], "majorDimension": "ROWS"}]
    done = values.batchUpdateByDataFilter(
        spreadsheetId=book.id, body={"valueInputOption": "RAW", "data": data}
    ).execute()
    assert (done["totalUpdatedCells"], done["responses"][0]["dataFilter"]) == (2, by_grid)
    assert book.values("A2:B2") == [["Di", "1"]]
    values.batchClearByDataFilter(
        spreadsheetId=book.id, body={"dataFilters": [{"a1Range": "A2:A3"}]}
    ).execute()
    assert book.values("A1:B3") == [["Name", "Total"], ["", "1"], ["", "30"]]


def test_a_spreadsheet_is_read_by_data_filter(book: Book, workbook: Workbook) -> None:
    workbook.add_tab("Other")
    told = book.api.getByDataFilter(
        spreadsheetId=book.id,
        body={"dataFilters": [{"gridRange": grid((1, 3), (1, 2))}], "includeGridData": True},
    ).execute()
    (sheet,) = told["sheets"]
    (data,) = sheet["data"]
    assert (data["startRow"], data["startColumn"]) == (1, 1)
    shown = [row["values"][0]["formattedValue"] for row in data["rowData"]]
    assert shown == ["8", "30"]
    nothing = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "none"}}]}
    told = book.api.getByDataFilter(spreadsheetId=book.id, body=nothing).execute()
    assert told.get("sheets", []) == []
    two = {"dataFilters": [{"a1Range": "A1", "gridRange": {}}]}
    with pytest.raises(HttpError, match="Exactly one kind"):
        book.api.getByDataFilter(spreadsheetId=book.id, body=two).execute()


def test_fields_and_grid_data_say_what_comes(book: Book) -> None:
    assert "data" not in book.get()["sheets"][0]
    whole = book.get(includeGridData=True)["sheets"][0]["data"][0]
    assert len(whole["rowData"]) == len(whole["rowMetadata"]) == 4
    two = book.get(ranges=["A1", "B2:B3"], includeGridData=True)["sheets"][0]["data"]
    assert [len(data["rowData"]) for data in two] == [1, 2]
    told = book.get(ranges=["B2"], fields="sheets.data.rowData.values.effectiveValue")
    cell = told["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert cell == {"effectiveValue": {"numberValue": 8}}


def test_a_query_too_long_for_an_address_is_sent_in_the_body(book: Book) -> None:
    ranges = ["Sheet1!A1:B4"] * 200
    told = book.api.values().batchGet(spreadsheetId=book.id, ranges=ranges).execute()
    assert len(told["valueRanges"]) == 200


# Developer metadata


def made_metadata(book: Book, key: str, location: Json, **more: Any) -> Json:
    item = {"metadataKey": key, "location": location, "visibility": "DOCUMENT"} | more
    (reply,) = book.batch({"createDeveloperMetadata": {"developerMetadata": item}})
    kept: Json = reply["createDeveloperMetadata"]["developerMetadata"]
    return kept


def found_keys(book: Book, **lookup: Any) -> list[str]:
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    found = book.api.developerMetadata().search(spreadsheetId=book.id, body=body).execute()
    items = found.get("matchedDeveloperMetadata", [])
    return [item["developerMetadata"]["metadataKey"] for item in items]


def test_metadata_follows_its_row_and_goes_with_it(book: Book) -> None:
    kept = made_metadata(book, "row", {"dimensionRange": on_rows(2, 3)}, metadataValue="Ann's")
    assert kept["location"]["locationType"] == "ROW"
    book.batch({"insertDimension": {"range": on_rows(0, 2)}})
    metadata = book.api.developerMetadata()
    read = metadata.get(spreadsheetId=book.id, metadataId=kept["metadataId"]).execute()
    assert read["location"]["dimensionRange"]["startIndex"] == 4
    lookup = {"developerMetadataLookup": {"metadataKey": "row"}}
    values = book.api.values().batchGetByDataFilter(
        spreadsheetId=book.id, body={"dataFilters": [lookup]}
    )
    assert values.execute()["valueRanges"][0]["valueRange"]["values"] == [["Ann", "30"]]
    shown = book.get(ranges=["A5:B5"], includeGridData=True)["sheets"][0]["data"][0]
    assert shown["rowMetadata"][0]["developerMetadata"] == [read]
    book.batch({"deleteDimension": {"range": on_rows(4, 5)}})
    with pytest.raises(HttpError) as gone:
        metadata.get(spreadsheetId=book.id, metadataId=kept["metadataId"]).execute()
    assert gone.value.resp.status == 404


def test_metadata_is_found_by_where_it_is(book: Book) -> None:
    column = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    made_metadata(book, "book", {"spreadsheet": True})
    made_metadata(book, "tab", {"sheetId": 0})
    made_metadata(book, "row 3", {"dimensionRange": on_rows(2, 3)})
    made_metadata(book, "row 4", {"dimensionRange": on_rows(3, 4)})
    made_metadata(book, "column B", {"dimensionRange": column})
    third = {"dimensionRange": on_rows(2, 3)}
    assert found_keys(book, metadataLocation=third) == ["tab", "row 3", "column B"]
    exact = {"locationMatchingStrategy": "EXACT_LOCATION"}
    assert found_keys(book, metadataLocation=third, **exact) == ["row 3"]
    assert found_keys(book, metadataLocation={"spreadsheet": True}) == ["book"]
    assert found_keys(book, locationType="ROW") == ["row 3", "row 4"]
    assert found_keys(book, visibility="DOCUMENT", metadataKey="tab") == ["tab"]
    two = {"dimensionRange": on_rows(1, 3)}
    with pytest.raises(HttpError, match="one row or column"):
        made_metadata(book, "two", two)


def test_what_is_found_names_the_filters_that_found_it(book: Book) -> None:
    made_metadata(book, "a", {"sheetId": 0})
    made_metadata(book, "b", {"sheetId": 0})
    by_a, by_b = ({"developerMetadataLookup": {"metadataKey": key}} for key in ("a", "b"))
    found = book.api.developerMetadata().search(
        spreadsheetId=book.id, body={"dataFilters": [by_a, by_b]}
    )
    matched = found.execute()["matchedDeveloperMetadata"]
    assert [item["dataFilters"] for item in matched] == [[by_a], [by_b]]


# The spreadsheet


def test_a_spreadsheet_is_created_with_its_tabs(spreadsheets: Any) -> None:
    small = {"title": "Sheet1", "gridProperties": {"rowCount": 5, "columnCount": 3}}
    body = {
        "properties": {"title": "Books", "locale": "de_CH"},
        "sheets": [{"properties": {"title": "One"}}, {"properties": small}],
    }
    made = spreadsheets.create(body=body, fields="spreadsheetId,sheets.properties").execute()
    titles = [sheet["properties"]["title"] for sheet in made["sheets"]]
    assert titles == ["One", "Sheet1"]
    assert made["sheets"][1]["properties"]["gridProperties"] == small["gridProperties"]
    read = spreadsheets.get(spreadsheetId=made["spreadsheetId"]).execute()
    assert read["properties"]["title"] == "Books"


def test_a_batch_answers_with_the_spreadsheet_when_asked(book: Book) -> None:
    body = {
        "requests": [{"addSheet": {"properties": {"title": "New"}}}],
        "includeSpreadsheetInResponse": True,
        "responseIncludeGridData": True,
        "responseRanges": ["Sheet1!A1"],
    }
    answer = book.api.batchUpdate(spreadsheetId=book.id, body=body).execute()
    (sheet,) = answer["updatedSpreadsheet"]["sheets"]
    assert sheet["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "Name"


def test_a_tab_is_duplicated_in_front_unless_told_where(book: Book, workbook: Workbook) -> None:
    (reply,) = book.batch({"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 9}})
    assert reply["duplicateSheet"]["properties"]["sheetId"] == 9
    assert [tab.title for tab in workbook.tabs] == ["Copy of Sheet1", "Sheet1"]
    with pytest.raises(HttpError, match="already exists"):
        book.batch({"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "Sheet1"}})


# Ranges


def test_a_filter_sorts_hides_rows_and_names_them(book: Book, workbook: Workbook) -> None:
    basic = {
        "range": grid((0, 4), (0, 2)),
        "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}],
        "criteria": {"0": {"hiddenValues": ["Cy"]}},
    }
    book.batch({"setBasicFilter": {"filter": basic}})
    assert book.values("A1:A4") == [["Name"], ["Ann"], ["Cy"], ["Bob"]]
    sheet = book.get(includeGridData=True)["sheets"][0]
    assert sheet["basicFilter"]["criteria"] == basic["criteria"]
    hidden = [row.get("hiddenByFilter", False) for row in sheet["data"][0]["rowMetadata"]]
    assert hidden == [False, False, True, False]
    coloured = basic | {"criteria": {"0": {"visibleBackgroundColor": {"red": 1}}}}
    with pytest.raises(HttpError, match="does not know visibleBackgroundColor"):
        book.batch({"setBasicFilter": {"filter": coloured}})
    specs = [{"columnIndex": 0, "filterCriteria": {"hiddenValues": ["Bob"]}}]
    book.batch({"setBasicFilter": {"filter": {"range": basic["range"], "filterSpecs": specs}}})
    assert workbook.attached.filtered_rows(workbook.tabs[0]) == {3}
    book.batch({"clearBasicFilter": {"sheetId": 0}})
    assert not list(workbook.attached.of(0, FILTER))


def test_a_protection_changes_and_goes(book: Book, workbook: Workbook) -> None:
    asked = {"range": {"sheetId": 0}, "editors": {"users": ["ana@example.com"]}}
    (reply,) = book.batch({"addProtectedRange": {"protectedRange": asked}})
    kept = reply["addProtectedRange"]["protectedRange"]
    assert kept["range"] == {}  # sheet 0, all of it
    assert kept["requestingUserCanEdit"]
    changed = {"protectedRangeId": kept["protectedRangeId"], "range": grid((0, 1), (0, 2))}
    book.batch({"updateProtectedRange": {"protectedRange": changed, "fields": "range"}})
    (item,) = workbook.attached.of(0, PROTECTION)
    assert item.rect == Rect(0, 0, 1, 2)
    (told,) = book.get()["sheets"][0]["protectedRanges"]
    assert told["editors"] == asked["editors"]
    book.batch({"deleteProtectedRange": {"protectedRangeId": item.id}})
    with pytest.raises(HttpError, match="No protected range"):
        book.batch({"deleteProtectedRange": {"protectedRangeId": item.id}})


def test_borders_are_drawn_around_and_inside(book: Book, workbook: Workbook) -> None:
    solid, dotted = {"style": "SOLID", "color": {"blue": 1}}, {"style": "DOTTED"}
    frame = dict.fromkeys(("top", "bottom", "left", "right"), solid)
    asked = {"range": grid((0, 2), (0, 2)), "innerHorizontal": dotted} | frame
    book.batch({"updateBorders": asked})
    first, last = (workbook.tabs[0].cell(row, 0).look for row in (0, 1))
    assert (first.top, first.bottom) == ("SOLID #0000ff", "DOTTED #000000")
    assert (last.top, last.bottom) == ("DOTTED #000000", "SOLID #0000ff")
    assert (first.left, first.right) == ("SOLID #0000ff", "")


def test_rows_have_heights_and_cells_are_appended(book: Book, workbook: Workbook) -> None:
    high = {"range": on_rows(1, 3), "properties": {"pixelSize": 40}, "fields": "pixelSize"}
    rows = [{"values": [{"userEnteredValue": {"stringValue": "Di"}}]}]
    book.batch(
        {"updateDimensionProperties": high},
        {"insertDimension": {"range": on_rows(0, 1)}},
        {"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}},
    )
    assert workbook.tabs[0].heights == {2: 40, 3: 40}
    assert book.values("A6") == [["Di"]]
    sizes = [
        row["pixelSize"]
        for row in book.get(includeGridData=True)["sheets"][0]["data"][0]["rowMetadata"]
    ]
    assert sizes == [21, 21, 40, 40, 21, 21]
    book.batch({"autoResizeDimensions": {"dimensions": on_rows(0, 3)}})
    assert workbook.tabs[0].heights == {3: 40}


def test_groups_that_overlap_become_as_the_description_says(book: Book) -> None:
    columns = {"sheetId": 0, "dimension": "COLUMNS"}
    for start, end in ((1, 4), (2, 5)):
        (reply,) = book.batch(
            {"addDimensionGroup": {"range": columns | {"startIndex": start, "endIndex": end}}}
        )
    groups = reply["addDimensionGroup"]["dimensionGroups"]
    told = [(g["depth"], g["range"]["startIndex"], g["range"]["endIndex"]) for g in groups]
    assert told == [(1, 1, 5), (2, 2, 4)]


@pytest.mark.parametrize(
    "asked",
    [
        {"addTable": {}},
        {"addBanding": {}},
        {"addFilterView": {}},
        {"addSlicer": {}},
        {"deleteRange": {}},
        {"findReplace": {}},
        {"pasteData": {}},
        {"textToColumns": {}},
        {"autoFill": {}},
        {"insertComment": {}},
    ],
)
def test_what_is_not_done_is_refused_with_google_s_error(
    book: Book, workbook: Workbook, asked: Json
) -> None:
    before = grid_state(workbook)
    with pytest.raises(HttpError, match="does not know") as refusal:
        book.batch(asked)
    assert refusal.value.resp.status == 400
    assert grid_state(workbook) == before
