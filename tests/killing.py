"""What a killed run may leave in a spreadsheet, and what the next run has to make of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from counterfoil.adapters.sheet_news import aged
from counterfoil.core.operations import LOG_TAB
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.tab import Tab
from sandbox.http import ConnectionDropped
from sandbox.intuit.company import Company

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Rows = list[list[Any]]
Json = Mapping[str, Any]

STAGE = "CF stage "
ADDED = 9_000_000  # the ids of rows that come and go begin here


@dataclass
class Books:
    """One list of a company, whose rows come and go between runs."""

    company: Company
    entity: str
    field: str  # a text that is exported
    now: Callable[[], datetime]
    _version: int = 0

    def hold(self, more: int) -> None:
        """So many rows more than the company had, and another text in the first one.

        Long enough ago that no run takes it for a change in its middle.
        """
        store, then = self.company.store, self.now() - timedelta(hours=1)
        with self.company.lock:
            for row in list(store.all(self.entity)):
                if int(row["Id"]) >= ADDED:
                    store.remove(self.entity, row["Id"], then)
            first = min(store.all(self.entity), key=lambda row: int(row["Id"]))
            self._version += 1
            first[self.field] = f"Version {self._version}"
            for number in range(more):
                id = str(ADDED + number)
                texts = {"Id": id, self.field: f"Added {number}", "LinkedTxn": []}
                store.add(self.entity, {**first, **texts})


@dataclass(frozen=True)
class Grid:
    """What matters of a spreadsheet: the one block, and everything that is not of it."""

    tabs: tuple[str, ...]
    stages: tuple[str, ...]
    names: Mapping[str, str | None]  # named ranges: the tab
    rows: Rows | None  # the block's, through its name, without blank ones at its end
    height: int  # of the named range
    receipt: Json | None
    others: Counter[tuple[str, str, str, str]]  # tab, formula or value, value, note

    @classmethod
    def of(cls, workbook: Workbook) -> Grid:
        with workbook.lock:
            stages = [tab for tab in workbook.tabs if tab.title.startswith(STAGE)]
            shown = [tab for tab in workbook.tabs if tab not in stages and not _is_news(tab)]
            names = {
                named.name: (workbook.tab_by_id(named.sheet_id), named.rect)
                for named in workbook.named_ranges.values()
            }
            home, rect = next(iter(names.values()), (None, None))
            receipts = [_json(m.value) for m in workbook.find_metadata()]
            assert len(receipts) <= 1, "two receipts for one export"
            return cls(
                tuple(tab.title for tab in shown),
                tuple(tab.title for tab in stages),
                {name: tab.title if tab else None for name, (tab, _) in names.items()},
                _trimmed(home.values(rect)) if home and rect else None,
                rect.rows if rect else 0,
                receipts[0] if receipts else None,
                Counter(
                    each for tab in shown for each in _contents(tab, rect if tab is home else None)
                ),
            )

    @property
    def state(self) -> str | None:
        return self.receipt["state"] if self.receipt else None


def _is_news(tab: Tab) -> bool:
    """The log, where nothing stands in it but its heading and lists of what runs changed: no copy
    of anything.
    """
    log = tab.values(tab.data_extent())
    if log and log[0][:4] == ["When", "Export", "What came of it", "Run"]:
        del log[0]
    return tab.title == LOG_TAB and sum(count for _, count in aged(log, 0)) == len(log)


def _trimmed(rows: Rows) -> Rows:
    filled = [n for n, row in enumerate(rows, 1) if any(cell != "" for cell in row)]
    return rows[: filled[-1]] if filled else []


def _json(text: str) -> Json:
    receipt: Json = json.loads(text)
    return receipt


def _contents(tab: Tab, but: Rect | None) -> Iterable[tuple[str, str, str, str]]:
    for row, column, cell in tab.cells():
        if but and but.row <= row < but.end_row and but.column <= column < but.end_column:
            continue
        value = tab.value(row, column)
        if cell.formula or value != "" or cell.note:
            yield tab.title, cell.formula or repr(value), repr(value), cell.note


def types_beside_and_below(workbook: Workbook) -> None:
    """A person works around the block: numbers, formulas and notes that no run may touch."""
    tab, block = _block(workbook)
    rows, columns = block.rows, block.columns
    if tab.column_count < columns + 4:
        tab.append_columns(4)
    tab.write(0, columns + 1, [["beside"], [7.25]])
    tab.set_formula(2, columns + 1, "=2+3")
    tab.note(1, columns + 1, "my rate")
    tab.write(rows, 0, [["below", 12]])
    tab.set_formula(rows + 1, 2, "=6*7")
    tab.note(rows, 1, "my dozen")
    sheet = workbook.tab("Sheet1")
    assert sheet is not None
    sheet.set_formula(0, 0, f"='{tab.title}'!A1")


def closes_the_gap(workbook: Workbook) -> None:
    """What stands below the block stands directly below it again: it is in the way of growth."""
    tab, block = _block(workbook)
    below = next(r for r, c, cell in tab.cells() if cell.value == "below")
    if below > block.end_row:
        tab.delete_rows(block.end_row, below - block.end_row)


def _block(workbook: Workbook) -> tuple[Tab, Rect]:
    (named,) = workbook.named_ranges.values()
    tab = workbook.tab_by_id(named.sheet_id)
    assert tab is not None
    assert named.rect is not None
    return tab, named.rect


class Carried:
    """The rows that the steps of a run carried, put together as the sheet does it."""

    def __init__(self) -> None:
        self.run = ""
        self.rows: Rows = []

    def take(self, operations: Iterable[Json]) -> None:
        for op in operations:
            if op["op"] == "stage":
                self._put(op["row"], op["rows"])
            elif op["op"] == "commit":
                if "rows" in op:
                    self._put(0, op["rows"])
                else:
                    del self.rows[op["stage_rows"] :]
            elif op["op"] == "receipt":
                self.run = op["run"]

    def _put(self, at: int, rows: Rows) -> None:
        self.rows[at : at + len(rows)] = rows


def outcome(before: Grid, after: Grid, sent: Carried) -> str:
    """One of "as it was", "complete", "marked"; raises AssertionError for anything else."""
    assert len(after.names) <= 1
    lost = before.others - after.others
    assert not lost, f"gone from around the block: {lost}"
    if after.state == "writing":
        return "marked"
    assert after.others == before.others, "cells outside the block, and no mark"
    if after.receipt == before.receipt:
        # A new name on a new and blank tab is no block yet.
        assert after.rows == before.rows or not (before.rows or after.rows), "changed, no mark"
        return "as it was"
    assert after.receipt is not None
    assert (after.state, after.receipt["run"]) == ("done", sent.run)
    assert after.rows == sent.rows
    return "complete"


def assert_repaired(before: Grid, after: Grid, sent: Carried) -> None:
    """One block, whole, with its mark taken away; nothing left over; the rest as it was."""
    assert len(after.names) == 1
    assert after.stages == ()
    assert len(after.tabs) == 2, after.tabs  # "Sheet1" and the block's
    assert before.tabs in (after.tabs, after.tabs[:1])
    assert after.receipt is not None
    assert (after.state, after.receipt["run"]) == ("done", sent.run)
    assert after.rows == sent.rows
    assert len(after.rows) == after.height, "the name covers more than the block"
    assert after.others == before.others


class Line:
    """The connection to a service, as WSGI around it, which dies once, for good, when told."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._left = -1
        self._after = False
        self.dead = False

    def dies_at(self, request: int, *, after: bool) -> None:
        """`after` is: the request is carried out, only its answer is lost."""
        self._left, self._after, self.dead = request, after, False

    def heals(self) -> None:
        self._left, self.dead = -1, False

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if self.dead:
            raise ConnectionDropped
        self._left -= 1
        if self._left != 0:
            return self._app(environ, start)
        self.dead = True
        if self._after:
            list(self._app(environ, start))
        raise ConnectionDropped
