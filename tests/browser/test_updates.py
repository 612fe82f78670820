"""An update through the real add-on: chosen in the form, and what changed told at its end."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.driver import ACME, Person

BESIDE = 40


def test_an_update_of_what_nobody_changed_is_one_call_and_notes_stay_beside_their_rows(
    ana: Person,
):
    intuit, books = ana.world.intuit, ana.world.google.workbook
    ana.connects(ACME)
    ana.fills_in("Estimates")
    ana.sidebar.get_by_label("When it is refreshed").select_option("update")
    ana.button("Export").click()
    ana.sees("In the sheet, read back")
    tab = books.tab("Estimates")
    assert tab is not None
    intuit.clock.advance(timedelta(minutes=2))

    ana.button("All exports").click()
    before = len(intuit.calls.accounting())
    ana.sidebar.get_by_role("button", name="Run Estimates again").click()
    ana.sees("Nothing changed.")
    assert len(intuit.calls.accounting()) == before + 1

    realm = intuit.companies()[0].realm_id
    company = intuit.books.company(realm)
    free = list(company.store.all("Estimate"))
    changed, gone = free[0]["Id"], free[1]["Id"]
    ids = [str(tab.value(row, 0)) for row in range(tab.row_count)]
    if tab.column_count <= BESIDE:
        tab.insert_columns(tab.column_count, BESIDE)
    tab.write(ids.index(gone), BESIDE, [["my note"]])
    company.update("Estimate", changed, intuit.clock(), DocNumber="A-1")
    company.delete("Estimate", gone, intuit.clock())
    ana.button("All exports").click()
    ana.sidebar.get_by_role("button", name="Run Estimates again").click()
    expect(ana.sidebar.locator("#changes")).to_have_text("1 changed, 1 deleted in QuickBooks.")
    assert tab.value(ids.index(changed), 1) == "A-1"
    kept = books.tab("Estimates – gone")
    assert kept is not None
    assert [str(kept.value(1, 0)), kept.value(1, BESIDE)] == [gone, "my note"]
    assert books.tab("Counterfoil log") is not None
    assert books.dangerous_formulas == []


def test_a_table_that_was_deleted_is_made_anew(ana: Person):
    books = ana.world.google.workbook
    ana.connects(ACME)
    ana.fills_in("Customers")
    ana.sidebar.get_by_label("When it is refreshed").select_option("update")
    ana.button("Export").click()
    ana.sees("In the sheet, read back")
    books.delete_tab(books.tab("Customers"))
    ana.button("All exports").click()
    ana.sidebar.get_by_role("button", name="Run Customers again").click()
    ana.sees("The table was not there any more, so it was made anew.")
    assert books.tab("Customers").value(1, 0) != ""
