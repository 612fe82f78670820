"""`make screens`: a picture of every screen and state, under screens/; the best go into docs/.

python -m tests.browser.screens [--docs] [--only companies]
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import FloatRect, Page, expect

from sandbox.world import World
from tests.browser import consolidating, managing, screens_companies, screens_exports
from tests.browser.driver import ACME, HOSTILE, Person
from tests.chromium import launched, private_window

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCREENS = ROOT / "screens"
IMAGES = ROOT / "docs" / "images"
_SIDEBAR = FloatRect(x=980, y=92, width=300, height=708)
_TOP_OF_THE_SHEET = FloatRect(x=0, y=63, width=980, height=330)
# Of what is said in README and docs: which picture, under which name there, and which part of it.
FOR_DOCS = {
    "a schedule": ("schedule", _SIDEBAR),
    "companies": ("companies", _SIDEBAR),
    "managed refresh, step by step": ("managed-refresh", _SIDEBAR),
    "a table that is late": ("late", _TOP_OF_THE_SHEET),
    "insert a value": ("insert-a-value", FloatRect(x=0, y=63, width=1280, height=560)),
    "two companies consolidated": ("two-companies", FloatRect(x=0, y=63, width=1280, height=420)),
}
PATIENCE_MS = 60_000  # nothing here is timed, and the machine may have other work
SETTLED_MS = 400  # transitions and the grid's own refresh


def main() -> None:
    """Every picture, numbered in the order in which a person meets them."""
    parser = argparse.ArgumentParser(prog="make screens")
    parser.add_argument(
        "--docs", action="store_true", help="also renew the pictures in docs/images"
    )
    parser.add_argument(
        "--only", choices=["first", "companies", "exports"], help="those that began with it alone"
    )
    arguments = parser.parse_args()
    expect.set_options(timeout=PATIENCE_MS)
    SCREENS.mkdir(exist_ok=True)
    for old in SCREENS.rglob("*.png"):
        old.unlink()
    if arguments.only in (None, "first"):
        with _ana() as ana:
            _first_minutes(ana)
            _exports(ana)
            _trouble(ana)
    if arguments.only in (None, "companies"):
        with _ana() as ana:
            screens_companies.shoot_all(ana, shoot)
    if arguments.only in (None, "exports"):
        with _ana() as ana:
            screens_exports.shoot_all(ana, shoot)
        with _ana() as ana:
            consolidating.shoot_all(ana, shoot)
        with _ana() as ana:
            managing.turns_it_on(ana, shoot)
    if arguments.docs:
        for each in (SCREENS / "docs").glob("*.png"):
            shutil.copy(each, IMAGES)
        if not arguments.only:
            _whole_pages()


def _whole_pages() -> None:
    """Two pictures with little before them, as a newcomer sees them."""
    with _ana() as ana:
        ana.connects(ACME)
        ana.exports("Profit and Loss")
        shoot(ana.page, "journey", folder=IMAGES)
    with _ana() as ana:
        ana.connects(ACME)
        screens_exports.makes_a_pack(ana)
        shoot(ana.page, "dashboard", folder=IMAGES)


def _first_minutes(ana: Person) -> None:
    ana.sees("Bring your books into this sheet")
    shoot(ana.page, "first minute")
    tab = ana.presses_connect()
    shoot(tab, "confirm who you are")
    shoot(ana.page, "waiting for QuickBooks")
    tab.get_by_role("button", name="Continue").click()
    shoot(tab, "sign in at Intuit")
    tab.get_by_role("button", name="Dana").click()
    shoot(tab, "choose a company")
    tab.get_by_role("button", name="No, thanks").click()
    shoot(tab, "refused")
    tab.close()
    ana.sees("QuickBooks was told not to share")
    shoot(ana.page, "refused, in the sidebar")
    ana.connects(ACME)
    shoot(ana.page, "connected")


def _exports(ana: Person) -> None:
    ana.button("All exports").click()
    ana.sees("Nothing here yet")
    shoot(ana.page, "no exports yet")
    ana.fills_in("Invoices")
    shoot(ana.page, "new export, invoices")
    ana.sidebar.locator("#what").click()
    ana.page.keyboard.type("aging")
    shoot(ana.page, "what to export, found")
    ana.sidebar.get_by_role("button", name="Back").click()
    ana.sidebar.locator("#columns").click()
    shoot(ana.page, "columns")
    ana.sidebar.get_by_label("Put in order").check()
    shoot(ana.page, "columns in order")
    ana.button("Done").click()
    ana.world.intuit.latency_ms = 1_500
    ana.button("Export").click()
    ana.sees("Asking QuickBooks")
    shoot(ana.page, "progress")
    ana.world.intuit.latency_ms = 0
    expect(ana.sidebar.get_by_text("In the sheet, read back")).to_be_visible()
    shoot(ana.page, "done and proven, invoices")
    ana.button("All exports").click()
    ana.fills_in("Profit and Loss")
    shoot(ana.page, "new export, a report")
    ana.button("Preview").click()
    ana.sees("Nothing was written")
    shoot(ana.page, "the first lines of a report")
    ana.button("Done").click()
    ana.button("Export").click()
    expect(ana.sidebar.get_by_text("In the sheet, read back")).to_be_visible()
    shoot(ana.page, "done and proven, Profit and Loss")
    ana.button("All exports").click()
    ana.sees("Exports")
    shoot(ana.page, "exports of this sheet")
    ana.sidebar.get_by_role("tab", name="Companies").or_(ana.button("Companies")).click()
    expect(ana.sidebar.get_by_role("link", name="Connect another")).to_be_enabled()
    shoot(ana.page, "companies")
    _connect_another(ana, HOSTILE)
    ana.exports("Customers")
    shoot(ana.page, "hostile text is text")
    ana.button("All exports").click()


def _connect_another(ana: Person, company: str) -> None:
    tab = ana.goes_to_intuit(connect="Connect another")
    tab.get_by_role("radio", name=company).check()
    tab.get_by_role("button", name="Authorize").click()
    shoot(tab, "the result page")
    tab.close()
    ana.page.bring_to_front()
    ana.sees(f"{company} is connected")


def _trouble(ana: Person) -> None:
    world = ana.world
    world.intuit.inject("unable_to_display")
    ana.starts_export("Balance Sheet")
    ana.sees("was not written")
    shoot(ana.page, "report too large")
    ana.sidebar.get_by_role("button", name="Back").click()
    world.intuit.disconnect(world.intuit.companies()[0].realm_id)
    ana.sidebar.get_by_role("button", name="Run Invoices again").click()
    ana.sees("was not written")
    expect(ana.sidebar.get_by_role("link", name="Reconnect")).to_be_enabled()
    shoot(ana.page, "the connection ended")
    world.backend.stop()
    ana.opens_counterfoil()
    ana.sees("Counterfoil cannot be reached")
    shoot(ana.page, "backend down")


@contextmanager
def _ana() -> Iterator[Person]:
    with World() as world, launched() as browser, private_window(browser) as window:
        person = Person.at(world, window)
        person.opens_counterfoil()
        yield person


_taken = iter(range(1, 1_000))


def shoot(page: Page, name: str, folder: pathlib.Path = SCREENS) -> None:
    """`<folder>/<number> <name>.png`; the number is left out beyond screens/."""
    page.wait_for_load_state()
    page.wait_for_timeout(SETTLED_MS)
    folder.mkdir(parents=True, exist_ok=True)
    file = f"{next(_taken):02} {name}.png" if folder == SCREENS else f"{name}.png"
    page.screenshot(path=folder / file)
    if name in FOR_DOCS:
        called, part = FOR_DOCS[name]
        page.screenshot(path=SCREENS / "docs" / f"{called}.png", clip=part)


if __name__ == "__main__":
    main()
