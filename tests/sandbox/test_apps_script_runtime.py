"""Add-on code runs as Apps Script runs it: cells, checks, isolation, JSON only."""

from __future__ import annotations

import pytest

from sandbox.google.a1 import Rect
from tests.sandbox.scripted_page import CallFailed

# Values


def test_numbers_booleans_texts_and_blanks_come_back_as_they_were(sheet):
    seen = sheet.script("""
        const range = SpreadsheetApp.getActiveSheet().getRange(1, 1, 1, 5);
        range.setValues([[1.5, true, 'text', '', null]]);
        return range.getValues();
    """)
    assert seen == [[1.5, True, "text", "", ""]]


def test_a_date_is_a_moment_on_the_spreadsheets_wall_clock(sheet):
    seen = sheet.script("""
        const cell = SpreadsheetApp.getActiveSheet().getRange('B2').setNumberFormat('yyyy-mm-dd');
        cell.setValue(46023);
        const value = cell.getValue();
        return [value instanceof Date, value.toISOString(), cell.getDisplayValue()];
    """)
    assert seen == [True, "2026-01-01T08:00:00.000Z", "2026-01-01"]


def test_a_date_that_is_written_lands_as_a_serial(sheet):
    sheet.script("""
        SpreadsheetApp.getActiveSheet().getRange(1, 1, 1, 2)
          .setValues([[new Date('2026-07-01T07:00:00Z'), 'x']]);
    """)
    tab = sheet.workbook.tabs[0]
    assert tab.value(0, 0) == 46204
    assert tab.shown(Rect(0, 0)) == [["7/1/2026 0:00:00"]]


def test_a_19_digit_text_keeps_its_digits_only_in_a_text_cell(sheet):
    seen = sheet.script("""
        const range = SpreadsheetApp.getActiveSheet().getRange(1, 1, 1, 2);
        range.getCell(1, 1).setNumberFormat('@');
        range.setValues([['9130347596842110123', '9130347596842110123']]);
        return range.getValues()[0].map((value) => typeof value);
    """)
    assert seen == ["string", "number"]
    assert sheet.workbook.tabs[0].value(0, 0) == "9130347596842110123"


def test_what_looks_like_a_formula_is_one_even_in_a_text_cell_unless_it_is_quoted(sheet):
    seen = sheet.script("""
        const range = SpreadsheetApp.getActiveSheet().getRange(1, 1, 1, 3);
        range.getCell(1, 2).setNumberFormat('@');
        range.getCell(1, 3).setNumberFormat('@');
        range.setValues([['=1+1', '=1+1', "'=1+1"]]);
        return [range.getValues()[0], range.getFormulas()[0]];
    """)
    assert seen == [[2, 2, "=1+1"], ["=1+1", "=1+1", ""]]


def test_100000_cells_travel_in_one_call(sheet):
    seen = sheet.script("""
        const sheet = SpreadsheetApp.getActiveSheet();
        sheet.insertRowsAfter(sheet.getMaxRows(), 5000 - sheet.getMaxRows());
        const rows = Array.from({length: 5000}, (_, i) => Array.from({length: 20}, (_, j) => i * j));
        const range = sheet.getRange(1, 1, 5000, 20).setValues(rows);
        return [sheet.getLastRow(), range.getValues()[4999][19]];
    """)
    assert seen == [5000, 4999 * 19]


# Checks, in the words of Apps Script


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "sheet.getRange(1, 1, 2, 1).setValues([[1]])",
            "The number of rows in the data does not match the number of rows in the range. "
            "The data has 1 but the range has 2.",
        ),
        (
            "sheet.getRange(1, 1, 1, 1).setValues([[1, 2]])",
            "The number of columns in the data does not match the number of columns in the range. "
            "The data has 2 but the range has 1.",
        ),
        (
            "sheet.getRange(1, 99)",
            "The coordinates of the range are outside the dimensions of the sheet.",
        ),
        ("sheet.getRange(1, 1, 0, 1)", "The number of rows in the range must be at least 1."),
        ("sheet.getRange(0, 1)", "The starting row of the range is too small."),
        (
            "sheet.getRange('1', 2)",
            "The parameters (String,number) don't match the method signature for "
            "SpreadsheetApp.Sheet.getRange.",
        ),
        ("sheet.deleteRows(1, 9999)", "Those rows are out of bounds."),
        (
            "book.insertSheet('sheet1')",
            'A sheet with the name "sheet1" already exists. Please enter another name.',
        ),
        ("sheet.hideSheet()", "You can't hide all the sheets in a document."),
        (
            "sheet.getRange('A1').setValue('x'.repeat(50001))",
            "Your input contains more than the maximum of 50000 characters in a single cell.",
        ),
    ],
)
def test_a_wrong_call_is_refused(sheet, code, words):
    with pytest.raises(CallFailed) as refused:
        sheet.script(
            f"const book = SpreadsheetApp.getActive(), sheet = book.getSheets()[0]; {code};"
        )
    assert f"ScriptError: Exception: {words}" in str(refused.value)


