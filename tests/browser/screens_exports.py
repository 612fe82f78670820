"""Pictures of what is kept, scheduled and run together: packs, schedules, history, values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.driver import ACME, Person

Shoot = Callable[[Page, str], None]


def shoot_all(ana: Person, shoot: Shoot) -> None:
    page = ana.page
    ana.sidebar.locator("ul.ticks summary").first.click()
    shoot(page, "what a permission is for")
    ana.connects(ACME)
    makes_a_pack(ana, shoot)
    shoot(page, "a pack and its dashboard")
    ana.button("All exports").click()
    schedules_it(ana, shoot)
    ana.does("Edit…", "P&L by month")
    ana.sees("Save and run")
    shoot(page, "an export opened again")
    ana.sidebar.get_by_role("button", name="Back").click()
    ana.button("Refresh all").click()
    done = ana.sidebar.get_by_role("heading", name="exports are refreshed")
    expect(done).to_be_visible()
    shoot(page, "all refreshed")
    _is_late(ana, shoot)
    ana.button("All exports").click()
    looks_at_history(ana, shoot)
    inserts_values(ana, shoot)
    begins_in_a_cell(ana, shoot)


def makes_a_pack(ana: Person, shoot: Shoot = lambda page, name: None) -> None:
    """Month-end, from the moment at which her company is connected."""
    ana.button("Take a starter pack").click()
    ana.sees("Several tables at once")
    shoot(ana.page, "starter packs")
    ana.button("Make Month-end").click()
    ana.sees("1 of 5")
    shoot(ana.page, "a pack on its way")
    made = ana.sidebar.get_by_role("heading", name="5 tables are there")
    expect(made).to_be_visible(timeout=60_000)  # five exports, one after the other


def schedules_it(ana: Person, shoot: Shoot = lambda page, name: None) -> None:
    """Month-end's first table, from the list of exports."""
    ana.does("Schedule…", "P&L by month")
    ana.sees("When is P&L by month to be refreshed?")
    ana.sidebar.get_by_label("How often").select_option(label="Every week")
    shoot(ana.page, "a schedule")
    ana.button("Save schedule").click()
    ana.sees("P&L by month: every week")
    shoot(ana.page, "exports with a schedule")


def looks_at_history(ana: Person, shoot: Shoot = lambda page, name: None) -> None:
    """From the list of exports, of which nothing has run in the background."""
    ana.button("History").click()
    ana.sees("Last run of each export")
    expect(ana.sidebar.get_by_text("Nothing has run in the background here.")).to_be_visible()
    shoot(ana.page, "history")
    ana.sidebar.get_by_role("button", name="All runs of P&L by month").click()
    ana.sees("Its runs of the last 90 days")
    shoot(ana.page, "the runs of an export")
    ana.sidebar.get_by_role("button", name="Back").click()
    ana.sees("Last run of each export")


def begins_in_a_cell(ana: Person, shoot: Shoot = lambda page, name: None) -> None:
    """The form of a new export, from the menu, whose table begins in the cell that she selects."""
    ana.page.get_by_role("tab", name="Sheet1").click()
    ana.cell("C5").click()
    ana.page.get_by_role("menuitem", name="Extensions", disabled=False).click()
    ana.page.get_by_role("menuitem", name="Counterfoil").click()
    shoot(ana.page, "the menu")
    ana.page.get_by_role("menuitem", name="New export here").click()
    ana.sees("First cell")
    shoot(ana.page, "new export here")


def _is_late(ana: Person, shoot: Shoot) -> None:
    """The table that is scheduled, a fortnight later."""
    workbook = ana.world.google.workbook
    on_time = workbook.now
    workbook.now = lambda: on_time() + timedelta(days=14)
    workbook.tabs[0].write(40, 0, [["an edit: formulas are computed again"]])
    ana.page.get_by_role("tab", name="P&L by month").click()
    expect(ana.cell("B1")).to_contain_text("Not refreshed since")
    shoot(ana.page, "a table that is late")
    workbook.now = on_time
    workbook.tabs[0].write(40, 0, [[""]])


def inserts_values(ana: Person, shoot: Shoot = lambda page, name: None) -> None:
    """Of a table of balances that she makes for it, and of Month-end's first one as it is printed."""
    ana.button("Exports").click()
    ana.fills_in("Balance Sheet")
    ana.sidebar.get_by_label("As a table").check()
    ana.sidebar.get_by_label("Name of the tab").fill("Balances")
    ana.sidebar.get_by_label("Name", exact=True).fill("Balances")
    ana.button("Export").click()
    expect(ana.sidebar.get_by_text("In the sheet, read back")).to_be_visible()
    ana.button("All exports").click()
    ana.does("Insert a value…", "Balances")
    ana.sidebar.get_by_label("Account").fill("1000")
    ana.sidebar.get_by_label("Balance on").fill("'Balances'!E2")
    ana.page.get_by_role("tab", name="Sheet1").click()
    ana.cell("A2").click()
    ana.page.keyboard.type("In the bank")
    ana.page.keyboard.press("Enter")
    expect(ana.cell("A2")).to_have_text("In the bank")
    ana.cell("B2").click()
    ana.button("Insert").click()
    ana.sees("Select another cell")
    shoot(ana.page, "insert a value")
    ana.sidebar.get_by_role("button", name="Back").click()
    ana.does("Insert a value…", "P&L by month")
    ana.sidebar.get_by_label("Account").fill("Total Income")
    ana.sidebar.get_by_label("Up to column").select_option(label="The month of a day in a cell…")
    shoot(ana.page, "insert a value of a printed report")
    ana.sidebar.get_by_label("Up to column").select_option(label="Mar 2026")
    ana.cell("B3").click()
    ana.button("Insert").click()
    ana.sees("'Sheet1'!B3 shows")
    ana.sidebar.get_by_role("button", name="Back").click()
