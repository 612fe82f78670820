"""Exports over HTTP from the simulated QuickBooks, with everything that goes wrong there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.core.errors import PlanLacks, QuickBooksRejected, ReconnectRequired, ReportTooLarge
from counterfoil.flows.steps import Step
from sandbox.intuit.generator import GeneratedBooks
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import (
    ANA,
    CONNECTION,
    REALM,
    SHEET,
    FakeQuickBooks,
    Grid,
    World,
)

COUNT = 2_150
YEAR = {"start_date": "2024-01-01", "end_date": "2026-12-31"}


class SandboxTokens:
    def __init__(self, sandbox: IntuitSandbox) -> None:
        self._sandbox = sandbox
        self.held = sandbox.grant(REALM).access
        self.refused: list[str] = []

    def for_connection(self, connection_id: str) -> str:
        return self.held

    def after_refusal(self, connection_id: str, refused: str) -> str:
        self.refused.append(refused)
        self.held = self._sandbox.grant(REALM).access
        return self.held

    def after_denial(self, connection_id: str, token: str) -> bool:
        return False

    def after_read(self, connection_id: str, token: str) -> None:
        """Nobody was denied."""


@pytest.fixture(scope="module")
def large() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(books=GeneratedBooks(REALM, "Large", invoices=COUNT)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(large: IntuitSandbox) -> IntuitSandbox:
    large.reset()
    return large


def world_over(sandbox: IntuitSandbox) -> World:
    world = World(FakeQuickBooks())
    world.quickbooks = QuickBooksApi(  # type: ignore[assignment]  # the real one fits the port
        sandbox.url, clock=world.time.now, sleep=world.time.sleep
    )
    world.tokens = SandboxTokens(sandbox)  # type: ignore[assignment]
    world.__post_init__()
    return world


def exported(world: World, grid: Grid) -> Step:
    first = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity("invoices"),
        options={"columns": None},
        tab=None,
    )
    for step in world.steps(first):
        grid.apply(step)
    return step


def test_every_invoice_arrives_once_with_few_calls(sandbox: IntuitSandbox) -> None:
    grid = Grid()
    step = exported(world_over(sandbox), grid)
    assert grid.block is not None
    ids = [row[0] for row in grid.block[1:]]
    assert len(ids) == len(set(ids)) == COUNT
    assert step.proof is not None
    assert (step.proof.verdict, step.proof.counted) == ("PASS", COUNT)
    # The first page, COUNT, two pages, CDC; the server counts the same.
    assert step.calls == 5
    assert len(sandbox.calls.all("", REALM)) == 5


@pytest.mark.parametrize("kind", ["500", "503", "gateway_504", "drop", "drop_before", "html"])
def test_a_passing_trouble_costs_nothing_but_a_call(sandbox: IntuitSandbox, kind: str) -> None:
    sandbox.inject(kind, realm_id=REALM, after=2, times=2)
    grid = Grid()
    step = exported(world_over(sandbox), grid)
    assert grid.block is not None
    assert len(grid.block) == COUNT + 1
    assert step.calls == 7


def test_a_token_that_expires_between_pages_is_renewed_in_between(sandbox: IntuitSandbox) -> None:
    sandbox.inject("expired_token", realm_id=REALM, after=2, times=1)
    world = world_over(sandbox)
    step = exported(world, Grid())
    assert len(world.tokens.refused) == 1
    assert step.calls == 6


def test_a_throttle_comes_back_as_a_wait_and_then_goes_on(sandbox: IntuitSandbox) -> None:
    sandbox.inject("throttle", realm_id=REALM, after=2, times=2)
    world = world_over(sandbox)
    grid = Grid()
    first = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity("invoices"),
        options={},
        tab=None,
    )
    assert first.wait_s == 60
    for step in world.steps(first):
        grid.apply(step)
    assert grid.block is not None
    assert len({row[0] for row in grid.block[1:]}) == COUNT


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("4002", QuickBooksRejected),
        ("5020", PlanLacks),
        ("5030", PlanLacks),
        ("6190", PlanLacks),
        ("120", ReconnectRequired),
    ],
)
@pytest.mark.parametrize("after", [0, 1, 3, 4])
def test_a_call_that_fails_for_good_writes_nothing(
    sandbox: IntuitSandbox, kind: str, raised: type[Exception], after: int
) -> None:
    sandbox.inject(kind, realm_id=REALM, after=after, times=None)
    grid = Grid()
    with pytest.raises(raised):
        exported(world_over(sandbox), grid)
    assert grid.block is None


def test_a_report_too_large_is_read_in_parts_or_refused(sandbox: IntuitSandbox) -> None:
    world = world_over(sandbox)

    def read(report: str) -> Step:
        return world.exports.start(
            ANA,
            SHEET,
            connection_id=CONNECTION,
            dataset=catalog.report(report),
            options={"parameters": YEAR},
            tab=None,
        )

    whole = read("profit-and-loss")
    assert whole.proof is not None
    assert whole.proof.verdict == "PASS"
    sandbox.inject("unable_to_display", realm_id=REALM, path="reports")
    parts = read("profit-and-loss")
    assert parts.proof is not None
    assert parts.proof.verdict == "PASS"
    assert (parts.proof.rows, parts.proof.totals) == (whole.proof.rows, whole.proof.totals)
    # Balances of parts of a period are no balances of the whole.
    sandbox.inject("unable_to_display", realm_id=REALM, path="reports")
    with pytest.raises(ReportTooLarge):
        read("balance-sheet")
