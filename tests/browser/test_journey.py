"""What a newcomer does: connect, export, look at the cells. In a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.driver import ACME, HOSTILE, Person


def texts(person: Person, *cells: str) -> list[str]:
    return [person.cell(a1).inner_text() for a1 in cells]


def test_the_whole_journey_ends_in_typed_cells(ana: Person):
    ana.connects(ACME)
    ana.exports("Invoices")
    tab = ana.world.google.workbook.tab("Invoices")
    assert tab is not None
    expect(ana.cell("A1")).to_have_text("Id")
    assert texts(ana, "B1", "C1", "D1", "E1") == ["Invoice number", "Date", "Due date", "Customer"]
    assert texts(ana, "A2", "B2", "C2", "E2") == ["5", "1001", "2025-01-04", "Goldfinch Inn"]
    number, day = tab.value(1, 1), tab.value(1, 2)
    assert (number, day) == ("1001", 45661)  # text, and days since 1899-12-30
    ana.sees("complete")
    ana.sees("285,186.02")
    ana.button("All exports").click()
    ana.exports("Customers")
    ana.button("All exports").click()
    ana.exports("Profit and Loss")
    expect(ana.cell("A2")).to_have_text("Profit and Loss")
    tabs = ana.page.get_by_role("tab").all_inner_texts()
    assert tabs == ["Sheet1", "Invoices", "Customers", "Profit and Loss"]
    assert ana.world.google.workbook.dangerous_formulas == []


def test_running_an_export_again_refreshes_the_same_table(ana: Person):
    ana.connects()
    ana.exports("Invoices")
    ana.button("All exports").click()
    intuit = ana.world.intuit
    company = intuit.books.company(intuit.companies()[0].realm_id)
    last = dict(list(company.store.all("Invoice"))[-1])
    company.add("Invoice", {**last, "Id": "900001", "DocNumber": "2001", "LinkedTxn": []})
    ana.sidebar.get_by_role("button", name="Run Invoices again").click()
    ana.sees("147 ✓")
    books = ana.world.google.workbook
    assert [tab.title for tab in books.tabs] == ["Sheet1", "Invoices", "Counterfoil log"]
    log = books.tab("Counterfoil log")
    heading, _, _, counts, listed = log.values(log.data_extent())
    assert heading[:4] == ["When", "Export", "What came of it", "Run"]
    assert counts[0] == "1 new"
    assert listed[:3] == ["New", "900001", "2001"]
    assert books.tab("Invoices").value(147, 1) == "2001"


def test_hostile_text_lands_as_text(ana: Person):
    ana.connects(HOSTILE)
    ana.exports("Customers")
    books = ana.world.google.workbook
    tab = books.tab("Customers")
    names = [tab.value(row, 1) for row in range(tab.row_count)]
    assert '=IMPORTXML("http://127.0.0.1/x","//a")' in names
    assert books.dangerous_formulas == []
    assert books.formulas() == {}
    ana.button("All exports").click()
    ana.exports("Invoices")
    ana.button("All exports").click()
    ana.exports("Profit and Loss")
    assert books.formulas() == {}


def test_the_journey_by_keyboard_alone(ana: Person):
    page = ana.page
    page.reload()  # nothing is open
    tab_until(page, "Extensions")
    for key in ("Enter", "Enter", "Enter"):
        page.keyboard.press(key)
    expect(ana.sidebar.get_by_role("link", name="Connect to QuickBooks")).to_be_visible()
    tab_until(page, "Connect to QuickBooks")
    with ana.window.expect_page() as opened:
        page.keyboard.press("Enter")
    consent = opened.value
    consent.wait_for_load_state()
    tab_until(consent, "Continue")
    consent.keyboard.press("Enter")
    expect(consent.get_by_text("Dana")).to_be_visible()
    tab_until(consent, "Dana")
    consent.keyboard.press("Enter")
    expect(consent.get_by_role("radio").first).to_be_visible()
    consent.keyboard.press("Tab")
    consent.keyboard.press("Space")
    tab_until(consent, "Authorize")
    consent.keyboard.press("Enter")
    expect(consent.get_by_role("heading", name="Connected")).to_be_visible()
    consent.close()
    page.bring_to_front()
    ana.sees("Acme Landscaping is connected")
    tab_until(page, "New export")
    page.keyboard.press("Enter")
    expect(ana.sidebar.locator("#what")).to_be_visible()
    tab_until(page, "What")
    page.keyboard.press("Enter")
    expect(ana.sidebar.get_by_label("Find what to export")).to_be_focused()
    page.keyboard.type("Customers")
    page.keyboard.press("Enter")
    expect(ana.sidebar.locator("#what-text")).to_have_text("Customers")
    tab_until(page, "Export")
    page.keyboard.press("Enter")
    ana.sees("In the sheet, read back")
    assert ana.world.google.workbook.tab("Customers") is not None


def tab_until(page: Page, name: str) -> None:
    """Presses Tab until what has the focus, also inside the sidebar, is called `name`."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if re.match(rf"\s*{re.escape(name)}\b", focused(page)):
            return
    raise AssertionError(f"the Tab key never reaches {name}")


def focused(page: Page) -> str:
    named = """() => {
      const at = document.activeElement;
      if (!at) return '';
      const label = at.labels && at.labels[0] ? at.labels[0].textContent : '';
      const by = (at.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
      const named = by.map((id) => document.getElementById(id).textContent).join(' ');
      return at.getAttribute('aria-label') || named || label || at.textContent || '';
    }"""
    for frame in page.frames:
        tag = frame.evaluate("() => document.activeElement ? document.activeElement.tagName : ''")
        if tag not in ("", "BODY", "IFRAME"):
            text = str(frame.evaluate(named))
            if frame is not page.main_frame or page.evaluate(
                "() => document.activeElement.tagName !== 'IFRAME'"
            ):
                return text
    return ""
