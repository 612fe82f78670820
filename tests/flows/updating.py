"""An export of a simulated company that is refreshed again and again, in a simulated spreadsheet."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from counterfoil import catalog
from counterfoil.adapters.google_sheets import SheetsWriter
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.core.errors import BlockNeeded, ReconnectRequired
from counterfoil.flows.limits import Limits
from counterfoil.flows.steps import Step
from sandbox.clock import Clock
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from sandbox.google.tab import Tab
from sandbox.intuit import birch, cedar
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.direct_sheets import Line, client_of
from tests.flows.export_fakes import ANA, CONNECTION, REALM, SHEET, FakeQuickBooks, World

BESIDE = 20
COLUMNS = ["number", "date", "customer", "total", "balance"]


def noon() -> Clock:
    """Far from midnight, and later only by as much as a test says."""
    return Clock(lambda: datetime(2026, 11, 20, 17, 0, 0, tzinfo=UTC))


# The connections of tests that know several companies: the simulated ones of these realms.
REALMS = {CONNECTION: REALM, "con_cedar": cedar.REALM_ID, "con_birch": birch.REALM_ID}


class Token:
    def __init__(self, intuit: IntuitSandbox) -> None:
        self._intuit = intuit
        self.lost: set[str] = set()

    def for_connection(self, connection_id: str) -> str:
        if connection_id in self.lost:
            raise ReconnectRequired("Please connect this company again.")
        return self._intuit.grant(REALMS.get(connection_id, REALM)).access

    def after_refusal(self, connection_id: str, refused: str) -> str:
        raise AssertionError("the token is good")

    def after_denial(self, connection_id: str, token: str) -> bool:
        return False

    def after_read(self, connection_id: str, token: str) -> None:
        """Nobody was denied."""


@contextmanager
def sheets() -> Iterator[tuple[GoogleSandbox, Any]]:
    """Google Sheets, and its client."""
    with GoogleSandbox() as google:
        yield google, client_of(Line(google.sheets))


class Refreshed:
    """One exporter, its spreadsheet, and the people at work in it and in QuickBooks."""

    def __init__(
        self,
        sheets: tuple[GoogleSandbox, Any],
        intuit: IntuitSandbox,
        company: Company,
        dataset: str,
        limits: Limits | None = None,
        **options: Any,
    ) -> None:
        self.sheets = sheets
        self.google, spreadsheets = sheets
        self.intuit, self.company, self.dataset, self.options = intuit, company, dataset, options
        self.book = Workbook(id=f"book-{uuid.uuid4()}")
        self.google.workbooks[self.book.id] = self.book
        self.writer = SheetsWriter(spreadsheets, self.book.id, retries=0)
        self.world = World(FakeQuickBooks(), limits or Limits())
        self.world.quickbooks = QuickBooksApi(  # type: ignore[assignment]
            intuit.url, clock=intuit.clock, sleep=self.world.time.sleep
        )
        self.world.tokens = Token(intuit)  # type: ignore[assignment]
        self.world.__post_init__()
        self.world.exports = replace(self.world.exports, clock=intuit.clock)
        self.connections = [CONNECTION]
        self.report: dict[str, Any] = {}
        self.run_ids: list[str] = []

    def beside_it(self, dataset: str, **options: Any) -> Refreshed:
        """Another export of the same spreadsheet."""
        other = copy.copy(self)
        other.dataset, other.options, other.run_ids = dataset, options, []
        return other

    def first(self) -> Step:
        step = self.world.exports.start(
            ANA,
            SHEET,
            connection_id=self.connections[0],
            others=self.connections[1:],
            dataset=catalog.entity(self.dataset),
            options=self.options,
            tab=None,
        )
        self.exporter = step.exporter_id
        return self.run(step)

    def refresh(self, **how: Any) -> Step:
        return self.run(self.begin(**how))

    def begin(self, **how: Any) -> Step:
        again = self.world.exports.again
        return self._told(lambda block: again(ANA, SHEET, self.exporter, block=block, **how))

    def run(self, step: Step) -> Step:
        """To its end."""
        resume = self.world.exports.resume
        while True:
            self.report = self.writer.apply(step.block, json.loads(step.json())["operations"])
            assert self.report["applied"], self.report
            if step.cursor is None:
                break
            cursor = step.cursor
            step = self._told(lambda block, cursor=cursor: resume(ANA, SHEET, cursor, block=block))
        self.block = step.block
        self.run_ids.append(step.run_id)
        rows = self.report["seen"]["rows"]
        self.world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=rows)
        return step

    def _told(self, call: Callable[[Any], Step]) -> Step:
        """Asked again with the table, where it is asked for, as the add-on does."""
        try:
            return call(None)
        except BlockNeeded as needed:
            asked = needed.details
            told = self.writer.state(str(asked["block"]), str(asked["columns"]))
            return call(json.loads(json.dumps(told)))

    @contextmanager
    def calls(self) -> Iterator[list[str]]:
        """The calls of QuickBooks that are made inside, by what was asked."""
        realms = [REALMS[each] for each in self.connections]
        before = {realm: len(self.intuit.calls.accounting(realm)) for realm in realms}
        found = list[str]()
        yield found
        for realm in realms:
            found += [call.path for call in self.intuit.calls.accounting(realm)[before[realm] :]]

    @property
    def seen(self) -> dict[str, int]:
        """What the writer counted."""
        seen = self.report["seen"]
        names = ("new", "changed", "removed", "left", "marked", "closed")
        return {name: seen[name] for name in names if seen.get(name)}

    def place(self) -> tuple[Tab, Rect]:
        named = self.book.named_range(self.block)
        assert named is not None
        assert named.rect is not None
        tab = self.book.tab_by_id(named.sheet_id)
        assert tab is not None
        return tab, named.rect

    def key(self, line: Sequence[Any]) -> str:
        """The first cell, and the company beside it, where there are several."""
        return " ".join(map(str, line[: min(2, len(self.connections))]))

    def rows(self) -> dict[str, tuple[Any, ...]]:
        """The table's rows by their key."""
        tab, rect = self.place()
        lines = tab.values(Rect(rect.row + 1, rect.column, rect.rows - 1, rect.columns))
        found = {self.key(line): tuple(line) for line in lines}
        assert len(found) == rect.rows - 1
        return found

    def adopt(self, book: Workbook) -> None:
        """Another version of the spreadsheet takes its place."""
        self.book = self.google.workbooks[book.id] = book

    def write_beside(self, only: str = "") -> None:
        """A note beside each row, or one of them."""
        tab, rect = self.place()
        for row in range(rect.row + 1, rect.end_row):
            key = self.key(tab.values(Rect(row, rect.column, 1, 2))[0])
            if only in ("", key):
                tab.write(row, BESIDE, [[f"mine of {key}"]])

    def beside(self) -> dict[str, Any]:
        tab, rect = self.place()
        keys = [(self.key(tab.values(Rect(row, rect.column, 1, 2))[0]), row)
                for row in range(rect.row + 1, rect.end_row)]  # fmt: skip
        return {key: tab.value(row, BESIDE) for key, row in keys}

    def tab(self, title: str) -> list[list[Any]]:
        """What is in a tab of that title; nothing where there is none."""
        tab = next((tab for tab in self.book.tabs if tab.title == title), None)
        if tab is None:
            return []
        cells = tab.values(Rect(0, 0, tab.row_count, tab.column_count))
        return [
            [cell for cell in line if cell != ""] for line in cells if any(c != "" for c in line)
        ]


def made(
    google: tuple[GoogleSandbox, Any],
    intuit: IntuitSandbox,
    company: Company,
    dataset: str = "invoices",
    **options: Any,
) -> Refreshed:
    refreshed = Refreshed(google, intuit, company, dataset, **{"mode": "update"} | options)
    refreshed.first()
    intuit.clock.advance(timedelta(minutes=5))
    return refreshed


def kinds(calls: list[str]) -> list[str]:
    return [call.rpartition("/")[2] for call in calls]


def free(company: Company) -> list[dict[str, Any]]:
    """Invoices that nothing rests on."""
    return [row for row in company.store.all("Invoice") if not row.get("LinkedTxn")]
