from __future__ import annotations

import pytest

from counterfoil.core.windows import DRIFT
from counterfoil.flows.pace import Pace, Paces, StepMeter, Waiting
from tests.flows.export_fakes import Time

SECOND = 1 + DRIFT


class Threads:
    """A clock that stands while threads sleep at the same time; notes how long they would."""

    def __init__(self) -> None:
        self.now = 0.0
        self.until: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.until.append(self.now + seconds)


def meter(pace: Pace | None, threads: Threads | Time) -> StepMeter:
    return StepMeter(pace, monotonic=threads, sleep=threads.sleep)


def test_calls_of_one_company_are_ten_a_second_whoever_makes_them() -> None:
    paces, threads = Paces(), Threads()
    one, other = (meter(paces.of("1"), threads) for _ in range(2))
    for _ in range(5):
        one.admit()
        other.admit()
    assert threads.until == []
    one.admit()
    assert threads.until == [pytest.approx(SECOND)]
    meter(paces.of("2"), threads).admit()
    assert len(threads.until) == 1


def test_threads_that_sleep_at_the_same_time_use_up_the_patience_once() -> None:
    threads = Threads()
    mine = meter(Pace(), threads)
    for _ in range(50):
        mine.admit()
    assert max(threads.until) == pytest.approx(4 * SECOND)
    with pytest.raises(Waiting) as raised:
        mine.admit()
    assert raised.value.wait_s == pytest.approx(5 * SECOND)
    assert mine.calls == 50


def test_a_step_sleeps_five_seconds_at_most_however_they_are_spread() -> None:
    time = Time()
    mine = meter(Pace(), time)

    def call_without_end() -> None:
        while mine.calls < 1000:
            mine.admit()

    with pytest.raises(Waiting):
        call_without_end()
    assert sum(time.slept) <= 5.0


def test_no_call_begins_after_twenty_seconds() -> None:
    threads = Threads()
    mine = meter(None, threads)
    threads.now = 19.9
    mine.admit()
    threads.now = 20.0
    with pytest.raises(Waiting) as raised:
        mine.admit()
    assert raised.value.wait_s == 0
    assert mine.calls == 1


def test_after_a_throttle_nobody_calls_this_company_until_it_is_over() -> None:
    pace, threads = Pace(), Threads()
    meter(pace, threads).throttled(60)
    with pytest.raises(Waiting) as raised:
        meter(pace, threads).admit()
    assert raised.value.wait_s == 60
    threads.now = 58.0
    meter(pace, threads).admit()
    assert threads.until == [60.0]


def test_a_repeat_waits_only_as_long_as_the_step_has_time_and_patience() -> None:
    threads = Threads()
    mine = meter(None, threads)
    assert mine.pause(5.0)
    assert not mine.pause(5.1)
    threads.now = 19.0
    assert not meter(None, threads).pause(6.0)
    late = meter(None, threads)
    threads.now = 38.5
    assert not late.pause(1.0)
    assert late.pause(0.5)


def test_idle_companies_are_forgotten() -> None:
    paces = Paces()
    first = paces.of("0")
    for number in range(1, 1_000):
        paces.of(str(number)).used = 1.0
    assert paces.of("0") is first
    paces.of("one more")
    assert paces.of("0") is not first
