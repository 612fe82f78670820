"""Runs killed at every point, with the Python writer: the block stays whole, or says that it is not.

The connection to the sheet dies at each request of a run (of a staged one: at each of a table that
grows or of one that shrinks), for one-step and staged runs, first exports and later ones: with the
request carried out and nobody told (the writer was killed), and, at a sample, with it not carried out
and the backend told (the writer saw it fail). The backend is killed with SIGKILL in the middle of each of its QuickBooks calls, between all steps and
before the acknowledgement, and started again over the same data. After each kill the grid is one of
three: as it was, complete, or marked; the next run, of other rows than either, mends it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import google.oauth2.credentials
import googleapiclient.discovery
import httplib2
import pytest
import requests

from counterfoil.adapters.google_sheets import SheetsWriter
from sandbox import check
from sandbox.check import CheckFailed, Sidebar
from sandbox.google.grid import Workbook
from sandbox.intuit.companies import demo_books
from sandbox.intuit.server import Asked
from sandbox.world import World
from tests.killing import (
    Books,
    Carried,
    Grid,
    Line,
    assert_repaired,
    closes_the_gap,
    outcome,
    types_beside_and_below,
)

MORE, SOME = 20, 9
"""Rows that come and go. With them vendors are still one page, invoices two or three."""

MOST_REQUESTS = 120

Json = Mapping[str, Any]


class Killed(Exception):
    """The writer is no more: nobody tells the backend."""


@dataclass
class Desk:
    """Ana's sidebar in a spreadsheet of its own, and what its last run carried."""

    office: Office
    workbook: Workbook
    sidebar: Sidebar
    writer: SheetsWriter
    tells: bool = True
    """Whether a writer that failed lives on to say so."""
    sent: Carried = field(default_factory=Carried)

    @property
    def grid(self) -> Grid:
        return Grid.of(self.workbook)

    def export(self, dataset: str) -> Json:
        """Of the export that is there, or a new one."""
        self.sent = Carried()
        exporter = self._exporter()
        if exporter:
            return self.sidebar.export(f"exporters/{exporter}/run")
        return self.sidebar.export(f"entities/{dataset}", **self._asked())

    def begin(self, dataset: str) -> Json:
        return self.sidebar.call(f"export/entities/{dataset}", **self._asked())

    def again(self) -> Json:
        return self.sidebar.call(f"export/exporters/{self._exporter()}/run")

    def _asked(self) -> dict[str, Any]:
        target = {"tab": "Mine"}
        return {"connection_id": self.office.connection, "options": {}, "target": target}

    def _exporter(self) -> str | None:
        found = self.sidebar.call("home")["exporters"]
        return found[0]["id"] if found else None

    def steps(self, first: Callable[[], Json], meet: Callable[[str], None]) -> Json:
        """A run whose steps are tried again, as the sidebar's button does, after each that got no
        answer. `meet` is called before each step and before the acknowledgement."""
        self.sent = Carried()
        ask = first
        while True:
            meet("step")
            step = self._patiently(ask)
            report = self.apply(step["block"], step["operations"])
            assert report["applied"], report
            if step["cursor"] is None:
                break
            ask = partial(self.sidebar.call, "export/steps", cursor=step["cursor"])
        meet("acknowledgement")
        told = {"run_id": step["run_id"], "applied": True, "seen": report["seen"]}
        self._patiently(partial(self.sidebar.call, "runs/acknowledge", **told))
        return step

    def _patiently(self, ask: Callable[[], Json]) -> Json:
        try:
            return ask()
        except requests.ConnectionError:
            self.office.world.backend.start()
            return ask()

    def apply(self, block: str, operations: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        self.sent.take(operations)
        report = self.writer.apply(block, operations)
        if not report["applied"] and not self.tells:
            raise Killed
        return report


@dataclass
class Office:
    """The world of these tests: the company's lists, and the line to the sheet."""

    world: World
    line: Line
    spreadsheets: Any
    lists: Mapping[str, Books]
    connection: str = ""
    calls_left: int = 0
    """Of QuickBooks, until the backend is killed in the middle of one."""

    def called(self, _: Asked) -> None:
        self.calls_left -= 1
        if self.calls_left == 0:
            self.world.backend.stop(kill=True)

    def desk(self) -> Desk:
        """In an empty spreadsheet."""
        workbook = Workbook(f"sheet-{len(self.world.google.workbooks)}")
        self.world.google.workbooks[workbook.id] = workbook
        mint = self.world.google.identity.mint
        sidebar = Sidebar(
            self.world.backend.url,
            workbook.id,
            lambda: mint("ana@example.com"),
            lambda block, operations: desk.apply(block, operations),
        )
        writer = SheetsWriter(self.spreadsheets, workbook.id, retries=0)
        desk = Desk(self, workbook, sidebar, writer)
        return desk

    def furnished(self, dataset: str) -> Desk:
        """With a table, and a person's own things around it."""
        desk = self.desk()
        self.lists[dataset].hold(SOME)
        desk.export(dataset)
        types_beside_and_below(desk.workbook)
        return desk


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    books = demo_books()
    card = books.companies()[0]
    company = books.company(card.realm_id)
    world = World(books)
    world.backend.module = "tests.small_steps"
    lists = {
        "vendors": Books(company, "Vendor", "DisplayName", world.clock),
        "invoices": Books(company, "Invoice", "DocNumber", world.clock),
    }
    line = Line(world.google.sheets)
    world.google.mount("/v4", line)
    with world, _service(world.google.url) as service:
        made = Office(world, line, service.spreadsheets(), lists)
        world.intuit.on_call(made.called)
        made.connection = check.connect(made.desk().sidebar, card.realm_id)["id"]
        yield made


def _service(url: str) -> Any:
    return googleapiclient.discovery.build(
        "sheets",
        "v4",
        static_discovery=True,
        credentials=google.oauth2.credentials.Credentials(token="sandbox"),
        client_options={"api_endpoint": f"{url}/"},
    )


@pytest.fixture(autouse=True)
def the_client_tries_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httplib2, "RETRIES", 1)


