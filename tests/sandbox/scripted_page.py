"""The page with the fixture add-on, and tests' own code running in it."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error, Frame, Page, expect

from sandbox.google.apps_script import AppsScript
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox

Pages = Callable[..., "ScriptedPage"]
ADDON = pathlib.Path(__file__).parent / "fixture_addon"

_RUN = """([name, args]) => new Promise((resolve, reject) => google.script.run
  .withSuccessHandler(resolve).withFailureHandler(reject)[name](...args))"""


@dataclass
class ScriptedPage:
    google: GoogleSandbox
    apps_script: AppsScript
    page: Page

    @property
    def workbook(self) -> Workbook:
        return self.google.workbook

    def open(self, user: str = "ana@example.com") -> None:
        self.page.goto(f"{self.google.url}/?user={user}")
        self.page.locator("[data-a1=A1]").wait_for()
        expect(self.page.get_by_role("menuitem", name="Extensions")).to_be_enabled()

    def open_panel(self, item: str = "Open panel") -> Frame:
        """Through the menu, with the mouse."""
        self.page.get_by_role("menuitem", name="Extensions").click()
        self.page.get_by_role("menuitem", name="Counterfoil").click()
        self.page.get_by_role("menuitem", name=item).click()
        return self.panel()

    def panel(self) -> Frame:
        frame = self.page.locator("iframe[title=Panel]").element_handle().content_frame()
        assert frame is not None
        frame.wait_for_function("window.google && document.readyState === 'complete'")
        return frame

    def call(self, name: str, *args: Any) -> Any:
        """What the add-on's function returns to the sidebar. Raises CallFailed."""
        try:
            return self.panel().evaluate(_RUN, [name, list(args)])
        except Error as failed:
            raise CallFailed(failed.message) from failed

    def script(self, source: str, args: Any = None) -> Any:
        """Runs `source`, the body of a function of `args`, as the add-on's server code."""
        return self.call("script", source, args)

    def cell(self, a1: str) -> str:
        return self.page.locator(f"[data-a1={a1}]").inner_text()


class CallFailed(Exception):
    """The failure handler was called; the text is the error's."""


def echo(environ: Any, start: Any) -> list[bytes]:
    """The backend: a WSGI application that says what it was sent."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    statuses = {"/teapot": "418 I'm a teapot", "/moved": "302 Found"}
    said = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "type": environ.get("CONTENT_TYPE"),
        "authorization": environ.get("HTTP_AUTHORIZATION"),
        "body": body,
    }
    headers = [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    start(statuses.get(environ["PATH_INFO"], "200 OK"), [*headers, ("Location", "/arrived")])
    return [json.dumps(said).encode()]