def test_methods_that_apps_script_does_not_have_are_missing(sheet):
    with pytest.raises(CallFailed, match=r"TypeError: .*setEverything is not a function"):
        sheet.script("SpreadsheetApp.getActiveSheet().setEverything()")


# The spreadsheet


def test_tabs_names_and_metadata_live_in_the_one_grid(sheet):
    seen = sheet.script("""
        const book = SpreadsheetApp.getActiveSpreadsheet();
        const tab = book.insertSheet('Invoices', book.getNumSheets());
        book.setNamedRange('CF_1', tab.getRange(2, 3, 4, 5));
        tab.insertRowsBefore(1, 2);
        tab.addDeveloperMetadata('counterfoil:CF_1', 'done',
          SpreadsheetApp.DeveloperMetadataVisibility.DOCUMENT);
        const range = book.getRangeByName('cf_1');
        const [item] = tab.getDeveloperMetadata();
        item.setValue('again');
        return [range.getA1Notation(), range.getSheet().getName(), tab.getIndex(),
          item.getKey(), tab.getDeveloperMetadata()[0].getValue(), String(item.getVisibility()),
          book.getNamedRanges().map((named) => named.getName()), book.getActiveSheet().getName()];
    """)
    assert seen[:4] == ["C4:G7", "Invoices", 2, "counterfoil:CF_1"]
    assert seen[4:] == ["again", "DOCUMENT", ["CF_1"], "Invoices"]
    tab = sheet.workbook.tab("Invoices")
    assert [item.value for item in sheet.workbook.find_metadata(sheet_id=tab.sheet_id)] == ["again"]


def test_metadata_is_found_wherever_it_is(sheet):
    seen = sheet.script("""
        const book = SpreadsheetApp.getActiveSpreadsheet();
        const {DOCUMENT} = SpreadsheetApp.DeveloperMetadataVisibility;
        const [one, two] = [book.getActiveSheet(), book.insertSheet('Finder')];
        one.addDeveloperMetadata('found', 'a', DOCUMENT);
        two.addDeveloperMetadata('found', 'b', DOCUMENT);
        two.addDeveloperMetadata('other', 'c', DOCUMENT);
        book.addDeveloperMetadata('found', 'd', DOCUMENT);
        const all = book.createDeveloperMetadataFinder().withKey('found').find();
        const homes = all.map((item) => item.getLocation().getSheet()).map((tab) => tab && tab.getName());
        const here = two.createDeveloperMetadataFinder().find();
        const told = [all.map((item) => item.getValue()), homes[1], homes[2], here.length];
        all.concat(here[1]).forEach((item) => item.remove());
        book.deleteSheet(two);
        return told;
    """)
    assert seen == [["a", "b", "d"], "Finder", None, 2]


def test_looks_and_notes_reach_the_grid(sheet):
    sheet.script("""
        const range = SpreadsheetApp.getActiveSheet().getRange(1, 1, 2, 2);
        range.setFontWeights([['bold', 'normal'], ['normal', 'bold']]);
        range.setNumberFormats([['0.00', '@'], ['@', 'yyyy-mm-dd']]);
        range.setBackground('#ff0000').setHorizontalAlignment('center').setWrap(true);
        range.getCell(2, 1).setNote('look here');
        SpreadsheetApp.getActiveSheet().setFrozenRows(1);
        SpreadsheetApp.getActiveSheet().setColumnWidth(2, 222);
    """)
    tab = sheet.workbook.tabs[0]
    assert [tab.cell(0, 0).look.bold, tab.cell(0, 1).look.bold] == [True, False]
    assert tab.cell(1, 1).look.pattern == "yyyy-mm-dd"
    assert tab.cell(0, 0).look.background == "#ff0000"
    assert tab.cell(1, 0).note == "look here"
    assert (tab.frozen_rows, tab.widths[1]) == (1, 222)


