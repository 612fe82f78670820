"""A step and its twin: a tab that was closed, or a trigger that came early, asks for it again while
the first is still under way, or after people worked in what it wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from counterfoil.adapters.google_sheets import SheetsWriter
from counterfoil.core.errors import CursorExpired, QuickBooksBusy, QuickBooksRejected
from counterfoil.flows.steps import Step
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import workbook_of
from tests.direct_sheets import Line, client_of
from tests.flows.export_fakes import ANA, SHEET, SMALL, FakeQuickBooks, World, invoices, start


def operations(step: Step) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(step.json())["operations"]
    return found


def test_a_first_run_whose_last_step_comes_again_stops_at_what_a_person_changed() -> None:
    def busy_first(call: str, number: int) -> Any:
        return QuickBooksBusy("Later.", wait_s=60) if number == 1 else None

    world = World(FakeQuickBooks(invoices(5), behave=busy_first), SMALL)
    first = start(world)
    assert first.cursor is not None
    with GoogleSandbox() as google:
        book = workbook_of({"tabs": [{"title": "Sheet1"}]})
        google.workbooks[book.id] = book
        writer = SheetsWriter(client_of(Line(google.sheets)), book.id, retries=0)
        last = world.exports.resume(ANA, SHEET, first.cursor)
        assert writer.apply(last.block, operations(last))["applied"]
        # The tab dies before it tells, and a person corrects a cell; then there is one more row.
        tab = book.tabs[1]
        tab.write(1, 1, [["MINE"]])
        world.quickbooks.records = invoices(6)
        again = world.exports.resume(ANA, SHEET, first.cursor)
        report = writer.apply(again.block, operations(again))
    assert (report["applied"], report["code"]) == (False, "differs_cell")
    assert report["cell"].endswith("!B2")


def stepped(world: World) -> tuple[Step, str]:
    """The last step of a run, and the cursor that led to it."""
    step, cursor = start(world), ""
    while step.cursor is not None:
        cursor = step.cursor
        step = world.exports.resume(ANA, SHEET, cursor)
    return step, cursor


def acknowledged_under_way(world: World, run_id: str, more: Callable[[], Any]) -> None:
    """The next call meets a run that its twin has just completed."""
    begun = len(world.quickbooks.asked)

    def behave(call: str, number: int) -> Any:
        if number == begun + 1:
            world.exports.acknowledge(ANA, SHEET, run_id, applied=True, rows_seen=35)
            return more()
        return None

    world.quickbooks.behave = behave


def test_a_run_that_was_acknowledged_meanwhile_is_not_sent_again() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    step, cursor = stepped(world)
    acknowledged_under_way(world, step.run_id, lambda: None)
    with pytest.raises(CursorExpired, match="This run is over") as raised:
        world.exports.resume(ANA, SHEET, cursor)
    assert raised.value.details["ended"] is True
    assert world.records.only("runs")["state"] == "applied"
    assert world.records.only("exporters")["last_run"]["state"] == "applied"


def test_a_twin_that_fails_takes_no_completed_run_back() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    step, cursor = stepped(world)
    acknowledged_under_way(world, step.run_id, lambda: QuickBooksRejected("no"))
    with pytest.raises(QuickBooksRejected):
        world.exports.resume(ANA, SHEET, cursor)
    run = world.records.only("runs")
    assert (run["state"], run["verdict"]) == ("applied", "PASS")
    assert world.records.only("exporters")["last_run"]["verdict"] == "PASS"
