"""Names of a list of QuickBooks, offered in the form where one may be typed."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.addon.sidebar_window import Show, calls, form, press, show, trouble, window
from tests.addon.stub_page import CATALOG, LAST
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]

BUDGET = {
    "key": "budget",
    "title": "Budget, by its name",
    "type": "text",
    "choices": [],
    "titles": [],
    "required": False,
    "most": 0,
    "offers": "budgets",
}
FIRST = CATALOG["reports"][0]
REPORT = FIRST | {"parameters": [*FIRST["parameters"], BUDGET]}
SHELF = CATALOG | {"reports": [REPORT, *CATALOG["reports"][1:]]}
FOUND = {
    "columns": ["Id", "Budget"],
    "rows": [["1", "Budget 2026"], ["2", "<i>Cautious</i>"], ["3", "Budget 2026"]],
    "more": False,
}


def options(show: Show, preview: Any) -> Page:
    page = form(show, {"startExport": LAST, "catalog": SHELF, "preview": preview})
    choose_what(page, "Profit and Loss")
    page.get_by_text("More options").click()
    return page


def sent(page: Page) -> Any:
    press(page, "Export")
    return calls(page, "startExport")[-1][0]["options"]["parameters"]["budget"]


def test_the_names_that_there_are_are_asked_for_once_and_one_is_chosen(show: Show) -> None:
    page = options(show, FOUND)
    assert calls(page, "preview") == []
    page.get_by_role("button", name="Show those there are").click()
    chosen = page.get_by_label("Choose one…")
    expect(chosen).to_be_focused()
    expect(chosen.locator("option")).to_have_text(["Choose one…", "Budget 2026", "<i>Cautious</i>"])
    chosen.select_option(label="<i>Cautious</i>")
    expect(page.get_by_label("Budget, by its name")).to_have_value("<i>Cautious</i>")
    ((asked,),) = calls(page, "preview")
    assert (asked["kind"], asked["dataset"], asked["connection_id"]) == (
        *("entities", "budgets", "con_acme"),
    )
    page.get_by_label("As a table").check()
    expect(page.get_by_label("Choose one…")).to_have_value("<i>Cautious</i>")
    assert sent(page) == "<i>Cautious</i>"
    assert len(calls(page, "preview")) == 1


def test_a_name_may_still_be_typed_where_none_can_be_shown(show: Show) -> None:
    page = options(show, trouble("quickbooks_rejected", "Budgets are of Plus and Advanced."))
    page.get_by_role("button", name="Show those there are").click()
    expect(page.get_by_role("alert").get_by_text("Plus and Advanced")).to_be_visible()
    page.get_by_label("Budget, by its name").fill("Mine")
    assert sent(page) == "Mine"


def test_a_company_without_any_says_so(show: Show) -> None:
    page = options(show, FOUND | {"rows": []})
    page.get_by_role("button", name="Show those there are").click()
    expect(page.get_by_text("QuickBooks has none.")).to_be_visible()
