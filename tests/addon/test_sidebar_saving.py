"""Exports that are kept: saved by a name, opened again as they were chosen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.addon.saved_exports import ENTITY, FILTERED, MINE, REPORT, edited, saved, sent
from tests.addon.sidebar_window import (
    Show,
    calls,
    form,
    in_view,
    press,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import CONNECTION, HOME, LAST
from tests.addon.test_sidebar_companies import does, done
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

SORTED = {"sort": {"column": "c4", "descending": True}, "first": 50}
IN_ORDER = ENTITY | {"options": ENTITY["options"] | SORTED}


def test_the_order_of_a_saved_export_is_in_the_form(show: Show) -> None:
    page = edited(show, IN_ORDER)
    expect(page.get_by_label("Sort by")).to_have_value("c4")
    expect(page.get_by_label("Only the first rows")).to_have_value("50")
    options = sent(page)[2]["options"]
    assert {key: options[key] for key in SORTED} == SORTED


def test_an_order_can_be_taken_away(show: Show) -> None:
    page = edited(show, IN_ORDER)
    page.get_by_label("Sort by").select_option(label="As QuickBooks sends them")
    assert not SORTED.keys() & sent(page)[2]["options"].keys()


def test_an_export_is_saved_by_its_name_and_nothing_runs(show: Show) -> None:
    page = saved(show)
    press(page, "Save")
    done(page, "Open invoices is saved. Its first run makes its table.")
    request, name = calls(page, "saveExporter")[0]
    assert (request["dataset"], request["tab"], name) == ("invoices", "Invoices", "Open invoices")
    assert calls(page, "startExport") + calls(page, "runAgain") == []


def test_without_a_name_it_is_saved_by_that_of_its_tab(show: Show) -> None:
    page = saved(show)
    page.get_by_label("Name", exact=True).fill(" ")
    press(page, "Save")
    in_view(page, "exports")
    assert calls(page, "saveExporter")[0][1] == "Invoices"


def test_an_export_with_a_name_is_saved_and_run_at_once(show: Show) -> None:
    page = saved(show)
    press(page, "Export")
    in_view(page, "done")
    assert calls(page, "runAgain") == [["exp_open"]]
    assert calls(page, "startExport") == []


def test_a_first_run_that_failed_is_tried_again_without_saving_twice(show: Show) -> None:
    busy = trouble("quickbooks_busy", "QuickBooks is busy.", retryable=True)
    page = saved(show, {"runAgain": busy, "changeExporter": ENTITY})
    press(page, "Export")
    in_view(page, "failed")
    page.evaluate(f"window.server.runAgain = {json.dumps(LAST)}")
    press(page, "Try again")
    in_view(page, "done")
    assert len(calls(page, "saveExporter")) == 1
    assert [given[0] for given in calls(page, "changeExporter")] == ["exp_open"]


def test_what_cannot_be_saved_is_said_and_the_choices_stay(show: Show) -> None:
    page = saved(show, {"saveExporter": trouble("forbidden", "Ask an owner.")})
    press(page, "Save")
    expect(page.locator("#form-error")).to_have_text("Ask an owner.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Open invoices")


def test_a_table_can_begin_in_a_cell_that_is_selected(show: Show) -> None:
    page = form(show, {"startExport": LAST, "pickCell": {"cell": "'Mine'!B4", "shows": ""}})
    page.get_by_label("Put it in").select_option(label="A cell that I choose…")
    expect(page.get_by_label("Put it in")).to_be_focused()
    press(page, "Export")
    expect(page.locator("#form-error")).to_contain_text("Name a cell")
    page.get_by_role("button", name="Use the selected cell").click()
    expect(page.get_by_label("First cell")).to_have_value("'Mine'!B4")
    press(page, "Export")
    in_view(page, "done")
    assert calls(page, "startExport")[0][0]["cell"] == "'Mine'!B4"


def test_an_edit_opens_with_what_was_chosen_and_saves_by_the_revision_seen(show: Show) -> None:
    page = edited(show, ENTITY)
    expect(page.get_by_role("heading", name="Open invoices")).to_be_focused()
    expect(page.locator("#what")).to_be_disabled()
    expect(page.get_by_label("Dates")).to_have_value("last_month")
    expect(page.locator("#columns-text")).to_have_text("2 of 20")
    expect(page.get_by_label("Put it in")).to_have_count(0)
    page.get_by_label("Name", exact=True).fill("Unpaid")
    id, revision, request, name = sent(page)
    assert (id, revision, name) == ("exp_open", 3, "Unpaid")
    assert request == {
        "kind": "entities",
        "dataset": "invoices",
        "connection_id": "con_acme",
        "tab": "Invoices",
        "options": ENTITY["options"] | {"parameters": {}},
    }


def test_a_report_opens_with_its_days_basis_and_layout(show: Show) -> None:
    page = edited(show, REPORT)
    expect(page.get_by_label("First day")).to_have_value("2026-01-01")
    expect(page.get_by_label("Last day")).to_have_value("2026-06-30")
    expect(page.get_by_label("As a table")).to_be_checked()
    request = sent(page)[2]
    assert request["options"]["parameters"] == REPORT["options"]["parameters"]
    assert request["options"]["layout"] == "tidy"


@pytest.mark.parametrize(
    "options",
    [
        {"dates": "last_45_days"},
        {"cells": {"from": "'Set up'!B1", "to": "'Set up'!B2"}},
        {"from": "2026-05-01", "to": "2026-05-31"},
        {"include_inactive": True},
        {"filters": [{"key": "status", "is": "paid"}, {"key": "customer", "is": ["Amy", "Bob Ltd"]}]},
        {"filters": [{"key": "memo", "contains": "rent"}, {"key": "memo", "cell": "'A'!B1"}]},
        {"filters": [{"key": "total", "from": "5", "to_cell": "'A'!B1"}]},
        {"filters": [{"key": "due", "dates": "last_month"}, {"key": "due", "from": "2026-01-31"}]},
        {"filters": [{"key": "customer", "cell": "'A'!B1"}]},
        {"filters": [{"key": "due", "dates": "last_45_days"}, {"key": "due", "dates": "this_calendar_year"}]},
    ],
    ids=lambda each: json.dumps(each)[:40],
)  # fmt: skip
def test_what_nobody_touched_is_saved_as_it_was(show: Show, options: dict[str, Any]) -> None:
    plain = {"columns": None, "from": None, "to": None, "include_inactive": False}
    page = edited(show, ENTITY | {"options": plain | options}, catalog=FILTERED)
    assert sent(page)[2]["options"] == plain | {"parameters": {}} | options


def test_a_state_that_was_saved_by_its_title_opens_as_that_one(show: Show) -> None:
    options = {"filters": [{"key": "status", "is": "Paid"}]}
    page = edited(show, ENTITY | {"options": options}, catalog=FILTERED)
    assert sent(page)[2]["options"]["filters"] == [{"key": "status", "is": "paid"}]


def test_the_last_so_many_days_are_any_number_of_them(show: Show) -> None:
    options = {"dates": "last_45_days", "filters": [{"key": "due", "dates": "last_7_months"}]}
    page = edited(show, ENTITY | {"options": options}, catalog=FILTERED)
    page.locator("#dates-count").fill("60")
    expect(page.locator("#dates option:checked")).to_have_text("Last 60 days")
    expect(page.locator("#dates-spelled")).to_have_text("Sep 24 – Nov 22, 2026")
    page.get_by_label("How many months").fill("9")
    found = sent(page)[2]["options"]
    assert found["dates"] == "last_60_days"
    assert found["filters"] == [{"key": "due", "dates": "last_9_months"}]


@pytest.mark.parametrize(
    ("label", "typed", "most"),
    [
        ("How many days", "5000", "3,660"),
        ("How many days", "", "3,660"),
        ("How many days", "0", "3,660"),
        ("How many months", "150", "120"),
        ("How many months", "", "120"),
        ("How many months", "1.5", "120"),
    ],
)
def test_a_number_of_days_or_months_that_cannot_be_is_refused_in_words(
    show: Show, label: str, typed: str, most: str
) -> None:
    options = {"dates": "last_45_days", "filters": [{"key": "due", "dates": "last_7_months"}]}
    page = edited(show, ENTITY | {"options": options}, catalog=FILTERED)
    field = page.get_by_label(label)
    field.press("ControlOrMeta+a")
    field.press("Delete")
    field.press_sequentially(typed)
    press(page, "Save")
    expect(page.get_by_role("alert")).to_have_text(f"Type how many, from 1 to {most}.")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert calls(page, "changeExporter") == []
    field.fill("12")
    assert sent(page)[2]["options"] == {"columns": None, "from": None, "to": None} | {
        "include_inactive": False,
        "parameters": {},
        "dates": "last_12_days" if "days" in label else "last_45_days",
        "filters": [
            {"key": "due", "dates": "last_12_months" if "months" in label else "last_7_months"}
        ],
    }


def test_lines_and_their_columns_open_as_they_were(show: Show) -> None:
    options = {"columns": ["row_id", "line_rate"], "rows": "line", "headers": "once", "bundles": "group"}  # fmt: skip
    page = edited(show, ENTITY | {"dataset": "payments", "options": options})
    expect(page.get_by_label("One row for each")).to_have_value("line")
    found = sent(page)[2]["options"]
    assert {key: found[key] for key in options} == options


def test_what_a_refresh_does_opens_as_it_was(show: Show) -> None:
    options = {"columns": ["id"], "mode": "update", "departed": "keep"}
    page = edited(show, ENTITY | {"dataset": "payments", "options": options})
    found = sent(page)[2]["options"]
    assert {key: found.get(key) for key in options} == options


def test_a_cell_for_the_basis_outlives_an_edit_of_the_days(show: Show) -> None:
    cells = {"basis": "'Set up'!B3", "from": "'Set up'!B1", "to": "'Set up'!B2"}
    page = edited(show, REPORT | {"options": {"parameters": {}, "cells": cells}})
    page.get_by_label("Last day in cell").fill("'Set up'!C2")
    assert sent(page)[2]["options"]["cells"] == cells | {"to": "'Set up'!C2"}


def test_the_basis_that_a_run_kept_is_told_and_is_still_no_choice(show: Show) -> None:
    options = {"parameters": {}, "dates": "last_month"}
    kept = REPORT | {"options": options, "bases": {"con_acme": "Cash"}}
    page = edited(show, kept, preview={"columns": [""], "rows": [["Income"]], "more": False})
    basis = page.get_by_label("Basis", exact=True)
    expect(basis.locator("option:checked")).to_have_text("Cash, as in QuickBooks")
    # What is looked at is what a run would bring.
    press(page, "Preview")
    in_view(page, "preview")
    ((asked,),) = calls(page, "preview")
    assert asked["options"]["parameters"] == {"accounting_method": "Cash"}
    press(page, "Done")
    assert sent(page)[2]["options"]["parameters"] == {}


def test_an_edit_that_lost_against_somebody_elses_says_so(show: Show) -> None:
    lost = trouble("exporter_changed", "Somebody saved this export since you opened it.")
    page = edited(show, ENTITY, changeExporter=lost)
    press(page, "Save")
    expect(page.locator("#form-error")).to_have_text(
        "Somebody saved this export since you opened it."
    )


def test_an_export_of_what_is_no_longer_offered_cannot_be_opened(show: Show) -> None:
    page = show({"home": MINE, "readExporter": ENTITY | {"dataset": "gone"}})
    does(page, "Edit…", "Open invoices")
    expect(page.locator("#why")).to_contain_text("no longer offers what this export is of")


def test_a_refresher_is_offered_no_new_export(show: Show) -> None:
    home = MINE | {"connections": [CONNECTION | {"role": "refresher"}]}
    page = show({"home": home, "runAgain": LAST})
    in_view(page, "exports")
    expect(page.get_by_role("button", name="New export")).to_have_count(0)
    press(page, "Run Open invoices again")
    in_view(page, "done")
    expect(page.get_by_role("button", name="New export")).to_have_count(0)


def test_a_refresher_of_an_empty_sheet_is_told_who_makes_exports(show: Show) -> None:
    page = show({"home": HOME | {"connections": [CONNECTION | {"role": "refresher"}]}})
    expect(page.get_by_text("An editor of the company makes exports.")).to_be_visible()


def test_columns_that_the_catalog_does_not_name_stay_in_their_place(show: Show) -> None:
    columns = ["c0", "custom_31000000017", "c4", "of_another_version"]
    page = edited(show, ENTITY | {"options": ENTITY["options"] | {"columns": columns}})
    expect(page.locator("#columns")).to_contain_text("4 of 22")
    page.locator("#columns").click()
    expect(page.get_by_role("checkbox", name="Custom field 31000000017")).to_be_checked()
    expect(page.get_by_role("checkbox", name="of_another_version")).to_be_checked()
    press(page, "Done")
    assert sent(page)[2]["options"]["columns"] == columns


def test_a_filter_by_ids_is_opened_and_kept(show: Show) -> None:
    filters = [{"key": "customer", "ids": ["12", "31"]}]
    held = ENTITY | {"options": ENTITY["options"] | {"filters": filters}}
    page = edited(show, held, catalog=FILTERED)
    expect(page.get_by_label("is, by the ids of QuickBooks")).to_have_value("12; 31")
    assert sent(page)[2]["options"]["filters"] == filters
