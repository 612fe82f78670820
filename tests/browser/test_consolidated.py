"""Two companies in one report, from the sidebar to the sheet."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.consolidating import consolidates, types_the_rate
from tests.browser.driver import Person


def test_two_companies_are_consolidated_once_their_rate_is_filled_in(ana: Person):
    consolidates(ana)
    ana.sees("Rates into USD are missing: EUR average")
    workbook = ana.world.google.workbook
    assert workbook.tab("Profit and Loss") is None
    types_the_rate(ana)
    ana.button("Try again").click()
    ana.sees("In the sheet, read back")
    expect(ana.cell("A2")).to_have_text("Consolidated Profit and Loss")
    expect(ana.cell("B5")).to_have_text("Acme Landscaping")
    expect(ana.cell("C5")).to_have_text("Birch Studio (EUR in USD)")
    expect(ana.cell("E5")).to_have_text("Total")
    assert workbook.tab("Counterfoil eliminations") is not None

    ana.button("All exports").click()
    ana.button("Run Profit and Loss again").click()
    ana.sees("In the sheet, read back")
    expect(ana.cell("A2")).to_have_text("Consolidated Profit and Loss")
