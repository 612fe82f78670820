"""The form of a new export, with the mouse and without."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from counterfoil.core import periods
from counterfoil.core.periods import Today
from tests.addon.sidebar_window import (
    FULL,
    TWO,
    Show,
    calls,
    form,
    in_view,
    press,
    requested,
    show,
    window,
)
from tests.addon.stub_page import (
    CATALOG,
    CONNECTION,
    LAST,
)
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]


def test_pressing_export_at_once_takes_all_of_the_first_list(show: Show) -> None:
    page = form(show)
    assert requested(page) == {
        "kind": "entities",
        "dataset": "invoices",
        "connection_id": "con_acme",
        "tab": "Invoices",
        "options": {
            "columns": None,
            "from": None,
            "to": None,
            "include_inactive": False,
            "parameters": {},
        },
    }


@pytest.mark.parametrize(
    ("preset", "month", "words"),
    [
        ("this_month", 1, "Nov 1 – Nov 30, 2026"),
        ("last_month", 1, "Oct 1 – Oct 31, 2026"),
        ("this_fiscal_quarter", 1, "Oct 1 – Dec 31, 2026"),
        ("last_fiscal_quarter", 1, "Jul 1 – Sep 30, 2026"),
        ("this_fiscal_year", 1, "Jan 1 – Dec 31, 2026"),
        ("this_fiscal_year_to_date", 1, "Jan 1 – Nov 22, 2026"),
        ("last_fiscal_year", 1, "Jan 1 – Dec 31, 2025"),
        ("last_30_days", 1, "Oct 24 – Nov 22, 2026"),
        ("this_fiscal_quarter", 12, "Sep 1 – Nov 30, 2026 · fiscal year from December"),
        ("this_fiscal_year", 12, "Dec 1, 2025 – Nov 30, 2026 · fiscal year from December"),
        ("last_fiscal_quarter", 4, "Jul 1 – Sep 30, 2026 · fiscal year from April"),
        ("last_calendar_quarter", 4, "Jul 1 – Sep 30, 2026"),
        ("this_fiscal_year", "April", "Apr 1, 2026 – Mar 31, 2027 · fiscal year from April"),
        ("last_month", 4, "Oct 1 – Oct 31, 2026"),
    ],
)
def test_dates_are_asked_for_by_name_and_spelled_out(
    show: Show, preset: str, month: object, words: str
) -> None:
    page = form(show, {"home": FULL | {"connections": [CONNECTION | {"fiscal_month": month}]}})
    page.get_by_label("Dates").select_option(preset)
    expect(page.locator("#dates-spelled")).to_have_text(words)
    options = requested(page)["options"]
    assert (options["from"], options["to"], options["dates"]) == (None, None, preset)


def test_the_days_that_are_shown_are_those_that_the_backend_means(show: Show) -> None:
    page = form(show)
    names = page.evaluate("[...RANGES, 'last_45_days', 'last_7_months']")
    assert {*periods.names()} - {*names} == {"all"}, "each can be chosen"
    for day in ("2026-11-22", "2026-03-31", "2024-02-29", "2026-01-01", "2026-12-31"):
        for month in (1, 2, 7, 12):
            shown = page.evaluate(
                "([names, day, month]) => names.map((name) => resolved(name, day, month))",
                [names, day, month],
            )
            for name, days in zip(names, shown, strict=True):
                start, end = periods.resolved(name, Today(date.fromisoformat(day), month))
                assert days == {"from": str(start), "to": str(end)}, (name, day, month)


def test_a_report_has_all_dates_where_somebody_wants_them(show: Show) -> None:
    page = form(show)
    dates = page.get_by_label("Dates")
    expect(dates).to_have_value("all")
    choose_what(page, "Profit and Loss")
    expect(dates).to_have_value("this_fiscal_year_to_date")
    dates.select_option("all")
    expect(page.locator("#dates-spelled")).to_have_text("Everything up to today.")
    assert requested(page)["options"]["dates"] == "all"


@pytest.mark.parametrize(
    ("month", "calendar"),
    [
        (1, {}),
        (
            4,
            {
                "End of last calendar quarter": "Sep 30, 2026",
                "End of last calendar year": "Dec 31, 2025",
            },
        ),
    ],
)
def test_a_state_is_of_the_day_that_its_choice_spells(
    show: Show, month: int, calendar: dict[str, str]
) -> None:
    state = {
        "key": "balance-sheet",
        "title": "Balance Sheet",
        "report": "BalanceSheet",
        "all_dates": False,
        "parameters": [
            {"key": "end_date", "title": "As of", "type": "date", "choices": [], "required": True}
        ],
    }
    home = FULL | {"connections": [CONNECTION | {"fiscal_month": month}]}
    page = form(show, {"home": home, "catalog": CATALOG | {"reports": [state]}})
    choose_what(page, "Balance Sheet")
    day = page.get_by_label("As of")
    expect(day).to_have_value("last_month")
    found = {}
    for words in day.locator("option").all_inner_texts():
        if "…" not in words:
            day.select_option(label=words)
            found[words] = page.locator("#dates-spelled").inner_text().split(" · ")[0]
    fiscal_ends = (
        ("Dec 31, 2025", "Dec 31, 2026") if month == 1 else ("Mar 31, 2026", "Mar 31, 2027")
    )
    assert found == {
        "End of last month": "Oct 31, 2026",
        "Today": "Nov 22, 2026",
        "Yesterday": "Nov 21, 2026",
        "End of last quarter": "Sep 30, 2026",
        "End of last fiscal year": fiscal_ends[0],
        **calendar,
        "End of this month": "Nov 30, 2026",
        "End of this quarter": "Dec 31, 2026",
        "End of this fiscal year": fiscal_ends[1],
    }
    day.select_option(label="Yesterday")
    options = requested(page)["options"]
    assert (options["from"], options["to"], options["dates"]) == (None, None, "yesterday")
    assert options["parameters"] == {}


def test_dates_are_taken_from_cells_that_are_selected_in_the_sheet(show: Show) -> None:
    page = form(show, {"pickCell": {"cell": "'Set up'!B1", "shows": "2026-05-01"}})
    page.get_by_label("Dates").select_option("cells")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_contain_text("Name a cell, such as 'Set up'!B1")
    page.get_by_role("button", name="Use the selected cell").first.click()
    expect(page.get_by_label("First day in cell")).to_have_value("'Set up'!B1")
    expect(page.get_by_text("2026-05-01")).to_be_visible()
    page.get_by_label("Last day in cell").fill("'Set up'!B2")
    options = requested(page)["options"]
    assert options["cells"] == {"from": "'Set up'!B1", "to": "'Set up'!B2"}
    assert (options["from"], options["to"]) == (None, None)


def test_today_is_the_spreadsheets_today(show: Show) -> None:
    zone = {"zone": "Pacific/Kiritimati", "today": "2026-11-21"}
    page = form(show, {"home": FULL | {"sheet": zone}})
    page.clock.set_fixed_time("2026-11-30T11:00:00Z")
    page.get_by_label("Dates").select_option("this_month")
    expect(page.locator("#dates-spelled")).to_have_text("Dec 1 – Dec 31, 2026")


def test_a_zone_that_the_browser_does_not_know_falls_back_on_the_servers_day(show: Show) -> None:
    page = form(show, {"home": FULL | {"sheet": {"zone": "Mars/Base", "today": "2026-03-05"}}})
    page.get_by_label("Dates").select_option("this_month")
    expect(page.locator("#dates-spelled")).to_have_text("Mar 1 – Mar 31, 2026")


def test_own_dates_are_typed_and_checked(show: Show) -> None:
    page = form(show)
    page.get_by_label("Dates").select_option("custom")
    first, last = page.get_by_label("First day"), page.get_by_label("Last day")
    expect(first).to_be_focused()
    first.fill("2026-05-02")
    last.fill("2026-05-01")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_have_text("The first day is after the last day.")
    expect(first).to_have_attribute("aria-invalid", "true")
    last.fill("")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_have_text("Fill in both dates.")
    expect(last).to_be_focused()
    last.fill("2026-05-31")
    options = requested(page)["options"]
    assert (options["from"], options["to"]) == ("2026-05-02", "2026-05-31")


def test_a_list_without_dates_has_no_dates_and_may_include_inactive_ones(show: Show) -> None:
    page = form(show)
    choose_what(page, "Customers")
    expect(page.get_by_label("Dates")).to_have_count(0)
    expect(page.get_by_label("Name of the tab")).to_have_value("Customers")
    page.get_by_label("Include inactive ones").check()
    request = requested(page)
    assert request["dataset"] == "customers"
    assert request["options"]["include_inactive"] is True
    assert request["options"]["from"] is None


def test_a_report_takes_its_dates_and_choices_as_parameters(show: Show) -> None:
    page = form(show)
    choose_what(page, "Profit and Loss")
    expect(page.locator("#dates-spelled")).to_have_text("Jan 1 – Nov 22, 2026")
    expect(page.get_by_label("Columns", exact=True)).to_have_count(0)
    page.get_by_label("Columns by").select_option("Month")
    request = requested(page)
    assert (request["kind"], request["dataset"]) == ("reports", "profit-and-loss")
    assert request["options"] == {
        "columns": None,
        "from": None,
        "to": None,
        "include_inactive": False,
        "parameters": {"summarize_column_by": "Month"},
        "dates": "this_fiscal_year",  # so that each month has its column from the beginning
    }


def test_a_report_can_be_laid_out_as_a_table(show: Show) -> None:
    page = form(show)
    choose_what(page, "Profit and Loss")
    expect(page.get_by_label("As printed")).to_be_checked()
    page.get_by_label("As a table").check()
    expect(page.locator("#layout-hint")).to_have_text(
        "One value or line a row, for pivots and formulas."
    )
    assert requested(page)["options"]["layout"] == "tidy"


def test_what_few_reports_are_asked_for_lies_under_more_options(show: Show) -> None:
    page = form(show)
    choose_what(page, "Profit and Loss")
    expect(page.get_by_label("Due from")).to_be_hidden()
    page.get_by_text("More options").click()
    page.get_by_label("Due from").fill("2026-03-01")
    page.get_by_label("Periods").fill("6")
    page.get_by_label("Amount").check()
    page.get_by_label("Date", exact=True).check()
    page.get_by_label("Columns by").select_option("Customer")
    assert requested(page)["options"]["parameters"] == {
        "summarize_column_by": "Customers",
        "num_periods": "6",
        "start_duedate": "2026-03-01",
        "columns": "tx_date,subt_nat_amount",
    }


def test_a_report_of_another_country_is_not_offered(show: Show) -> None:
    page = form(show)
    page.locator("#what").click()
    expect(page.get_by_role("option", name="Profit and Loss")).to_have_count(1)
    expect(page.get_by_role("option", name="Fichier")).to_have_count(0)


def test_a_tab_without_a_name_is_asked_for(show: Show) -> None:
    page = form(show)
    page.get_by_label("Name of the tab").fill("  ")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_have_text("Give the tab a name.")
    assert calls(page, "startExport") == []


def test_a_tab_that_was_named_keeps_its_name(show: Show) -> None:
    page = form(show)
    page.get_by_label("Name of the tab").fill("My own")
    choose_what(page, "Customers")
    expect(page.get_by_label("Name of the tab")).to_have_value("My own")


def test_a_company_that_needs_reconnection_cannot_be_picked(show: Show) -> None:
    page = form(show, {"home": TWO})
    option = page.get_by_label("From").locator("option[value=con_birch]")
    assert option.is_disabled()
    assert option.inner_text() == "Birch Studio (needs reconnection)"


def test_the_catalog_is_asked_for_once(show: Show) -> None:
    page = form(show)
    press(page, "Back")
    press(page, "New export")
    in_view(page, "form")
    assert calls(page, "catalog") == [[]]


def test_an_export_is_made_without_a_mouse(show: Show) -> None:
    page = show({"startExport": LAST})
    in_view(page, "exports")

    def reach(name: str) -> None:
        for _ in range(20):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText "
                "|| document.activeElement.id"
            )
            if focused.strip() == name:
                assert page.evaluate("document.activeElement.matches(':focus-visible')")
                return
        pytest.fail(f"{name} cannot be reached with Tab")

    reach("New export")
    page.keyboard.press("Enter")
    in_view(page, "form")
    reach("tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    in_view(page, "done")
    assert calls(page, "startExport")[0][0]["tab"] == "Mine"
    reach("Go to table")
    page.keyboard.press("Enter")
    page.clock.run_for(10)
    assert calls(page, "showBlock") == [["CF_invoices"]]
