"""An export that updates: after each refresh the block is what a full replacement would have left,
and what a person typed beside a record is still beside it, or in the tab of those that left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.adapters.google_sheets import SheetsWriter
from counterfoil.core.errors import BadRequest, BlockNeeded
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import EntityChoice, Mode
from counterfoil.flows.limits import Limits
from counterfoil.flows.steps import Step
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from sandbox.google.tab import Tab
from tests.direct_sheets import Line, client_of
from tests.flows.export_fakes import ANA, SHEET, FakeQuickBooks, World, invoices, start

COLUMNS = ["id", "number", "total"]
BESIDE = 6


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def spreadsheets(google: GoogleSandbox) -> Any:
    return client_of(Line(google.sheets))


class Sheet:
    """One exporter's spreadsheet, with a person at work in it."""

    def __init__(self, google: GoogleSandbox, spreadsheets: Any, world: World) -> None:
        self.book = Workbook()
        google.workbooks[self.book.id] = self.book
        self.writer = SheetsWriter(spreadsheets, self.book.id, retries=0)
        self.world = world

    def first(self) -> None:
        self.exporter = self.run(start(self.world, columns=COLUMNS, mode="update"))

    def refresh(self) -> None:
        again = self.world.exports.again
        with pytest.raises(BlockNeeded) as needed:
            again(ANA, SHEET, self.exporter)
        asked = needed.value.details
        block = self.writer.state(str(asked["block"]), str(asked["columns"]))
        self.run(again(ANA, SHEET, self.exporter, block=block))

    def run(self, step: Step) -> str:
        for each in self.world.steps(step):
            report = self.writer.apply(each.block, json.loads(each.json())["operations"])
            assert report["applied"], report
        self.block = each.block
        self.world.exports.acknowledge(ANA, SHEET, each.run_id, applied=True)
        return each.exporter_id

    def place(self) -> tuple[Tab, Rect]:
        named = self.book.named_range(self.block)
        assert named is not None
        assert named.rect is not None
        tab = self.book.tab_by_id(named.sheet_id)
        assert tab is not None
        return tab, named.rect

    def rows(self) -> dict[str, tuple[Any, Any]]:
        tab, rect = self.place()
        lines = tab.values(Rect(rect.row + 1, rect.column, rect.rows - 1, 3))
        found = {str(id): (number, total) for id, number, total in lines}
        assert len(found) == rect.rows - 1
        return found

    def write_beside(self) -> None:
        tab, rect = self.place()
        for row in range(rect.row + 1, rect.end_row):
            tab.write(row, BESIDE, [[f"mine of {tab.value(row, rect.column)}"]])

    def beside(self) -> dict[str, Any]:
        tab, rect = self.place()
        return {
            str(tab.value(row, rect.column)): tab.value(row, BESIDE)
            for row in range(rect.row + 1, rect.end_row)
        }

    def gone(self) -> set[str]:
        tab = next((tab for tab in self.book.tabs if tab.title == "Invoices – gone"), None)
        if tab is None:
            return set()
        cells = tab.values(Rect(0, BESIDE, tab.row_count, 1))
        return {str(cell) for (cell,) in cells if cell != ""}


def expected(world: World) -> dict[str, tuple[Any, Any]]:
    return {
        each["Id"]: (each["DocNumber"], float(each["TotalAmt"]))
        for each in world.quickbooks.records
    }


def numbered(ids: set[int], raised: set[int]) -> list[dict[str, Any]]:
    found = [invoices(1, id)[0] for id in sorted(ids)]
    return [{**each, "TotalAmt": 9} if int(each["Id"]) in raised else each for each in found]


# Two pages a step: more than ten invoices come by the stage. Everything is read each time.
LIMITS = Limits(page=5, cells_per_step=30, max_cells=100_000, reconcile=timedelta(0))
_ids = st.sets(st.integers(1, 16))


@given(first=_ids, then=st.lists(st.tuples(_ids, _ids), min_size=1, max_size=2))
@settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_each_update_leaves_what_a_replacement_would_and_what_people_typed(
    google: GoogleSandbox, spreadsheets: Any, first: set[int], then: list[tuple[set[int], set[int]]]
) -> None:
    world = World(FakeQuickBooks(numbered(first, set())), LIMITS)
    sheet = Sheet(google, spreadsheets, world)
    sheet.first()
    before, left = first, set[str]()
    for ids, raised in then:
        sheet.write_beside()
        world.quickbooks.records = numbered(ids, raised)
        sheet.refresh()
        assert sheet.rows() == expected(world)
        stayed = {str(id): f"mine of {id}" for id in ids & before}
        assert sheet.beside() == stayed | {str(id): "" for id in ids - before}
        left |= {f"mine of {id}" for id in before - ids}
        assert sheet.gone() == left
        before = ids


def test_an_update_is_chosen_and_kept() -> None:
    entity = catalog.entity("invoices")
    choice = chosen(entity, {"mode": "update", "columns": COLUMNS})
    assert isinstance(choice, EntityChoice)
    assert (choice.mode, choice.options["mode"]) == (Mode.UPDATE, "update")
    assert "mode" not in chosen(entity, {"mode": "replace"}).options
    with pytest.raises(BadRequest, match='"mode" takes replace, update, add'):
        chosen(entity, {"mode": "sometimes"})


def test_a_report_is_not_updated_by_rows() -> None:
    report = catalog.report("profit-and-loss")
    days = {"parameters": {"start_date": "2026-01-01", "end_date": "2026-01-31"}}
    assert chosen(report, days | {"mode": "history"}).options["mode"] == "history"
    for mode in ("update", "add"):
        with pytest.raises(BadRequest, match='"mode" of a report is "replace" or "history"'):
            chosen(report, days | {"mode": mode})
