"""Leases over records."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counterfoil.flows.leases import LeaseLost, Leases
from tests.fakes import FakeClock, MemoryRecords

LASTS = timedelta(seconds=150)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


def test_one_holds_it_until_it_is_given_back(records: MemoryRecords, clock: FakeClock) -> None:
    leases = Leases(records, clock)
    held = leases.take("x", LASTS)
    assert held is not None
    assert leases.take("x", LASTS) is None
    assert leases.take("y", LASTS) is not None
    leases.release(held)
    again = leases.take("x", LASTS)
    assert again is not None
    assert again.lease.fence == held.lease.fence + 1


def test_of_two_who_see_it_free_one_takes_it(records: MemoryRecords, clock: FakeClock) -> None:
    leases = Leases(records, clock)

    for _ in range(2):  # created the first time, replaced the second
        overtaken: list[object] = []

        def overtake(collection: str, id: str, overtaken: list[object] = overtaken) -> None:
            records.before_write = lambda collection, id: None
            overtaken.append(leases.take("x", LASTS))

        records.before_write = overtake
        assert leases.take("x", LASTS) is None
        assert overtaken[0] is not None
        clock.advance(seconds=150)


def test_a_lost_lease_is_neither_renewed_nor_given_back(
    records: MemoryRecords, clock: FakeClock
) -> None:
    leases = Leases(records, clock)
    mine = leases.take("x", LASTS)
    assert mine is not None
    clock.advance(seconds=150)
    theirs = leases.take("x", LASTS)
    assert theirs is not None
    with pytest.raises(LeaseLost):
        leases.renew(mine, LASTS)
    leases.release(mine)
    assert leases.take("x", LASTS) is None


def test_a_renewed_lease_lasts_longer(records: MemoryRecords, clock: FakeClock) -> None:
    leases = Leases(records, clock)
    held = leases.take("x", LASTS)
    assert held is not None
    clock.advance(seconds=100)
    held = leases.renew(held, LASTS)
    clock.advance(seconds=149)
    assert leases.take("x", LASTS) is None
    leases.release(held)
    assert leases.take("x", LASTS) is not None
