"""Lines and months that are gone, scattered between those that stay, are taken out by a writer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.google.a1 import Rect
from tests.keyed_reports import BLOCK, Apply, Books, Sheet

MONTHS = [f"2026-{month:02}" for month in range(1, 8)]


def accounts(numbers: range) -> Books:
    return Books(["2026-01"], {f"Account {n}": [1] for n in numbers})


def months(shown: list[str]) -> Books:
    return Books(shown, {"Sales": [1] * len(shown)})


def every_second_of(apply: Apply, lines: int) -> tuple[Sheet, list[Any]]:
    """A report of twice as many accounts, and the run that takes every second out."""
    sheet = Sheet(apply)
    sheet.run(accounts(range(2 * lines)))
    operations = sheet.operations(accounts(range(0, 2 * lines, 2)), tidy_up=True)
    (gone,) = [each for each in operations if each["op"] == "delete_rows"]
    assert len(gone["places"]) == lines
    return sheet, operations


def many_are_read_in_as_many_calls_as_few(
    apply: Apply, reads_of: Callable[[Callable[[], Any]], int]
) -> None:
    """`reads_of` counts the calls that read what stands in cells while that happens."""

    def reads(lines: int) -> int:
        sheet, operations = every_second_of(apply, lines)
        report: dict[str, Any] = {}
        count = reads_of(lambda: report.update(apply(sheet.workbook, operations, BLOCK)))
        assert report["applied"], report
        assert [row[0] for row in sheet.table[2:4]] == ["Account 0", "Account 2"]
        assert len(sheet.table) == 1 + 1 + lines + 3
        return count

    few = reads(2)
    assert few > 0
    assert reads(40) == few


def a_value_or_note_in_what_stays_between_stops_nothing(apply: Apply) -> None:
    sheet, operations = every_second_of(apply, 3)
    tab = sheet.workbook.tabs[1]
    # Four title rows, the header and "Income" stand above the accounts.
    tab.write(8, 5, [["mine"]])
    tab.note(8, 0, "ask Nora")
    report = apply(sheet.workbook, operations, BLOCK)
    assert report["applied"], report
    assert tab.values(Rect(6, 0, 3, 1)) == [["Account 0"], ["Account 2"], ["Account 4"]]
    assert tab.values(Rect(7, 5)) == [["mine"]]


def _typed_twice(tab: Any) -> None:
    tab.write(11, 5, [["mine"]])
    tab.write(9, 5, [["mine"]])


LINES = [
    pytest.param(lambda tab: tab.write(11, 5, [["mine"]]), "'Report'!F12", id="value"),
    pytest.param(lambda tab: tab.note(11, 1, "ask Nora"), "'Report'!B12", id="note"),
    pytest.param(_typed_twice, "'Report'!F10", id="the first of two"),
]


def anything_in_the_last_gone_line_stops(
    apply: Apply, change: Callable[[Any], None], cell: str
) -> None:
    sheet, operations = every_second_of(apply, 3)
    before = sheet.table
    change(sheet.workbook.tabs[1])
    report = apply(sheet.workbook, operations, BLOCK)
    assert (report["code"], report["cell"]) == ("beside", cell)
    assert sheet.table == before


COLUMNS = [
    pytest.param(lambda tab: tab.write(29, 3, [["mine"]]), None, id="in a month that stays"),
    pytest.param(lambda tab: tab.note(9, 3, "ask Nora"), None, id="a note there"),
    pytest.param(lambda tab: tab.write(29, 6, [["mine"]]), "'Report'!G30", id="in one that goes"),
    pytest.param(lambda tab: tab.note(6, 4, "ask Nora"), "'Report'!E7", id="a note in one"),
]


def months_go_unless_somebody_has_something_in_one(
    apply: Apply, change: Callable[[Any], None], cell: str | None
) -> None:
    sheet = Sheet(apply)
    sheet.run(months(MONTHS))
    change(sheet.workbook.tabs[1])
    # January and every second one stay, in columns B, D, F and H.
    operations = sheet.operations(months(MONTHS[::2]), tidy_up=True)
    report = apply(sheet.workbook, operations, BLOCK)
    assert report["applied"] is (cell is None), report
    assert report.get("cell") == cell
    shown = MONTHS[::2] if cell is None else MONTHS
    assert sheet.table[0] == ["", *shown, "Total"]
