"""gspread, unmodified, through its everyday calls, against the Sheets API stand-in."""

from __future__ import annotations

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import (
    Dimension,
    MergeType,
    PasteOrientation,
    PasteType,
    ValidationConditionType,
    ValueRenderOption,
)

from sandbox.google.a1 import Rect
from sandbox.google.attached import FILTER, MERGE, PROTECTION
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox

PEOPLE = [["Name", "Total", "Paid"], ["Cy", 8, True], ["ann", 30, False], ["Bob", 7, True]]


@pytest.fixture
def tab(book: gspread.Spreadsheet) -> gspread.Worksheet:
    made = book.sheet1
    made.update(PEOPLE, "A1")
    return made


# Tabs


def test_tabs_are_listed_found_copied_ordered_coloured_and_deleted(
    workbook: Workbook, book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    tab.freeze(rows=1, cols=1)
    tab.merge_cells("E1:F1")
    copy = book.duplicate_sheet(tab.id, insert_sheet_index=1, new_sheet_name="Second")
    assert copy.get_all_values() == tab.get_all_values()
    assert (copy.frozen_row_count, copy.frozen_col_count, copy.index) == (1, 1, 1)
    assert len(list(workbook.attached.of(copy.id, MERGE))) == 1
    again = copy.duplicate(insert_sheet_index=2)
    assert again.title == "Copy of Second"
    assert book.get_worksheet_by_id(copy.id).title == "Second"
    assert [t.title for t in book.worksheets()] == ["Sheet1", "Second", "Copy of Second"]
    book.reorder_worksheets([again, copy, tab])
    assert [t.title for t in book] == ["Copy of Second", "Second", "Sheet1"]
    copy.hide()
    assert [t.title for t in book.worksheets(exclude_hidden=True)] == ["Copy of Second", "Sheet1"]
    copy.update_tab_color("#FF8000")
    assert book.worksheet("Second").get_tab_color() == "#FF8000"
    copy.clear_tab_color()
    assert book.worksheet("Second").get_tab_color() is None
    copy.hide_gridlines()
    assert book.worksheet("Second").is_gridlines_hidden
    copy.show_gridlines()
    assert not book.worksheet("Second").is_gridlines_hidden
    book.del_worksheet_by_id(again.id)
    copy.update_index(0)
    assert [t.title for t in book] == ["Second", "Sheet1"]


def test_a_tab_is_copied_into_another_spreadsheet(
    google: GoogleSandbox, book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    other = Workbook("other-book")
    google.workbooks[other.id] = other
    answer = tab.copy_to(other.id)
    assert (answer["title"], answer["index"]) == ("Copy of Sheet1", 1)
    assert other.tabs[1].values(Rect(0, 0, 1, 3)) == [["Name", "Total", "Paid"]]
    with pytest.raises(APIError, match="not found"):
        tab.copy_to("nowhere")


def test_the_spreadsheet_s_own_settings_change(
    workbook: Workbook, book: gspread.Spreadsheet
) -> None:
    book.update_timezone("Europe/Zurich")
    book.update_locale("de_CH")
    assert (workbook.time_zone, workbook.locale) == ("Europe/Zurich", "de_CH")
    assert (book.timezone, book.locale) == ("Europe/Zurich", "de_CH")


# Values


def test_records_columns_and_cells_are_read(tab: gspread.Worksheet) -> None:
    assert tab.get_all_records()[0] == {"Name": "Cy", "Total": 8, "Paid": "TRUE"}
    raw = tab.get_values("B2:C3", value_render_option=ValueRenderOption.unformatted)
    assert raw == [[8, True], [30, False]]
    columns = tab.get("A1:B2", major_dimension=Dimension.cols)
    assert columns == [["Name", "Cy"], ["Total", "8"]]
    assert tab.row_values(2) == ["Cy", "8", "TRUE"]
    assert tab.col_values(1) == ["Name", "Cy", "ann", "Bob"]
    assert [cell.value for cell in tab.range("A2:B2")] == ["Cy", "8"]
    assert [cell.address for cell in tab.findall("TRUE")] == ["C2", "C4"]
    assert tab.find("bob", case_sensitive=False).row == 4
    assert tab.find("nobody") is None
    assert tab.get_all_cells()[1].value == "Total"
    assert tab.expand("A1")[3] == ["Bob", "7", "TRUE"]


def test_cells_are_written_one_by_one_and_many_at_once(tab: gspread.Worksheet) -> None:
    tab.update_acell("B2", 9)
    tab.update_cell(3, 2, "=B2+1")
    cells = tab.range("A4:B4")
    cells[0].value, cells[1].value = "Bo", "=1+1"
    tab.update_cells(cells, value_input_option="RAW")
    tab.batch_update(
        [{"range": "C2:C3", "values": [["yes"], ["no"]]}, {"range": "D1", "values": [["!"]]}]
    )
    assert tab.get("A2:D4") == [["Cy", "9", "yes"], ["ann", "10", "no"], ["Bo", "=1+1", "TRUE"]]
    assert tab.get("B3", value_render_option=ValueRenderOption.formula) == [["=B2+1"]]


def test_rows_and_columns_come_and_go(workbook: Workbook, tab: gspread.Worksheet) -> None:
    tab.insert_rows([["x", 1], ["y", 2]], row=2)
    tab.insert_cols([["n1", "n2"]], col=1)
    assert tab.get("A1:C3") == [["n1", "Name", "Total"], ["n2", "x", "1"], ["", "y", "2"]]
    tab.delete_columns(1)
    tab.delete_rows(2, 3)
    assert tab.get("A1:A2") == [["Name"], ["Cy"]]
    tab.add_rows(2)
    tab.add_cols(1)
    tab.resize(rows=50)
    assert workbook.tabs[0].size == (50, 27)


def test_rows_are_appended_to_the_table_that_is_meant(
    workbook: Workbook, tab: gspread.Worksheet
) -> None:
    tab.update([["beside"], ["deep"]], "H20")
    tab.append_row(["Di", 1], table_range="A1")
    assert tab.row_values(5) == ["Di", "1"]
    tab.append_rows([["more"], ["=1+1"]], table_range="H20")
    assert tab.get("H20:H23") == [["beside"], ["deep"], ["more"], ["=1+1"]]
    answer = tab.append_row(["here"], table_range="E7")
    assert answer["updates"]["updatedRange"] == "Sheet1!E7"
    tab.append_row(["in between"], table_range="A1:C1", insert_data_option="INSERT_ROWS")
    assert tab.get("A6") == [["in between"]]
    assert tab.get("H21") == [["beside"]]


def test_a_tab_is_sorted_below_its_frozen_header(
    workbook: Workbook, tab: gspread.Worksheet
) -> None:
    grid = workbook.tabs[0]
    for row in (1, 2, 3):
        grid.set_formula(row, 3, f"=B{row + 1}*$B$1")
    grid.note(1, 0, "of Cy")
    tab.freeze(rows=1)
    tab.sort((2, "asc"))
    assert tab.col_values(1) == ["Name", "Bob", "Cy", "ann"]
    assert tab.get_note("A3") == "of Cy"
    assert grid.formulas(Rect(1, 3, 3, 1)) == [["=B2*$B$1"], ["=B3*$B$1"], ["=B4*$B$1"]]
    tab.sort((3, "asc"), (1, "des"), range="A2:C4")
    assert tab.col_values(1) == ["Name", "ann", "Cy", "Bob"]
    tab.update_cell(3, 1, "")
    tab.sort((1, "des"))
    assert tab.col_values(1) == ["Name", "Bob", "ann"]  # the blank one is last


def test_ranges_are_copied_and_cut_with_their_formulas(
    workbook: Workbook, tab: gspread.Worksheet
) -> None:
    grid = workbook.tabs[0]
    grid.set_formula(1, 3, "=B2*2")
    tab.format("A2:D2", {"textFormat": {"bold": True}})
    tab.copy_range("D2", "D3:D4")
    assert grid.formulas(Rect(2, 3, 2, 1)) == [["=B3*2"], ["=B4*2"]]
    tab.copy_range("D2:D4", "F1", paste_type=PasteType.values)
    assert tab.get("F1:F3") == [["16"], ["60"], ["14"]]
    assert not grid.cell(0, 5).look.bold
    tab.copy_range("A1:C1", "H1", paste_orientation=PasteOrientation.transpose)
    assert tab.get("H1:H3") == [["Name"], ["Total"], ["Paid"]]
    tab.define_named_range("B2:B3", "two")
    tab.cut_range("A2:C4", "A7")
    assert tab.get("A2:C9")[5:] == [
        ["Cy", "8", "TRUE"],
        ["ann", "30", "FALSE"],
        ["Bob", "7", "TRUE"],
    ]
    assert tab.get("A2:C4") == [[]]
    assert grid.formulas(Rect(1, 3)) == [["=B7*2"]]
    named = workbook.named_range("two")
    assert named is not None
    assert named.rect == Rect(6, 1, 2, 1)
    with pytest.raises(APIError, match="does not paste PASTE_CONDITIONAL_FORMATTING"):
        tab.copy_range("A1", "B1", paste_type=PasteType.conditional_formating)


def test_everything_is_cleared_but_its_looks(workbook: Workbook, tab: gspread.Worksheet) -> None:
    tab.format("A1", {"textFormat": {"bold": True}})
    tab.batch_clear(["A1:B1", "C2"])
    assert tab.get("A1:C2") == [["", "", "Paid"], ["Cy", "8"]]
    tab.clear()
    assert tab.get_all_values() == [[]]
    assert workbook.tabs[0].cell(0, 0).look.bold


# Looks


def test_fonts_borders_padding_and_turned_text_are_kept(
    workbook: Workbook, book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    line = {"style": "SOLID_MEDIUM", "colorStyle": {"rgbColor": {"red": 1}}}
    looks = {
        "borders": {"top": line, "bottom": {"style": "DASHED"}},
        "padding": {"top": 2, "left": 8},
        "textRotation": {"angle": 45},
        "textDirection": "RIGHT_TO_LEFT",
        "textFormat": {"fontFamily": "Roboto", "fontSize": 9, "strikethrough": True},
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "CLIP",
    }
    tab.batch_format(
        [{"range": "A1:B1", "format": looks}, {"range": "A2", "format": {"padding": {}}}]
    )
    fields = "sheets.data.rowData.values.userEnteredFormat"
    read = book.fetch_sheet_metadata({"fields": fields, "ranges": "A1"})
    found = read["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    red = {"red": 1.0}
    assert found == looks | {
        "borders": {
            "top": {
                "style": "SOLID_MEDIUM",
                "width": 2,
                "color": red,
                "colorStyle": {"rgbColor": red},
            },
            "bottom": {"style": "DASHED", "width": 1, "color": {}, "colorStyle": {"rgbColor": {}}},
        }
    }
    tab.format("A1", {"borders": {"top": {"style": "NONE"}}})
    assert workbook.tabs[0].cell(0, 0).look.top == ""
    with pytest.raises(APIError, match=r"does not keep userEnteredFormat\.hyperlinkDisplayType"):
        tab.format("A1", {"hyperlinkDisplayType": "LINKED"})


def test_rows_and_columns_hide_fold_and_widen(workbook: Workbook, tab: gspread.Worksheet) -> None:
    grid = workbook.tabs[0]
    tab.hide_rows(1, 3)
    tab.hide_columns(0, 1)
    assert (grid.hidden_rows, grid.hidden_columns) == ({1, 2}, {0})
    tab.unhide_rows(1, 3)
    tab.unhide_columns(0, 1)
    assert (grid.hidden_rows, grid.hidden_columns) == (set(), set())
    tab.update_cell(2, 1, "a rather long name, which needs room")
    tab.columns_auto_resize(0, 2)
    assert grid.widths[0] > 200 > grid.widths[1]
    tab.add_dimension_group_rows(1, 5)
    tab.add_dimension_group_rows(2, 4)
    tab.add_dimension_group_columns(0, 2)
    depths = [(g["depth"], g["range"]["startIndex"]) for g in tab.list_dimension_group_rows()]
    assert depths == [(1, 1), (2, 2)]
    tab.delete_dimension_group_rows(3, 5)  # as the API's description works it out
    ranges = [
        (g["depth"], g["range"]["startIndex"], g["range"]["endIndex"])
        for g in tab.list_dimension_group_rows()
    ]
    assert ranges == [(1, 1, 4), (2, 2, 3)]
    assert len(tab.list_dimension_group_columns()) == 1


def test_notes_are_written_read_and_cleared(tab: gspread.Worksheet) -> None:
    tab.insert_note("A1", "one")
    tab.update_notes({"B2": "two", "C3": "three"})
    assert tab.get_notes()[1] == ["", "two", ""]
    assert tab.get_notes(grid_range="B2:C3") == [["two", ""], ["", "three"]]
    tab.clear_notes(["A1", "B2"])
    assert tab.get_note("A1") == ""
    assert tab.get_note("C3") == "three"


# What lies on the cells


def test_cells_are_merged_and_parted(workbook: Workbook, tab: gspread.Worksheet) -> None:
    tab.merge_cells("A1:B2")
    assert tab.get("A1:C2") == [["Name", "", "Paid"], ["", "", "TRUE"]]
    combined = tab.get("A1:C2", combine_merged_cells=True)
    assert combined == [["Name", "Name", "Paid"], ["Name", "Name", "TRUE"]]
    tab.update([["lost"]], "B2")
    assert tab.acell("B2").value is None
    with pytest.raises(APIError, match="select all cells in a merged range"):
        tab.merge_cells("B2:C3")
    tab.merge_cells("A1:C2", MergeType.merge_rows)
    rects = [item.rect for item in workbook.attached.of(0, MERGE)]
    assert rects == [Rect(0, 0, 1, 3), Rect(1, 0, 1, 3)]
    with pytest.raises(APIError, match="merged cells"):
        tab.sort((1, "asc"))
    tab.unmerge_cells("A1:C2")
    tab.batch_merge([{"range": "E1:E2"}, {"range": "F1:G2", "mergeType": MergeType.merge_columns}])
    assert len(list(workbook.attached.of(0, MERGE))) == 3


def test_a_basic_filter_is_set_replaced_and_cleared(
    workbook: Workbook, book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    tab.set_basic_filter("A1:C4")
    sheet = book.fetch_sheet_metadata()["sheets"][0]
    assert sheet["basicFilter"]["range"]["endRowIndex"] == 4
    tab.set_basic_filter()
    (item,) = workbook.attached.of(0, FILTER)
    assert item.rect == Rect(0, 0, 1000, 26)
    tab.clear_basic_filter()
    assert not list(workbook.attached.of(0, FILTER))


def test_ranges_are_protected_listed_and_freed(
    workbook: Workbook, book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    tab.add_protected_range("A1:B1", ["ana@example.com"], description="header")
    tab.add_protected_range("A2:B2", warning_only=True)
    first, second = book.list_protected_ranges(tab.id)
    assert first["description"] == "header"
    assert first["editors"] == {"users": ["ana@example.com"], "groups": []}
    assert second["warningOnly"]
    tab.update([["mine", "too"]], "A1")  # who protected it may edit it
    tab.delete_protected_range(second["protectedRangeId"])
    assert len(book.list_protected_ranges(tab.id)) == 1


def test_what_somebody_else_protected_cannot_be_written(
    workbook: Workbook, tab: gspread.Worksheet
) -> None:
    workbook.attached.add(PROTECTION, workbook.tabs[0], Rect(1, 0, 1, 3))
    for write in (
        lambda: tab.update([["x"]], "A2"),
        lambda: tab.batch_clear(["A2:B2"]),
        lambda: tab.format("A2", {"textFormat": {"bold": True}}),
        lambda: tab.sort((1, "asc")),
        lambda: tab.copy_range("A1", "B2"),
        lambda: tab.cut_range("A2", "E5"),
    ):
        with pytest.raises(APIError, match="edit a protected cell"):
            write()
    assert tab.row_values(2) == ["Cy", "8", "TRUE"]


def test_a_validation_is_kept_and_does_not_bind_a_program(
    book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    kind = ValidationConditionType.one_of_list
    tab.add_validation("C2:C4", kind, ["yes", "no"], strict=True, showCustomUi=True)
    tab.update_acell("C2", "perhaps")
    fields = "sheets.data.rowData.values(dataValidation.condition,formattedValue)"
    read = book.fetch_sheet_metadata({"fields": fields, "ranges": "C2"})
    cell = read["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    values = [{"userEnteredValue": "yes"}, {"userEnteredValue": "no"}]
    assert cell["dataValidation"]["condition"] == {"type": "ONE_OF_LIST", "values": values}
    assert cell["formattedValue"] == "perhaps"


def test_names_are_defined_read_and_deleted(
    book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    answer = tab.define_named_range("A2:B3", "totals")
    assert [cell.value for cell in book.named_range("totals")] == ["Cy", "8", "ann", "30"]
    assert [cell.value for cell in tab.range("totals")] == ["Cy", "8", "ann", "30"]
    named = answer["replies"][0]["addNamedRange"]["namedRange"]
    tab.delete_named_range(named["namedRangeId"])
    assert book.list_named_ranges() == []
