from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from counterfoil.core.windows import DRIFT_MS
from counterfoil.flows.arrivals import Slot
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.pace import StepMeter, Waiting
from tests.fakes import NOON, MemoryRecords
from tests.flows.export_fakes import Time

SECOND = 1 + DRIFT_MS / 1000
REALM = "9130347596842110"


class Threads:
    """A clock that stands while threads sleep at the same time; notes how long they would."""

    def __init__(self) -> None:
        self.now = 0.0
        self.until: list[float] = []

    def __call__(self) -> float:
        return self.now

    def clock(self) -> datetime:
        return NOON + timedelta(seconds=self.now)

    def sleep(self, seconds: float) -> None:
        self.until.append(self.now + seconds)


def budgets(threads: Threads) -> Budgets:
    return Budgets(MemoryRecords(), threads.clock, sleep=threads.sleep, jitter=lambda: 0.5)


def meter(threads: Threads | Time, shared: Budgets | None = None, realm: str = REALM) -> StepMeter:
    return StepMeter(
        shared.pace(realm) if shared else None,
        long=True,
        monotonic=threads,
        sleep=threads.sleep,
    )


def arrived(mine: StepMeter) -> None:
    """One call that is written as soon as it may begin, and answered at once."""
    turn = mine.admit()
    turn.left()
    turn.answered()


def test_calls_of_one_company_are_ten_a_second_whoever_makes_them() -> None:
    threads = Threads()
    shared = budgets(threads)
    one, other = (meter(threads, shared) for _ in range(2))
    for _ in range(5):
        arrived(one)
        arrived(other)
    assert threads.until == []
    one.admit()
    assert threads.until == [pytest.approx(SECOND)]
    meter(threads, shared, "2").admit()
    assert len(threads.until) == 1


def test_a_step_sleeps_five_seconds_at_most_however_they_are_spread() -> None:
    time = Time()
    shared = Budgets(MemoryRecords(), time.now, sleep=time.sleep)
    mine = meter(time, shared)

    def call_without_end() -> None:
        while mine.calls < 1000:
            arrived(mine)

    with pytest.raises(Waiting) as raised:
        call_without_end()
    assert 3.5 < sum(time.slept) <= 5.0
    assert mine.calls == 50
    assert 0 < raised.value.wait_s <= SECOND


def test_no_call_begins_after_twenty_seconds() -> None:
    threads = Threads()
    mine = meter(threads)
    threads.now = 19.9
    mine.admit()
    threads.now = 20.0
    with pytest.raises(Waiting) as raised:
        mine.admit()
    assert raised.value.wait_s == 0
    assert mine.calls == 1


def test_after_a_throttle_nobody_calls_this_company_until_it_is_over() -> None:
    threads = Threads()
    shared = budgets(threads)
    meter(threads, shared).throttled(60)
    with pytest.raises(Waiting) as raised:
        meter(threads, shared).admit()
    assert raised.value.wait_s == 60
    threads.now = 54.9
    with pytest.raises(Waiting):
        meter(threads, shared).admit()
    threads.now = 60.0
    meter(threads, shared).admit()
    assert threads.until == []


def test_a_thread_that_oversleeps_its_turn_books_another() -> None:
    threads = Threads()
    shared = budgets(threads)
    mine = meter(threads, shared)
    for _ in range(10):
        arrived(mine)
    slept: list[float] = []

    def oversleep(seconds: float) -> None:
        slept.append(seconds)
        threads.now += seconds + (0.2 if len(slept) == 1 else 0)

    late = StepMeter(shared.pace(REALM), monotonic=threads, sleep=oversleep)
    late.admit()
    assert slept == [pytest.approx(SECOND)]
    assert late.calls == 1
    assert shared.calls_of(REALM) >= 11


