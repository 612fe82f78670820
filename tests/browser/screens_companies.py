"""The pictures of companies, people, invitations and saved exports, for `make screens`."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from tests.browser.driver import ACME, Person
from tests.chromium import private_window

BEN = "ben@example.com"
Shoot = Callable[[Page, str], None]


def shoot_all(ana: Person, shoot: Shoot) -> None:
    """Ana shares a company with Ben, who comes, saves an export and goes; then she ends it."""
    browser = ana.window.browser
    assert browser is not None
    ana.connects()
    ana.exports("Customers")
    ana.button("All exports").click()
    _people(ana, shoot)
    _ben(browser, ana, shoot)
    _saved_exports(ana, shoot)
    _ends(ana, shoot)


def _people(ana: Person, shoot: Shoot) -> None:
    ana.button("Companies").click()
    ana.button("Why that happens").click()
    shoot(ana.page, "help with connecting")
    ana.button("Back").click()
    ana.button(f"More for {ACME}").click()
    shoot(ana.page, "a company's menu")
    ana.page.keyboard.press("Escape")
    for what, name in (("Reconnect…", "reconnect"), ("Rename…", "rename a company")):
        ana.does(what, ACME)
        shoot(ana.page, name)
        ana.button("Back").click()
    ana.invites("caro@example.com", "refresher")
    ana.button("Back").click()
    ana.invites(BEN, "editor")
    shoot(ana.page, "people, an invitation made")


def _ben(browser: Browser, ana: Person, shoot: Shoot) -> None:
    with private_window(browser) as window:
        ben = Person.at(ana.world, window, BEN)
        ben.opens_counterfoil()
        ben.sees("You are invited")
        shoot(ben.page, "invited, in the first minute")
        ben.button("Accept").click()
        ben.sees(f"You belong to {ACME} now")
        shoot(ben.page, "accepted")
        ben.button("Exports").click()
        ben.exports("Vendors")
    ana.button("Back").click()
    ana.does("People…", ACME)
    ana.button(f"More for {BEN}").click()
    shoot(ana.page, "a member's menu")
    ana.sidebar.get_by_role("menuitem", name="Remove…").click()
    shoot(ana.page, "before a member is removed")
    ana.button("Remove").click()
    ana.sees(f"{BEN} is removed.")


def _saved_exports(ana: Person, shoot: Shoot) -> None:
    ana.opens_counterfoil()
    ana.sees("It rests until an editor adopts it.")
    shoot(ana.page, "an export rests")
    ana.button("Adopt").click()
    shoot(ana.page, "before an export is adopted")
    ana.button("Adopt").click()
    ana.sees("Vendors is yours now.")
    ana.button("More for Vendors").click()
    shoot(ana.page, "an export's menu")
    ana.sidebar.get_by_role("menuitem", name="Rename…").click()
    shoot(ana.page, "rename an export")
    ana.button("Back").click()
    ana.does("Take to another sheet…", "Vendors")
    ana.sees("Take it to another sheet")
    shoot(ana.page, "an export as text")
    ana.button("Back").click()
    ana.button("Add a copied export…").click()
    shoot(ana.page, "add a copied export")
    ana.button("Back").click()
    ana.does("Delete…", "Vendors")
    shoot(ana.page, "before an export is deleted")
    ana.button("Keep it").click()


def _ends(ana: Person, shoot: Shoot) -> None:
    ana.button("Companies").click()
    ana.does("Leave…", ACME)
    ana.button("Leave").click()
    ana.sees("You are the last owner")
    shoot(ana.page, "the last owner cannot leave")
    ana.button("Back").click()
    ana.does("Pause or delete…", ACME)
    ana.sees("Pause, or delete for good?")
    shoot(ana.page, "pause, or delete for good")
    ana.button("Delete for good…").click()
    shoot(ana.page, "before a company is deleted")
    ana.button("Keep it").click()
    ana.button("Pause").click()
    ana.sees(f"{ACME} is paused.")
    shoot(ana.page, "a company is paused")
    ana.button("Delete everything about me…").click()
    ana.sees("Delete everything about you?")
    shoot(ana.page, "before everything about me is deleted")
    ana.button("Delete everything").click()
    ana.sees("Everything about you is deleted")
    shoot(ana.page, "everything about me is deleted")
