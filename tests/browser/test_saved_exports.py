"""What becomes of exports that are saved: changed, refreshed from the menu, frozen, late, taken along.

Each test has a spreadsheet of its own, in the world that they share.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driver import Person
from tests.browser.prepared import BEN, Office, office
from tests.chromium import browser

__all__ = ["browser"]

FEW = ["id", "number", "date", "customer", "total"]


@pytest.fixture(scope="module")
def acme() -> Iterator[Office]:
    with office() as made:
        yield made


def takes(ana: Person, cell: str, into: str) -> None:
    """Selects the cell in the sheet, for the field of that id."""
    ana.cell(cell).click()
    ana.sidebar.locator(f"[aria-describedby='{into}']", has_text="Use the selected cell").click()
    expect(ana.sidebar.locator(f"#{into}")).to_have_value(f"'Sheet1'!{cell}")


def from_menu(ana: Person, item: str) -> None:
    ana.page.get_by_role("menuitem", name="Extensions", disabled=False).click()
    ana.page.get_by_role("menuitem", name="Counterfoil").click()
    ana.page.locator(".menu .menu").get_by_role("menuitem", name=item).click()


def is_told(ana: Person, toast: str) -> None:
    expect(ana.page.locator(".toast", has_text=toast)).to_be_visible()


def goes_to(ana: Person, tab: str, cell: str) -> None:
    ana.page.get_by_role("tab", name=tab, exact=True).click()
    expect(ana.page.get_by_role("tab", name=tab, exact=True, selected=True)).to_be_visible()
    ana.cell(cell).click()


def test_a_saved_export_opens_as_it_is_and_its_table_follows_what_is_changed(
    acme: Office, browser: Browser
) -> None:
    sheet = acme.sheet("edited")
    total = {"key": "total", "from": "1000"}
    sheet.saves(
        "estimates",
        "Quotes",
        columns=FEW,
        **{"from": "2025-01-01", "to": "2026-12-31"},
        filters=[total],
    )
    sheet.book.tabs[0].enter(0, 1, [["2025-05-01"], ["2026-03-31"], ["Imani Okafor"]])
    before = sheet.row("Quotes", 0)
    assert before == ["Id", "Estimate number", "Date", "Customer", "Total"]
    assert len(sheet.column("Quotes", 0)) == 5
    with sheet.opened(browser) as ana:
        sidebar = ana.sidebar
        ana.does("Edit…", "Quotes")
        expect(sidebar.get_by_label("Name", exact=True)).to_have_value("Quotes")
        expect(sidebar.locator("#columns-text")).to_contain_text("5 of ")
        expect(sidebar.get_by_label("First day")).to_have_value("2025-01-01")
        expect(sidebar.get_by_label("Last day")).to_have_value("2026-12-31")
        expect(sidebar.get_by_label("At least")).to_have_value("1000")

        sidebar.locator("#columns").click()
        boxes = sidebar.locator("#column-list")
        sidebar.get_by_label("Find a column").fill("expires")
        expect(boxes.get_by_role("checkbox")).to_have_count(1)
        sidebar.get_by_label("Find a column").fill("")
        ana.button("All").click()
        expect(boxes.get_by_role("checkbox", checked=False)).to_have_count(0)
        ana.button("Defaults").click()
        expect(sidebar.locator("#columns-count")).to_contain_text("13 of ")
        for title in ("Expires", "Estimate status", "Location", "Currency", "Tax", "Memo"):
            sidebar.get_by_role("checkbox", name=title, exact=True).uncheck()
        sidebar.get_by_label("Put in order").check()
        ana.button("Move Total").press("Home")
        ana.button("Move Billing email").drag_to(ana.button("Move Date"))
        ana.button("Done").click()

        sidebar.get_by_label("Dates", exact=True).select_option(label="From cells…")
        takes(ana, "B1", "cell-from")
        takes(ana, "B2", "cell-to")
        ana.button("Take the filter away: Total").click()
        ana.button("How many rows?").click()
        expect(sidebar.locator("#estimate")).to_have_text("about 1 call · 3 rows")
        ana.button("Add a filter").click()
        sidebar.get_by_label("Only where", exact=True).last.select_option(label="Customer")
        takes(ana, "B3", "filter-0-is")
        ana.button("Preview").click()
        ana.sees("That is all. Nothing was written.")
        expect(sidebar.locator(".preview tbody tr")).to_have_text(
            ["4002,281.261080imani.okafor@example.com2025-09-05Imani Okafor"]
        )
        ana.button("Done").click()
        assert (sheet.row("Quotes", 0), len(sheet.column("Quotes", 0))) == (before, 5)

        ana.button("Save and run").click()
        ana.sees("In the sheet, read back")
        assert sheet.row("Quotes", 0) == [
            "Id", "Total", "Estimate number", "Billing email", "Date", "Customer", "Message on estimate",
        ]  # fmt: skip
        assert sheet.column("Quotes", 5) == ["Imani Okafor"]


def test_everything_is_refreshed_at_once_but_what_is_frozen_and_one_table_alone(
    acme: Office, browser: Browser
) -> None:
    sheet = acme.sheet("refreshed")
    sheet.saves("terms", "Terms", columns=["id", "name"])
    sheet.saves("estimates", "Quotes", columns=["id", "number"])
    first, names = str(sheet.column("Terms", 0)[0]), sheet.column("Terms", 1)
    with sheet.opened(browser) as ana:
        acme.changes("Estimate", "51", DocNumber="A-1")
        ana.button("Refresh all").click()
        expect(ana.sidebar.get_by_role("heading", name="2 exports are refreshed")).to_be_visible()
        assert sheet.column("Quotes", 1) == ["A-1", "1040", "1080", "1125", "1156"]
        assert sheet.column("Terms", 1) == names

        ana.button("All exports").click()
        ana.does("Freeze…", "Terms")
        ana.button("Freeze").click()
        ana.sees("Terms is frozen.")
        expect(ana.button("Run Terms again")).to_have_count(0)
        acme.changes("Estimate", "51", DocNumber="A-2")
        acme.changes("Term", first, Name="Net 11")
        from_menu(ana, "Refresh all")
        is_told(ana, "Refreshing 1 of 1: Quotes…")
        is_told(ana, "Quotes: 5 rows, complete")
        assert sheet.column("Quotes", 1)[0] == "A-2"
        assert sheet.column("🔒 Terms", 1) == names  # nobody wrote it, and it has a padlock

        goes_to(ana, "🔒 Terms", "B2")
        from_menu(ana, "Refresh this table")
        is_told(ana, "ana@example.com froze this table at")
        assert sheet.column("🔒 Terms", 1) == names
        ana.button("Unfreeze").click()
        ana.sees("Terms can be written again.")
        goes_to(ana, "Terms", "B2")
        from_menu(ana, "Refresh this table")
        is_told(ana, "Terms: 4 rows, complete")
        assert sheet.column("Terms", 1) == ["Net 11", *names[1:]]


def test_a_table_that_is_late_says_so_and_a_colleague_takes_its_schedule_over(
    acme: Office, browser: Browser
) -> None:
    sheet = acme.sheet("late")
    sheet.shares(BEN, "editor")
    id = sheet.saves("estimates", "Quotes", columns=["id", "number"], title_row=True)
    sheet.script.call(f"exporters/{id}/schedule", schedule={"often": "hourly"})
    sheet.runs(id)
    on_time = sheet.book.now
    sheet.rests(id, timedelta(days=14))
    with sheet.opened(browser) as ana, sheet.opened(browser, BEN) as ben:
        goes_to(ana, "Quotes", "A1")
        expect(ana.cell("B1")).to_have_text("")
        sheet.book.now = lambda: on_time() + timedelta(days=14)
        sheet.book.tabs[0].write(0, 0, [["an edit: formulas are computed again"]])
        expect(ana.cell("B1")).to_contain_text("Not refreshed since")
        ana.sees("Not refreshed since")
        expect(ana.button("Resume")).to_be_visible()

        ben.sees("Not refreshed since")
        ben.button("Run it as me").click()
        ben.sees("Quotes runs as you now: every hour.")
        ana.opens_counterfoil()
        ana.sees("as ben@example.com")
        sheet.book.now = on_time
        acme.changes("Estimate", "201", DocNumber="B-1")
        sheet.rests(id, timedelta(hours=1))
        fired = acme.world.script.triggers.fire(acme.world.clock() + timedelta(hours=1))
        assert fired == 1
        expect(ana.cell("B4")).to_have_text("B-1")
        expect(ana.cell("B1")).to_have_text("")


def test_an_export_is_taken_to_another_spreadsheet(acme: Office, browser: Browser) -> None:
    here, there = acme.sheet("here"), acme.sheet("there")
    here.saves("estimates", "Quotes", columns=FEW)
    with here.opened(browser) as ana:
        ana.does("Duplicate", "Quotes")
        ana.sees("Quotes (copy) is there.")
        ana.does("Delete…", "Quotes (copy)")
        ana.button("Delete export").click()
        ana.sees("Quotes (copy) is deleted.")
        ana.does("Take to another sheet…", "Quotes")
        text = ana.sidebar.get_by_label("The export as text").input_value()
        again = there.visited(ana.window)
        again.button("Add a copied export…").click()
        again.sidebar.get_by_label("The export as text").fill(text)
        again.button("Add").click()
        again.sees("Quotes is added. Its first run makes its table.")
        again.button("Run Quotes again").click()
        again.sees("In the sheet, read back")
        for column in range(len(FEW)):
            assert there.column("Quotes", column) == here.column("Quotes", column)
        assert there.row("Quotes", 0) == ["Id", "Estimate number", "Date", "Customer", "Total"]
        from_menu(again, "Companies")
        is_told(again, "Your companies are in the sidebar.")
        expect(again.sidebar.get_by_role("link", name="Connect another")).to_be_visible()
        from_menu(again, "Help with connecting")
        again.sees("You are not an admin of the company")


def months(first: str, last: str) -> dict[str, Any]:
    return {"start_date": first, "end_date": last, "summarize_column_by": "Month"}


def test_a_month_that_went_stands_at_nothing_until_the_report_is_tidied_up(
    acme: Office, browser: Browser
) -> None:
    sheet = acme.sheet("months")
    winter = months("2026-01-01", "2026-02-28")
    id = sheet.saves("profit-and-loss", "P&L", "report", parameters=winter)
    (mine,), rows = sheet.book.tabs[:1], sheet.tab("P&L").data_extent().rows
    mine.set_formula(0, 0, f"='P&L'!D{rows}")  # Net Income in all
    spring = {"parameters": months("2026-02-01", "2026-04-30")}
    sheet.script.call(f"exporters/{id}/update", revision=1, options=spring)
    with sheet.opened(browser) as ana:
        ana.button("Run P&L again").click()
        ana.sees("In the sheet, read back")
        assert sheet.row("P&L", 4) == ["", "Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "Total"]
        hire = sheet.column("P&L", 0).index("6200 Equipment Hire") + 1
        assert sheet.row("P&L", hire) == ["6200 Equipment Hire", 0, 0, 0, 0, 0]
        assert mine.value(0, 0) == 41247.61
        ana.button("All exports").click()
        ana.does("Tidy up…", "P&L")
        ana.button("Tidy up").click()
        ana.sees("In the sheet, read back")
        assert sheet.row("P&L", 4) == ["", "Feb 2026", "Mar 2026", "Apr 2026", "Total"]
        assert "6200 Equipment Hire" not in sheet.column("P&L", 0)
        assert mine.value(0, 0) == 41247.61


def test_a_run_is_cancelled_and_another_ends_in_a_table_that_is_shown_and_copied(
    acme: Office, browser: Browser
) -> None:
    sheet, world = acme.sheet("cancelled"), acme.world
    sheet.saves("invoices", "Invoices", columns=["id", "number", "customer"])
    before = sheet.column("Invoices", 1)
    acme.changes("Invoice", str(sheet.column("Invoices", 0)[0]), DocNumber="C-1")
    world.backend.stop()
    world.backend.module = "tests.small_steps"  # for these rows two of them
    world.backend.start()
    with sheet.opened(browser) as ana:
        world.intuit.latency_ms = 1_000
        ana.button("Run Invoices again").click()
        ana.sees("Asking QuickBooks, then writing…")
        ana.button("Cancel").click()
        ana.sees("Invoices was cancelled")
        ana.sees("Nothing of it was put into your table.")
        assert sheet.column("Invoices", 1) == before
        assert [each.title for each in sheet.book.tabs] == ["Sheet1", "Invoices"]

        world.intuit.latency_ms = 0
        ana.button("Run Invoices again").click()
        ana.sees("In the sheet, read back")
        now = ["C-1", *before[1:]]
        assert sheet.column("Invoices", 1) == now
        ana.button("Go to table").click()
        expect(ana.page.get_by_role("tab", selected=True)).to_have_text("Invoices")
        expect(ana.cell("B2")).to_have_text("C-1")
        ana.button("All exports").click()
        ana.does("Copy to a new tab", "Invoices")
        ana.sees("The values of Invoices are in a new tab.")
        (copy,) = [each.title for each in sheet.book.tabs if each.title.startswith("Invoices 20")]
        assert sheet.column(copy, 1) == now
        ana.button("History").click()
        ana.button("Copy a support bundle").click()
        bundle = ana.sidebar.get_by_label("The support bundle").input_value()
        assert '"dataset": "invoices"' in bundle
        assert '"rows": 146' in bundle
        assert not [name for name in ("Acme", "ana@", "C-1", "Invoices") if name in bundle]
