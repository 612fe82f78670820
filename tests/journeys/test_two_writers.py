"""One story told twice, from the first run to a year's worth of changes: in one spreadsheet the
add-on writes, in the other managed refresh, which the add-on has turned on. Both end alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from counterfoil.adapters.sheets_client import SheetDesks
from counterfoil.flows.sheet_pace import SheetPace
from sandbox.google.a1 import Rect
from sandbox.google.apps_script import AppsScript
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state
from sandbox.world import ROOT
from tests.flows.export_fakes import FakeQuickBooks, invoices
from tests.journeys.test_a_month_of_triggers import served
from tests.keyed_reports import JANUARY, MARCH, Books
from tests.script_host import hosted
from tests.web.backend import SCHEDULER, WRITER, Backend
from tests.web.managed_office import QUARTER, LaterDesks

ANA = "ana@example.com"
BEGIN = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
Json = dict[str, Any]


class Twice:
    """The same exports in two spreadsheets; what happens to one happens to the other."""

    def __init__(self, closing: ExitStack) -> None:
        desks = LaterDesks()
        self.backend = Backend(desks)
        self.clock = self.backend.flows.clock
        self.clock.now = BEGIN
        found = self.backend.exports.quickbooks
        assert isinstance(found, FakeQuickBooks)
        self.quickbooks = found
        self.company = self.backend.flows.connected(self.backend.user("ana"))
        google = closing.enter_context(GoogleSandbox(self.clock))
        pace = SheetPace(self.backend.records, self.clock, self.clock.sleep, lambda: 0.5)
        desks.real = SheetDesks((WRITER,), pace, url=f"{google.url}/", retries=0)
        self.books = {
            id: Workbook(id, year=2026, time_zone="America/New_York") for id in ("ours", "theirs")
        }
        google.workbooks.update(self.books)
        google.sheets.share("theirs", WRITER, "writer")
        server = served(self.backend)
        server.start()
        closing.callback(server.stop)
        script = AppsScript(
            google.workbooks,
            addon=ROOT / "addon",
            mint=lambda email: email.partition("@")[0],
            users=(ANA,),
            backend_url=server.url,
            clock=self.clock,
        )
        closing.callback(script.close)
        self.host = closing.enter_context(hosted(script))
        self.exports: dict[str, list[str]] = {"ours": [], "theirs": []}

    def call(self, book: str, name: str, *args: Any) -> Json:
        told: Json = self.host.run(book, ANA, name, *args, now=self.clock.now)
        assert "error" not in told, told
        return told

    def save(self, kind: str, dataset: str, tab: str, **options: Any) -> None:
        """In both; managed refresh is turned on in one of them, by the add-on's own code."""
        given = {"columns": None, "from": None, "to": None, "parameters": {}, **options}
        for book, ids in self.exports.items():
            request = {"kind": kind, "dataset": dataset, "connection_id": self.company,
                       "tab": tab, "options": given}  # fmt: skip
            ids.append(str(self.call(book, "saveExporter", request, tab)["id"]))
        self.call("theirs", "enableManaged", self.exports["theirs"][-1], QUARTER)

    def refresh(self) -> None:
        """Everything, in both, at the same moment."""
        self.clock.advance(minutes=15)
        for pair in zip(*self.exports.values(), strict=True):
            self.as_due(*pair)
        for id in self.exports["ours"]:
            step = self.call("ours", "runAgain", id)
            while step["cursor"]:
                step = self.call("ours", "nextStep", step["cursor"])
            assert step["proof"]["verdict"] == "PASS"
        status, told = self.backend.ask(SCHEDULER, "managed_refresh/tick", key=None)
        assert status == 200
        assert (told["ran"], told["failed"]) == (len(self.exports["theirs"]), 0)

    def as_due(self, ours: str, theirs: str) -> None:
        """Both are late at the same time, which their titles say by a formula."""
        held, managed = (self.backend.records.get("exporters", id) for id in (ours, theirs))
        assert held is not None
        assert managed is not None
        self.backend.records.replace(held, {**held.data, "plan": managed.data["plan"]})

    def write(self, tab: str, row: int, column: int, value: Any) -> None:
        """What somebody does in both."""
        for book in self.books.values():
            found = book.tab(tab)
            assert found is not None
            if isinstance(value, str) and value.startswith("="):
                found.set_formula(row, column, value)
            else:
                found.write(row, column, [[value]])

    def same(self) -> Json:
        """What both hold, but for what no two exports have in common: names of blocks, keys of
        digests, ids of runs.
        """
        ours, theirs = (_plain(grid_state(book)) for book in self.books.values())
        _without_lines(theirs["tabs"])
        for log in (each["tabs"].get("Counterfoil log") for each in (ours, theirs)):
            if log:  # Exports that are due together are refreshed in either order.
                log["values"] = sorted(filter(None, log["values"]))
                del log["patterns"]
        assert ours == theirs
        return ours


def _without_lines(tabs: Json) -> None:
    """Of a run that nobody looked at, managed refresh leaves a line of proof once a day."""
    if log := tabs.get("Counterfoil log"):
        log["values"] = [row for row in log["values"] if row[-1:] != ["run RUN"]]
        if log["values"] == [["When", "Export", "What came of it", "Run"]]:
            del tabs["Counterfoil log"]


