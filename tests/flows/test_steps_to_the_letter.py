"""What design.md says of a step, in its own numbers."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from counterfoil.adapters import quickbooks_api
from counterfoil.core.errors import CursorExpired
from counterfoil.flows import cursors, pace, run_leases
from counterfoil.flows.limits import Limits
from counterfoil.flows.steps import Step
from counterfoil.settings import Settings
from tests.flows.export_fakes import (
    ANA,
    SHEET,
    SMALL,
    FakeQuickBooks,
    World,
    invoices,
    nothing_asked,
    start,
)


def cells(step: Step) -> int:
    """Of data that one step carries."""
    stages = [op for op in json.loads(step.json())["operations"] if op["op"] == "stage"]
    return sum(
        len(op["columns"]) * (len(op["rows"]) - (op["header_rows"] if op["row"] == 0 else 0))
        for op in stages
    )


def test_the_numbers_are_those_of_the_design() -> None:
    assert (pace.STEP_SECONDS, pace.PATIENCE_SECONDS) == (20.0, 5.0)
    assert (quickbooks_api.PAGE_SECONDS, quickbooks_api.REPORT_SECONDS) == (60.0, 110.0)
    assert quickbooks_api.LARGEST_ANSWER == 20 * 1024 * 1024
    assert timedelta(hours=2) == cursors.LIFE
    assert timedelta(minutes=3) == run_leases.LEASE
    assert Settings.__dataclass_fields__["max_cells"].default == 1_000_000


def test_a_step_carries_a_hundred_thousand_cells_at_most() -> None:
    world = World(FakeQuickBooks(invoices(45_000)))
    steps = list(world.steps(start(world)))
    assert [cells(step) for step in steps] == [100_000, 100_000, 25_000]


def test_one_answer_of_quickbooks_is_carried_even_where_it_is_more() -> None:
    world = World(FakeQuickBooks(invoices(25)), Limits(page=10, cells_per_step=1))
    assert [cells(step) for step in world.steps(start(world))] == [50, 50, 25]


def test_a_cursor_lives_two_hours_from_the_step_that_issued_it_not_from_the_first() -> None:
    world = World(FakeQuickBooks(invoices(100)), SMALL)
    step = start(world)
    for _ in range(4):
        world.time.seconds += 7_100
        assert step.cursor is not None
        step = world.exports.resume(ANA, SHEET, step.cursor)
    assert step.rows > 60


def test_an_export_that_was_changed_meanwhile_is_not_gone_on_with() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    step = start(world)
    held = world.records.get("exporters", step.exporter_id)
    assert held is not None
    world.records.replace(held, {**held.data, "revision": 2})
    assert step.cursor is not None
    with nothing_asked(world), pytest.raises(CursorExpired, match="changed during the run") as over:
        world.exports.resume(ANA, SHEET, step.cursor)
    assert over.value.details["ended"] is True
