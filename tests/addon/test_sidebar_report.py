"""A report's layout, comparison and totals in the form; its table tidied up, frozen and copied."""

from __future__ import annotations

import json
import os
from typing import Any

from playwright.sync_api import Page, expect

from tests.addon.saved_exports import REPORT, edited, sent
from tests.addon.sidebar_window import (
    FULL,
    HOSTILE,
    Show,
    calls,
    form,
    in_view,
    press,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import CATALOG, LAST, exporter
from tests.addon.test_sidebar_companies import does, done
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]

ABILITIES = {"accounts": True, "detail": False, "comparable": True}
PROFIT_AND_LOSS = CATALOG["reports"][0] | ABILITIES
REPORTS = CATALOG | {"reports": [PROFIT_AND_LOSS, *CATALOG["reports"][1:]]}


COUNTED = {"rows": None, "columns": None, "cells": None, "calls": 13}


def report(show: Show, **abilities: bool) -> Page:
    catalog = REPORTS | {"reports": [PROFIT_AND_LOSS | abilities, *CATALOG["reports"][1:]]}
    page = form(show, {"startExport": LAST, "catalog": catalog, "estimate": COUNTED})
    choose_what(page, "Profit and Loss")
    return page


def options(page: Page) -> Any:
    press(page, "Export")
    return calls(page, "startExport")[-1][0]["options"]


