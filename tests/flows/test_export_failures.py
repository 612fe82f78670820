"""Runs that meet trouble: nothing is written, or the same place comes back later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.core.errors import (
    AppError,
    ConnectionPaused,
    CursorExpired,
    ExportTooLarge,
    IncompleteRead,
    QuickBooksBusy,
    QuickBooksRejected,
    ReconnectRequired,
    ServiceUnavailable,
)
from counterfoil.flows.runs import short
from tests.flows.export_fakes import (
    ANA,
    SHEET,
    SMALL,
    FakeQuickBooks,
    Grid,
    World,
    encoded,
    invoices,
    start,
    whole,
)

REFUSED = QuickBooksRejected("The plan lacks it.", intuit_code="5020")


@pytest.mark.parametrize("failing", range(1, 8))
def test_a_call_that_fails_for_good_writes_nothing_wherever_it_happens(failing: int) -> None:
    quickbooks = FakeQuickBooks(
        invoices(45), behave=lambda call, number: REFUSED if number == failing else None
    )
    world = World(quickbooks, SMALL)
    grid = Grid()
    with pytest.raises(QuickBooksRejected) as raised:
        whole(world, grid)
    assert raised.value is REFUSED
    assert grid.block is None
    assert "commit" not in grid.applied
    run = world.records.only("runs")
    assert (run["state"], run["code"]) == ("failed", "quickbooks_rejected")


def test_a_row_that_appears_without_a_word_from_quickbooks_stops_the_run() -> None:
    quickbooks = FakeQuickBooks(invoices(35))
    world = World(quickbooks, SMALL)
    grid, step = Grid(), start(world)
    grid.apply(step)
    quickbooks.records = invoices(36)
    assert step.cursor is not None
    with pytest.raises(IncompleteRead, match="counted 35 rows but sent 36"):
        world.exports.resume(ANA, SHEET, step.cursor)
    assert grid.block is None


def test_a_row_that_is_missing_from_a_page_stops_the_run() -> None:
    records = invoices(35)
    quickbooks = FakeQuickBooks(
        records,
        pages=lambda start, size: [
            record for record in records[start - 1 : start - 1 + size] if record["Id"] != "17"
        ],
    )
    with pytest.raises(IncompleteRead, match="counted 35 rows but sent 34"):
        whole(World(quickbooks, SMALL))


def test_a_first_export_that_fails_leaves_no_exporter_behind() -> None:
    world = World(FakeQuickBooks(behave=lambda call, number: REFUSED))
    with pytest.raises(QuickBooksRejected):
        start(world)
    assert world.records.all("exporters") == {}
    assert len(world.records.all("runs")) == 1


def test_a_later_run_that_fails_is_noted_and_its_exporter_kept() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    made = start(world)
    world.exports.acknowledge(ANA, SHEET, made.run_id, applied=True)
    world.quickbooks.behave = lambda call, number: REFUSED
    with pytest.raises(QuickBooksRejected):
        world.exports.again(ANA, SHEET, made.exporter_id)
    (listed,) = world.exports.in_sheet(SHEET)
    assert listed.last_run is not None
    assert (listed.last_run["state"], listed.last_run["code"]) == ("failed", "quickbooks_rejected")


@pytest.mark.parametrize(
    "trouble", [ReconnectRequired("Please reconnect."), ConnectionPaused("It is paused.")]
)
def test_a_connection_that_gives_no_token_ends_the_run_in_its_own_words(trouble: AppError) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    world.tokens.trouble = trouble
    with pytest.raises(type(trouble)):
        start(world)
    assert world.quickbooks.asked == []


def test_an_export_over_the_cap_is_refused_with_its_size_before_anything_is_written() -> None:
    world = World(FakeQuickBooks(invoices(35)), replace(SMALL, max_cells=100))
    with pytest.raises(ExportTooLarge, match=r"35 rows of 5 columns, 180 cells; .* 100\."):
        start(world)
    assert len(world.quickbooks.asked) == 2


def test_a_busy_quickbooks_gives_the_same_place_back_with_a_wait() -> None:
    busy = QuickBooksBusy("Wait.", wait_s=60, status=429)
    quickbooks = FakeQuickBooks(
        invoices(45), behave=lambda call, number: busy if number in (1, 5) else None
    )
    world = World(quickbooks, SMALL)
    grid = Grid()
    seen = []
    for step in world.steps(start(world)):
        grid.apply(step)
        seen.append((step.wait_s, step.rows))
    # Refused at once; then on the second step's first page: nothing of that step counts.
    assert seen == [(60, 0), (0, 20), (60, 20), (0, 40), (0, 45)]
    assert grid.block is not None
    assert len(grid.block) == 46
    assert "pause of 60 s" in start(World(FakeQuickBooks(behave=lambda *_: busy))).message


def test_pages_before_a_busy_one_are_kept() -> None:
    busy = QuickBooksBusy("Wait.", wait_s=10, status=503)
    refused: list[str] = []

    def behave(call: str, number: int) -> AppError | None:
        if "STARTPOSITION 41" in call and not refused:
            refused.append(call)
            return busy
        return None

    world = World(FakeQuickBooks(invoices(45), behave=behave), SMALL)
    grid = Grid()
    steps = list(world.steps(start(world)))
    for step in steps:
        grid.apply(step)
    assert [(step.rows, step.wait_s) for step in steps] == [(20, 0), (40, 0), (40, 10), (45, 0)]
    assert grid.block is not None
    assert len(grid.block) == 46


def test_a_quickbooks_that_stays_busy_ends_the_run_after_two_pauses() -> None:
    busy = QuickBooksBusy("Wait.", wait_s=60, status=429)
    world = World(FakeQuickBooks(behave=lambda call, number: busy))
    step = start(world)
    for _ in range(1):
        assert step.cursor is not None
        step = world.exports.resume(ANA, SHEET, step.cursor)
    assert step.cursor is not None
    with pytest.raises(QuickBooksBusy, match="monthly allowance"):
        world.exports.resume(ANA, SHEET, step.cursor)
    run = world.records.only("runs")
    assert (run["state"], run["calls"]) == ("failed", 3)


def test_an_error_that_ended_its_run_says_so_and_what_is_left_to_run_again() -> None:
    world = World(FakeQuickBooks(behave=lambda call, number: REFUSED))
    with pytest.raises(QuickBooksRejected) as raised:
        start(world)
    (run_id,) = world.records.all("runs")
    assert raised.value.details == {
        "intuit_code": "5020", "ended": True, "run_id": run_id, "run_short": short(run_id),
        "exporter_id": None,
    }  # fmt: skip
    world = World(FakeQuickBooks(invoices(3)))
    made = start(world)
    world.exports.acknowledge(ANA, SHEET, made.run_id, applied=True)
    world.quickbooks.behave = lambda call, number: ReconnectRequired("Please reconnect.")
    with pytest.raises(ReconnectRequired) as again:
        world.exports.again(ANA, SHEET, made.exporter_id)
    assert again.value.details["exporter_id"] == made.exporter_id


def test_a_run_that_is_over_says_so_however_its_cursor_comes_back() -> None:
    world = World(FakeQuickBooks(invoices(45)), SMALL)
    step = start(world)
    assert step.cursor is not None
    world.time.seconds += 3 * 3600
    with pytest.raises(CursorExpired) as late:
        world.exports.resume(ANA, SHEET, step.cursor)
    assert late.value.details["run_id"] == step.run_id
    assert late.value.details["exporter_id"] == step.exporter_id
    world.time.seconds = 0
    world.quickbooks.behave = lambda call, number: ReconnectRequired("Please reconnect.")
    with pytest.raises(ReconnectRequired):
        world.exports.resume(ANA, SHEET, step.cursor)
    with pytest.raises(CursorExpired, match="This run is over") as over:
        world.exports.resume(ANA, SHEET, step.cursor)
    assert over.value.details["ended"] is True


def test_a_store_that_is_away_for_a_moment_does_not_end_a_run_that_can_go_on() -> None:
    away = ServiceUnavailable("The store cannot be reached.")
    world = World(FakeQuickBooks(invoices(45)), SMALL)
    grid, step = Grid(), start(world)
    grid.apply(step)
    assert step.cursor is not None
    world.tokens.trouble = away
    with pytest.raises(ServiceUnavailable):
        world.exports.resume(ANA, SHEET, step.cursor)
    assert away.details == {}
    world.tokens.trouble = None
    for each in world.steps(world.exports.resume(ANA, SHEET, step.cursor)):
        grid.apply(each)
    assert grid.block is not None
    assert len(grid.block) == 46


def test_a_store_that_is_away_at_the_beginning_leaves_no_exporter_behind() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    world.tokens.trouble = ServiceUnavailable("The store cannot be reached.")
    with pytest.raises(ServiceUnavailable) as raised:
        start(world)
    assert raised.value.details["ended"] is True
    assert world.records.all("exporters") == {}


def test_a_page_that_is_no_page_ends_without_a_table() -> None:
    world = World(FakeQuickBooks(behave=lambda call, number: encoded({"Invoice": "none"})))
    step = start(world)
    assert (step.operations, step.rows) == ((), 0)
    assert step.wait_s == 10


def test_after_twenty_seconds_no_new_call_begins() -> None:
    quickbooks = FakeQuickBooks(invoices(60))
    limits = replace(SMALL, cells_per_step=10_000, in_flight=1)
    world = World(quickbooks, limits)
    quickbooks.time, quickbooks.seconds_per_call = world.time, 6.0
    grid = Grid()
    steps = list(world.steps(start(world)))
    for step in steps:
        grid.apply(step)
    # Calls begin at 0, 6, 12 and 18 s of a step: a page, COUNT, two pages; three pages, CDC.
    assert [(step.rows, step.calls) for step in steps] == [(30, 4), (60, 8)]
    assert grid.block is not None
    assert len(grid.block) == 61


def test_a_paced_run_keeps_to_ten_calls_a_second_and_sleeps_at_most_five_seconds_a_step() -> None:
    world = World(
        FakeQuickBooks(invoices(600)),
        replace(SMALL, cells_per_step=100_000, in_flight=1),
        paced=True,
    )
    before = 0.0
    for step in world.steps(start(world)):
        assert sum(world.time.slept) - before <= 5.0 + 1e-6
        before = sum(world.time.slept)
        world.time.seconds += step.wait_s
    assert len(world.quickbooks.asked) == 62
    assert world.time.seconds >= 6 * 1.0


NO_RIGHTS = ReconnectRequired("Dana may not read it any more.", intuit_code="120")


@pytest.mark.parametrize("failing", [1, 3])
def test_a_run_goes_on_with_a_spare_when_the_rights_are_lost_in_its_middle(failing: int) -> None:
    quickbooks = FakeQuickBooks(
        invoices(45), behave=lambda call, number: NO_RIGHTS if number == failing else None
    )
    world = World(quickbooks, SMALL)
    world.tokens.spare = True
    grid, _ = whole(world)
    assert grid.block is not None
    assert len(grid.block) == 46
    assert world.tokens.denied == ["access-1"]


def test_a_run_without_a_spare_ends_with_what_quickbooks_said() -> None:
    quickbooks = FakeQuickBooks(invoices(45), behave=lambda call, number: NO_RIGHTS)
    world = World(quickbooks, SMALL)
    with pytest.raises(ReconnectRequired) as raised:
        whole(world)
    assert raised.value is NO_RIGHTS
    assert world.tokens.denied == ["access-1"]
    assert world.tokens.read == []
    assert world.records.only("runs")["code"] == "reconnect_required"


def test_what_quickbooks_let_read_is_told_once_a_step() -> None:
    world = World(FakeQuickBooks(invoices(45)), SMALL)
    steps = list(world.steps(start(world)))
    assert (len(steps), world.tokens.read) == (3, ["access-1"] * 3)


def test_consents_that_are_all_denied_do_not_keep_a_run_going() -> None:
    quickbooks = FakeQuickBooks(invoices(45), behave=lambda call, number: NO_RIGHTS)
    world = World(quickbooks, SMALL)
    world.tokens.spare = True
    with pytest.raises(ReconnectRequired):
        whole(world)
    assert len(world.tokens.denied) == 3