def _plain(state: Json) -> Json:
    names = sorted(state.get("names", {}).items(), key=lambda each: str(each[1]))
    known = {name: f"block {n}" for n, (name, _) in enumerate(names)}
    text = json.dumps(state, ensure_ascii=False, sort_keys=True)
    for name, other in known.items():
        text = text.replace(name, other)
    text = re.sub(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}\b", "RUN", text)
    plain: Json = json.loads(text)
    for item in plain.get("metadata", ()):
        if isinstance(item["value"], dict):
            kept = ("state", "rows", "columns", "fence", "at", "places", "formulas")
            item["value"] = {name: item["value"].get(name) for name in kept}
    # In which order two exports that are due together are run is nobody's business.
    plain["tabs"] = {tab["title"]: tab for tab in plain["tabs"]}
    plain["metadata"] = sorted(plain.get("metadata", ()), key=lambda m: (m["tab"] or "", m["key"]))
    return plain


@pytest.fixture
def twice() -> Iterator[Twice]:
    with ExitStack() as closing:
        yield Twice(closing)


def report(twice: Twice, books: Books) -> None:
    twice.quickbooks.reports["ProfitAndLoss"] = json.dumps(books.report()).encode()


def test_the_add_on_and_managed_refresh_leave_the_same_grid(twice: Twice) -> None:
    report(twice, JANUARY)
    days = {"start_date": "2026-01-01", "end_date": "2026-03-31"}
    months = {**days, "summarize_column_by": "Month"}
    twice.save("entities", "invoices", "Invoices", columns=["id", "number", "date", "total"])
    twice.save("entities", "invoices", "Kept up", columns=["id", "total"], mode="update")
    twice.save("reports", "profit-and-loss", "P&L", parameters=months)
    tidy = {"layout": "tidy", "title_row": True}
    twice.save("reports", "profit-and-loss", "Tidy", parameters=months, **tidy)
    twice.refresh()
    first = twice.same()
    assert first["tabs"].keys() == {"Invoices", "Kept up", "P&L", "Tidy", "Sheet1"}
    assert len(first["tabs"]["Invoices"]["values"]) == 36

    # People work beside the tables, and refer to them.
    twice.write("Invoices", 3, 7, "mine")
    twice.write("Kept up", 6, 6, "beside invoice 6")
    twice.write("Sheet1", 0, 0, "=SUM('Kept up'!B2:B40)")
    # QuickBooks goes on: new, changed and deleted records, new lines and months.
    twice.quickbooks.records = [*invoices(4), *invoices(33, first=6)]
    twice.quickbooks.records[0]["TotalAmt"] = "99.95"
    deleted = {
        "Id": "5",
        "status": "Deleted",
        "MetaData": {"LastUpdatedTime": "2026-11-22T12:00:00-08:00"},
    }
    twice.quickbooks.changed = [twice.quickbooks.records[0], *invoices(3, first=36), deleted]
    report(twice, MARCH)
    twice.refresh()
    second = twice.same()
    assert len(second["tabs"]["Invoices"]["values"]) == 38
    assert second["tabs"]["P&L"] != first["tabs"]["P&L"]
    assert [row for row in second["tabs"]["Kept up"]["values"] if "beside invoice 6" in row]

    # Back again, and far fewer.
    twice.quickbooks.records, twice.quickbooks.changed = invoices(2), []
    report(twice, JANUARY)
    twice.refresh()
    third = twice.same()
    assert len([row for row in third["tabs"]["Invoices"]["values"] if len(row) > 1 and row[0]]) == 3
    assert any("mine" in row for row in third["tabs"]["Invoices"]["values"])


def test_what_stops_one_writer_stops_the_other_with_the_same_code(twice: Twice) -> None:
    twice.save("entities", "invoices", "Invoices", columns=["id", "total"])
    twice.refresh()
    twice.write("Invoices", 4, 1, 7)
    before = twice.same()
    twice.clock.advance(minutes=15)
    told = twice.host.run("ours", ANA, "runAgain", twice.exports["ours"][0], now=twice.clock.now)
    while told.get("cursor"):
        told = twice.host.run("ours", ANA, "nextStep", told["cursor"], now=twice.clock.now)
    assert told["error"]["code"] == "differs_cell"
    _, ticked = twice.backend.ask(SCHEDULER, "managed_refresh/tick", key=None)
    assert (ticked["ran"], ticked["failed"]) == (0, 1)
    ends = [
        twice.backend.records.get("exporters", ids[0]).data["last_run"]["code"]  # type: ignore[union-attr]
        for ids in twice.exports.values()
    ]
    assert ends == ["differs_cell", "differs_cell"]
    # Nobody was there to see it: managed refresh says it in the log tab, and nowhere else.
    log = twice.books["theirs"].tab("Counterfoil log")
    assert log is not None
    (_, title, why, run) = log.values(log.data_extent())[-1]
    assert (title, why[:34], run) == ("Invoices", "Somebody changed 'Invoices'!B5 aft", "")
    twice.books["theirs"].delete_tab(log)
    assert twice.same()["tabs"] == before["tabs"]


def test_hostile_text_lands_as_text_by_both(twice: Twice) -> None:
    hostile = ['=HYPERLINK("https://evil.example")', "+1", "-2", "@x", "'quoted", "=1+1", "\t=2"]
    twice.quickbooks.records = [
        {**invoice, "DocNumber": text}
        for invoice, text in zip(invoices(len(hostile)), hostile, strict=True)
    ]
    twice.save("entities", "invoices", "=Invoices", columns=["number", "id"])
    twice.refresh()
    twice.same()
    for book in twice.books.values():
        tab = next(tab for tab in book.tabs if tab.title != "Sheet1")
        cells = [cell for row in tab.values(Rect(1, 0, len(hostile), 2)) for cell in row]
        assert set(hostile) <= set(cells)
        assert not book.dangerous_formulas
