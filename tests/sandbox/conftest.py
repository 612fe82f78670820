"""A real browser for the page and the Apps Script runtime."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from sandbox.google.apps_script import AppsScript
from sandbox.google.cells import BLANK
from sandbox.google.grid import Workbook
from sandbox.google.identity import PEOPLE
from sandbox.google.server import GoogleSandbox
from sandbox.http import Server
from tests.chromium import browser, private_window
from tests.sandbox.scripted_page import ADDON, Pages, ScriptedPage, echo

__all__ = ["browser"]


@pytest.fixture(scope="session")
def backend() -> Iterator[str]:
    with Server(echo) as server:
        yield server.url


@pytest.fixture(scope="module")
def scripted_pages(browser: Browser, backend: str) -> Iterator[Pages]:
    """Makes a sandbox with the add-on of a folder, and a window for it; closed after the module."""
    with contextlib.ExitStack() as held:

        def make(addon: pathlib.Path = ADDON) -> ScriptedPage:
            workbook = Workbook("book-1", "Books", time_zone="America/Los_Angeles")
            google = held.enter_context(GoogleSandbox(workbook=workbook))
            script = AppsScript(
                google.workbooks,
                addon=addon,
                mint=google.identity.mint,
                users=list(PEOPLE),
                backend_url=backend,
            )
            held.callback(script.close)
            google.mount("/", script)
            window = held.enter_context(private_window(browser))
            return ScriptedPage(google, script, window.new_page())

        yield make


@pytest.fixture(scope="module")
def shared(scripted_pages: Pages) -> ScriptedPage:
    """One page with an open sidebar for all tests that only call functions."""
    sheet = scripted_pages()
    sheet.open()
    sheet.open_panel()
    return sheet


@pytest.fixture
def sheet(shared: ScriptedPage) -> ScriptedPage:
    """The same, with an empty spreadsheet."""
    workbook = shared.workbook
    with workbook.editing():
        for tab in workbook.tabs[1:]:
            workbook.delete_tab(tab)
        for row, column, _ in list(workbook.tabs[0].cells()):
            workbook.tabs[0].put(row, column, BLANK)
        for item in workbook.find_metadata():
            workbook.remove_metadata(item.id)
    return shared
