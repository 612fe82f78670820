from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.windows import (
    COMPANY_LIMITS,
    DRIFT_MS,
    Limit,
    Span,
    gathered,
    opening,
    recent,
    room,
    turns,
)

SECOND, MINUTE = 1_000 + DRIFT_MS, 60_000 + DRIFT_MS


def at(moment: int, calls: int) -> Span:
    return Span(moment, moment, calls)


def test_an_idle_company_has_room_at_once() -> None:
    assert opening((), 5_000, 0) == (5_000, 10)


def test_the_eleventh_call_waits_until_the_first_is_a_second_old() -> None:
    assert opening((at(100, 10),), 100, 0) == (100 + SECOND, 10)
    assert opening((at(100, 10),), 100 + SECOND, 0) == (100 + SECOND, 10)


def test_the_window_slides_and_does_not_jump() -> None:
    spans = (at(0, 4), at(900, 6))
    # A fixed second would let ten more begin at 1,000.
    assert opening(spans, 950, 0) == (SECOND, 4)
    assert opening((*spans, at(SECOND, 4)), 950, 0) == (900 + SECOND, 6)


def test_the_minute_counts_what_the_seconds_let_through() -> None:
    spans = tuple(at(number * 1_200, 10) for number in range(45))
    assert opening(spans, 55_000, 0) == (MINUTE, 10)


def test_a_call_counts_wherever_in_its_span_it_might_begin() -> None:
    claimed = Span(0, 250, 10)
    assert opening((claimed,), 100, 250) == (250 + SECOND, 10)
    # What is booked ahead has room before it, if it ends early enough.
    ahead = Span(5_000, 5_250, 10)
    assert opening((ahead,), 0, 250) == (0, 10)
    assert room((ahead,), 5_000 - SECOND - 250, 5_000 - SECOND) == 10
    assert room((ahead,), 5_000 - SECOND - 249, 5_000 - SECOND + 1) == 0


def test_what_no_window_holds_any_more_is_forgotten() -> None:
    assert recent((at(0, 1), at(1, 1)), MINUTE) == (at(1, 1),)


def test_calls_that_began_together_are_one_span() -> None:
    assert gathered([(5, 5), (0, 0), (20, 20), (31, 31)]) == (Span(0, 20, 3), at(31, 1))
    assert gathered([(0, 50), (10, 40), (45, 60)]) == (Span(0, 50, 2), Span(45, 60, 1))
    assert gathered([]) == ()


def test_turns_are_planned_each_at_its_own_moment_and_no_farther_ahead_than_asked() -> None:
    spans = (at(0, 7), at(400, 2), at(900, 1))
    assert turns(spans, 950, 0, 3, 1_000) == [SECOND] * 3
    assert turns(spans, 950, 0, 9, 1_000) == [SECOND] * 7 + [400 + SECOND] * 2
    assert turns(spans, 950, 0, 9, 300) == [SECOND] * 7
    # The eleventh from now on comes a second after the first.
    assert turns((), 0, 0, 11, 2_000) == [0] * 10 + [SECOND]


@pytest.mark.parametrize("seed", range(4))
def test_no_window_ever_holds_more_than_its_limit_wherever_in_their_spans_calls_begin(
    seed: int,
) -> None:
    # Seeded rather than searched for: a minute of calls takes many steps.
    chance = random.Random(seed)
    spans: list[Span] = []
    begun: list[int] = []
    now = 0
    for _ in range(150):
        now += chance.choice((0, 0, 5, 300, 900))
        lasts = chance.choice((0, 50, 250))
        first, free = opening(recent(spans, now), now, lasts)
        calls = min(free, chance.randint(1, 10))
        spans.append(Span(first, first + lasts, calls))
        begun += [chance.randint(first, first + lasts) for _ in range(calls)]
    assert within_limits(begun)


@given(st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 200)), max_size=40))
def test_spans_gathered_hold_every_call(begun: list[tuple[int, int]]) -> None:
    given = [(first, first + lasts) for first, lasts in begun]
    spans = gathered(given)
    assert sum(span.calls for span in spans) == len(given)
    for first, last in given:
        assert any(span.first <= first and last <= span.last for span in spans)


def within_limits(begun: list[int], limits: tuple[Limit, ...] = COMPANY_LIMITS) -> bool:
    begun = sorted(begun)
    return all(
        later - earlier >= limit.ms
        for limit in limits
        for earlier, later in zip(begun, begun[limit.calls :], strict=False)
    )
