"""Tabs closed in the middle of a run, and backends killed under the sidebar. In a real browser.

After each the grid is as it was, complete, or marked; a new tab runs the export again, with other
rows, which mends it. A trigger goes on with a run that was left half-way, also where it dies while it
parks it. The backend is killed with SIGKILL in the middle of a first and of a later step; the
sidebar's "Try again" ends the run. Executions that die anywhere in between are in
tests/journeys/test_killed_executions.py.
"""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sandbox.google.grid import Workbook
from sandbox.http import ConnectionDropped
from sandbox.intuit.companies import demo_books
from sandbox.intuit.server import Asked
from sandbox.world import World
from tests.browser.driver import Person
from tests.chromium import browser, private_window
from tests.killing import Books, Grid, assert_repaired, outcome, types_beside_and_below
from tests.service_calls import ServiceCalls, fetched_body, kind_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["browser"]

MORE, SOME = 20, 9
PATIENCE_S = 120
POLL_MS = 10


class Calls(ServiceCalls):
    """As WSGI around the services; with pauses in what the backend says, when told."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app
        self._triggered: set[str] = set()
        self.ended: set[str] = set()
        """Executions of triggers that came to their end."""
        self.pause_s = 0
        """How long the backend says to wait before the next step."""

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        asked: dict[str, Any] = json.loads(body)
        if not self.lives(asked):
            raise ConnectionDropped
        kind = kind_of(asked)
        if kind == "project.info" and asked["params"]["trigger"]:
            self._triggered.add(asked["execution"])
        if kind == "execution.end" and asked["execution"] in self._triggered:
            self.ended.add(asked["execution"])
        if self.pause_s and kind in ("export", "pending"):
            return self._paused({**environ, "wsgi.input": io.BytesIO(body)}, start)
        answer = list(self._app({**environ, "wsgi.input": io.BytesIO(body)}, start))
        self.note(b"".join(answer))
        return answer

    def _paused(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """The backend's answer with a longer `wait_s`."""
        headed: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self._app(environ, lambda status, headers, *_: headed.append((status, headers)))  # type: ignore[arg-type, return-value]
        told = json.loads(b"".join(parts))
        self.note(json.dumps(told).encode())
        value = told.get("value")
        for each in value if isinstance(value, list) else ():
            step = (
                json.loads(fetched_body(each)) if isinstance(each, dict) and "body" in each else {}
            )
            if step.get("cursor"):
                body = json.dumps(step | {"wait_s": self.pause_s}).encode()
                each["body"] = base64.b64encode(body).decode()
        text = json.dumps(told).encode()
        status, headers = headed[0]
        start(status, [each for each in headers if each[0].lower() != "content-length"])
        return [text]


@dataclass
class Office:
    world: World
    calls: Calls
    window: BrowserContext
    lists: dict[str, Books]
    calls_left: int = 0
    """Of QuickBooks, until the backend is killed in the middle of one."""

    def called(self, _: Asked) -> None:
        self.calls_left -= 1
        if self.calls_left == 0:
            self.world.backend.stop(kill=True)

    def comes(self, workbook: Workbook) -> Person:
        """Ana, in a new tab, with her exports in front of her."""
        page: Page = self.window.new_page()
        page.goto(f"{self.world.page_url}?spreadsheet={workbook.id}")
        ana = Person(self.world, self.window, page)
        ana.opens_counterfoil()
        expect(ana.button("New export")).to_be_visible()
        return ana

    def workbook(self) -> Workbook:
        made = Workbook(f"sheet-{len(self.world.google.workbooks)}")
        self.world.google.workbooks[made.id] = made
        return made

    def dies(self, ana: Person, what: str, at: tuple[str, int]) -> None:
        """The tab is closed at that call of a run."""
        self.calls.count(at)
        runs(ana, what)
        until = time.monotonic() + PATIENCE_S
        while not self.calls.died and time.monotonic() < until:
            ana.page.wait_for_timeout(POLL_MS)  # the browser goes on meanwhile
        assert self.calls.died, f"never came to {at}: {self.calls.made}"
        ana.page.close()
        # A page that has heard of the broken call already does not name that execution as it closes.
        self.frees_locks(self.calls.died)

    def frees_locks(self, execution: str) -> None:
        """As Google does with those of an execution that is no more."""
        self.world.script.executions.end(execution)

    def fires(self, ana: Person, hours: int) -> str:
        """Ana's triggers, so many hours from now; the execution that died, or "" at the end."""
        triggers, ended = self.world.script.triggers, set(self.calls.ended)
        assert triggers.fire(triggers.now() + timedelta(hours=hours)) == 1
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self.calls.died:
                self.frees_locks(self.calls.died)
                return self.calls.died
            if self.calls.ended - ended:
                return ""
            ana.page.wait_for_timeout(POLL_MS)
        raise AssertionError("the trigger never ends")

    def ends(self, ana: Person, what: str) -> None:
        """A run that nothing happens to; then all exports are listed again."""
        self.calls.count()
        runs(ana, what)
        is_through(ana, what)


