"""Any sequence of patches leaves the table that a full rewrite would have left.

The order is the block's own: rows stay where they are, or where a person put them, and new ones
come last. What a person typed beside a record stays with it, or goes to the tab of those that left.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from counterfoil.adapters.google_sheets import SheetsWriter
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from tests.direct_sheets import Line, client_of
from tests.patching import (
    BLOCK,
    LAYOUT,
    Books,
    Story,
    Turn,
    books,
    columns,
    is_in_order,
    meddle,
    place,
    table,
    turns,
)


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def spreadsheets(google: GoogleSandbox) -> Any:
    return client_of(Line(google.sheets))


RENAMED = Turn("renames", {}, frozenset(), False)
WIDENED = Turn("puts a column in", {"1": ["1", "Ann", "", "none"]}, frozenset(), False)


@given(first=books(), then=turns())
@example(first={}, then=[RENAMED, WIDENED])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_sequence_of_patches_leaves_what_a_full_rewrite_would(
    google: GoogleSandbox, spreadsheets: Any, first: Books, then: list[Turn]
) -> None:
    workbook, story = Workbook(), Story()
    google.workbooks[workbook.id] = workbook
    writer = SheetsWriter(spreadsheets, workbook.id, retries=0)
    assert writer.apply(BLOCK, story.first(first))["applied"]
    for turn in then:
        meddle(workbook, story, turn.person)
        order = [row[0] for row in table(workbook)]
        report = writer.apply(BLOCK, story.update(turn))
        assert report["applied"], report
        assert report["seen"]["rows"] == len(story.books)
        left = table(workbook)
        assert {str(row[0]): row for row in left} == story.books
        assert len(left) == len(story.books)
        # Who was there stays in order; new ones come last, in the order that they were sent.
        stayed = [id for id in order if id in story.books]
        if turn.order is None:
            assert [row[0] for row in left][: len(stayed)] == stayed
        else:
            assert is_in_order(left, turn.order)
        tab, rect = place(workbook)
        looks_as_written(workbook)
        beside(workbook, story)
        assert tab.values(Rect(rect.row, columns(tab, rect)[0]))[0] == ["Id"]
    assert workbook.dangerous_formulas == []


def test_rows_that_leave_are_read_at_once_however_far_apart_they_stand(
    google: GoogleSandbox, spreadsheets: Any
) -> None:
    workbook, story = Workbook(), Story()
    google.workbooks[workbook.id] = workbook
    writer = SheetsWriter(spreadsheets, workbook.id, retries=0)
    writer.apply(BLOCK, story.first({id: [id, "Ann", 46_000, 1.5] for id in "123456789"}))
    meddle(workbook, story, "writes beside")
    made = []
    for gone in ("9", "1", "2468"):  # the first of them makes the tab that they go to
        google.sheets.calls.clear()
        turn = Turn("nothing", {}, frozenset(gone), False)
        assert writer.apply(BLOCK, story.update(turn))["applied"]
        made.append(dict(google.sheets.calls))
    assert made[1] == made[2]
    beside(workbook, story)


class Killed(Exception):
    pass


@pytest.mark.parametrize("whole", [False, True], ids=["changes", "full read"])
@pytest.mark.parametrize("calls", range(14))
def test_a_patch_that_is_killed_at_any_call_is_complete_as_it_was_or_marked_and_repaired(
    google: GoogleSandbox, spreadsheets: Any, calls: int, whole: bool
) -> None:
    workbook, story = Workbook(), Story()
    google.workbooks[workbook.id] = workbook
    first: Books = {id: [id, "Ann", 46_000, 1.5] for id in ("1", "2", "3")}
    SheetsWriter(spreadsheets, workbook.id, retries=0).apply(BLOCK, story.first(first))
    meddle(workbook, story, "writes beside")
    before = table(workbook)
    writer = SheetsWriter(spreadsheets, workbook.id, retries=0)
    real, left = writer._calls.executed, iter(range(calls))

    def dying(*asked: Any) -> Any:
        if next(left, None) is None:
            raise Killed
        return real(*asked)

    writer._calls.executed = dying  # type: ignore[method-assign]
    sent: Books = {"2": ["2", "Bob", 46_001, 2], "4": ["4", "Di", "", 4]}
    operations = story.update(Turn("nothing", sent, frozenset({"1"}), whole))
    with contextlib.suppress(Killed):
        writer.apply(BLOCK, operations)
    (receipt,) = (json.loads(item.value) for item in workbook.find_metadata())
    if receipt["state"] == "done":
        assert table(workbook) in (before, list(story.books.values()))
    # The next run reads all, as after any run that did not end.
    again = story.update(Turn("nothing", {}, frozenset(), True))
    report = SheetsWriter(spreadsheets, workbook.id, retries=0).apply(BLOCK, again)
    assert report["applied"], report
    assert {str(row[0]): row for row in table(workbook)} == story.books
    beside(workbook, story)


def looks_as_written(workbook: Workbook) -> None:
    """Each cell has its column's number format, and a text among numbers is text."""
    tab, rect = place(workbook)
    for row in range(rect.row + 1, rect.end_row):
        for column, sheet_column in zip(columns(tab, rect), LAYOUT.columns, strict=True):
            cell = tab.cell(row, column)
            is_text = isinstance(cell.value, str) and cell.value != ""
            assert cell.look.pattern == ("@" if is_text else sheet_column.pattern)


def beside(workbook: Workbook, story: Story) -> None:
    tab, rect = place(workbook)
    ours = columns(tab, rect)
    width = tab.column_count
    for row in range(rect.row + 1, rect.end_row):
        line = tab.values(Rect(row, 0, 1, width))[0]
        note = next((value for value in line if str(value).startswith("mine of")), None)
        if note is None:
            continue
        assert note == f"mine of {tab.value(row, ours[0])}"
        assert line[line.index(note) + 1] == tab.value(row, ours[3])
    gone = workbook.tab("Customers – gone")
    here = {str(row[0]) for row in table(workbook)}
    if gone is not None:
        kept = [value for line in gone.values(gone.data_extent()) for value in line]
        for id in set(story.notes) - here:
            assert story.notes[id] in kept
