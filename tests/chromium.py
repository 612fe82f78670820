"""The one Chromium of a test session, or one line that says how to get it."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

MISSING = "Chromium is missing: apt-get install chromium (or: playwright install chromium)"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing beyond this machine has an address. A route that looks at each request would do the
    # same, but without the browser's cache, and with a way to Python and back for every file.
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
# Two busy cores take their time; a test that passes never waits for this.
expect.set_options(timeout=20_000)
_BROWSER = pytest.StashKey[Browser]()


def executable(playwright: Playwright) -> str | None:
    """The system's Chromium first, else the one that playwright installed; None without either.

    Debian's headless shell opens a window in half the time: it has no toolbars to draw.
    """
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    own = playwright.chromium.executable_path
    return own if pathlib.Path(own).is_file() else None


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser. Without one: a skip, but a failure where CI=true."""
    with sync_playwright() as playwright:
        path = executable(playwright)
        if path is None:
            if os.environ.get("CI") == "true":
                pytest.fail(MISSING)
            pytest.skip(MISSING)
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Browser:
    """The same one for all who import this fixture: playwright runs once per process."""
    stash = request.config.stash
    if _BROWSER not in stash:
        held = contextlib.ExitStack()
        stash[_BROWSER] = held.enter_context(launched())
        request.config.add_cleanup(held.close)
    return stash[_BROWSER]


@contextlib.contextmanager
def private_window(browser: Browser, **options: object) -> Iterator[BrowserContext]:
    """Nothing is shared with other windows, and nothing beyond this machine is reached."""
    options = {"viewport": {"width": 1280, "height": 800}} | options
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    try:
        yield context
    finally:
        context.close()


def choose_what(sidebar: Page | FrameLocator, title: str) -> None:
    """In the form of a new export: what it is to be of, found by its title."""
    sidebar.locator("#what").click()
    sidebar.get_by_label("Find what to export").fill(title)
    sidebar.get_by_role("option", name=title, exact=True).click()