def is_through(ana: Person, what: str) -> None:
    expect(ana.sidebar.get_by_text("In the sheet, read back")).to_be_visible()
    ana.button("All exports").click()
    expect(ana.button(f"Run {what} again")).to_be_visible()


def runs(ana: Person, what: str) -> None:
    again = ana.button(f"Run {what} again")
    if again.count():
        again.click()
    else:
        ana.starts_export(what)


@pytest.fixture(scope="module")
def office(browser: Browser) -> Iterator[Office]:
    books = demo_books()
    company = books.company(books.companies()[0].realm_id)
    world = World(books)
    world.backend.module = "tests.small_steps"
    calls = Calls(world.script)
    world.google.mount("/apps-script/call", calls)
    lists = {
        "Vendors": Books(company, "Vendor", "DisplayName", world.clock),
        "Invoices": Books(company, "Invoice", "DocNumber", world.clock),
    }
    with world, private_window(browser) as window:
        office = Office(world, calls, window, lists)
        world.intuit.on_call(office.called)
        ana = Person.at(world, window)
        ana.opens_counterfoil()
        ana.connects()
        ana.page.close()
        yield office


def test_a_first_export_loses_its_tab(office: Office) -> None:
    books, calls, workbook = office.lists["Vendors"], office.calls, office.workbook()
    before = Grid.of(workbook)
    books.hold(MORE)
    office.dies(office.comes(workbook), "Vendors", ("range.write", 6))
    assert outcome(before, Grid.of(workbook), calls.sent) == "marked"
    books.hold(SOME)
    ana = office.comes(workbook)
    office.ends(ana, "Vendors")
    ana.page.close()
    assert_repaired(before, Grid.of(workbook), calls.sent)


@pytest.mark.parametrize(
    ("point", "left"),
    [(("range.copy", 1), "marked"), (("book.deleteSheet", 1), "complete")],
    ids=["at the commit", "before its stage goes"],
)
def test_a_table_that_grows_loses_its_tab(
    office: Office, point: tuple[str, int], left: str
) -> None:
    books, calls, workbook = office.lists["Invoices"], office.calls, office.workbook()
    ana, before = with_a_table(office, workbook)
    office.dies(ana, "Invoices", point)
    assert outcome(before, Grid.of(workbook), calls.sent) == left
    books.hold(SOME)
    ana = office.comes(workbook)
    office.ends(ana, "Invoices")
    ana.page.close()
    assert_repaired(before, Grid.of(workbook), calls.sent)


def with_a_table(office: Office, workbook: Workbook) -> tuple[Person, Grid]:
    """People work around Ana's table, and there is more to come."""
    office.lists["Invoices"].hold(SOME)
    ana = office.comes(workbook)
    office.ends(ana, "Invoices")
    types_beside_and_below(workbook)
    before = Grid.of(workbook)
    office.lists["Invoices"].hold(MORE)
    return ana, before


def left_half_way(office: Office) -> tuple[Person, Workbook, Grid]:
    """Ana's tab was closed in the middle of a run over a table that people work around."""
    workbook = office.workbook()
    ana, before = with_a_table(office, workbook)
    office.dies(ana, "Invoices", ("export", 2))
    return office.comes(workbook), workbook, before


def test_a_trigger_that_dies_while_it_parks_its_run(office: Office) -> None:
    ana, workbook, before = left_half_way(office)
    calls = office.calls
    calls.go_on(("runs", 1))
    calls.pause_s = 3000  # more than an execution can sit out
    assert office.fires(ana, 1), "it did not park the run"
    calls.pause_s = 0
    assert outcome(before, Grid.of(workbook), calls.sent) == "as it was"
    calls.go_on(None)
    assert office.fires(ana, 2) == ""
    ana.page.close()
    assert_repaired(before, Grid.of(workbook), calls.sent)


def test_a_backend_killed_under_the_trigger(office: Office) -> None:
    workbook = office.workbook()
    ana, before = with_a_table(office, workbook)
    office.dies(ana, "Invoices", ("export", 2))
    ana = office.comes(workbook)
    office.calls_left = 1
    office.calls.go_on(None)
    office.fires(ana, 1)
    assert outcome(before, Grid.of(workbook), office.calls.sent) == "as it was"
    office.world.backend.start()
    ana.page.reload()
    ana.opens_counterfoil()
    ana.sees("Invoices did not go on by itself. Counterfoil’s server does not answer.")
    office.fires(ana, 2)
    ana.page.close()
    assert_repaired(before, Grid.of(workbook), office.calls.sent)


def test_a_backend_killed_under_the_sidebar_twice(office: Office) -> None:
    workbook = office.workbook()
    ana, before = with_a_table(office, workbook)
    office.calls.count()
    office.calls_left = 1
    runs(ana, "Invoices")
    for call in (3, 0):  # of a page of the second step; then none
        ana.sees("server does not answer")
        assert outcome(before, Grid.of(workbook), office.calls.sent) == "as it was"
        office.world.backend.start()
        office.calls_left = call
        ana.button("Try again").click()
    is_through(ana, "Invoices")
    ana.page.close()
    assert_repaired(before, Grid.of(workbook), office.calls.sent)
