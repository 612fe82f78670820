"""A person who has managed refresh keep an export fresh: first without the share, then with it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Dialog, Page, expect

from sandbox.world import MANAGED_ACCOUNT
from tests.browser.driver import ACME, Person

Shoot = Callable[[Page, str], None]


def turns_it_on(ana: Person, shoot: Shoot = lambda page, name: None) -> None:
    """From the empty sheet to an export that is refreshed every quarter of an hour."""
    ana.connects(ACME)
    ana.fills_in("Customers")
    ana.sidebar.get_by_label("Name", exact=True).fill("Customers")
    ana.button("Export").click()
    ana.sees("In the sheet, read back")
    ana.button("All exports").click()
    ana.does("Schedule…", "Customers")
    ana.sidebar.get_by_label("Who refreshes it").select_option(label="Managed, down to 15 minutes")
    expect(ana.sidebar.get_by_label("Address to share with")).to_have_value(MANAGED_ACCOUNT)
    ana.sidebar.get_by_label("How often").select_option(label="Every few minutes")
    shoot(ana.page, "managed refresh, step by step")
    ana.button("Turn on").click()
    ana.sees(f"not shared with {MANAGED_ACCOUNT} yet")
    shoot(ana.page, "managed refresh, not shared yet")
    shares(ana)
    ana.button("Turn on").click()
    ana.sees("Managed refresh: every 15 minutes")
    shoot(ana.page, "managed refresh is on")


def shares(ana: Person) -> None:
    """Google's own button, as the demo has it."""

    def answer(dialog: Dialog) -> None:
        dialog.accept(MANAGED_ACCOUNT)

    ana.page.once("dialog", answer)
    ana.page.get_by_role("button", name="Share").click()
    expect(ana.page.get_by_text(f"{MANAGED_ACCOUNT} is an Editor now.")).to_be_visible()
