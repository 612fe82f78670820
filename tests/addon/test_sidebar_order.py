"""In which order the rows of an export come, and only the first of them, in the form."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.addon.sidebar_window import (
    LAST,
    Show,
    calls,
    form,
    in_view,
    press,
    requested,
    show,
    window,
)
from tests.addon.stub_page import CATALOG
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]

OF_2341 = LAST["proof"] | {
    "rows": 100,
    "of": 2341,
    "first": "First 100 of 2,341 rows by Total, largest first",
    "totals": [{"title": "Total (of all 2,341 rows)", "currency": "USD", "amount": "1234.50"}],
}


def typed(show: Show) -> Page:
    """The form of invoices, whose seventh column holds amounts."""
    first, *others = CATALOG["entities"]
    columns = [dict(each) for each in first["columns"]]
    columns[6]["type"] = "money"
    return form(show, {"catalog": CATALOG | {"entities": [first | {"columns": columns}, *others]}})


def test_rows_are_sorted_by_a_column_that_was_chosen(show: Show) -> None:
    page = typed(show)
    titles = page.locator("#sort option").all_text_contents()
    assert titles[:3] == ["As QuickBooks sends them", "Id", "Number"]
    assert len(titles) == 13  # the twelve columns that are chosen
    page.get_by_label("Sort by").select_option(label="Total")
    assert page.locator("#sort-way option").all_text_contents() == [
        "Smallest first",
        "Largest first",
    ]
    page.locator("#sort-way").select_option(label="Largest first")
    page.get_by_label("Only the first rows").fill("100")
    sent = requested(page)["options"]
    assert (sent["sort"], sent["first"]) == ({"column": "c6", "descending": True}, 100)


def test_lines_in_an_order_have_beside_each_what_their_transaction_has_once(show: Show) -> None:
    page = form(show)
    choose_what(page, "Payments")
    page.get_by_label("One row for each").select_option("line")
    page.get_by_label("What a transaction has once").select_option("once")
    page.get_by_label("Sort by").select_option(label="Id")
    expect(page.locator("#sort")).to_be_focused()
    expect(page.locator("#headers")).to_have_count(0)
    expect(page.locator("#options")).to_contain_text("stands beside each line, as the rows are")
    assert requested(page)["options"]["headers"] == "repeat"


def test_a_number_of_rows_that_makes_no_sense_is_not_sent(show: Show) -> None:
    page = typed(show)
    page.get_by_label("Sort by").select_option(label="Number")
    expect(page.locator("#sort-way")).to_contain_text("A to Z")
    page.get_by_label("Only the first rows").fill("0")
    press(page, "Export")
    expect(page.locator("#form-error")).to_have_text(
        "Type how many rows, from 1 to 10,000, or leave it empty for all."
    )
    expect(page.get_by_label("Only the first rows")).to_be_focused()
    assert calls(page, "startExport") == []


def test_a_table_of_the_first_rows_is_not_called_complete(show: Show) -> None:
    page = form(show, {"startExport": LAST | {"proof": OF_2341}})
    press(page, "Export")
    in_view(page, "done")
    expect(page.locator("#verdict")).to_have_text("✓ first 100 of 2,341")
    expect(page.locator("#proof")).to_contain_text("Total (of all 2,341 rows) sent, USD")
    expect(page.locator("#proof")).not_to_contain_text("Total (of all 2,341 rows) in the sheet")
