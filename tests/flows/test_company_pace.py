"""One company's limits over several processes: pure threads of time, and real processes."""

from __future__ import annotations

import multiprocessing
import pathlib
import random
from datetime import timedelta

import pytest

from counterfoil.core.budgets import Caps, CompanyBudget
from counterfoil.core.errors import BudgetSpent, ServiceUnavailable
from counterfoil.core.windows import DRIFT_MS, Span
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.company_pace import BUDGETS, CompanyPace
from counterfoil.flows.pace import Waiting
from tests.core.test_windows import within_limits
from tests.fakes import FakeClock, MemoryRecords
from tests.flows import pace_worker
from tests.flows.export_fakes import CountedRecords
from tests.flows.pace_worker import REALM
from tests.flows.wire import Weather, Wire


def process(records: MemoryRecords, clock: FakeClock, **caps: int) -> CompanyPace:
    """A process of its own: nothing is shared but the records."""
    budgets = Budgets(records, clock, caps=Caps(**caps), sleep=clock.sleep, jitter=lambda: 0.5)
    pace = budgets.pace(REALM)
    pace.enter()
    return pace


def kept(records: MemoryRecords, clock: FakeClock) -> CompanyBudget:
    return CompanyBudget.of(records.all(BUDGETS)[REALM], clock())


def call(pace: CompanyPace, clock: FakeClock, wish: int = 1, patience: float = 100.0) -> int:
    """A call begins as soon as it may; when that was."""
    while True:
        slot = pace.book(patience, wish)
        clock.sleep(slot.wait_s)
        while held := pace.begins(slot):
            clock.sleep(held)
        if held is not None:
            pace.left(slot)
            pace.answered(slot)
            return slot.begun


def test_ten_calls_claimed_at_once_are_one_write_and_cost_no_second_one() -> None:
    records, clock = CountedRecords(), FakeClock()
    pace = process(records, clock)
    for _ in range(10):
        call(pace, clock, wish=10)
    pace.leave(went_well=True)
    assert records.writes == 1
    assert kept(records, clock).counted.calls == 10


def test_what_a_step_did_not_use_goes_back() -> None:
    records, clock = CountedRecords(), FakeClock()
    pace = process(records, clock)
    for _ in range(3):
        call(pace, clock, wish=10)
    assert kept(records, clock).counted.calls == 10
    pace.leave(went_well=True)
    assert records.writes == 2
    budget = kept(records, clock)
    assert budget.counted.calls == 3
    assert sum(span.calls for span in budget.spans) == 3


def test_another_process_counts_a_claim_wherever_its_calls_might_begin() -> None:
    records, clock = MemoryRecords(), FakeClock()
    one, other = process(records, clock), process(records, clock)
    call(one, clock, wish=10)
    with pytest.raises(Waiting) as raised:
        other.book(1.0, 10)
    # It may begin within 140 ms and arrive within 150 more; after that a second passes.
    assert raised.value.wait_s == pytest.approx(0.29 + 1 + DRIFT_MS / 1000)
    one.leave(went_well=True)
    assert other.book(0.0, 10).wait_s == 0


def test_a_lone_process_comes_close_to_the_limit() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace = process(records, clock)
    begun = [call(pace, clock, wish=10) for _ in range(100)]
    assert within_limits(begun)
    assert begun[-1] - begun[0] == 9 * (1_000 + DRIFT_MS)


@pytest.mark.parametrize("seed", range(3))
def test_three_processes_in_any_order_keep_the_limits(seed: int) -> None:
    chance = random.Random(seed)
    records, clock = MemoryRecords(), FakeClock()
    paces = [process(records, clock) for _ in range(3)]
    begun = [call(chance.choice(paces), clock, wish=chance.randint(1, 10)) for _ in range(520)]
    assert within_limits(begun)
    assert begun == sorted(begun)