def test_values_are_copied_without_looks_and_never_evaluated(sheet):
    seen = sheet.script("""
        const sheet = SpreadsheetApp.getActiveSheet();
        const from = sheet.getRange(1, 1, 1, 3);
        from.getCell(1, 2).setNumberFormat('@');
        from.setValues([['=2+3', "'=2+3", '']]).setFontWeight('bold');
        sheet.getRange(5, 3).setValue('goes');
        from.copyTo(sheet.getRange(5, 1, 1, 3), SpreadsheetApp.CopyPasteType.PASTE_VALUES, false);
        const to = sheet.getRange(5, 1, 1, 3);
        return [to.getValues()[0], to.getFormulas()[0], to.getFontWeights()[0]];
    """)
    assert seen == [[5, "=2+3", ""], ["", "", ""], ["normal", "normal", "normal"]]


def test_the_selection_of_the_page_is_the_active_range(sheet):
    sheet.page.locator("[data-a1=B3]").click()
    sheet.page.keyboard.press("Shift+ArrowDown")
    seen = sheet.script("""
        const book = SpreadsheetApp.getActive();
        const before = [book.getActiveRange().getA1Notation(), book.getCurrentCell().getA1Notation()];
        book.getActiveSheet().getRange('D5:E6').activate();
        return before.concat(book.getActiveRange().getA1Notation());
    """)
    assert seen == ["B3:B4", "B3", "D5:E6"]
    assert sheet.page.get_by_label("Name box").input_value() == "D5:E6"


# google.script.run


def test_files_share_one_global_scope(sheet):
    assert sheet.call("greet", "Ana") == "Hello Ana"


def test_each_call_starts_afresh(sheet):
    assert [sheet.call("howOften"), sheet.call("howOften")] == [1, 1]


def test_private_functions_and_values_are_invisible(sheet):
    seen = sheet.panel().evaluate("Object.keys(google.script.run).sort()")
    assert "private_" not in seen
    assert "notPublic" not in seen
    assert seen == sorted(
        [
            *("onOpen", "openPanel", "askMe", "script", "describe", "howOften", "greet"),
            "noteTrigger",
            *("withSuccessHandler", "withFailureHandler", "withUserObject"),
        ]
    )


def test_a_browsers_own_things_are_not_there_for_server_code(sheet):
    names = ["fetch", "setTimeout", "XMLHttpRequest", "URL", "TextEncoder", "crypto", "self"]
    names += ["postMessage", "importScripts", "indexedDB", "navigator", "location", "Blob"]
    source = "return args.filter((name) => eval('typeof ' + name) !== 'undefined')"
    assert sheet.script(source, names) == []


@pytest.mark.parametrize(
    "argument",
    ["new Date()", "() => 1", "document.body", "new Map()", "[{when: new Date()}]", "NaN"],
)
def test_only_json_goes_to_the_server(sheet, argument):
    failed = sheet.panel().evaluate(
        f"(() => {{ try {{ google.script.run.describe({argument}) }} catch (e) {{ return '' + e }} }})()"
    )
    assert failed.startswith("TypeError: Failed due to illegal value in property: ")


@pytest.mark.parametrize(
    ("argument", "arrives"),
    [
        ("[1, undefined, null]", "object [1,null,null]"),
        ("{a: [true, 'x']}", 'object {"a":[true,"x"]}'),
        ("undefined", "null"),
        ("document.getElementById('form')", 'object {"city":"Bern"}'),
    ],
)
def test_json_arrives_as_a_copy(sheet, argument, arrives):
    seen = sheet.panel().evaluate(
        f"new Promise((ok) => google.script.run.withSuccessHandler(ok).describe({argument}))"
    )
    assert seen == arrives


@pytest.mark.parametrize(
    "returned",
    ["new Date()", "[() => 1]", "SpreadsheetApp.getActive()", "({n: Infinity})"],
)
def test_only_json_comes_back(sheet, returned):
    with pytest.raises(CallFailed, match="TypeError: Failed due to illegal value in property: "):
        sheet.script(f"return {returned}")


def test_a_failure_has_the_servers_words_and_the_user_object(sheet):
    seen = sheet.panel().evaluate("""
        new Promise((ok) => google.script.run.withUserObject({id: 7})
          .withFailureHandler((error, own) => ok([error.name, error.message, own.id]))
          .script('throw new Error("No such export")'))
    """)
    assert seen == ["ScriptError", "Error: No such export", 7]


def test_the_eleventh_call_waits_and_all_are_answered(sheet):
    seen = sheet.panel().evaluate("""
        Promise.all(Array.from({length: 12}, (_, i) => new Promise((ok, no) => google.script.run
          .withSuccessHandler(ok).withFailureHandler(no)
          .script('Utilities.sleep(300); return args', i))))
    """)
    assert seen == list(range(12))
