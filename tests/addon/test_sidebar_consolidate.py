"""One report of several companies, added up, in the form."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.addon.saved_exports import REPORT, edited
from tests.addon.sidebar_window import (
    FULL,
    Show,
    calls,
    form,
    in_view,
    press,
    requested,
    show,
    window,
)
from tests.addon.stub_page import CATALOG, CONNECTION, LAST
from tests.addon.test_sidebar_report import PROFIT_AND_LOSS
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]

BIRCH = CONNECTION | {"id": "con_birch", "name": "Birch Studio", "currency": "EUR"}
CEDAR = CONNECTION | {"id": "con_cedar", "name": "Cedar Imports"}
HOME = FULL | {"connections": [CONNECTION, BIRCH, CEDAR]}
GROUP = CATALOG | {
    "reports": [PROFIT_AND_LOSS | {"consolidates": True}, *CATALOG["reports"][1:]],
}


def group(show: Show, *companies: str, **answers: Any) -> Page:
    page = form(show, {"home": HOME, "catalog": GROUP, "startExport": LAST} | answers)
    choose_what(page, "Profit and Loss")
    page.get_by_text("From other companies too").click()
    for name in companies:
        page.get_by_label(name).check()
    return page


def test_several_companies_of_such_a_report_are_consolidated(show: Show) -> None:
    page = group(show, "Birch Studio")
    expect(page.get_by_label("Read", exact=True)).to_have_value("all")
    expect(page.get_by_label("Compare with")).to_have_count(0)
    expect(page.get_by_label("Columns by")).to_have_count(0)
    expect(page.get_by_label("Basis").locator("option").first).to_have_text(
        "Accrual, for all of them"
    )
    expect(page.locator("#estimate")).to_have_text("about 4 calls")
    page.get_by_label("Accounts are one line by").select_option(label="Their number")
    sent = requested(page)
    assert sent["connection_ids"] == ["con_acme", "con_birch"]
    assert sent["options"]["consolidate"] == {"currency": "USD", "match": "number", "rates": "tab"}
    assert "cells" not in sent["options"]


def test_companies_of_one_currency_need_no_rates(show: Show) -> None:
    page = group(show, "Cedar Imports")
    expect(page.get_by_label("Rates of exchange")).to_have_count(0)
    assert requested(page)["options"]["consolidate"]["rates"] == "tab"


def test_the_calls_that_rates_of_quickbooks_cost_are_counted_before(show: Show) -> None:
    counted = {"rows": None, "columns": None, "cells": None, "calls": 16}
    page = group(show, "Birch Studio", estimate=counted)
    page.get_by_label("In", exact=True).select_option(label="EUR")
    page.get_by_label("Rates of exchange").select_option(label="From QuickBooks")
    expect(page.locator("#estimate")).to_have_text("about 16 calls")
    assert requested(page)["options"]["consolidate"] == {
        "currency": "EUR",
        "match": "name",
        "rates": "quickbooks",
    }


def test_a_cell_may_still_name_one_of_them(show: Show) -> None:
    page = group(show, "Birch Studio")
    page.get_by_label("Read", exact=True).select_option(label="The one that a cell names")
    expect(page.get_by_label("Accounts are one line by")).to_have_count(0)
    page.get_by_label("Company in cell").fill("'Set up'!B1")
    sent = requested(page)["options"]
    assert sent["cells"] == {"company": "'Set up'!B1"}
    assert "consolidate" not in sent


def test_the_mapping_tab_is_explained_where_it_is_chosen(show: Show) -> None:
    page = group(show, "Birch Studio")
    page.get_by_label("Accounts are one line by").select_option(
        label="The tab “Counterfoil mapping”"
    )
    expect(page.get_by_text("Type beside each on which line it goes")).to_be_visible()


def test_a_saved_one_is_opened_as_it_was_saved(show: Show) -> None:
    kept = {"currency": "EUR", "match": "mapping", "rates": "quickbooks"}
    options = REPORT["options"] | {"consolidate": kept}
    held = REPORT | {"connection_ids": ["con_acme", "con_birch"], "options": options}
    home = HOME | {"exporters": [held | {"last_run": None}]}
    page = edited(show, held, home=home, catalog=GROUP)
    expect(page.get_by_label("In", exact=True)).to_have_value("EUR")
    press(page, "Save")
    in_view(page, "exports")
    assert calls(page, "changeExporter")[0][2]["options"]["consolidate"] == kept


def test_one_company_that_is_left_of_a_saved_one_is_not_consolidated(show: Show) -> None:
    kept = {"currency": "USD", "match": "name", "rates": "tab"}
    options = REPORT["options"] | {"consolidate": kept}
    held = REPORT | {"connection_ids": ["con_acme", "con_birch"], "options": options}
    home = HOME | {"exporters": [held | {"last_run": None}]}
    page = edited(show, held, home=home, catalog=GROUP)
    page.get_by_label("Birch Studio").uncheck()
    press(page, "Save")
    in_view(page, "exports")
    request = calls(page, "changeExporter")[0][2]
    assert "connection_ids" not in request
    assert "consolidate" not in request["options"]
