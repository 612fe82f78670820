"""What a person does on most days, in one spreadsheet: a pack, a schedule, values in cells; and what
becomes of an export while their browser is offline. In this order: each goes on in the spreadsheet as
the one before has left it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sandbox.google.tab import Tab
from sandbox.world import World
from tests.browser import screens_exports
from tests.browser.driver import ACME, Person
from tests.chromium import choose_what, private_window

NO_ANSWER = "Google Sheets did not answer. Check your connection, then try again."
PATIENCE_S = 120
POLL_MS = 10


@pytest.fixture(scope="module")
def ana(browser: Browser) -> Iterator[Person]:
    """Ana, connected, in the same spreadsheet all day."""
    with World() as world, private_window(browser) as window:
        person = Person.at(world, window)
        person.opens_counterfoil()
        person.connects(ACME)
        yield person


def tab(ana: Person, title: str) -> Tab:
    found = ana.world.google.workbook.tab(title)
    assert found is not None, title
    return found


def is_offline(ana: Person, offline: bool = True) -> None:
    """Google goes on with what it has begun: only the sidebar hears nothing."""
    event = "offline" if offline else "online"
    ana.sidebar.locator("body").evaluate(f"() => dispatchEvent(new Event('{event}'))")


def google_ends(ana: Person) -> None:
    """What it has begun, to the last word to the backend: a tab is there long before."""
    until = time.monotonic() + PATIENCE_S
    while ana.world.script.executions.running():
        assert time.monotonic() < until, "Google never ends it"
        ana.page.wait_for_timeout(POLL_MS)


def titles(ana: Person) -> list[str]:
    return [each.title for each in ana.world.google.workbook.tabs]


def test_a_starter_pack_makes_its_tables_and_a_dashboard(ana: Person) -> None:
    screens_exports.makes_a_pack(ana)
    made = ["P&L by month", "Balance Sheet", "Receivables", "Payables", "Open invoices"]
    assert titles(ana) == ["Sheet1", *made, "Dashboard"]
    assert len(ana.world.google.workbook.charts.all()) == 3
    board = tab(ana, "Dashboard")
    assert [board.value(1, column) for column in range(3)] == ["", "Income", "Net income"]


def test_one_of_its_tables_is_scheduled(ana: Person) -> None:
    ana.button("All exports").click()
    screens_exports.schedules_it(ana)
    (trigger,) = ana.world.script.triggers.of("ana@example.com", ana.world.google.workbook.id)
    assert trigger.handler == "onHour"


def test_every_run_is_in_the_history(ana: Person) -> None:
    screens_exports.looks_at_history(ana)


def test_values_are_put_into_cells_and_are_those_of_the_tables(ana: Person) -> None:
    screens_exports.inserts_values(ana)
    here, balances, profit = tab(ana, "Sheet1"), tab(ana, "Balances"), tab(ana, "P&L by month")
    heads = [balances.value(0, column) for column in range(20)]
    name, amount = heads.index("Name"), heads.index("Amount")
    rows = range(balances.data_extent().rows)
    cash = next(row for row in rows if str(balances.value(row, name)).startswith("1000 "))
    assert here.value(1, 1) == balances.value(cash, amount)
    labels = [profit.value(row, 0) for row in range(profit.data_extent().rows)]
    income = labels.index("Total Income")
    quarter = sum(profit.value(income, column) for column in (1, 2, 3))
    assert here.value(2, 1) == pytest.approx(quarter)


def test_a_table_begins_in_the_cell_that_is_selected_when_the_menu_is_used(ana: Person) -> None:
    screens_exports.begins_in_a_cell(ana)
    choose_what(ana.sidebar, "Terms")
    ana.button("Export").click()
    ana.sees("In the sheet, read back")
    assert [tab(ana, "Sheet1").value(row, 2) for row in (3, 4)] == ["", "Id"]
    ana.button("All exports").click()


def test_an_export_that_ends_while_the_browser_is_offline_is_not_made_twice(ana: Person) -> None:
    ana.world.intuit.latency_ms = 2_000
    ana.starts_export("Customers")
    ana.sees("Asking QuickBooks")
    is_offline(ana)
    ana.sees("Whether Customers was written is not known")
    ana.sees(NO_ANSWER)
    ana.button("Try again").click()
    ana.sees(NO_ANSWER)  # still offline
    google_ends(ana)
    expect(ana.page.get_by_role("tab", name="Customers")).to_be_visible()
    ana.world.intuit.latency_ms = 0
    is_offline(ana, False)
    ana.button("Try again").click()
    ana.sees("In the sheet, read back")
    assert titles(ana).count("Customers") == 1
    assert "Customers 2" not in titles(ana)
    ana.button("All exports").click()
    expect(ana.button("Run Customers again")).to_have_count(1)


def test_a_run_of_several_steps_goes_on_where_it_was(ana: Person) -> None:
    world = ana.world
    world.backend.stop()
    world.backend.module = "tests.small_steps"
    world.backend.start()
    world.intuit.latency_ms = 2_000
    ana.starts_export("Invoices")
    expect(ana.sidebar.locator("#progress")).to_contain_text("80 ")
    is_offline(ana)
    ana.sees(NO_ANSWER)
    world.intuit.latency_ms = 0
    is_offline(ana, False)
    asked = len(world.intuit.calls.accounting())
    ana.button("Try again").click()
    ana.sees("In the sheet, read back")
    assert "complete" in ana.sidebar.locator("#verdict").inner_text()
    assert titles(ana).count("Invoices") == 1
    assert not [each for each in titles(ana) if each.startswith("CF stage")]
    assert len(world.intuit.calls.accounting()) > asked
