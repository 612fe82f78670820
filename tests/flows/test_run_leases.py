"""Two runs of one exporter: the second is told of the first, or takes over what is dead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from counterfoil.core.errors import (
    CursorExpired,
    NotFound,
    QuickBooksBusy,
    QuickBooksRejected,
    RunInProgress,
)
from counterfoil.core.people import Role
from counterfoil.flows.steps import Step
from tests.flows.export_fakes import (
    ANA,
    BEN,
    SHEET,
    SMALL,
    FakeQuickBooks,
    Grid,
    World,
    invoices,
    nothing_asked,
    start,
)


def world_of_two(rows: int = 35) -> World:
    """Ana and Ben, members of one company, in one spreadsheet."""
    world = World(FakeQuickBooks(invoices(rows)), SMALL)
    world.connections.roles[BEN.sub] = Role.REFRESHER
    return world


def operations(step: Step) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(step.json())["operations"]
    return found


def lease_of(world: World, step: Step) -> dict[str, Any]:
    return dict(world.records.all("leases")[f"run:{step.exporter_id}"])


def test_a_second_run_is_told_who_runs_it_since_when_in_its_own_time() -> None:
    world = world_of_two()
    first = start(world)
    with nothing_asked(world), pytest.raises(RunInProgress) as raised:
        world.exports.again(BEN, SHEET, first.exporter_id)
    assert raised.value.message == (
        "ana@example.com has been running this export since "
        "2026-11-22 15:30 (America/New_York). Wait until it is done."
    )
    assert raised.value.details == {
        "by": "ana@example.com",
        "since": "2026-11-22T20:30:00+00:00",
        "goes_on_at": None,
        "may_take_over": False,
    }
    assert (raised.value.code, raised.value.status) == ("run_in_progress", 409)


def test_ones_own_other_window_is_called_so() -> None:
    world = world_of_two()
    first = start(world)
    with pytest.raises(RunInProgress, match="You have been running this export since"):
        world.exports.again(ANA, SHEET, first.exporter_id)


def test_a_running_export_is_not_given_up_to_whoever_wants_to_take_over() -> None:
    world = world_of_two()
    first = start(world)
    with pytest.raises(RunInProgress):
        world.exports.again(BEN, SHEET, first.exporter_id, take_over=True)


def test_two_that_start_at_the_same_moment_do_not_both_run() -> None:
    world = world_of_two()
    first = start(world)
    world.exports.acknowledge(ANA, SHEET, first.run_id, applied=False)
    other: list[Step] = []

    def sneak_in(collection: str, id: str) -> None:
        if collection == "leases" and not other:
            world.records.before_write = lambda collection, id: None
            other.append(world.exports.again(BEN, SHEET, first.exporter_id))

    world.records.before_write = sneak_in
    with pytest.raises(RunInProgress, match="ben@example"):
        world.exports.again(ANA, SHEET, first.exporter_id)
    assert lease_of(world, first)["owner"] == other[0].run_id


def test_each_step_renews_the_lease() -> None:
    world = world_of_two(100)
    step = start(world)
    for _ in range(3):
        world.time.seconds += 170
        assert step.cursor is not None
        step = world.exports.resume(ANA, SHEET, step.cursor)
        with pytest.raises(RunInProgress):
            world.exports.again(BEN, SHEET, step.exporter_id)


@pytest.mark.parametrize("applied", [True, False])
def test_a_run_that_ended_gives_its_lease_back(applied: bool) -> None:
    world = world_of_two(5)
    first = start(world)
    with pytest.raises(RunInProgress):
        # Sent, but the sheet is still being written.
        world.exports.again(BEN, SHEET, first.exporter_id)
    world.exports.acknowledge(ANA, SHEET, first.run_id, applied=applied)
    second = world.exports.again(BEN, SHEET, first.exporter_id)
    dropped = [each["run"] for each in operations(second) if each["op"] == "drop_stage"]
    assert dropped == ([] if applied else [first.run_id])  # it may have got stuck before


def test_a_run_that_failed_gives_its_lease_back() -> None:
    world = world_of_two(5)
    first = start(world)
    world.exports.acknowledge(ANA, SHEET, first.run_id, applied=True)
    world.quickbooks.behave = lambda call, number: QuickBooksRejected("No.")
    for _ in range(2):
        with pytest.raises(QuickBooksRejected):
            world.exports.again(BEN, SHEET, first.exporter_id)


def test_a_first_run_that_failed_leaves_no_lease_behind() -> None:
    world = world_of_two(5)
    world.quickbooks.behave = lambda call, number: QuickBooksRejected("No.")
    with pytest.raises(QuickBooksRejected):
        start(world)
    assert world.records.all("leases") == {}


def test_a_dead_run_is_taken_over_and_its_stage_dropped_first() -> None:
    world = world_of_two()
    grid = Grid()
    dead = start(world)
    grid.apply(dead)
    assert grid.stage
    world.time.seconds += 181
    second = world.exports.again(BEN, SHEET, dead.exporter_id)
    assert operations(second)[0] == {"op": "drop_stage", "run": dead.run_id}
    assert world.records.all("runs")[dead.run_id]["code"] == "taken_over"
    step = second
    grid.apply(step)
    while step.cursor is not None:
        step = world.exports.resume(BEN, SHEET, step.cursor)
        assert {"op": "drop_stage", "run": dead.run_id} not in operations(step)
        grid.apply(step)
    assert grid.block is not None
    assert len(grid.block) == 36


def test_a_run_that_was_taken_over_cannot_go_on() -> None:
    world = world_of_two()
    dead = start(world)
    world.time.seconds += 181
    second = world.exports.again(BEN, SHEET, dead.exporter_id)
    assert dead.cursor is not None
    with nothing_asked(world), pytest.raises(CursorExpired):
        world.exports.resume(ANA, SHEET, dead.cursor)
    assert lease_of(world, second)["owner"] == second.run_id


def test_a_run_whose_lease_ran_out_goes_on_while_nobody_wants_it() -> None:
    world = world_of_two()
    step = start(world)
    world.time.seconds += 3_600
    assert step.cursor is not None
    assert world.exports.resume(ANA, SHEET, step.cursor).proof is not None


def test_the_stages_of_all_dead_runs_are_dropped_until_one_has_come_through() -> None:
    world = world_of_two()
    runs = [start(world)]
    for _ in range(2):
        world.time.seconds += 181
        runs.append(world.exports.again(ANA, SHEET, runs[0].exporter_id))
    dropped = [each["run"] for each in operations(runs[2]) if each["op"] == "drop_stage"]
    assert dropped == [runs[0].run_id, runs[1].run_id]
    (*_, last) = world.steps(runs[2])
    world.exports.acknowledge(ANA, SHEET, last.run_id, applied=True)
    after = world.exports.again(ANA, SHEET, last.exporter_id)
    assert "drop_stage" not in [each["op"] for each in operations(after)]


def test_a_run_that_must_wait_longer_than_its_lease_is_parked() -> None:
    world = world_of_two()
    busy = QuickBooksBusy("Wait.", wait_s=600, status=503)
    world.quickbooks.behave = lambda call, number: busy if number == 1 else None
    parked = start(world)
    assert parked.wait_s == 600
    world.time.seconds += 300
    with nothing_asked(world), pytest.raises(RunInProgress) as raised:
        world.exports.again(BEN, SHEET, parked.exporter_id)
    assert raised.value.message == (
        "ana@example.com’s run of this export, begun 2026-11-22 15:30 (America/New_York), is "
        "parked and goes on at 2026-11-22 15:40 (America/New_York). Wait for it, or take it over."
    )
    assert raised.value.details["may_take_over"] is True
    taken = world.exports.again(BEN, SHEET, parked.exporter_id, take_over=True)
    assert operations(taken)[0] == {"op": "drop_stage", "run": parked.run_id}
    assert parked.cursor is not None
    with pytest.raises(CursorExpired):
        world.exports.resume(ANA, SHEET, parked.cursor)


def test_the_trigger_parks_a_run_and_its_next_step_takes_it_up_again() -> None:
    world = world_of_two()
    step = start(world)
    world.exports.park(ANA, SHEET, step.run_id, wait_s=3_600)
    world.time.seconds += 3_600
    with pytest.raises(RunInProgress, match="parked and goes on at"):
        world.exports.again(BEN, SHEET, step.exporter_id)
    assert step.cursor is not None
    step = world.exports.resume(ANA, SHEET, step.cursor)
    assert lease_of(world, step)["parked_until"] is None
    with pytest.raises(RunInProgress, match="has been running"):
        world.exports.again(BEN, SHEET, step.exporter_id)


def test_who_looks_at_the_list_is_told_of_what_is_running_and_of_what_is_parked() -> None:
    world = world_of_two()
    step = start(world)
    running = {"by": "ana@example.com", "since": "2026-11-22T20:30:00+00:00", "goes_on_at": None}
    assert world.exports.alive(step.exporter_id) == running
    world.exports.park(ANA, SHEET, step.run_id, wait_s=3_600)
    parked = running | {"goes_on_at": "2026-11-22T21:30:00+00:00"}
    assert world.exports.alive(step.exporter_id) == parked
    world.time.seconds += 3_780
    assert world.exports.alive(step.exporter_id) is None
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=False)
    assert world.exports.alive(step.exporter_id) is None


def test_a_parked_run_that_does_not_come_back_is_dead_three_minutes_later() -> None:
    world = world_of_two()
    step = start(world)
    world.exports.park(ANA, SHEET, step.run_id, wait_s=600)
    world.time.seconds += 779
    with pytest.raises(RunInProgress):
        world.exports.again(BEN, SHEET, step.exporter_id)
    world.time.seconds += 1
    assert world.exports.again(BEN, SHEET, step.exporter_id).rows == 20


def test_only_ones_own_living_run_can_be_parked() -> None:
    world = world_of_two()
    step = start(world)
    with pytest.raises(NotFound):
        world.exports.park(BEN, SHEET, step.run_id, wait_s=60)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=False)
    with pytest.raises(CursorExpired):
        world.exports.park(ANA, SHEET, step.run_id, wait_s=60)


def test_each_run_signs_with_a_higher_fence_than_the_one_before() -> None:
    world = world_of_two(rows=5)
    first = start(world)
    signed = [op["fence"] for op in operations(first) if "fence" in op]
    assert signed == [1, 1, 1]  # looking at the block, writing, done
    world.exports.acknowledge(ANA, SHEET, first.run_id, applied=True, rows_seen=5)
    second = world.exports.again(BEN, SHEET, first.exporter_id)
    assert [op["fence"] for op in operations(second) if "fence" in op] == [2, 2, 2]


def test_a_run_of_many_steps_keeps_its_fence() -> None:
    world = world_of_two()
    step = start(world)
    while step.cursor is not None:
        step = world.exports.resume(ANA, SHEET, step.cursor)
    assert {op["fence"] for op in operations(step) if "fence" in op} == {1}
