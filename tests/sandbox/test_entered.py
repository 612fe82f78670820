"""What typed texts become, and what cells show."""

from __future__ import annotations

import pytest

from sandbox.google.cells import CellError, Value
from sandbox.google.entered import Entered, entered
from sandbox.google.shown import shown


@pytest.mark.parametrize(
    ("text", "value", "pattern"),
    [
        ("hello", "hello", ""),
        ("", "", ""),
        ("=", "=", ""),
        ("'00123", "00123", ""),
        ("''x", "'x", ""),
        ("'=1+1", "=1+1", ""),
        ("00123", 123, ""),
        ("-5", -5, ""),
        ("+5", 5, ""),
        (" 7 ", 7, ""),
        ("1e5", 100_000, ""),
        ("1,234.50", 1234.5, "#,##0.00"),
        ("50%", 0.5, "0%"),
        ("12.5%", 0.125, "0.00%"),
        ("$1,200.50", 1200.5, "$#,##0.00"),
        ("(5.50)", -5.5, ""),
        ("TRUE", True, ""),
        ("false", False, ""),
        ("2026-01-02", 46024, "yyyy-mm-dd"),
        ("1/2/2026", 46024, "yyyy-mm-dd"),
        ("1-2", 46024, "yyyy-mm-dd"),
        ("Jan 2", 46024, "yyyy-mm-dd"),
        ("2 January 2026", 46024, "yyyy-mm-dd"),
        ("10:30", 0.4375, "hh:mm:ss"),
        ("2026-01-02 12:00:00", 46024.5, "yyyy-mm-dd hh:mm:ss"),
        ("2026-13-45", "2026-13-45", ""),
        ("May Ltd", "May Ltd", ""),
        ("1-2-3-4", "1-2-3-4", ""),
        ("1234567890123456789", 1.2345678901234568e18, ""),
    ],
)
def test_a_text_in_a_plain_cell_becomes_what_it_looks_like(
    text: str, value: Value, pattern: str
) -> None:
    assert entered(text) == Entered(value, pattern=pattern)
    assert type(entered(text).value) is type(value)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("=1+1", "=1+1"),
        ('=IMPORTXML("http://x","//a")', '=IMPORTXML("http://x","//a")'),
        ("+A1", "=+A1"),
        ("-x", "=-x"),
        ("@SUM(A1)", "=@SUM(A1)"),
    ],
)
def test_what_leads_like_a_formula_becomes_one(text: str, formula: str) -> None:
    assert entered(text) == Entered(formula=formula)


def test_a_text_cell_keeps_everything_but_an_equals_sign_and_one_apostrophe() -> None:
    for text in ("00123", "1-2", "TRUE", "+A1", "-5", "@x", "50%", " 7 "):
        assert entered(text, "@") == Entered(text)
    assert entered("=1+1", "@") == Entered(formula="=1+1")
    assert entered("'=1+1", "@") == Entered("=1+1")
    assert entered("''x", "@") == Entered("'x")


def test_the_locale_decides_which_number_is_the_month() -> None:
    assert entered("1/2/2026").value == 46024
    assert entered("1/2/2026", day_first=True).value == 46054
    assert entered("25/12/2026").value == entered("12/25/2026").value


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (1234.5, "#,##0.00;(#,##0.00)", "1,234.50"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (0, "#,##0.00;(#,##0.00)", "0.00"),
        (1234567, "#,##0", "1,234,567"),
        (0.125, "0.00%", "12.50%"),
        (1.5, "0.##", "1.5"),
        (3.14159265, "#,##0.00####", "3.141593"),
        (3, "#,##0.00####", "3.00"),
        (-2.5, "$#,##0.00", "-$2.50"),
        (5, "@", "5"),
        (True, "", "TRUE"),
        (False, "General", "FALSE"),
        ("", '"    "@', ""),
        ("Sales", '"    "@', "    Sales"),
        ("Sales", "        @", "        Sales"),
        (120, "    @", "    120"),
        ("=1+1", "@", "=1+1"),
        (46024, "yyyy-mm-dd", "2026-01-02"),
        (46024.5, "yyyy-mm-dd hh:mm:ss", "2026-01-02 12:00:00"),
        (46024.75, "m/d/yyyy h:mm am/pm", "1/2/2026 6:00 PM"),
        (46024, "d mmmm yyyy", "2 January 2026"),
        ("tomorrow", "yyyy-mm-dd", "tomorrow"),
        (CellError("#NAME?"), "0.00", "#NAME?"),
        (0.1 + 0.2, "", "0.3"),
        (12345678901, "", "12345678901"),
    ],
)
def test_a_cell_shows_its_value_through_its_number_format(
    value: Value, pattern: str, text: str
) -> None:
    assert shown(value, pattern) == text
