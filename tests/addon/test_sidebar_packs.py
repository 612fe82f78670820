"""The first steps: what is needed and allowed, starter packs, and values in cells of one's own."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from tests.addon.sidebar_window import (
    FULL,
    WAITING,
    Show,
    calls,
    connecting,
    in_view,
    press,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import CATALOG, CONNECTION, HOME, LAST, exporter
from tests.addon.test_sidebar_companies import does
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

PACK = {
    "key": "month-end",
    "title": "Month-end",
    "exports": [
        {"kind": "reports", "dataset": "profit-and-loss", "tab": "P&L by month", "chart": "profit",
         "options": {"dates": "fiscal_year_to_last_month", "parameters": {"summarize_column_by": "Month"}}},
        {"kind": "entities", "dataset": "invoices", "tab": "Open invoices", "chart": None,
         "options": {"filters": [{"key": "status", "is": "open"}]}},
    ],
}  # fmt: skip
SHELF = CATALOG | {"packs": [PACK]}
READY = FULL | {"exporters": []}
SAVES = "(request, name) => ({id: 'exp_' + request.dataset, block: 'CF_' + request.dataset, title: name, revision: 1})"


def test_the_first_minute_says_what_is_needed_and_what_each_permission_is_for(show: Show) -> None:
    page = show({"home": HOME})
    for words in ("Any plan of QuickBooks Online.", "admin of the QuickBooks company", "new tab"):
        expect(page.get_by_text(words).first).to_be_visible()
    rows = page.locator("ul.ticks summary")
    assert [row.split(":")[0] for row in rows.all_text_contents()] == [
        "Accounting data",
        "Customers",
        "Vendors",
        "Reports",
        "Company information",
    ]
    rows.nth(4).press("Enter")
    expect(page.get_by_text("currency and fiscal year.")).to_be_visible()
    expect(page.get_by_text("Needed because dates, amounts")).to_be_visible()


def test_after_connecting_the_next_steps_begin_with_a_pack(show: Show) -> None:
    page = connecting(show)
    done = WAITING | {"state": "connected", "connection": CONNECTION}
    page.evaluate(f"window.server.connectAttempt = {json.dumps(done)}")
    page.evaluate(f"window.server.catalog = {json.dumps(SHELF)}")
    page.clock.run_for(3_100)
    press(page, "Take a starter pack")
    in_view(page, "packs")


def test_a_pack_makes_its_tables_one_by_one_and_then_a_dashboard(show: Show) -> None:
    answers = {"home": READY, "catalog": SHELF, "runAgain": LAST, "makeDashboard": {"tab": "D"}}
    page = show(answers, saveExporter=SAVES)
    press(page, "Starter packs")
    expect(page.locator("[data-pack=month-end]")).to_contain_text("P&L by month, Open invoices.")
    press(page, "Make Month-end")
    expect(page.get_by_role("heading", name="2 tables are there")).to_be_focused()
    saved = calls(page, "saveExporter")
    assert [(request["dataset"], request["tab"], name) for request, name in saved] == [
        ("profit-and-loss", "P&L by month", "P&L by month"),
        ("invoices", "Open invoices", "Open invoices"),
    ]
    assert saved[0][0]["options"]["parameters"] == {"summarize_column_by": "Month"}
    assert calls(page, "makeDashboard") == [[[{"block": "CF_profit-and-loss", "chart": "profit"}]]]


def test_one_table_that_fails_leaves_the_others_and_says_why(show: Show) -> None:
    failed = trouble("quickbooks_rejected", "The plan lacks it.")
    runs = f"(id) => id === 'exp_profit-and-loss' ? {json.dumps(failed)} : {json.dumps(LAST)}"
    page = show({"home": READY, "catalog": SHELF}, saveExporter=SAVES, runAgain=runs)
    press(page, "Starter packs")
    press(page, "Make Month-end")
    expect(page.get_by_role("heading", name="1 of 2 exports is refreshed")).to_be_focused()
    expect(page.get_by_text("The plan lacks it.")).to_be_visible()
    assert calls(page, "makeDashboard") == []


def line(id: str, number: str, name: str, row: str = "line") -> dict[str, str]:
    path = f"Income > {name}" if row == "line" else "Income"
    label = path if row == "line" else name
    return {"label": label, "id": id, "number": number, "name": name, "path": path, "row": row}


CHOICES: dict[str, Any] = {
    "report": "Profit and Loss",
    "companies": ["Acme"],
    "bases": ["Accrual"],
    "accounts": [
        line("22", "4000", "Design Fees"),
        line("23", "4100", "Garden Work"),
        line("", "", "Total Income", "total"),
    ],
    "firsts": ["2026-01-01", "2026-02-01"],
    "lasts": ["2026-01-31", "2026-02-28"],
    "columns": [],
    "adds": [],
    "months": False,
}
TIDY = FULL | {
    "exporters": [exporter("Profit", kind="report", layout="tidy", connection_ids=["con_acme"])]
}


def test_a_value_is_found_again_by_id_number_or_name(show: Show) -> None:
    shown = {"cell": "'Mine'!B4", "formula": "=SUMIFS()", "shows": "1,837.50"}
    page = show({"home": TIDY, "valueChoices": CHOICES, "insertValue": shown})
    does(page, "Insert a value…", "Profit")
    in_view(page, "value")
    press(page, "Insert")
    expect(page.locator("#failed")).to_have_text("Choose a line of this table.")
    expect(page.get_by_label("Account")).to_be_focused()
    page.get_by_label("First day").fill("2026-01-01")
    page.get_by_label("Last day").fill("'Set up'!B2")
    days = {"from": "2026-01-01", "to": "'Set up'!B2"}
    for typed, by, value in (
        ("Income > Design Fees", "id", "22"),
        ("garden work", "name", "Income > Garden Work"),
        ("4000", "number", "4000"),
        ("23", "id", "23"),
    ):
        page.get_by_label("Account").fill(typed)
        page.get_by_label("Find it again by").select_option(by)
        press(page, "Insert")
        expect(page.locator("#value-said")).to_contain_text("'Mine'!B4 shows 1,837.50.")
        asked = {"block": "CF_profit", "by": by, "value": value, "row": "line"}
        assert calls(page, "insertValue")[-1] == [asked | days]
    page.get_by_label("Account").fill("Total Income")
    expect(page.get_by_label("Find it again by")).to_have_value("name")  # all that it has
    page.get_by_label("Find it again by").select_option("id")
    press(page, "Insert")
    expect(page.locator("#failed")).to_contain_text("That line has no id.")
    page.get_by_label("Find it again by").select_option("name")
    page.get_by_label("First day").fill("2026-01-15")
    press(page, "Insert")
    expect(page.locator("#failed")).to_have_text(
        "No period of this table begins on that day. Choose one of 2026-01-01, 2026-02-01."
    )
    page.get_by_label("First day").fill("2026-02-01")
    page.get_by_label("Last day").fill("2026-01-31")
    press(page, "Insert")
    expect(page.locator("#failed")).to_have_text("The first day is after the last day.")
    expect(page.get_by_label("First day")).to_be_focused()
    page.get_by_label("First day").fill("")
    page.get_by_label("Last day").fill("")
    press(page, "Insert")
    expect(page.locator("#value-said")).to_contain_text("shows 1,837.50")
    total = {"block": "CF_profit", "by": "name", "value": "Income", "row": "total"}
    assert calls(page, "insertValue")[-1] == [total]


def test_a_balance_asks_for_one_day_and_tells_companies_apart(show: Show) -> None:
    choices = CHOICES | {"report": "Balance Sheet", "companies": ["Acme", "Birch"]}
    page = show({"home": TIDY, "valueChoices": choices, "insertValue": {"cell": "A1", "shows": "#N/A"}})  # fmt: skip
    does(page, "Insert a value…", "Profit")
    expect(page.get_by_label("First day")).to_have_count(0)
    page.get_by_label("Account").fill("22")
    page.get_by_label("Balance on").fill("31 May")
    press(page, "Insert")
    expect(page.locator("#failed")).to_contain_text("Write a day as 2026-01-31")
    page.get_by_label("Company").select_option("Birch")
    page.get_by_label("Balance on").fill("2026-02-28")
    press(page, "Insert")
    expect(page.locator("#value-said")).to_contain_text("the table has no such line")
    asked = {"block": "CF_profit", "by": "id", "value": "22", "row": "line"}
    assert calls(page, "insertValue") == [[asked | {"company": "Birch", "to": "2026-02-28"}]]


def test_over_a_table_whose_company_changes_a_line_is_found_by_its_name_first(show: Show) -> None:
    both = exporter("Profit", kind="report", layout="tidy", connection_ids=["con_acme", "con_2"])
    home = FULL | {"exporters": [both], "connections": [CONNECTION, CONNECTION | {"id": "con_2"}]}
    page = show({"home": home, "valueChoices": CHOICES})
    does(page, "Insert a value…", "Profit")
    expect(page.get_by_label("Find it again by").locator("option")).to_have_text(
        ["Its full name", "Its number", "Its id: this company’s, also after it is renamed"]
    )
    expect(page.get_by_label("Find it again by")).to_have_value("name")


def test_of_a_printed_report_a_line_and_columns_are_chosen(show: Show) -> None:
    printed = FULL | {"exporters": [exporter("Profit", kind="report", layout=None)]}
    lines = [line("", "", "Net Income") | {"label": "Net Income", "path": "Net Income"}]
    choices = CHOICES | {
        "accounts": lines, "columns": ["Jan 2026", "Feb 2026", "Total"],
        "adds": ["Jan 2026", "Feb 2026"], "months": True, "firsts": [], "lasts": [],
    }  # fmt: skip
    page = show({"home": printed, "valueChoices": choices, "insertValue": {"cell": "A1", "shows": "5"}})  # fmt: skip
    page.evaluate("window.server.pickCell = {cell: \"'Set up'!B2\", shows: '2026-02-28'}")
    does(page, "Insert a value…", "Profit")
    for absent in ("First day", "Find it again by"):
        expect(page.get_by_label(absent)).to_have_count(0)
    page.get_by_label("Account").fill("net income")
    page.get_by_label("Column", exact=True).select_option("Feb 2026")
    expect(page.get_by_label("Up to column")).to_have_value("")
    press(page, "Insert")
    expect(page.locator("#value-said")).to_contain_text("shows 5")
    expect(page.get_by_label("Up to column").locator("option")).to_have_text(
        ["That column alone", "Jan 2026", "Feb 2026", "The month of a day in a cell…"]
    )
    page.get_by_label("Up to column").select_option("Jan 2026")
    press(page, "Insert")
    expect(page.locator("#failed")).to_contain_text("Choose them the other way round.")
    expect(page.get_by_label("Up to column")).to_be_focused()
    page.get_by_label("Column", exact=True).select_option("Total")
    page.get_by_label("Up to column").select_option("Feb 2026")
    press(page, "Insert")
    expect(page.locator("#failed")).to_contain_text("“Total” is not added to others")
    expect(page.get_by_label("Up to column")).to_be_focused()
    page.get_by_label("Column", exact=True).select_option("Jan 2026")
    page.get_by_label("Up to column").select_option("The month of a day in a cell…")
    press(page, "Insert")
    expect(page.locator("#failed")).to_contain_text("name a cell")
    page.locator(".field:visible", has_text="Cell with the day").last.get_by_role("button").click()
    expect(page.locator("#value-until-cell")).to_have_value("'Set up'!B2")
    press(page, "Insert")
    expect(page.locator("#failed")).to_have_text("")
    asked = {"block": "CF_profit", "by": "name", "value": "Net Income", "row": "line"}
    assert calls(page, "insertValue") == [
        [asked | {"column": "Feb 2026"}],
        [asked | {"column": "Jan 2026", "until": "'Set up'!B2"}],
    ]
