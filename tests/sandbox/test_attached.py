"""What people put on cells of the grid, and cells put in between."""

from __future__ import annotations

import pytest

from sandbox.google.a1 import Rect
from sandbox.google.attached import CHART, FILTER, MERGE, PROTECTION
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.tab import Tab


@pytest.fixture
def tab() -> Tab:
    return Workbook().tabs[0]


def test_what_is_attached_follows_rows_and_columns_and_goes_with_its_tab(tab: Tab) -> None:
    book = tab.workbook
    chart = book.attached.add(CHART, tab, Rect(1, 1, 3, 2))
    tab.insert_rows(0, 2)
    tab.insert_columns(2)
    (found,) = book.attached.of(tab.sheet_id)
    assert (found.id, found.rect) == (chart.id, Rect(3, 1, 3, 3))
    book.add_tab("Other")
    book.delete_tab(tab)
    assert list(book.attached.of(tab.sheet_id)) == []


def test_a_filter_hides_rows_by_its_rule_as_the_cells_are_now(tab: Tab) -> None:
    tab.write(0, 0, [["Name"], ["Ann"], ["Bob"]])
    tab.workbook.attached.add(FILTER, tab, Rect(0, 0, 3, 1), hidden={"0": ["Bob"]})
    assert tab.workbook.attached.filtered_rows(tab) == {2}
    tab.write(1, 0, [["Bob"], ["Ann"]])
    assert tab.workbook.attached.filtered_rows(tab) == {1}
    with pytest.raises(GridError, match="already has a filter"):
        tab.workbook.attached.add(FILTER, tab, Rect(0, 0, 3, 1))


def test_a_protection_refuses_what_it_covers_unless_it_only_warns(tab: Tab) -> None:
    attached = tab.workbook.attached
    attached.add(PROTECTION, tab, Rect(0, 0), warning=True)
    attached.add(PROTECTION, tab, Rect(5, 0, 2, 2))
    attached.check_unprotected(tab, Rect(0, 0, 5, 5))
    with pytest.raises(GridError, match="protected cell"):
        attached.check_unprotected(tab, Rect(6, 1))


def test_rows_and_columns_come_and_go_beside_protected_cells_but_not_through_them(
    tab: Tab,
) -> None:
    attached = tab.workbook.attached
    attached.add(PROTECTION, tab, Rect(5, 2, 3, 2))
    attached.check_may_insert(tab, "ROWS", 5)
    attached.check_may_insert(tab, "ROWS", 8)
    attached.check_may_insert(tab, "COLUMNS", 4)
    attached.check_may_delete(tab, "ROWS", 3, 2)
    for start in (6, 7):
        with pytest.raises(GridError, match="protected cell"):
            attached.check_may_insert(tab, "ROWS", start)
    with pytest.raises(GridError, match="protected cell"):
        attached.check_may_insert(tab, "COLUMNS", 3)
    with pytest.raises(GridError, match="protected cell"):
        attached.check_may_delete(tab, "ROWS", 3, 3)
    with pytest.raises(GridError, match="protected cell"):
        attached.check_may_delete(tab, "COLUMNS", 3, 1)


def test_cells_put_in_push_down_their_own_columns_and_what_speaks_of_them(tab: Tab) -> None:
    book = tab.workbook
    tab.write(0, 0, [["a", "beside"], ["b", "stays"], ["c", ""]])
    tab.set_formula(0, 3, "=A3")
    book.name_range("Mine", tab.sheet_id, Rect(1, 0, 2, 1))
    tab.insert_cells(Rect(1, 0, 2, 1))
    assert tab.values(Rect(0, 0, 5, 2)) == [
        ["a", "beside"],
        ["", "stays"],
        ["", ""],
        ["b", ""],
        ["c", ""],
    ]
    assert tab.formulas(Rect(0, 3)) == [["=A5"]]
    named = book.named_range("Mine")
    assert named is not None
    assert named.rect == Rect(3, 0, 2, 1)


def test_nothing_is_frozen_across_a_merged_cell(tab: Tab) -> None:
    tab.workbook.attached.add(MERGE, tab, Rect(1, 2, 3, 2))
    with pytest.raises(GridError, match="freeze rows which contain only part"):
        tab.freeze(rows=3)
    with pytest.raises(GridError, match="freeze columns which contain only part"):
        tab.freeze(columns=3)
    tab.freeze(rows=1, columns=4)
    tab.freeze(rows=4, columns=2)
    assert (tab.frozen_rows, tab.frozen_columns) == (4, 2)


def test_cells_put_in_tear_no_merged_cell_and_push_nothing_off_the_sheet(tab: Tab) -> None:
    tab.workbook.attached.add(MERGE, tab, Rect(4, 0, 1, 2))
    with pytest.raises(GridError, match="tear"):
        tab.insert_cells(Rect(1, 0, 1, 1))
    tab.write(999, 5, [["last"]])
    with pytest.raises(GridError, match="off the sheet"):
        tab.insert_cells(Rect(1, 5, 1, 1))
