"""Formulas that give a day: its number, and its look in a cell that has none of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.script_cells import read
from sandbox.google.tab import Tab

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def tab() -> Tab:
    book = Workbook("book", time_zone="UTC")
    book.now = lambda: NOON
    (tab,) = book.tabs
    tab.write(0, 0, [[46000, 46000, 7]])
    tab.look(Rect(0, 0), pattern="yyyy-mm-dd")
    return tab


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("=TODAY()", "11/29/2026"),
        ("=today() - 30", "10/30/2026"),
        ("=DATE(2026,2,31)", "3/3/2026"),
        ("=DATE(2026,14,1)", "2/1/2027"),
        ("=EDATE(DATE(2026,3,31),-1)", "2/28/2026"),
        ("=EOMONTH(TODAY(),0)+1", "12/1/2026"),
        ("=A1", "2025-12-09"),
        ("='Sheet1'!$A$1-1", "2025-12-08"),
        ("=A5", "11/29/2026"),
        # No day, or a number of days.
        ("=B1", "46000"),
        ("=A1-B1", "0"),
        ("=TODAY()-DATE(2026,11,1)", "28"),
        ("=SUM(A1:B1)", "92000"),
        ("=C1+1", "8"),
        ("=Z9999", ""),
        ("=AAA1", ""),
        ("=EDATE(1)", "#NAME?"),
        ("=DATE(12345,1,1)", "#NUM!"),
    ],
)
def test_a_formula_that_gives_a_day_shows_one(tab: Tab, formula: str, shown: str) -> None:
    tab.set_formula(4, 0, "=TODAY()")
    tab.set_formula(3, 0, formula)
    assert tab.shown(Rect(3, 0)) == [[shown]]
    is_day = "/" in shown or "-" in shown
    assert bool(read(tab, Rect(3, 0), "values")["moments"]) is is_day


def test_a_format_of_its_own_goes_before(tab: Tab) -> None:
    tab.set_formula(3, 0, "=TODAY()")
    tab.look(Rect(3, 0), pattern="0")
    assert tab.shown(Rect(3, 0)) == [["46355"]]


def test_a_circle_has_no_look(tab: Tab) -> None:
    tab.set_formula(3, 0, "=A5")
    tab.set_formula(4, 0, "=A4")
    assert tab.shown(Rect(3, 0)) == [["#REF!"]]
