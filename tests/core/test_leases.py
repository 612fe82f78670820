"""Leases: one holder at a time, and a fence that only rises."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.leases import Lease, released, renewed, taken
from tests.fakes import NOON

LASTS = timedelta(seconds=150)


def later(seconds: float) -> Lease:
    return Lease("a", 3, NOON + timedelta(seconds=seconds))


def test_a_lease_that_nobody_had_begins_with_fence_one() -> None:
    assert taken(None, "a", NOON, LASTS) == Lease("a", 1, NOON + LASTS)


def test_a_held_lease_is_not_taken() -> None:
    assert taken(later(0.001), "b", NOON, LASTS) is None


def test_a_lease_that_ran_out_is_taken_with_the_next_fence() -> None:
    assert taken(later(0), "b", NOON, LASTS) == Lease("b", 4, NOON + LASTS)


def test_a_released_lease_is_taken_at_once_and_keeps_its_fence() -> None:
    free = released(later(150), NOON)
    assert free.fence == 3
    assert taken(free, "b", NOON, LASTS) == Lease("b", 4, NOON + LASTS)


def test_a_lease_of_a_clock_that_ran_hours_ahead_does_not_block_for_hours() -> None:
    assert taken(later(25 * 3600), "b", NOON, LASTS) == Lease("b", 4, NOON + LASTS)


def test_a_lease_of_a_clock_that_is_a_minute_ahead_is_honoured() -> None:
    assert taken(later(150 + 60), "b", NOON, LASTS) is None


def test_a_renewed_lease_has_its_holder_and_fence() -> None:
    assert renewed(later(5), NOON, LASTS) == Lease("a", 3, NOON + LASTS)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 200)), max_size=30))
def test_no_two_hold_it_at_once_and_no_fence_comes_twice(
    tries: list[tuple[str, int]],
) -> None:
    held: Lease | None = None
    now, fences = NOON, []
    for owner, wait in tries:
        now += timedelta(seconds=wait)
        got = taken(held, owner, now, LASTS)
        if got is None:
            assert held is not None
            assert now < held.expires_at
            continue
        assert held is None or held.owner == owner or now >= held.expires_at
        fences.append(got.fence)
        held = got
    assert fences == list(range(1, len(fences) + 1))
