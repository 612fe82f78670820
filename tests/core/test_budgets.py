from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from counterfoil.core.budgets import (
    CompanyBudget,
    Counted,
    month_end,
    month_of,
    nearly_spent,
)
from counterfoil.core.record_shape import decoded, encoded
from counterfoil.core.windows import Span
from tests.fakes import NOON

MS = int(NOON.timestamp() * 1000)


def test_a_budget_comes_back_from_its_record_as_it_was() -> None:
    budget = CompanyBudget(
        spans=(Span(MS, MS + 250, 10), Span(MS - 60_000, MS - 60_000, 3)),
        paused_until=NOON + timedelta(seconds=60),
        blocked_until=NOON + timedelta(days=8),
        probed_at=NOON,
        counted=Counted("2026-11", 48_120),
    )
    assert CompanyBudget.of(decoded(encoded(budget.record())), NOON) == budget


def test_the_fullest_record_is_some_kilobytes() -> None:
    spans = tuple(Span(MS + 133 * number, MS + 133 * number, 1) for number in range(450))
    budget = CompanyBudget(spans=spans, counted=Counted("2026-11", 1))
    assert len(encoded(budget.record())) < 6_000


def test_a_pause_and_a_block_end_by_themselves() -> None:
    until = NOON + timedelta(seconds=60)
    record = CompanyBudget(paused_until=until, blocked_until=until).record()
    assert CompanyBudget.of(record, until - timedelta(seconds=1)).paused_until == until
    later = CompanyBudget.of(record, until)
    assert (later.paused_until, later.blocked_until) == (None, None)


def test_another_month_begins_at_nothing() -> None:
    record = replace(CompanyBudget(), counted=Counted("2026-11", 7)).record()
    assert CompanyBudget.of(record, NOON).counted == Counted("2026-11", 7)
    assert CompanyBudget.of(record, datetime(2026, 12, 1, tzinfo=UTC)).counted == Counted(
        "2026-12", 0
    )
    assert CompanyBudget.of(None, NOON).counted == Counted("2026-11", 0)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2027, 1, 31, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_month_ends_where_the_next_begins(now: datetime, end: datetime) -> None:
    assert month_end(now) == end


def test_months_are_counted_in_utc() -> None:
    in_los_angeles = datetime(2026, 11, 30, 20, tzinfo=timezone(timedelta(hours=-8)))
    assert month_of(in_los_angeles) == "2026-12"


def test_from_ninety_percent_on_a_budget_is_nearly_spent() -> None:
    assert not nearly_spent(449_999, 500_000)
    assert nearly_spent(450_000, 500_000)
