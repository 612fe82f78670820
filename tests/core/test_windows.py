from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.windows import COMPANY_LIMITS, DRIFT, Limit, Windows


def begin(windows: Windows, now: float) -> float:
    """When a call that is wished for now begins."""
    begins = now + windows.wait(now)
    windows.book(begins)
    return begins


def test_the_eleventh_call_waits_until_the_first_is_a_second_old() -> None:
    windows = Windows()
    assert [begin(windows, 100.0) for _ in range(10)] == [100.0] * 10
    assert windows.wait(100.0) == pytest.approx(1 + DRIFT)
    assert windows.wait(100.4) == pytest.approx(0.6 + DRIFT)
    assert windows.wait(101.5) == 0


def test_the_window_slides_and_does_not_jump() -> None:
    windows = Windows((Limit(2, 1.0),), drift=0)
    begin(windows, 0.0)
    begin(windows, 0.9)
    # A fixed second would let two more begin at 1.0, three within 0.1 s.
    assert begin(windows, 1.0) == 1.0
    assert begin(windows, 1.0) == pytest.approx(1.9)


def test_the_minute_counts_what_the_seconds_let_through() -> None:
    windows = Windows()
    now = 0.0
    for _ in range(450):
        now = begin(windows, now)
    assert now == pytest.approx(44 * (1 + DRIFT))
    assert begin(windows, now) == pytest.approx(60 + DRIFT)


def test_an_idle_company_waits_for_nothing() -> None:
    assert Windows().wait(5.0) == 0


def test_booked_calls_keep_their_order() -> None:
    windows = Windows((Limit(1, 1.0),), drift=0)
    assert [begin(windows, 0.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert begin(windows, 0.5) == pytest.approx(3.0)


@given(st.lists(st.floats(0, 0.7), min_size=1, max_size=600))
def test_no_window_ever_holds_more_than_its_limit(gaps: list[float]) -> None:
    windows = Windows()
    begun: list[float] = []
    now = 0.0
    for gap in gaps:
        now = begin(windows, now + gap)
        begun.append(now)
    assert begun == sorted(begun)
    for limit in COMPANY_LIMITS:
        for earlier, later in zip(begun, begun[limit.calls :], strict=False):
            assert later - earlier >= limit.seconds
