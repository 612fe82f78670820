"""Formulas that are copied along, and tables as `append` finds them."""

from __future__ import annotations

import pytest

from sandbox.google import formula_references
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.tables import last_table, tables


@pytest.mark.parametrize(
    ("formula", "copied"),
    [
        ("=A1+$A1+A$1+$A$1", "=B3+$A3+B$1+$A$1"),
        ("=SUM(A1:B2)&\"A1\"&'My tab'!C3", "=SUM(B3:C4)&\"A1\"&'My tab'!D5"),
        ("=SUM(A:A)+SUM($A:B)+SUM(1:1)+SUM($1:2)", "=SUM(B:B)+SUM($A:C)+SUM(3:3)+SUM($1:4)"),
        ("=A2:B", "=B4:C"),
        ("=LOG10(5)", "=LOG10(5)"),
    ],
)
def test_a_formula_copied_two_down_and_one_right_keeps_what_has_a_dollar(
    formula: str, copied: str
) -> None:
    assert formula_references.shifted(formula, 2, 1) == copied


def test_a_reference_copied_off_the_sheet_is_lost() -> None:
    assert formula_references.shifted("=A1+B2", -1, 0) == "=#REF!+B1"
    assert formula_references.shifted("=SUM(A1:B2)", 0, -1) == "=SUM(#REF!)"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Rect(0, 0, 1000, 26), Rect(3, 1, 3, 3)),  # the whole sheet
        (Rect(3, 1), Rect(3, 1, 3, 3)),  # B4
        (Rect(1, 1, 3, 3), Rect(3, 1, 3, 3)),  # B2:D4
        (Rect(2, 0, 8, 7), Rect(3, 1, 3, 3)),  # A3:G10
        (Rect(0, 0), Rect(0, 0, 2, 3)),  # A1
        (Rect(3, 4), None),  # E4
        (Rect(3, 0), None),  # A4
    ],
)
def test_tables_are_found_as_in_google_s_guide(asked: Rect, found: Rect | None) -> None:
    """https://developers.google.com/workspace/sheets/api/guides/values#append_values"""
    tab = Workbook().tabs[0]
    tab.write(0, 0, [["x", "y", "z"], ["x", "y", "z"]])
    tab.write(3, 1, [["x", "y"], ["", "y", "z"], ["", "x", "y"]])
    assert last_table(tab, asked) == found


def test_arms_that_meet_below_are_one_table() -> None:
    tab = Workbook().tabs[0]
    tab.write(0, 0, [["a", "", "b"], ["a", "", "b"], ["a", "a", "b"], [""], ["c"]])
    assert tables(tab) == [Rect(0, 0, 3, 3), Rect(4, 0)]
