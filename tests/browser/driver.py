"""A person at the page that stands in for Google Sheets: opens, connects, exports, looks."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from sandbox.world import World
from tests.chromium import choose_what

ACME, HOSTILE, BIRCH = "Acme Landscaping", "Hostile & Sons", "Birch Studio"


@dataclass
class Person:
    """One browser window on one spreadsheet."""

    world: World
    window: BrowserContext
    page: Page

    @classmethod
    def at(cls, world: World, window: BrowserContext, who: str = "ana@example.com") -> Person:
        page = window.new_page()
        page.goto(f"{world.page_url}?user={who}")
        return cls(world, window, page)

    @property
    def sidebar(self) -> FrameLocator:
        return self.page.frame_locator("iframe[title='Counterfoil']")

    def opens_counterfoil(self) -> None:
        self.page.get_by_role("menuitem", name="Extensions", disabled=False).click()
        self.page.get_by_role("menuitem", name="Counterfoil").click()
        self.page.get_by_role("menuitem", name="Open Counterfoil").click()

    def presses_connect(self, name: str = "Connect to QuickBooks") -> Page:
        """The tab that opens: our confirmation page."""
        with self.window.expect_page() as opened:
            self.sidebar.get_by_role("link", name=name).click()
        opened.value.wait_for_load_state()
        return opened.value

    def goes_to_intuit(self, who: str = "Dana", connect: str = "Connect to QuickBooks") -> Page:
        """Confirms who she is and signs in; the consent page."""
        tab = self.presses_connect(connect)
        tab.get_by_role("button", name="Continue").click()
        tab.get_by_role("button", name=who).click()
        tab.wait_for_load_state()
        return tab

    def connects(self, company: str = ACME) -> None:
        tab = self.goes_to_intuit()
        tab.get_by_role("radio", name=company).check()
        tab.get_by_role("button", name="Authorize").click()
        expect(tab.get_by_role("heading", name="Connected")).to_be_visible()
        tab.close()
        self.page.bring_to_front()
        self.sees(f"{company} is connected")

    def exports(self, what: str) -> None:
        self.starts_export(what)
        expect(self.sidebar.get_by_text("In the sheet, read back")).to_be_visible()

    def starts_export(self, what: str) -> None:
        self.fills_in(what)
        self.button("Export").click()

    def fills_in(self, what: str) -> None:
        self.button("New export").click()
        choose_what(self.sidebar, what)

    def button(self, name: str) -> Locator:
        return self.sidebar.get_by_role("button", name=name, exact=True)

    def sees(self, text: str) -> None:
        expect(self.sidebar.get_by_text(text).first).to_be_visible()

    def does(self, what: str, of: str) -> None:
        """From the menu behind the three dots of `of`."""
        self.button(f"More for {of}").click()
        self.sidebar.get_by_role("menuitem", name=what, exact=True).click()

    def invites(self, who: str, role: str, to: str = ACME) -> None:
        self.button("Companies").click()
        self.does("People…", to)
        self.sidebar.get_by_label("E-mail of their Google account").fill(who)
        self.sidebar.get_by_label("As", exact=True).select_option(role)
        self.button("Invite").click()
        self.sees(f"{who} is invited.")

    def cell(self, a1: str) -> Locator:
        return self.page.locator(f"[data-a1='{a1}']")