def test_a_pause_holds_for_every_process_and_for_threads_that_wait_already() -> None:
    records, clock = MemoryRecords(), FakeClock()
    one, other = process(records, clock), process(records, clock)
    for _ in range(10):
        call(one, clock, wish=10)
    clock.advance(seconds=0.3)
    waiting = other.book(5.0, 1)
    assert waiting.wait_s > 0.5
    one.pause(60)
    clock.sleep(waiting.wait_s)
    assert other.begins(waiting) is None
    with pytest.raises(Waiting) as raised:
        other.book(5.0, 1)
    assert 58 < raised.value.wait_s <= 60
    clock.advance(seconds=60)
    assert other.book(0.0, 1).wait_s == 0


def test_a_turn_that_was_overslept_is_no_turn_and_is_not_counted() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace = process(records, clock)
    early, late = pace.book(5.0, 2), pace.book(5.0, 2)
    clock.advance(seconds=0.03)
    assert pace.begins(early) == 0
    clock.advance(seconds=0.2)
    assert pace.begins(late) is None
    pace.leave(went_well=True)
    assert kept(records, clock).counted.calls == 1


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace = process(records, clock)
    pace.pause(60)
    pace.pause(1)
    assert kept(records, clock).paused_until == clock() + timedelta(seconds=60)


def test_a_write_that_is_overtaken_is_tried_again_on_what_is_there() -> None:
    records, clock = MemoryRecords(), FakeClock()
    one, other = process(records, clock), process(records, clock)
    call(one, clock)

    def overtaken(collection: str, id: str) -> None:
        records.before_write = lambda collection, id: None
        call(other, clock)

    records.before_write = overtaken
    call(one, clock)
    assert kept(records, clock).counted.calls == 3
    assert clock.slept > 0


def test_a_record_that_all_fight_over_ends_the_step_and_not_the_run() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace, other = process(records, clock), process(records, clock)
    call(other, clock)

    def overtaken(collection: str, id: str) -> None:
        records.before_write = lambda collection, id: None
        other.pause(0)
        records.before_write = overtaken

    records.before_write = overtaken
    with pytest.raises(Waiting):
        pace.book(5.0, 1)


def test_a_store_too_slow_for_a_claim_gets_a_longer_one() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace = process(records, clock)
    records.before_write = lambda collection, id: clock.advance(seconds=0.7)
    assert pace.book(5.0, 1).wait_s == 0
    pace.leave(went_well=True)
    assert kept(records, clock).counted.calls == 1


def test_a_store_that_is_down_is_said_so_but_costs_nothing_that_was_read() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace = process(records, clock)
    records.fail = 1
    with pytest.raises(ServiceUnavailable):
        pace.book(5.0, 1)
    call(pace, clock, wish=10)
    records.fail = 1
    pace.leave(went_well=True)


def test_a_company_gets_no_more_calls_than_its_month_has() -> None:
    records, clock = MemoryRecords(), FakeClock()
    one = process(records, clock, connection=12)
    other = process(records, clock, connection=12)
    begun = [call(pace, clock, wish=10) for pace in (one, other) for _ in range(1)]
    one.leave(went_well=True)
    other.leave(went_well=True)
    begun += [call(other, clock, wish=10) for _ in range(10)]
    with pytest.raises(BudgetSpent, match=r"its 12 calls of this month.*2026-12-01") as raised:
        one.book(5.0, 1)
    assert raised.value.details["budget"] == "connection"
    assert len(begun) == 12
    clock.advance(days=9)
    assert one.book(5.0, 1).wait_s == 0


