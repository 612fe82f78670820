"""Checks of a report against others: asked for in the form, and told when a run is over."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.addon.saved_exports import REPORT, edited, sent
from tests.addon.sidebar_window import Show, calls, form, press, show, window
from tests.addon.stub_page import CATALOG, LAST
from tests.addon.test_sidebar_packs import PACK, READY, SAVES
from tests.addon.test_sidebar_report import ABILITIES, options
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]

TIES = [
    {"key": "net-income", "title": "Net income", "with": "Balance Sheet", "calls": 1},
    {"key": "detail", "title": "Its detail", "with": "Profit and Loss Detail", "calls": 5},
]
DATASET = CATALOG["reports"][0] | ABILITIES | {"ties": TIES}
SHELF = CATALOG | {"reports": [DATASET, *CATALOG["reports"][1:]], "packs": [PACK | {"ties": 3}]}
PASSED = {
    "key": "detail",
    "title": "Its detail",
    "verdict": "PASS",
    "why": "Both come to 5 USD.",
    "currency": "USD",
    "sides": [{"title": "Aging", "amount": "5"}, {"title": "Invoices", "amount": "5"}],
    "difference": "0",
    "between": [],
}
FAILED = {
    "key": "net-income",
    "title": "Net income",
    "verdict": "FAIL",
    "why": "1,234.50 USD in the Profit and Loss and 1,234.51 USD in the Balance Sheet.",
    "currency": "USD",
    "sides": [
        {"title": "Profit and Loss", "amount": "1234.50"},
        {"title": "Balance Sheet", "amount": "1234.51"},
    ],
    "difference": "-0.01",
    "between": [{"title": "Open <b>invoices</b>", "amount": "-0.01"}],
}
APART = {
    "key": "ledger",
    "title": "Ledger",
    "verdict": "NOT APPLICABLE",
    "why": "It is narrowed.",
}


def with_ties(*ties: Any) -> dict[str, Any]:
    proof: dict[str, Any] = LAST["proof"] or {}
    return LAST | {"proof": proof | {"ties": list(ties)}}


def report(show: Show, last: dict[str, Any] = LAST) -> Page:
    page = form(show, {"startExport": last, "catalog": SHELF})
    choose_what(page, "Profit and Loss")
    return page


def test_each_check_is_a_box_and_its_cost_is_shown(show: Show) -> None:
    page = report(show)
    expect(page.locator("#estimate")).to_have_text("about 1 call")
    page.get_by_text("More options").click()
    page.get_by_label("Balance Sheet: 1 call").check()
    expect(page.locator("#estimate")).to_have_text("about 2 calls")
    page.get_by_label("Profit and Loss Detail: 5 calls").check()
    expect(page.locator("#estimate")).to_have_text("about 7 calls")
    page.get_by_label("Profit and Loss Detail: 5 calls").uncheck()
    assert options(page)["tie_out"] == ["net-income"]


def test_a_report_that_takes_more_calls_says_so(show: Show) -> None:
    catalog = SHELF | {"reports": [DATASET | {"calls": 3}, *CATALOG["reports"][1:]]}
    page = form(show, {"startExport": LAST, "catalog": catalog})
    choose_what(page, "Profit and Loss")
    expect(page.locator("#estimate")).to_have_text("about 3 calls")


def test_without_a_box_checked_nothing_is_asked(show: Show) -> None:
    assert "tie_out" not in options(report(show))


def test_a_report_that_no_other_tells_of_has_no_boxes(show: Show) -> None:
    catalog = SHELF | {"reports": [DATASET | {"ties": []}, *CATALOG["reports"][1:]]}
    page = form(show, {"startExport": LAST, "catalog": catalog})
    choose_what(page, "Profit and Loss")
    page.get_by_text("More options").click()
    expect(page.get_by_text("Also check against")).to_have_count(0)


def test_what_differs_stands_beside_what_agrees_and_what_was_not_compared(show: Show) -> None:
    page = report(show, with_ties(PASSED, FAILED, APART))
    press(page, "Export")
    ties = page.get_by_role("region", name="Checks against other reports")
    expect(ties.locator(".pill")).to_have_text(["agrees", "differs", "not compared"])
    for words in ("Both come to 5 USD.", "It is narrowed."):
        expect(ties.get_by_text(words)).to_be_visible()
    rows = ties.locator("table tr")
    expect(rows).to_have_text(
        [
            "Profit and Loss, USD1,234.50",
            "Balance Sheet, USD1,234.51",
            "Difference, USD-0.01",
            "Open <b>invoices</b>, USD-0.01",
        ]
    )


def test_what_lies_between_two_that_agree_is_listed(show: Show) -> None:
    between = [{"title": "Payments", "amount": "-5.00"}, {"title": "Invoices", "amount": "10.00"}]
    page = report(show, with_ties(PASSED | {"between": between}))
    press(page, "Export")
    rows = page.get_by_role("region", name="Checks against other reports").locator("table tr")
    expect(rows).to_have_text(
        [
            *("Aging, USD5", "Invoices, USD5", "Difference, USD0"),
            *("Payments, USD-5.00", "Invoices, USD10.00"),
        ]
    )


def test_a_saved_report_opens_with_its_checks(show: Show) -> None:
    days = {"start_date": "2026-01-01", "end_date": "2026-06-30"}
    held = REPORT | {"options": {"parameters": days, "tie_out": True}}
    page = edited(show, held, catalog=SHELF)
    for label in (
        "Balance Sheet: 1 call",
        "Profit and Loss Detail: 5 calls",
    ):
        expect(page.get_by_label(label)).to_be_checked()
    page.get_by_label("Profit and Loss Detail: 5 calls").uncheck()
    assert sent(page)[2]["options"]["tie_out"] == ["net-income"]


def test_a_pack_says_what_its_checks_cost_and_what_came_of_them(show: Show) -> None:
    answers = {"home": READY, "catalog": SHELF, "runAgain": with_ties(FAILED)}
    page = show(answers | {"makeDashboard": {"tab": "D"}}, saveExporter=SAVES)
    press(page, "Starter packs")
    expect(page.locator("[data-pack=month-end]")).to_contain_text(
        "3 calls more check its reports against each other."
    )
    press(page, "Make Month-end")
    expect(page.get_by_role("heading", name="2 tables are there")).to_be_focused()
    expect(page.locator("#all .error").filter(has_text="Net income: differs.")).to_have_count(2)
    check = {name: FAILED[name] for name in ("title", "verdict", "why")}
    assert calls(page, "makeDashboard")[0][1] == [check, check]
