"""The whole journey without a browser: connect, export three datasets, prove them.

A person's part is played over HTTP: the confirmation page, Intuit's consent page, the sidebar's
calls; the operations are applied by the Python writer.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import google.oauth2.credentials
import googleapiclient.discovery
import requests

from counterfoil.adapters.google_sheets import SheetsWriter
from sandbox.google.grid import Workbook
from sandbox.world import World

TIMEOUT_S = 60
PATIENCE_S = 30  # how long the sidebar would wait for a connection before it asks again


class CheckFailed(Exception):
    """The journey stopped; the message says where."""


@dataclass
class Form:
    """An HTML form: where it goes, what it sends untouched, its buttons and choices."""

    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(at.get("action", ""), at.get("method", "get").lower()))
            self._inside = True
        elif self._inside and tag == "button":
            self.forms[-1].buttons.append((at.get("name", ""), at.get("value", "")))
        elif self._inside and tag == "input" and at.get("name"):
            form, name, value = self.forms[-1], at["name"], at.get("value", "")
            if at.get("type") in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(value)
                if "checked" not in at:
                    return
            form.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def forms_of(page: requests.Response) -> list[Form]:
    """Every form of an HTML page."""
    parser = _Forms()
    parser.feed(page.text)
    return parser.forms


def press(
    browser: requests.Session, page: requests.Response, button: tuple[str, str], **values: str
) -> requests.Response:
    """Presses a button of the page, with these values filled in."""
    for form in forms_of(page):
        if button in form.buttons:
            data = {**form.fields, **values}
            if button[0]:
                data[button[0]] = button[1]
            return browser.request(
                form.method.upper(),
                urljoin(page.url, form.action or page.url),
                data=data if form.method == "post" else None,
                params=None if form.method == "post" else data,
                timeout=TIMEOUT_S,
            )
    raise CheckFailed(f"the page {page.url.partition('?')[0]} has no button {button}")


def new_browser() -> requests.Session:
    """A browser that, like the real ones, sends Secure cookies to loopback."""
    browser = requests.Session()
    browser.cookies = _LoopbackJar()
    return browser


class _LoopbackJar(requests.cookies.RequestsCookieJar):
    # The address is trustworthy, though plain http; the standard library only knows https.
    def set_cookie(self, cookie: Any, *args: Any, **kwargs: Any) -> None:
        cookie.secure = False
        super().set_cookie(cookie, *args, **kwargs)


@dataclass
class Sidebar:
    """What the add-on does, for one person in one spreadsheet."""

    backend_url: str
    spreadsheet_id: str
    id_token: Callable[[], str]
    apply: Callable[[str, list[Mapping[str, Any]]], Mapping[str, Any]]
    time_zone: str = "America/New_York"
    key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    sleep: Callable[[float], None] = time.sleep

    def call(self, path: str, **body: Any) -> dict[str, Any]:
        """One call of the backend. Raises CheckFailed with its sentence."""
        answer = requests.post(
            f"{self.backend_url}/{path}",
            json={
                "spreadsheet": {
                    "id": self.spreadsheet_id,
                    "key": self.key,
                    "time_zone": self.time_zone,
                    "locale": "en_US",
                },
                **body,
            },
            headers={"Authorization": f"Bearer {self.id_token()}"},
            timeout=TIMEOUT_S,
        )
        content: dict[str, Any] = answer.json()
        if answer.status_code != 200:
            raise CheckFailed(f"{path}: {content['error']['code']}: {content['error']['message']}")
        return content

    def wait_for_connection(self, attempt: str) -> dict[str, Any]:
        """Polls as the sidebar does, until the attempt has an outcome."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            state = self.call("connections/attempt", attempt=attempt)
            if state["state"] != "waiting":
                return state
            time.sleep(0.2)
        raise CheckFailed("the connection was never reported")

    def export(self, path: str, **body: Any) -> dict[str, Any]:
        """Runs an export to its end and acknowledges it; the last step, with what was seen."""
        step = self.call(f"export/{path}", **body)
        while True:
            operations = step.pop("operations")
            report = self.apply(step["block"], operations) if operations else {"applied": True}
            if not report["applied"]:
                self.call(
                    "runs/acknowledge", run_id=step["run_id"], applied=False, op=report["op"],
                    why_code=report.get("code", "writer"),
                )  # fmt: skip
                raise CheckFailed(f"the sheet: {report['why']}")
            if step["cursor"] is None:
                break
            self.sleep(step["wait_s"])
            step = self.call("export/steps", cursor=step["cursor"])
        seen = report.get("seen")
        self.call("runs/acknowledge", run_id=step["run_id"], applied=True, seen=seen)
        return {**step, "seen": seen}


def connect(sidebar: Sidebar, realm_id: str) -> dict[str, Any]:
    """Presses Connect and goes the whole way round; the connection as the sidebar shows it."""
    ticket = sidebar.call("connections/ticket", reconnect=None)
    with new_browser() as browser:
        page = browser.get(ticket["url"], timeout=TIMEOUT_S)
        page = press(browser, page, ("decision", "continue"))
        page = press(browser, page, ("person", "dana"))
        page = press(browser, page, ("decision", "authorize"), realm_id=realm_id)
    if not page.url.endswith("/pages/connected"):
        raise CheckFailed(f"connecting ended at {page.url.partition('?')[0]}")
    state = sidebar.wait_for_connection(ticket["attempt"])
    if state["state"] != "connected":
        raise CheckFailed(state["message"])
    connection: dict[str, Any] = state["connection"]
    return connection


def told(step: Mapping[str, Any]) -> str:
    """One line about an export: rows and proof."""
    proof = step["proof"]
    totals = ", ".join(
        f"{total['title']} {total['amount']} {total['currency']}" for total in proof["totals"]
    )
    seen = (step["seen"] or {}).get("rows")
    calls = step["progress"]["calls"]
    return (
        f"{step['title']}: {proof['rows']} rows, in the sheet {seen}, {proof['verdict']}"
        + (f" ({totals})" if totals else "")
        + f", {calls} QuickBooks {'call' if calls == 1 else 'calls'}"
    )


def proven(step: Mapping[str, Any]) -> bool:
    """Whether the proof says PASS and the sheet, read back, holds as many rows."""
    proof = step["proof"]
    return bool(proof["verdict"] == "PASS" and (step["seen"] or {}).get("rows") == proof["rows"])


def sidebar(world: World, email: str, book: Workbook | None = None) -> Sidebar:
    """A sidebar in the world's spreadsheet, or in that one of its spreadsheets, whose operations
    the Python writer applies.
    """
    sheets = world.google
    id = (book or sheets.workbook).id
    service = googleapiclient.discovery.build(
        "sheets",
        "v4",
        static_discovery=True,
        credentials=google.oauth2.credentials.Credentials(token="sandbox"),
        client_options={"api_endpoint": f"{sheets.url}/"},
    )
    world.closing.callback(service.close)
    writer = SheetsWriter(service.spreadsheets(), id)
    return Sidebar(world.backend.url, id, lambda: sheets.identity.mint(email), writer.apply)