def test_eight_processes_never_pass_a_limit(tmp_path: pathlib.Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    clock, begun = spawn.Value("d", 0.0), spawn.Queue()
    processes = [
        spawn.Process(target=pace_worker.work, args=(tmp_path, clock, 65, begun)) for _ in range(8)
    ]
    for each in processes:
        each.start()
    times = [moment for _ in processes for moment in begun.get(timeout=120)]
    for each in processes:
        each.join(timeout=30)
        assert each.exitcode == 0
    assert len(times) == 520
    assert within_limits(times)


def test_a_full_minute_turns_everybody_away_who_comes_late() -> None:
    records, clock = MemoryRecords(), FakeClock()
    half_a_minute_ago = int(clock().timestamp() * 1000) - 30_000
    spans = tuple(Span(half_a_minute_ago, half_a_minute_ago, 10) for _ in range(44))
    records.create(BUDGETS, REALM, CompanyBudget(spans=spans).record())
    paces = [process(records, clock) for _ in range(8)]
    for number in range(10):
        call(paces[number % 8], clock, patience=5.0)
    for pace in paces:
        with pytest.raises(Waiting) as raised:
            pace.book(5.0, 1)
        assert raised.value.wait_s > 20


WEATHERS = {
    "jitter": Weather(travels_within=25),
    "late departures": Weather(leaves_within=600),
    "uneven ways": Weather(travels_within=150),
    "late departures and uneven ways": Weather(leaves_within=600, travels_within=150),
    "a way that is never short": Weather(travels_at_least=8, travels_within=60),
    "we stand still": Weather(travels_within=10, we_stall=400),
    "they stand still": Weather(travels_within=10, they_stall=400),
    "both stand still": Weather(
        leaves_within=100, travels_at_least=5, travels_within=40, we_stall=300, they_stall=300
    ),
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("weather", WEATHERS.values(), ids=WEATHERS)
def test_however_late_calls_leave_and_arrive_quickbooks_never_counts_one_too_many(
    seed: int, weather: Weather
) -> None:
    wire = Wire(seed, weather)
    for _ in range(120):
        wire.call()
    wire.finish()
    assert len(wire.arrivals) == 120
    assert within_limits(wire.arrivals)


def test_a_call_that_leaves_when_it_may_loses_nothing_of_the_limit() -> None:
    wire = Wire(0, Weather())
    for _ in range(100):
        wire.call()
    wire.finish()
    assert wire.arrivals[-1] - wire.arrivals[0] <= 9 * (1_000 + DRIFT_MS) + 300


def test_a_call_that_has_not_left_holds_the_tenth_after_it() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace = process(records, clock)
    slow = pace.book(5.0, 10)
    assert pace.begins(slow) == 0
    clock.advance(seconds=0.1)
    for _ in range(9):
        call(pace, clock, wish=10)
    early = pace.book(5.0, 10)
    clock.sleep(early.wait_s)
    assert early.wait_s == pytest.approx(0.9 + DRIFT_MS / 1000)
    # By now it may have arrived at any moment.
    assert pace.begins(early)
    pace.left(slow)
    assert pace.begins(early) == pytest.approx(0.1)
    pace.answered(slow)


def test_a_call_whose_connection_failed_holds_nobody() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace = process(records, clock)
    for _ in range(10):
        failed = pace.book(5.0, 10)
        assert pace.begins(failed) == 0
        pace.answered(failed)
    began = clock()
    call(pace, clock, wish=10)
    assert (clock() - began).total_seconds() == pytest.approx(1 + DRIFT_MS / 1000)


def test_the_document_of_a_company_is_written_about_once_a_second() -> None:
    records = CountedRecords()
    wire = Wire(0, Weather(leaves_within=20, travels_within=20), records)
    for _ in range(400):
        wire.call(wish=10)
    wire.finish()
    seconds = (max(wire.arrivals) - min(wire.arrivals)) / 1000
    assert seconds < 43
    assert records.writes <= 1.2 * seconds


def test_a_call_that_never_left_does_not_hold_the_others_for_ever() -> None:
    records, clock = MemoryRecords(), FakeClock()
    pace = process(records, clock)
    lost = [pace.book(5.0, 10) for _ in range(10)]
    assert {pace.begins(slot) for slot in lost} == {0}
    clock.advance(seconds=200)
    assert call(pace, clock) == int(clock().timestamp() * 1000)
