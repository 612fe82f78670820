"""Several companies in one export, and cells picked in the sheet, in the form."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.addon.saved_exports import ENTITY, edited
from tests.addon.sidebar_window import (
    FULL,
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
from tests.addon.stub_page import CONNECTION, LAST
from tests.addon.test_sidebar_filters import add, filtered
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]

BIRCH = CONNECTION | {"id": "con_birch", "name": "Birch Studio", "role": "editor"}
CEDAR = CONNECTION | {"id": "con_cedar", "name": "Cedar Imports"}
THREE = FULL | {"connections": [CONNECTION, BIRCH, CEDAR]}
SET_UP = "'Set up'!B1"


def several(show: Show, **answers: Any) -> Page:
    page = form(show, {"home": THREE} | answers)
    press_summary(page)
    page.get_by_label("Cedar Imports").check()
    return page


def press_summary(page: Page) -> None:
    page.get_by_text("From other companies too").click()


def test_one_company_is_asked_for_as_ever(show: Show) -> None:
    assert "connection_ids" not in requested(form(show, {"home": THREE}))


def test_a_company_of_which_one_may_only_run_exports_is_not_to_be_chosen(show: Show) -> None:
    ran = CONNECTION | {"id": "con_dell", "name": "Dell Works", "role": "refresher"}
    page = form(show, {"home": FULL | {"connections": [ran, BIRCH, CEDAR]}})
    offered = page.locator("#from-company option")
    assert offered.all_inner_texts() == [
        "Dell Works (you may only run what is there)",
        "Birch Studio",
        "Cedar Imports",
    ]
    assert [each.is_disabled() for each in offered.all()] == [True, False, False]
    assert page.locator("#from-company").input_value() == "con_birch"
    press_summary(page)
    assert page.locator("#others label").all_inner_texts() == ["Cedar Imports"]
    page.evaluate("showForm('con_dell')")  # as after a run of it
    assert page.locator("#from-company").input_value() == "con_birch"


def test_companies_are_added_to_one_table(show: Show) -> None:
    page = several(show)
    page.get_by_label("Birch Studio").check()
    page.get_by_label("Birch Studio").uncheck()
    sent = requested(page)
    assert sent["connection_ids"] == ["con_acme", "con_cedar"]
    assert "cells" not in sent["options"]


def test_a_cell_chooses_one_of_them(show: Show) -> None:
    page = several(show, pickCell={"cell": SET_UP, "shows": "Cedar Imports"})
    page.get_by_label("Read", exact=True).select_option(label="The one that a cell names")
    press(page, "Export")
    expect(page.locator("#form-error")).to_contain_text("Name a cell")
    press(page, "Use the selected cell")
    expect(page.get_by_label("Company in cell")).to_have_value(SET_UP)
    assert requested(page)["options"]["cells"] == {"company": SET_UP}


def test_a_report_of_several_companies_needs_the_cell(show: Show) -> None:
    page = several(show)
    choose_what(page, "Profit and Loss")
    expect(page.get_by_label("Read", exact=True)).to_have_count(0)
    page.get_by_label("Company in cell").fill(SET_UP)
    assert requested(page)["options"]["cells"] == {"company": SET_UP}


def test_secrets_need_an_owner_of_each(show: Show) -> None:
    page = several(show)
    assert page.evaluate("isOwner()") is True
    page.get_by_label("Birch Studio").check()
    assert page.evaluate("isOwner()") is False


def test_the_proof_tells_of_each_company(show: Show) -> None:
    of = [
        {"name": "Acme Landscaping", "sent": 12000, "counted": 12000},
        {"name": "Cedar Imports", "sent": 480, "counted": None},
    ]
    page = several(show, startExport=LAST | {"proof": LAST["proof"] | {"companies": of}})
    press(page, "Export")
    in_view(page, "done")
    expect(page.get_by_role("row", name="Sent of Acme Landscaping")).to_contain_text("12,000 ✓")
    expect(page.get_by_role("row", name="Sent of Cedar Imports")).to_contain_text("480")


def test_the_company_that_stopped_a_run_is_the_one_to_reconnect(show: Show) -> None:
    why = trouble("reconnect_required", "Cedar Imports: QuickBooks no longer accepts our key.")
    why["error"]["connection_id"] = "con_cedar"
    page = several(show, startExport=why)
    press(page, "Export")
    in_view(page, "failed")
    page.locator("#reconnect").click()
    page.clock.run_for(10)
    assert ["con_cedar"] in calls(page, "connectTicket")


def test_a_saved_export_of_several_is_opened_as_it_was_saved(show: Show) -> None:
    options = ENTITY["options"] | {"cells": {"company": SET_UP}}
    held = ENTITY | {"connection_ids": ["con_acme", "con_cedar"], "options": options}
    page = edited(show, held, home=THREE | {"exporters": [held | {"last_run": None}]})
    expect(page.get_by_label("Cedar Imports")).to_be_checked()
    expect(page.get_by_label("Company in cell")).to_have_value(SET_UP)
    press(page, "Save")
    in_view(page, "exports")
    request = calls(page, "changeExporter")[0][2]
    assert request["connection_ids"] == ["con_acme", "con_cedar"]
    assert request["options"]["cells"] == {"company": SET_UP}


def test_the_cell_of_a_filter_is_picked_in_the_sheet(show: Show) -> None:
    page = filtered(show)
    page.evaluate("window.server.pickCell = {cell: \"'Set up'!B1\", shows: 'Amy'}")
    add(page, "Customer")
    press(page, "Use the selected cell")
    expect(page.locator("#filter-0-is")).to_have_value(SET_UP)
    expect(page.get_by_text("Amy", exact=True)).to_be_visible()
    add(page, "Status")
    page.locator("#filter-1-is").select_option(label="As a cell says…")
    page.get_by_label("In cell").fill(SET_UP)
    assert requested(page)["options"]["filters"] == [
        {"key": "customer", "cell": SET_UP},
        {"key": "status", "cell": SET_UP},
    ]


def test_a_state_without_its_cell_is_not_sent(show: Show) -> None:
    page = filtered(show)
    add(page, "Status")
    page.locator("#filter-0-is").select_option(label="As a cell says…")
    press(page, "Export")
    expect(page.locator("#form-error")).to_contain_text("Fill in the filter")
