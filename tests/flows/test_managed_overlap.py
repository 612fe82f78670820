"""A managed run reads on while what it has read is on its way into the spreadsheet."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from counterfoil.core.errors import QuickBooksRejected
from counterfoil.flows.managed_runs import Ended, Left, ManagedRun
from tests.flows.export_fakes import (
    ANA,
    SHEET,
    SMALL,
    FakeQuickBooks,
    Grid,
    World,
    invoices,
    start,
)

ROWS = 95  # five steps of two pages
SOON_S = 30  # for as long somebody waits only where the test fails


class Told:
    """A step's operations, as a grid takes them."""

    def __init__(self, operations: Sequence[Mapping[str, Any]]) -> None:
        self._operations = operations

    def json(self) -> str:
        return json.dumps({"operations": self._operations})


class Desk:
    """A spreadsheet; `on_write` may refuse what is about to be written."""

    def __init__(self) -> None:
        self.grid = Grid()
        self.on_write: Callable[[Sequence[str]], Mapping[str, Any] | None] = lambda ops: None
        self.threads: set[threading.Thread] = set()

    def apply(self, block: str, operations: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        self.threads.add(threading.current_thread())
        if refused := self.on_write([op["op"] for op in operations]):
            return {"applied": False, "op": 0, **refused}
        self.grid.apply(Told(operations))  # type: ignore[arg-type]  # all that it reads
        return {"applied": True, "seen": {"rows": ROWS}}


def is_complete(came: Left | Ended) -> bool:
    proven = isinstance(came, Ended) and came.proof.startswith(
        f"{ROWS} rows, complete · {ROWS} sent"
    )
    return proven and came.code is None


def begun(world: World, desk: Desk, has_time: Callable[[], bool] = lambda: True) -> Left | Ended:
    first = start(world)
    desk.grid.apply(first)
    assert first.cursor is not None
    return going_on(world, desk, has_time).go_on(first.cursor)


def going_on(world: World, desk: Desk, has_time: Callable[[], bool] = lambda: True) -> ManagedRun:
    (id,) = world.records.all("exporters")
    return ManagedRun(world.exports, ANA, SHEET, id, desk, has_time, lambda seconds: None)  # type: ignore[arg-type]


def calls_of(steps: int) -> int:
    """What so many steps of a first run cost."""
    world = World(FakeQuickBooks(invoices(ROWS)), SMALL)
    for _, _ in zip(range(steps), world.steps(start(world)), strict=False):
        asked = len(world.quickbooks.asked)
    return asked


def test_the_next_step_is_asked_for_while_the_last_one_is_written() -> None:
    quickbooks, desk = FakeQuickBooks(invoices(ROWS)), Desk()
    reading, writing, known = threading.Event(), threading.Event(), calls_of(2)
    met: list[bool] = []

    def asked(call: str, number: int) -> None:
        if number > known:
            reading.set()
            met.append(writing.wait(SOON_S))

    def written(ops: Sequence[str]) -> None:
        if not met:
            writing.set()
            met.append(reading.wait(SOON_S))

    quickbooks.behave, desk.on_write = asked, written
    assert is_complete(begun(World(quickbooks, SMALL), desk))
    assert all(met)
    assert ids(desk) == [str(id) for id in range(1, ROWS + 1)]
    assert desk.threads == {threading.main_thread()}, "two never write at once"


def test_it_costs_no_call_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    for ahead in (True, False):
        quickbooks, desk = FakeQuickBooks(invoices(ROWS)), Desk()
        with monkeypatch.context() as patched:
            if not ahead:
                patched.setattr("counterfoil.flows.managed_runs._is_apart", lambda told: False)
            assert is_complete(begun(World(quickbooks, SMALL), desk))
        asked.append(sorted(quickbooks.asked))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("code", ["sheet_busy", "unreachable"])
def test_what_was_read_ahead_is_read_again_where_the_write_before_it_did_not_arrive(
    code: str,
) -> None:
    quickbooks, desk, stages = FakeQuickBooks(invoices(ROWS)), Desk(), list[str]()

    def busy(ops: Sequence[str]) -> Mapping[str, Any] | None:
        stages.extend(op for op in ops if op == "stage")
        return {"code": code, "why": "Busy."} if len(stages) == 2 else None

    desk.on_write = busy
    world = World(quickbooks, SMALL)
    left = begun(world, desk)
    assert isinstance(left, Left)
    assert world.records.only("runs")["state"] == "running"
    assert is_complete(going_on(world, desk).go_on(left.cursor))
    assert ids(desk) == [str(id) for id in range(1, ROWS + 1)]


def test_a_refusal_ahead_ends_the_run_after_the_write_and_what_arrived_is_dropped() -> None:
    quickbooks, desk, known = FakeQuickBooks(invoices(ROWS)), Desk(), calls_of(2)
    world, refused = World(quickbooks, SMALL), QuickBooksRejected("No.", intuit_code="5020")
    quickbooks.behave = lambda call, number: refused if number > known else None
    with pytest.raises(QuickBooksRejected):
        begun(world, desk)
    assert desk.grid.applied[-2:] == ["stage", "drop_stage"]
    assert desk.grid.block is None
    assert world.records.only("runs")["code"] == "quickbooks_rejected"


def test_nothing_is_asked_ahead_when_the_time_is_used_up() -> None:
    quickbooks, desk, time = FakeQuickBooks(invoices(ROWS)), Desk(), iter([True, False, False])
    left = begun(World(quickbooks, SMALL), desk, lambda: next(time))
    assert isinstance(left, Left)
    assert desk.grid.applied.count("stage") == 3
    assert len(quickbooks.asked) == calls_of(3)


def test_nothing_is_asked_ahead_of_a_look_at_what_people_did_to_the_block() -> None:
    quickbooks, desk = FakeQuickBooks(invoices(ROWS)), Desk()
    world = World(quickbooks, SMALL)
    assert is_complete(begun(world, desk))
    asked = len(quickbooks.asked)
    changed = {"code": "differs_cell", "why": "Somebody changed it."}
    desk.on_write = lambda ops: changed if "expect" in ops else None
    assert going_on(world, desk).begin() == Ended("differs_cell", "Somebody changed it.")
    assert len(quickbooks.asked) - asked == calls_of(1)


def ids(desk: Desk) -> list[Any]:
    assert desk.grid.block is not None
    return [row[0] for row in desk.grid.block[1:]]
