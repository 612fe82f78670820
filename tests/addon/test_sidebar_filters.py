"""What an export is narrowed by, and its first rows, in the form."""

from __future__ import annotations

import os
from typing import Any

from playwright.sync_api import Page, expect

from tests.addon.sidebar_window import (
    Show,
    calls,
    form,
    in_view,
    press,
    requested,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import CATALOG
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]

FILTERS = [
    {"key": "customer", "title": "Customer", "kind": "names"},
    {
        "key": "status",
        "title": "Status",
        "kind": "state",
        "states": [{"key": "open", "title": "Open"}, {"key": "paid", "title": "Paid"}],
    },
    {"key": "due_date", "title": "Due date", "kind": "days"},
    {"key": "total", "title": "Total", "kind": "amount"},
    {"key": "memo", "title": "Memo", "kind": "text"},
]
FIRST_ROWS = {
    "columns": ["Id", "Customer", "A rather long title of a column", "Total"],
    "rows": [[str(at), "Amy's Bird Sanctuary", "x" * 60, "1,250.00"] for at in range(20)],
    "more": True,
}


def filtered(show: Show, **answers: Any) -> Page:
    first, *others = CATALOG["entities"]
    catalog = CATALOG | {"entities": [first | {"filters": FILTERS}, *others]}
    return form(show, {"catalog": catalog} | answers)


def add(page: Page, title: str) -> None:
    press(page, "Add a filter")
    page.get_by_label("Only where", exact=True).last.select_option(label=title)


