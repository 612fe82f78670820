"""What an export is of, found among all that the catalog has."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from counterfoil import catalog
from tests.addon.sidebar_window import Show, form, in_view, requested, show, window
from tests.addon.stub_page import LAST
from tests.chromium import browser

__all__ = ["browser", "show", "window"]


@pytest.fixture
def choosing(show: Show) -> Page:
    """The list of all that the real catalog has."""
    page = form(show, {"catalog": catalog.forms() | {"version": "v1"}, "startExport": LAST})
    page.locator("#what").click()
    in_view(page, "what")
    return page


def found(page: Page, text: str) -> list[str]:
    page.get_by_label("Find what to export").fill(text)
    return page.get_by_role("option").all_inner_texts()


def test_what_was_typed_is_found_wherever_it_stands_in_a_title(choosing: Page) -> None:
    page = choosing
    expect(page.get_by_label("Find what to export")).to_be_focused()
    everything = page.get_by_role("option").count()
    expect(page.locator("#what-count")).to_have_text(f"{everything} to choose from")
    assert found(page, "aging") == [
        "Accounts Payable Aging",
        "Accounts Payable Aging Detail",
        "Accounts Receivable Aging",
        "Accounts Receivable Aging Detail",
    ]
    expect(page.locator("#what-count")).to_have_text("4 to choose from")
    assert found(page, "  Detail AGING  receiv") == ["Accounts Receivable Aging Detail"]
    expect(page.locator("#what-count")).to_have_text("1 to choose from")
    # As accountants say it; a word's beginning goes before what only has the letters.
    assert found(page, "A/R aging") == [
        "Accounts Receivable Aging",
        "Accounts Receivable Aging Detail",
    ]
    assert "Profit and Loss" in found(page, "P&L")
    assert "Employees" not in found(page, "P&L")
    assert found(page, "voices") == ["Invoices"]
    # Called otherwise: after those called so by their titles, and it says by what they were found.
    assert found(page, "expense") == ["Purchases expenses", "Expenses by Vendor Summary"]
    assert found(page, "bank deposits") == ["Deposits bank deposits"]
    assert found(page, "credit notes")[:1] == ["Credit memos credit notes"]
    assert found(page, "zzz") == []
    expect(page.get_by_role("status").first).to_have_text("Nothing is called that.")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert len(found(page, "")) == everything


def test_one_of_the_two_groups_is_looked_through_alone(choosing: Page) -> None:
    page = choosing
    headings = page.locator(".choices .label")
    expect(headings).to_have_text(["Lists and transactions", "Reports"])
    page.get_by_role("radio", name="Reports").check()
    expect(headings).to_have_text(["Reports"])
    assert found(page, "invoices") == []
    expect(page.locator("#what-count")).to_have_text("Nothing here is called that. “All” has 1.")
    page.get_by_role("radio", name="All").check()
    expect(page.get_by_role("option", name="Invoices")).to_be_visible()


def test_it_is_chosen_with_the_keys_alone(choosing: Page) -> None:
    page = choosing
    keys = page.keyboard
    search = page.get_by_role("combobox", name="Find what to export")
    expect(search).to_have_attribute("aria-expanded", "true")
    chosen = page.get_by_role("option", selected=True)
    before = page.locator("#what-text")
    assert search.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    expect(chosen).to_be_in_viewport()
    keys.type("aging")
    keys.press("ArrowDown")
    keys.press("PageDown")
    keys.press("ArrowUp")
    expect(search).to_have_attribute("aria-activedescendant", "what-reports-ar-aging-summary")
    expect(page.locator(".choices .at")).to_have_text("Accounts Receivable Aging")
    keys.press("Escape")
    expect(search).to_have_value("")
    keys.press("Escape")
    in_view(page, "form")
    expect(before).to_have_text(page.evaluate("draft.dataset.title"))
    expect(page.locator("#what")).to_be_focused()
    keys.press("Enter")
    keys.type("trial balance")
    keys.press("Enter")
    expect(page.locator("#what-text")).to_have_text("Trial Balance")
    expect(page.locator("#what")).to_be_focused()
    expect(page.get_by_label("Name of the tab")).to_have_value("Trial Balance")
    assert requested(page)["dataset"] == "trial-balance"


def test_the_same_one_again_keeps_what_was_chosen_of_it(show: Show) -> None:
    page = form(show)
    page.get_by_label("Dates").select_option("last_month")
    page.get_by_label("Name", exact=True).fill("Ours")
    page.locator("#what").click()
    page.get_by_role("option", name="Invoices").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ours")
    expect(page.get_by_label("Dates")).to_have_value("last_month")