@pytest.fixture(params=["vendors", "invoices"], ids=["in one step", "staged"])
def dataset(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["killed after a request", "cut off before a request"])
def killed(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_a_first_export_dies_with_its_line(office: Office, dataset: str, killed: bool) -> None:
    books = office.lists[dataset]
    met = []
    for request in requests_of(dataset, killed):
        desk = office.desk()
        before = desk.grid
        books.hold(MORE)
        if not dies(desk, dataset, request, killed):
            break
        met.append(outcome(before, desk.grid, desk.sent))
        books.hold(SOME)
        desk.export(dataset)
        assert_repaired(before, desk.grid, desk.sent)
    assert_met(met)


@pytest.mark.parametrize("more", [MORE, 0], ids=["grows", "shrinks"])
def test_a_table_dies_with_its_line(office: Office, dataset: str, killed: bool, more: int) -> None:
    books = office.lists[dataset]
    desk = office.furnished(dataset)
    met = []
    for request in requests_of(dataset, killed, first=1 if more else 2):
        closes_the_gap(desk.workbook)
        before = desk.grid
        books.hold(more)
        if not dies(desk, dataset, request, killed):
            break
        met.append(outcome(before, desk.grid, desk.sent))
        books.hold(SOME)
        desk.export(dataset)
        assert_repaired(before, desk.grid, desk.sent)
    assert_met(met)


def test_a_backend_killed_in_a_first_export(office: Office) -> None:
    books, desk = office.lists["invoices"], office.desk()
    before = desk.grid
    books.hold(MORE)
    office.calls_left = 1
    desk.steps(partial(desk.begin, "invoices"), lambda _: None)
    assert_repaired(before, desk.grid, desk.sent)


# Two pages, the count, what has changed meanwhile; and the last step's answer is not taken back.
@pytest.mark.parametrize("call", [1, 2, 3, 4, 5])
def test_a_backend_killed_in_the_middle_of_a_call_of_quickbooks(office: Office, call: int) -> None:
    desk = office.furnished("invoices")
    before = desk.grid
    office.lists["invoices"].hold(MORE)
    office.calls_left = call
    desk.steps(desk.again, lambda _: None)
    assert office.calls_left <= 0, "a run needs fewer calls than that"
    assert_repaired(before, desk.grid, desk.sent)


@pytest.mark.parametrize("moment", [2, 3, 4])
def test_a_backend_killed_between_steps(office: Office, moment: int) -> None:
    desk = office.furnished("invoices")
    before = desk.grid
    office.lists["invoices"].hold(MORE)
    moments: list[str] = []

    def meet(what: str) -> None:
        moments.append(what)
        if len(moments) == moment:
            office.world.backend.stop(kill=True)
            expected = "complete" if what == "acknowledgement" else "as it was"
            assert outcome(before, desk.grid, desk.sent) == expected

    step = desk.steps(desk.again, meet)
    assert moments == ["step", "step", "step", "acknowledgement"]
    assert_repaired(before, desk.grid, desk.sent)
    (exporter,) = desk.sidebar.call("home")["exporters"]
    assert exporter["last_run"]["run_id"] == step["run_id"]
    assert (exporter["last_run"]["state"], exporter["last_run"]["verdict"]) == ("applied", "PASS")


def test_a_run_that_nobody_went_on_with_after_the_backend_was_killed(office: Office) -> None:
    desk = office.furnished("invoices")
    before = desk.grid
    office.lists["invoices"].hold(MORE)
    office.calls_left = 3
    with pytest.raises(requests.ConnectionError):
        desk.export("invoices")
    office.world.backend.start()
    assert outcome(before, desk.grid, desk.sent) == "as it was"
    assert len(desk.grid.stages) == 1
    office.lists["invoices"].hold(0)
    desk.export("invoices")
    assert_repaired(before, desk.grid, desk.sent)


def requests_of(dataset: str, killed: bool, first: int = 1) -> range:
    """All of one step; of a staged run every other one, by which those of two tests complete each
    other. Cut off before a request is, for the grid, killed after the one before: fewer of them.
    """
    if dataset == "vendors":
        return range(1, MOST_REQUESTS, 1 if killed else 2)
    return range(first, MOST_REQUESTS, 2 if killed else 5)


def dies(desk: Desk, dataset: str, request: int, killed: bool) -> bool:
    """Whether the run came to that request; if not, it has gone through."""
    desk.tells = not killed
    desk.office.line.dies_at(request, after=killed)
    try:
        desk.export(dataset)
    except (Killed, CheckFailed):
        assert desk.office.line.dead
        return True
    finally:
        desk.tells = True
        desk.office.line.heals()
    return False


def assert_met(met: list[str]) -> None:
    """First the table is as it was, then marked; after the last request, if that was met, whole."""
    order = [state for state, _ in itertools.groupby(met)]
    assert order in (["as it was", "marked"], ["as it was", "marked", "complete"])
    assert len(met) < MOST_REQUESTS // 5, "a run that never goes through"
