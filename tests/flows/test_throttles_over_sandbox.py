"""Exports over HTTP from a QuickBooks that keeps its limits: none is passed, all arrives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.core.errors import BudgetSpent
from counterfoil.flows.limits import Limits
from counterfoil.flows.pace import PATIENCE_SECONDS
from counterfoil.flows.steps import Step
from sandbox.intuit.generator import GeneratedBooks
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import (
    ANA,
    CONNECTION,
    REALM,
    SHEET,
    CountedRecords,
    FakeQuickBooks,
    Grid,
    World,
)
from tests.flows.test_export_over_sandbox import SandboxTokens

COUNT = 2_150
PAGES = 60
LIMITS = Limits(page=-(-COUNT // PAGES), cells_per_step=10_000)


class SandboxTime:
    """The sandbox's own clock, which sleeping moves on: both sides measure the same time."""

    def __init__(self, sandbox: IntuitSandbox) -> None:
        self._clock = sandbox.clock
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self._clock().timestamp()

    def now(self) -> datetime:
        return self._clock()

    def sleep(self, seconds: float) -> None:
        until = self._clock() + timedelta(seconds=seconds)
        with self._lock:
            self._clock.advance(max(timedelta(0), until - self._clock()))


@pytest.fixture(scope="module")
def large() -> Iterator[IntuitSandbox]:
    books = GeneratedBooks(REALM, "Large", invoices=COUNT)
    with IntuitSandbox(books=books, throttles=True) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(large: IntuitSandbox) -> IntuitSandbox:
    large.reset()
    large.throttle.reset()
    large.throttle.on = True
    return large


def process(sandbox: IntuitSandbox, records: CountedRecords) -> World:
    """A backend process of its own; only the records are shared."""
    time = SandboxTime(sandbox)
    world = World(FakeQuickBooks(), LIMITS, paced=True, records=records)
    world.time = time  # type: ignore[assignment]  # has all that is used of it
    world.quickbooks = QuickBooksApi(  # type: ignore[assignment]  # the real one fits the port
        sandbox.url, clock=time.now, sleep=time.sleep
    )
    world.tokens = SandboxTokens(sandbox)  # type: ignore[assignment]
    world.__post_init__()
    return world


def exported(world: World, grid: Grid) -> Step:
    step = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity("invoices"),
        options={},
        tab=None,
    )
    grid.apply(step)
    while step.cursor is not None:
        world.time.sleep(step.wait_s)
        step = world.exports.resume(ANA, SHEET, step.cursor)
        grid.apply(step)
    return step


def unobeyed(sandbox: IntuitSandbox) -> int:
    """Calls that began within the minute after a refusal, those on their way already aside: a
    thread that sleeps meanwhile moves the time under them by up to a step's patience.
    """
    calls = sandbox.calls.all("", REALM)
    refused = [call.at for call in calls if call.status == 429]
    return sum(
        timedelta(seconds=PATIENCE_SECONDS + 1) < call.at - at < timedelta(seconds=60)
        for at in refused
        for call in calls
    )


def test_an_export_of_sixty_pages_comes_through_a_throttled_quickbooks(
    sandbox: IntuitSandbox,
) -> None:
    grid = Grid()
    step = exported(process(sandbox, CountedRecords()), grid)
    assert grid.block is not None
    assert len({row[0] for row in grid.block[1:]}) == COUNT
    assert step.calls >= PAGES + 1
    assert unobeyed(sandbox) == 0


def test_two_processes_share_the_limits_of_one_company(sandbox: IntuitSandbox) -> None:
    records = CountedRecords()
    grids = [Grid(), Grid()]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda grid: exported(process(sandbox, records), grid), grids))
    for grid in grids:
        assert grid.block is not None
        assert len(grid.block) == COUNT + 1
    assert records.all("budgets")[REALM]["calls"] == len(sandbox.calls.all("", REALM))


def test_another_app_that_uses_the_limit_up_costs_a_minute_and_no_row(
    sandbox: IntuitSandbox,
) -> None:
    sandbox.inject("throttle", realm_id=REALM, after=20)
    grid = Grid()
    exported(process(sandbox, CountedRecords()), grid)
    assert grid.block is not None
    assert len(grid.block) == COUNT + 1
    assert [call.status for call in sandbox.calls.all("", REALM)].count(429) >= 1
    assert unobeyed(sandbox) == 0


def test_a_month_that_is_blocked_is_found_out_with_three_calls(sandbox: IntuitSandbox) -> None:
    sandbox.inject("throttle", realm_id=REALM, times=None)
    world = process(sandbox, CountedRecords())
    with pytest.raises(BudgetSpent, match="try once an hour"):
        exported(world, Grid())
    assert [call.status for call in sandbox.calls.all("", REALM)] == [429, 429, 429]
    assert unobeyed(sandbox) == 0
    with pytest.raises(BudgetSpent):
        exported(world, Grid())
    assert len(sandbox.calls.all("", REALM)) == 3
