"""A person with a company in dollars and one in euros, who wants one Profit and Loss of both."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.driver import ACME, BIRCH, Person

Shoot = Callable[[Page, str], None]


def shoot_all(ana: Person, shoot: Shoot) -> None:
    consolidates(ana, shoot)
    ana.sees("Rates into USD are missing")
    ana.page.get_by_role("tab", name="Counterfoil rates").click()
    shoot(ana.page, "a rate is missing, and has its row")
    types_the_rate(ana)
    ana.button("Try again").click()
    ana.sees("In the sheet, read back")
    shoot(ana.page, "two companies consolidated")


def consolidates(ana: Person, shoot: Shoot = lambda page, name: None) -> None:
    """From the empty sheet to the first try, for which a rate is missing."""
    ana.connects(ACME)
    ana.button("All exports").click()
    ana.button("Companies").click()
    tab = ana.goes_to_intuit(connect="Connect another")
    tab.get_by_role("radio", name=BIRCH).check()
    tab.get_by_role("button", name="Authorize").click()
    tab.get_by_role("heading", name="Connected").wait_for()
    tab.close()
    ana.page.bring_to_front()
    ana.sees(f"{BIRCH} is connected")
    ana.fills_in("Profit and Loss")
    ana.sidebar.get_by_label("From", exact=True).select_option(label=ACME)
    ana.sidebar.get_by_text("From other companies too").click()
    ana.sidebar.get_by_label(BIRCH).check()
    ana.sees("Accounts are one line by")
    shoot(ana.page, "several companies consolidated, in the form")
    ana.button("Export").click()


def types_the_rate(ana: Person) -> None:
    ana.page.get_by_role("tab", name="Counterfoil rates").click()
    ana.cell("G2").click()
    ana.page.keyboard.type("1.0845")
    ana.page.keyboard.press("Enter")
    expect(ana.cell("G2")).to_have_text("1.0845")
