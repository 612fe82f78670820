"""Two people on one spreadsheet and one company: invited, allowed, refused, removed, left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sandbox.world import World
from tests.browser.driver import ACME, Person
from tests.chromium import private_window

BEN = "ben@example.com"


@pytest.fixture
def ben(world: World, browser: Browser) -> Iterator[Person]:
    """Ben at the same spreadsheet, in a browser of his own."""
    with private_window(browser) as window:
        yield Person.at(world, window, BEN)


def test_a_colleague_is_invited_runs_is_offered_no_more_and_is_removed(ana: Person, ben: Person):
    ana.connects()
    ana.exports("Customers")
    ana.button("All exports").click()
    ana.invites(BEN, "refresher")

    ben.opens_counterfoil()
    ben.sees(f"You are invited to {ACME}")
    ben.button("Accept").click()
    ben.sees(f"You belong to {ACME} now, as refresher.")
    ben.button(f"More for {ACME}").click()
    items = ben.sidebar.get_by_role("menuitem")
    expect(items).to_have_text(["Reconnect…", "People…", "Leave…"])
    ben.button("Exports").click()
    ben.button("More for Customers").click()
    items = ben.sidebar.get_by_role("menuitem").filter(visible=True)
    expect(items).to_have_text(["Copy to a new tab", "Take to another sheet…"])
    ben.button("More for Customers").click()
    ben.button("Run Customers again").click()
    ben.sees("In the sheet, read back")
    ben.button("All exports").click()
    expect(ben.button("Run Customers again")).to_be_visible()
    expect(ben.button("New export")).to_have_count(0)

    ana.sidebar.locator("#back").click()
    ana.does("People…", ACME)
    expect(ana.sidebar.locator(f"[data-member='{BEN}']")).to_contain_text("refresher")
    ana.does("Remove…", BEN)
    ana.button("Remove").click()
    ana.sees(f"{BEN} is removed.")

    ben.opens_counterfoil()
    ben.sees("Bring your books into this sheet")
    ben.sees(f"1 table here read {ACME}, which was deleted in Counterfoil, or of which you are no")
    ben.button("Do not show this again").click()
    expect(ben.sidebar.get_by_text("1 table here")).to_have_count(0)
    assert ana.world.google.workbook.tab("Customers") is not None


def test_what_somebody_who_left_had_saved_rests_until_it_is_adopted(ana: Person, ben: Person):
    ana.connects()
    ana.button("All exports").click()
    ana.invites(BEN, "editor")
    ben.opens_counterfoil()
    ben.button("Accept").click()
    ben.sees(f"You belong to {ACME} now, as editor.")
    ben.button("Exports").click()
    ben.exports("Vendors")
    ben.button("All exports").click()
    ben.does("Rename…", "Vendors")
    ben.sidebar.get_by_label("Name").fill("Ben’s vendors")
    ben.button("Save").click()
    ben.sees("It is called Ben’s vendors now.")
    ben.button("Companies").click()
    ben.does("Leave…", ACME)
    ben.button("Leave").click()
    ben.sees(f"You have left {ACME}.")

    ana.opens_counterfoil()
    ana.sees("It rests until an editor adopts it.")
    ana.does("Adopt…", "Ben’s vendors")
    ana.sees("it reads with your rights")
    ana.button("Adopt").click()
    ana.sees("Ben’s vendors is yours now.")
    ana.button("Run Ben’s vendors again").click()
    ana.sees("In the sheet, read back")


def test_a_pause_and_a_reconnection_keep_the_exports_and_a_deletion_the_tables(ana: Person):
    ana.connects()
    ana.exports("Customers")
    ana.button("All exports").click()
    ana.button("Companies").click()
    ana.does("Pause or delete…", ACME)
    ana.sees("This export is deleted for everyone: Customers.")
    ana.button("Pause").click()
    ana.sees(f"{ACME} is paused.")
    ana.sees("1 export here is waiting.")
    ana.button("Exports").click()
    ana.sees("Company paused")
    ana.button("Companies").click()
    tab = ana.goes_to_intuit(connect=f"Reconnect {ACME}")
    tab.get_by_role("radio", name=ACME).check()
    tab.get_by_role("button", name="Authorize").click()
    expect(tab.get_by_role("heading", name="Connected")).to_be_visible()
    tab.close()
    ana.page.bring_to_front()
    ana.sees(f"{ACME} is connected")
    ana.button("All exports").click()
    ana.button("Run Customers again").click()
    ana.sees("In the sheet, read back")

    ana.button("All exports").click()
    ana.button("Companies").click()
    ana.does("Pause or delete…", ACME)
    ana.button("Delete for good…").click()
    ana.sees("You are the last owner of")
    ana.button("Delete for good").click()
    ana.sees(f"{ACME} is deleted. The tables in your sheets stay as they are.")
    tab_kept = ana.world.google.workbook.tab("Customers")
    assert tab_kept is not None
    assert tab_kept.value(0, 0) == "Id"
