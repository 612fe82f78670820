"""Reports over the sandbox, which may say that they are too large for one answer."""

from __future__ import annotations

from typing import Any

from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.flows.steps import Step
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import ANA, CONNECTION, SHEET, FakeQuickBooks, Grid, World
from tests.flows.test_export_over_sandbox import SandboxTokens

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


BY_MONTH = YEAR | {"summarize_column_by": "Month"}


UNABLE = "unable_to_display"


TO_DATE = {"start_date": "2026-01-01", "end_date": "2026-05-20"}


def world_over(sandbox: IntuitSandbox) -> World:
    world = World(FakeQuickBooks())
    world.tokens = SandboxTokens(sandbox)  # type: ignore[assignment]
    world.quickbooks = QuickBooksApi(  # type: ignore[assignment]  # the real one fits the port
        sandbox.url, clock=world.time.now
    )
    world.__post_init__()
    return world


def profit_and_loss(world: World, parameters: dict[str, str]) -> Step:
    report = catalog.report("profit-and-loss")
    options = {"parameters": parameters}
    return world.exports.start(
        ANA, SHEET, connection_id=CONNECTION, dataset=report, options=options, tab=None
    )


def started(world: World, dataset: str, parameters: dict[str, str]) -> Step:
    return world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.report(dataset),
        options={"parameters": parameters},
        tab=None,
    )


def compared(world: World) -> Step:
    return world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.report("profit-and-loss"),
        options={"parameters": TO_DATE, "compare": "same_period_last_year"},
        tab=None,
    )


def block(step: Step) -> list[list[Any]]:
    grid = Grid()
    grid.apply(step)
    assert grid.block is not None
    return grid.block
