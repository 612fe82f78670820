"""The bucket of a service account: never more than 55 calls of a kind in any minute, whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.core.errors import ServiceUnavailable
from counterfoil.flows.sheet_pace import PATIENCE_S, SheetPace
from sandbox.google.sheets_quota import Quotas
from tests.fakes import FakeClock, MemoryRecords

ONE, OTHER = "one@p.iam.gserviceaccount.com", "other@p.iam.gserviceaccount.com"


def pace(records: MemoryRecords, clock: FakeClock) -> SheetPace:
    return SheetPace(records, clock, clock.sleep, lambda: 0.5)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ONE, OTHER]),
            st.booleans(),
            st.integers(0, 2),
            st.floats(0, 5, allow_nan=False),
        ),
        min_size=60,
        max_size=260,
    )
)
@settings(max_examples=40, deadline=None)
def test_googles_quota_is_never_met_over_any_instances(
    calls: list[tuple[str, bool, int, float]],
) -> None:
    clock, records = FakeClock(), MemoryRecords()
    quotas = Quotas(clock)
    instances = [pace(records, clock) for _ in range(3)]
    for account, writes, instance, wait in calls:
        clock.advance(seconds=wait if wait > 4 else 0)
        try:
            instances[instance].admit(account, writes=writes)
        except ServiceUnavailable:
            clock.advance(seconds=PATIENCE_S)
            continue
        assert quotas.refusal(account, writes=writes) is None


def test_fifty_five_may_begin_at_once_and_the_next_one_waits_for_its_minute() -> None:
    clock, records = FakeClock(), MemoryRecords()
    began = clock.now
    for _ in range(55):
        pace(records, clock).admit(ONE, writes=True)
    assert clock.now == began
    pace(records, clock).admit(ONE, writes=False)
    pace(records, clock).admit(OTHER, writes=True)
    assert clock.now == began, "reads, and other accounts, are counted apart"
    with pytest.raises(ServiceUnavailable) as busy:
        pace(records, clock).admit(ONE, writes=True)
    assert busy.value.details["wait_s"] == 61
    clock.advance(seconds=50)
    pace(records, clock).admit(ONE, writes=True)
    assert timedelta(seconds=60) < clock.now - began < timedelta(seconds=62)


def test_of_two_who_book_at_the_same_moment_both_are_counted() -> None:
    clock, records = FakeClock(), MemoryRecords()
    for _ in range(54):
        pace(records, clock).admit(ONE, writes=True)

    def twin(*_: str) -> None:
        records.before_write = lambda *_: None
        pace(records, clock).admit(ONE, writes=True)

    records.before_write = twin
    with pytest.raises(ServiceUnavailable):
        pace(records, clock).admit(ONE, writes=True)


def test_a_store_that_is_away_lets_nothing_through() -> None:
    clock, records = FakeClock(), MemoryRecords()
    records.fail = 1
    with pytest.raises(ServiceUnavailable):
        pace(records, clock).admit(ONE, writes=True)
