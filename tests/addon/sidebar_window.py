"""A sidebar 300 pixels wide, in Chromium, over a server of answers; what all its tests do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.addon.stub_page import (
    CATALOG,
    CONNECTION,
    HOME,
    LAST,
    RUN,
    SICK,
    TICKET,
    exporter,
    server,
    sidebar_html,
)
from tests.chromium import private_window

ADDRESS = "http://127.0.0.1:9"
NOW = "2026-11-22T09:00:00Z"
FULL = HOME | {"connections": [CONNECTION], "exporters": [exporter("Invoices")]}
TWO = FULL | {"connections": [CONNECTION, SICK]}
WAITING = {"state": "waiting", "code": None, "message": None, "connection": None}
HOSTILE = "<img src=x onerror=window.broken=1>"

Show = Callable[..., Page]


def trouble(code: str, message: str, *, retryable: bool = False) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "retryable": retryable}}


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    def served(route: Route) -> None:
        shown = sidebar_html() if route.request.url.endswith("/sidebar") else "<p>QuickBooks"
        route.fulfill(body=shown, content_type="text/html; charset=utf-8")

    with private_window(browser, viewport={"width": 300, "height": 700}) as context:
        context.route(f"{ADDRESS}/**", served)
        yield context


@pytest.fixture
def show(window: BrowserContext) -> Iterator[Show]:
    """Opens the sidebar over a server of these answers; looks after it that nothing broke."""
    said: list[str] = []
    page = window.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def opened(answers: Mapping[str, Any] | None = None, **functions: str) -> Page:
        known = {
            "home": FULL,
            "catalog": CATALOG,
            "connectTicket": TICKET,
            "connectAttempt": WAITING,
            "abandon": {"ok": True},
            "showBlock": {"ok": True},
        }
        page.clock.install(time=NOW)
        page.add_init_script(RUN + server(known | dict(answers or {}), functions))
        page.goto(f"{ADDRESS}/sidebar")
        return page

    yield opened
    assert said == []
    assert page.evaluate("window.broken") is None
    for wide in ("document.documentElement", "document.querySelector('main')"):
        assert page.evaluate(f"{wide}.scrollWidth - {wide}.clientWidth") == 0
    # Nothing stands below the frame: a scrollbar beside it would take its width.
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0
    assert page.locator(".btn.main").count() <= 1


def calls(page: Page, name: str) -> list[list[Any]]:
    """What the server function was called with, each time; less the turn that a step is of, which is
    another one each time, and what is left at its default before it.
    """
    return [_told(given) for called, *given in page.evaluate("window.served") if called == name]


def turns(page: Page, name: str) -> list[str]:
    """Of which turn each call of a step was."""
    return [given[-1] for called, *given in page.evaluate("window.served") if called == name]


def _told(given: list[Any]) -> list[Any]:
    if not given or not str(given[-1]).startswith("turn_"):
        return given
    told = given[:-1]
    while told and told[-1] in (False, None):
        told.pop()
    return told


def in_view(page: Page, name: str) -> None:
    expect(page.locator(f"#app[data-view={name}]")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def connecting(show: Show, **functions: str) -> Page:
    page = show({"home": HOME}, **functions)
    with page.context.expect_page() as other:
        page.get_by_role("link", name="Connect to QuickBooks").click()
    assert other.value.url == TICKET["url"]
    other.value.close()
    in_view(page, "waiting")
    return page


def form(show: Show, answers: Mapping[str, Any] | None = None, **functions: str) -> Page:
    page = show({"startExport": LAST} | dict(answers or {}), **functions)
    press(page, "New export")
    in_view(page, "form")
    return page


def requested(page: Page) -> Any:
    press(page, "Export")
    in_view(page, "done")
    return calls(page, "startExport")[0][0]