def pictured(page: Page, name: str) -> None:
    if folder := os.environ.get("COUNTERFOIL_SCREENS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


OURS = {"layout", "account_numbers", "line_ids", "totals", "compare", "periods", "mode"}


def test_a_cell_says_the_basis(show: Show) -> None:
    page = report(show)
    page.get_by_label("Basis", exact=True).select_option(label="As a cell says…")
    press(page, "Export")
    expect(page.locator("#form-error")).to_contain_text("Name a cell")
    page.get_by_label("Basis in cell").fill("'Set up'!B3")
    sent = options(page)
    assert sent["cells"] == {"basis": "'Set up'!B3"}
    assert "accounting_method" not in sent["parameters"]


def test_a_report_is_printed_with_values_and_compared_with_nothing_unless_chosen(
    show: Show,
) -> None:
    assert not options(report(show)).keys() & OURS


def test_what_a_report_costs_counts_its_numbers_and_the_periods_beside_it(show: Show) -> None:
    page = report(show)
    cost = page.locator("#estimate")
    expect(cost).to_have_text("about 1 call")
    page.get_by_label("As a table").check()
    expect(cost).to_have_text("about 2 calls")
    assert calls(page, "estimate") == []
    page.get_by_label("Compare with").select_option(label="The same period last year")
    expect(cost).to_have_text("about 13 calls")
    ((asked,),) = calls(page, "estimate")
    assert (asked["options"]["compare"], asked["options"]["periods"]) == (
        "same_period_last_year",
        1,
    )
    page.get_by_label("Compare with").select_option(label="Nothing")
    expect(cost).to_have_text("about 2 calls")
    page.get_by_label("Columns by").select_option("Days")
    expect(cost).to_have_text("about 13 calls")  # a hundred days at a time: the backend counts


def test_what_is_chosen_for_a_report_is_sent(show: Show) -> None:
    page = report(show)
    page.get_by_label("Compare with").select_option(label="The same period last year")
    expect(page.get_by_label("Compare with")).to_be_focused()
    page.get_by_label("How many of them").fill("3")
    page.get_by_text("More options").click()
    page.get_by_label("Account numbers").select_option(label="Show them")
    page.get_by_label("Ids of the accounts in a last column").check()
    page.get_by_label("Totals as live formulas").check()
    page.get_by_label("Keep a copy of each run").check()
    pictured(page, "report")
    sent = options(page)
    assert {name: sent[name] for name in OURS & sent.keys()} == {
        "account_numbers": "shown",
        "line_ids": True,
        "totals": "formulas",
        "compare": "same_period_last_year",
        "periods": 3,
        "mode": "history",
    }


def test_what_a_report_does_not_have_is_not_offered(show: Show) -> None:
    page = report(show, accounts=False, detail=True, comparable=False)
    expect(page.get_by_label("Compare with")).to_have_count(0)
    page.get_by_text("More options").click()
    expect(page.get_by_label("Account numbers")).to_have_count(0)
    expect(page.get_by_label("Totals as live formulas")).to_have_count(0)
    expect(page.get_by_label("Keep a copy of each run")).to_be_visible()


def test_a_tidy_table_has_no_live_totals(show: Show) -> None:
    page = report(show)
    page.get_by_text("More options").click()
    page.get_by_label("Totals as live formulas").check()
    title = page.get_by_label("A title above the table")
    expect(title).to_have_count(0)  # what is printed has one
    page.get_by_label("As a table").check()
    title.check()
    expect(page.get_by_label("Totals as live formulas")).to_have_count(0)
    expect(page.get_by_label("Account numbers")).to_be_visible()  # what was open stays so
    sent = options(page)
    assert ("totals" in sent, sent["title_row"]) == (False, True)


def test_columns_by_month_cover_the_fiscal_year_and_are_not_compared(show: Show) -> None:
    page = report(show)
    page.get_by_label("Compare with").select_option(label="The period before")
    page.get_by_label("Columns by").select_option("Month")
    expect(page.get_by_label("Columns by")).to_be_focused()
    expect(page.get_by_label("Compare with")).to_have_count(0)
    expect(page.get_by_label("Dates", exact=True)).to_have_value("this_fiscal_year")
    sent = options(page)
    assert (sent["dates"], "compare" in sent) == ("this_fiscal_year", False)


def test_dates_that_somebody_chose_stay_when_columns_are_by_month(show: Show) -> None:
    page = report(show)
    page.get_by_label("Dates", exact=True).select_option("last_fiscal_quarter")
    page.get_by_label("Columns by").select_option("Month")
    assert options(page)["dates"] == "last_fiscal_quarter"


def test_a_number_of_periods_that_makes_no_sense_is_not_sent(show: Show) -> None:
    page = report(show)
    page.get_by_label("Compare with").select_option(label="The period before")
    page.get_by_label("How many of them").fill("13")
    press(page, "Export")
    expect(page.locator("#form-error")).to_have_text(
        "Type how many periods to compare with, from 1 to 12."
    )
    expect(page.get_by_label("How many of them")).to_be_focused()
    assert calls(page, "startExport") == []


def test_a_saved_report_opens_as_it_was_chosen_and_is_saved_so(show: Show) -> None:
    days = {"start_date": "2026-01-01", "end_date": "2026-06-30"}
    chosen = {
        "account_numbers": "hidden",
        "line_ids": True,
        "totals": "formulas",
        "compare": "previous_period",
        "periods": 2,
        "mode": "history",
    }
    held = REPORT | {"options": {"parameters": days, **chosen}}
    page = edited(show, held, catalog=REPORTS)
    expect(page.get_by_label("Account numbers")).to_have_value("hidden")
    expect(page.get_by_label("Totals as live formulas")).to_be_checked()
    expect(page.get_by_label("Compare with")).to_have_value("previous_period")
    expect(page.get_by_label("How many of them")).to_have_value("2")
    kept = sent(page)[2]["options"]
    assert {name: kept[name] for name in OURS & kept.keys()} == chosen


def test_what_another_program_narrowed_a_report_by_is_still_so_after_an_edit(show: Show) -> None:
    """Ids, that no field of the form shows, and days and texts, that are filters there."""
    due = {"key": "duedate", "title": "Due", "kind": "days"}
    memo = {"key": "memo", "title": "Memo", "kind": "exact"}
    first, *others = REPORTS["reports"]
    catalog = REPORTS | {"reports": [first | {"filters": [due, memo]}, *others]}
    days = {"start_date": "2026-01-01", "end_date": "2026-06-30"}
    more = {"customer": "58,61", "start_duedate": "2026-03-01", "end_duedate": "2026-03-31"}
    given = days | more | {"memo": "Rent; May"}
    page = edited(show, REPORT | {"options": {"parameters": given}}, catalog=catalog)
    kept = sent(page)[2]["options"]
    assert kept["parameters"]["customer"] == "58,61"
    assert not {"start_duedate", "end_duedate", "memo"} & kept["parameters"].keys()
    assert kept["filters"] == [
        {"key": "duedate", "from": "2026-03-01", "to": "2026-03-31"},
        {"key": "memo", "is": "Rent; May"},
    ]


P_AND_L = exporter("Profit and Loss", id="exp_pl", connection_ids=["con_acme"], revision=1) | {
    "kind": "report",
    "dataset": "profit-and-loss",
    "frozen": None,
}
FROZEN = P_AND_L | {"frozen": {"by": "ben@example.com", "at": "2026-11-20T14:10:00+00:00"}}


def listed(show: Show, held: dict[str, Any], **answers: Any) -> Page:
    ok = {name: {"ok": True} for name in ("freezeExporter", "unfreezeExporter", "snapshotExporter")}
    return show({"home": FULL | {"exporters": [held]}, "runAgain": LAST, **ok, **answers})


def test_tidying_up_is_explained_and_is_a_run(show: Show) -> None:
    page = listed(show, P_AND_L)
    does(page, "Tidy up…", "Profit and Loss")
    expect(page.get_by_role("heading", name="Take out what is gone?")).to_be_focused()
    expect(page.get_by_text("shows #REF! then")).to_be_visible()
    pictured(page, "tidy")
    press(page, "Tidy up")
    in_view(page, "done")
    assert calls(page, "runAgain") == [["exp_pl", False, False, True]]


def test_a_tidy_table_and_a_list_have_nothing_to_tidy_up(show: Show) -> None:
    for held in (P_AND_L | {"layout": "tidy"}, P_AND_L | {"kind": "entity"}):
        page = listed(show, held)
        page.locator(".dots").click()
        expect(page.get_by_role("menuitem", name="Freeze…")).to_be_visible()
        expect(page.get_by_role("menuitem", name="Tidy up…")).to_have_count(0)


def test_a_table_is_frozen_and_shows_it(show: Show) -> None:
    page = listed(show, P_AND_L)
    does(page, "Freeze…", "Profit and Loss")
    expect(page.get_by_role("heading", name="Freeze Profit and Loss?")).to_be_focused()
    page.evaluate(f"window.server.home.exporters = {json.dumps([FROZEN])}")
    press(page, "Freeze")
    done(page, "Profit and Loss is frozen.")
    assert calls(page, "freezeExporter") == [["exp_pl"]]
    card = page.locator("[data-exporter=exp_pl]")
    expect(card).to_contain_text("🔒 Profit and Loss")
    expect(card).to_contain_text("Frozen by ben@example.com")
    expect(card.locator(".pill")).to_have_text("Frozen")
    expect(card.locator(".run")).to_have_count(0)
    pictured(page, "frozen")
    page.evaluate(f"window.server.home.exporters = {json.dumps([P_AND_L])}")
    press(page, "Unfreeze")
    done(page, "Profit and Loss can be written again.")
    assert calls(page, "unfreezeExporter") == [["exp_pl"]]


def test_a_refresher_reads_who_froze_a_table_and_cannot_unfreeze_it(show: Show) -> None:
    mine = FULL["connections"][0] | {"role": "refresher"}
    home = FULL | {"exporters": [FROZEN], "connections": [mine, *FULL["connections"][1:]]}
    page = show({"home": home})
    expect(page.locator("[data-exporter=exp_pl]")).to_contain_text("Frozen by ben@example.com")
    expect(page.get_by_role("button", name="Unfreeze")).to_have_count(0)


def test_a_copy_is_one_press_and_says_what_went_wrong(show: Show) -> None:
    page = listed(show, P_AND_L)
    does(page, "Copy to a new tab", "Profit and Loss")
    done(page, "The values of Profit and Loss are in a new tab.")
    assert calls(page, "snapshotExporter") == [["exp_pl"]]
    incomplete = trouble("incomplete", "A run that broke off left the table incomplete.")
    page = listed(show, P_AND_L, snapshotExporter=incomplete)
    does(page, "Copy to a new tab", "Profit and Loss")
    expect(page.get_by_role("alert").first).to_have_text(
        "A run that broke off left the table incomplete."
    )


def test_the_first_lines_are_shown_as_they_will_be_printed(show: Show) -> None:
    lines = {
        "columns": ["", "Total"],
        "rows": [["Income", ""], [HOSTILE, "1,250.00"], ["Total Income", "(1,250.00)"]],
        "more": True,
        "note": "It was not checked against other reports.",
        "looked": 0,
        "fields": [],
        "amounts": [1],
        "above": ["Acme Landscaping", "Profit and Loss", "Accrual basis, USD"],
        "bold": [0, 2],
        "depths": [0, 1, 0],
    }
    page = form(show, {"preview": lines})
    choose_what(page, "Profit and Loss")
    press(page, "Preview")
    in_view(page, "preview")
    expect(page.locator("main [role=status]")).to_have_text(
        "These are the first 3. Nothing was written. It was not checked against other reports."
    )
    expect(page.locator("#preview-above")).to_have_text(
        "Acme Landscaping · Profit and Loss · Accrual basis, USD"
    )
    rows = page.locator(".preview tbody tr")
    expect(rows.nth(1).locator("td")).to_have_text([HOSTILE, "1,250.00"])
    expect(rows.nth(1).locator("td").first).to_have_css("padding-left", "18px")
    expect(rows.nth(1).locator("td").last).to_have_css("text-align", "end")
    expect(rows.nth(2).locator("td").first).to_have_css("font-weight", "700")
    ((asked,),) = calls(page, "preview")
    assert (asked["kind"], asked["dataset"]) == ("reports", "profit-and-loss")
    assert calls(page, "startExport") == []
