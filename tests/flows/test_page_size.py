"""Pages that QuickBooks cannot send whole are asked for in smaller ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from counterfoil.core import faults
from counterfoil.core.errors import AppError, QuickBooksBusy, QuickBooksRejected
from counterfoil.core.faults import Fault
from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import FakeQuickBooks, Grid, World, invoices, whole

BAD_RECORD = faults.error(400, Fault("4002", "ValidationFault"))
TIMED_OUT = faults.unreachable(timed_out=True)
LIMITS = Limits(page=400, cells_per_step=100_000)


def span(call: str) -> range | None:
    """The positions that a page asks for; None for a COUNT."""
    found = re.search(r"STARTPOSITION (\d+) MAXRESULTS (\d+)$", call)
    return range(int(found[1]), int(found[1]) + int(found[2])) if found else None


def failing_at(
    position: int, error: AppError, larger_than: int = 0
) -> Callable[[str, int], AppError | None]:
    def behave(call: str, number: int) -> AppError | None:
        pages = span(call)
        bad = pages is not None and position in pages and len(pages) > larger_than
        return error if bad else None

    return behave


def test_a_damaged_record_is_named_by_the_ids_around_it_and_nothing_is_written() -> None:
    quickbooks = FakeQuickBooks(invoices(1_500), behave=failing_at(777, BAD_RECORD))
    grid = Grid()
    with pytest.raises(QuickBooksRejected) as raised:
        whole(World(quickbooks, LIMITS), grid)
    assert grid.block is None
    details = raised.value.details
    after, before = int(str(details["after_id"])), int(str(details["before_id"]))
    assert after < 777 < before
    assert before - after <= 11
    assert f"after Id {after} and before Id {before}" in raised.value.message
    # Two whole pages and those in flight beside them, COUNT, two calls a halving, two for the Ids.
    assert len(quickbooks.asked) <= 4 + 1 + 2 * 6 + 2


@pytest.mark.parametrize("position", [1, 5, 1_500])
def test_a_damaged_record_at_an_edge_is_found_too(position: int) -> None:
    quickbooks = FakeQuickBooks(invoices(1_500), behave=failing_at(position, BAD_RECORD))
    with pytest.raises(QuickBooksRejected) as raised:
        whole(World(quickbooks, LIMITS))
    details = raised.value.details
    assert (details["after_id"] is None) == (position < 10)
    assert (details["before_id"] is None) == (position == 1_500)


def test_a_record_that_could_not_be_read_only_once_costs_a_few_smaller_pages() -> None:
    behave = failing_at(777, BAD_RECORD)
    hit: list[str] = []

    def once(call: str, number: int) -> AppError | None:
        error = None if hit else behave(call, number)
        hit.extend([call] if error else [])
        return error

    quickbooks = FakeQuickBooks(invoices(1_500), behave=once)
    grid, step = whole(World(quickbooks, replace(LIMITS, in_flight=1)))
    assert step.proof is not None
    assert grid.block is not None
    assert len({row[0] for row in grid.block[1:]}) == 1_500
    sizes = [len(pages) for call in quickbooks.asked if (pages := span(call))]
    assert sizes == [400, 400, 200, 200, 400, 400]


def test_pages_that_time_out_are_halved_and_stay_so_from_step_to_step() -> None:
    quickbooks = FakeQuickBooks(
        invoices(1_500),
        behave=lambda call, number: TIMED_OUT if len(span(call) or ()) > 100 else None,
    )
    grid, step = whole(World(quickbooks, replace(LIMITS, cells_per_step=2_000)))
    assert step.proof is not None
    assert grid.block is not None
    assert len({row[0] for row in grid.block[1:]}) == 1_500
    sizes = [len(pages) for call in quickbooks.asked if (pages := span(call))]
    assert sizes[:2] == [400, 200]
    assert set(sizes[2:]) == {100}


def test_a_step_that_timed_out_without_a_row_still_hands_the_smaller_page_on() -> None:
    quickbooks = FakeQuickBooks(
        invoices(390),
        behave=lambda call, number: TIMED_OUT if len(span(call) or ()) > 200 else None,
    )
    world = World(quickbooks, LIMITS)
    # Each call takes a minute: no step has time for a second one.
    quickbooks.time, quickbooks.seconds_per_call = world.time, 60.0
    grid, step = whole(world)
    assert step.rows == 390
    assert grid.block is not None
    sizes = [len(pages) for call in quickbooks.asked if (pages := span(call))]
    assert sizes == [400, 200, 200]


def test_time_outs_of_the_smallest_page_end_the_run_after_two_pauses() -> None:
    quickbooks = FakeQuickBooks(invoices(3), behave=lambda call, number: TIMED_OUT)
    with pytest.raises(QuickBooksBusy):
        whole(World(quickbooks, LIMITS))
    # 400, 200, 100, 50, 25, 12, 10 in one step; then 10 in three more.
    assert len(quickbooks.asked) == 10