def pictured(page: Page, name: str) -> None:
    if folder := os.environ.get("COUNTERFOIL_SCREENS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_filters_are_added_one_by_one_and_sent_as_the_backend_takes_them(show: Show) -> None:
    page = filtered(show)
    press(page, "Add a filter")
    expect(page.locator("#filter-0")).to_be_focused()
    page.locator("#filter-0-is").fill("Amy; O'Neill, Ana;")
    press(page, "Add a filter")
    expect(page.locator("#filter-1")).to_have_value("status")
    page.locator("#filter-1-is").select_option(label="Paid")
    add(page, "Due date")
    page.locator("#filter-2-dates").select_option("next_month")
    spared = ["-$5", "1250.5", "12,34", "1.000,00", "abc", "-", "1,000,000"]
    assert page.evaluate("(all) => all.map(plainAmount)", spared) == [
        *("-5", "1250.5", "12,34", "1.000,00", "abc", "-", "1000000"),
    ]
    add(page, "Total")
    page.get_by_label("At least").fill("100")
    add(page, "Memo")
    page.get_by_label("contains").fill("rush")
    pictured(page, "filters")
    assert requested(page)["options"]["filters"] == [
        {"key": "customer", "is": ["Amy", "O'Neill, Ana"]},
        {"key": "status", "is": "paid"},
        {"key": "due_date", "dates": "next_month"},
        {"key": "total", "from": "100"},
        {"key": "memo", "contains": "rush"},
    ]


def test_a_cell_may_stand_for_each_value(show: Show) -> None:
    page = filtered(show)
    add(page, "Customer")
    page.locator("#filter-0-is").fill("'Set up'!B1")
    add(page, "Total")
    page.get_by_label("At most").fill("'Set up'!$B$2")
    add(page, "Due date")
    page.locator("#filter-2-dates").select_option("custom")
    page.locator("#filter-2-from").fill("'Set up'!B3")
    page.locator("#filter-2-to").fill("2026-12-31")
    assert requested(page)["options"]["filters"] == [
        {"key": "customer", "cell": "'Set up'!B1"},
        {"key": "total", "to_cell": "'Set up'!$B$2"},
        {"key": "due_date", "from_cell": "'Set up'!B3", "to": "2026-12-31"},
    ]


def test_ends_the_wrong_way_round_are_said_before_anything_is_asked(show: Show) -> None:
    page = filtered(show, estimate=trouble("bad_request", "Never asked."))
    error = page.locator("#form-error")
    add(page, "Due date")
    page.locator("#filter-0-dates").select_option("custom")
    page.locator("#filter-0-from").fill("2026-05-02")
    page.locator("#filter-0-to").fill("2026-05-01")
    press(page, "Preview")
    expect(error).to_have_text("The first day is after the last day.")
    expect(page.locator("#filter-0-from")).to_be_focused()
    page.locator("#filter-0-to").fill("2026-05-02")
    add(page, "Total")
    page.locator("#filter-1-from").fill("$1,000.00")
    page.locator("#filter-1-to").fill("999.99")
    press(page, "Export")
    expect(error).to_have_text("The smallest amount is above the largest.")
    assert [calls(page, each) for each in ("preview", "startExport")] == [[], []]
    page.locator("#filter-1-to").fill("2000 €")
    assert requested(page)["options"]["filters"] == [
        {"key": "due_date", "from": "2026-05-02", "to": "2026-05-02"},
        {"key": "total", "from": "1000.00", "to": "2000"},
    ]


def test_an_empty_filter_is_said_and_can_be_taken_away(show: Show) -> None:
    page = filtered(show)
    press(page, "Add a filter")
    press(page, "Export")
    expect(page.locator("#form-error")).to_have_text("Fill in the filter, or take it away.")
    expect(page.locator("#filter-0")).to_be_focused()
    press(page, "Take the filter away: Customer")
    expect(page.get_by_role("button", name="Add a filter")).to_be_focused()
    assert "filters" not in requested(page)["options"]


def test_another_list_begins_without_filters(show: Show) -> None:
    page = filtered(show)
    add(page, "Status")
    choose_what(page, "Customers")
    expect(page.locator("#filters")).to_have_count(0)
    choose_what(page, "Invoices")
    expect(page.locator("#filter-0")).to_have_count(0)


def test_a_report_is_narrowed_by_names_and_begins_with_what_it_cannot_do_without(
    show: Show,
) -> None:
    agency = {"key": "agency_id", "title": "Tax agency", "kind": "names", "required": True}
    first, *others = CATALOG["reports"]
    number = {"key": "docnum", "title": "Number", "kind": "exact"}
    catalog = CATALOG | {"reports": [first | {"filters": [FILTERS[0], agency, number]}, *others]}
    page = form(show, {"catalog": catalog})
    choose_what(page, first["title"])
    expect(page.locator("#filter-0")).to_have_value("agency_id")
    page.locator("#filter-0-is").fill("Juniper County")
    add(page, "Customer")
    page.locator("#filter-1-is").fill("'Set up'!B1")
    add(page, "Number")
    page.locator("#filter-2-is").fill("10; 45")
    assert requested(page)["options"]["filters"] == [
        {"key": "agency_id", "is": ["Juniper County"]},
        {"key": "customer", "cell": "'Set up'!B1"},
        {"key": "docnum", "is": "10; 45"},
    ]


def test_the_first_rows_are_shown_before_anything_is_written(show: Show) -> None:
    page = filtered(show, preview=FIRST_ROWS)
    add(page, "Status")
    press(page, "Preview")
    in_view(page, "preview")
    expect(page.get_by_text("These are the first 20. Nothing was written.")).to_be_visible()
    expect(page.locator(".preview tbody tr")).to_have_count(20)
    pictured(page, "preview")
    ((asked,),) = calls(page, "preview")
    assert asked["options"]["filters"] == [{"key": "status", "is": "open"}]
    assert calls(page, "startExport") == []
    press(page, "Done")
    expect(page.locator("#filter-0")).to_have_value("status")
    expect(page.get_by_role("button", name="Preview")).to_be_focused()


def test_trouble_with_the_first_rows_is_said_in_the_form(show: Show) -> None:
    page = filtered(show, preview=trouble("bad_request", "The cell 'Set up'!B1 is empty."))
    press(page, "Preview")
    expect(page.locator("#form-error")).to_have_text("The cell 'Set up'!B1 is empty.")
    expect(page.locator("#form-error")).to_be_in_viewport(ratio=1)
    page.get_by_label("Dates").select_option("last_month")
    expect(page.locator("#form-error")).to_be_empty()


def test_how_many_rows_match_is_not_promised_where_only_the_answers_tell(show: Show) -> None:
    page = filtered(show, estimate={"calls": 3, "rows": None, "columns": None, "cells": None})
    press(page, "How many rows?")
    expect(page.locator("#estimate")).to_have_text("about 3 calls")