def test_a_repeat_waits_only_as_long_as_the_step_has_time_and_patience() -> None:
    threads = Threads()
    mine = meter(threads)
    assert mine.pause(5.0)
    assert not mine.pause(5.1)
    threads.now = 19.0
    assert not meter(threads).pause(6.0)
    late = meter(threads)
    threads.now = 38.5
    assert not late.pause(1.0)
    assert late.pause(0.5)


def test_threads_that_sleep_at_the_same_time_use_up_the_patience_once() -> None:
    threads = Threads()
    mine = meter(threads)
    # Five threads that each pause for 4 seconds from the same moment on.
    assert all(mine.pause(4.0) for _ in range(5))
    threads.now = 4.0
    assert mine.pause(1.0)
    assert not mine.pause(1.5)


def test_idle_companies_are_forgotten() -> None:
    shared = budgets(Threads())
    first = shared.pace("0")
    for number in range(1, 1_000):
        shared.pace(str(number)).used = 1.0
    assert shared.pace("0") is first
    shared.pace("one more")
    assert shared.pace("0") is not first


def test_the_last_part_of_a_second_is_slept_by_the_next_step_and_not_rounded_up() -> None:
    assert [Waiting(wait).whole_s for wait in (0, 0.2, 1.0, 14.9)] == [0, 0, 1, 14]


def test_calls_begin_in_the_order_in_which_they_came() -> None:
    threads = Threads()
    shared = budgets(threads)
    begun: list[str] = []
    others: list[threading.Thread] = []

    def one(name: str) -> None:
        arrived(mine)
        begun.append(name)

    def sleep(seconds: float) -> None:
        """While the first one sleeps, another comes."""
        if not others:
            others.append(threading.Thread(target=one, args=("second",)))
            others[0].start()
            others[0].join(0.05)
            assert begun == []
        threads.now += seconds

    mine = StepMeter(shared.pace(REALM), long=True, monotonic=threads, sleep=sleep)
    for _ in range(10):
        arrived(mine)
    one("first")
    others[0].join(10)
    assert begun == ["first", "second"]


class FullForAMoment:
    """A pace without a turn for one call, and with turns for all after it."""

    def __init__(self) -> None:
        self.refusals = 1

    def enter(self) -> None:
        pass

    def leave(self, *, went_well: bool) -> None:
        pass

    def book(self, patience: float, wish: int) -> Slot:
        if self.refusals:
            self.refusals -= 1
            raise Waiting(7.5)
        return Slot(0, 0)

    def begins(self, slot: Slot) -> float | None:
        return 0

    def left(self, slot: Slot) -> None:
        pass

    def answered(self, slot: Slot) -> None:
        pass

    def pause(self, seconds: float) -> None:
        pass


def test_no_call_begins_behind_one_that_waits_for_the_next_step() -> None:
    pace = FullForAMoment()
    mine = StepMeter(pace, monotonic=Threads())
    for _ in range(3):
        with pytest.raises(Waiting) as raised:
            mine.admit()
        # Its page would come without the one before it.
        assert raised.value.wait_s == 7.5
    assert mine.calls == 0
    StepMeter(pace, monotonic=Threads()).admit()


@pytest.mark.parametrize(
    ("long", "many", "wishes"),
    [
        (False, 6, [1, 1, 5, 4, 3, 2, 1, 1]),  # a page, COUNT, five pages, one beyond
        (True, 6, [6, 5, 4, 3, 2, 1, 1, 1]),
        (True, 12, [10, 10, 10, 9, 8, 7, 6, 5]),
    ],
)
def test_a_step_claims_no_more_calls_than_it_still_needs(
    long: bool, many: int, wishes: list[int]
) -> None:
    asked: list[int] = []

    class Noted(FullForAMoment):
        def book(self, patience: float, wish: int) -> Slot:
            asked.append(wish)
            return Slot(0, 0)

    mine = StepMeter(Noted(), long=long, many=many, monotonic=Threads())
    for _ in wishes:
        mine.admit()
    assert asked == wishes
