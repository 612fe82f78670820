from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.errors import BadRequest
from counterfoil.core.periods import Today, fiscal_year, is_range, names, resolved

# A Saturday, in the fiscal quarter of October to December when the year begins in April or July.
SATURDAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("name", "fiscal_month", "first", "last"),
    [
        ("today", 1, "2026-11-28", "2026-11-28"),
        ("yesterday", 1, "2026-11-27", "2026-11-27"),
        ("this_week", 1, "2026-11-22", "2026-11-28"),
        ("last_week", 1, "2026-11-15", "2026-11-21"),
        ("last_week_to_date", 1, "2026-11-15", "2026-11-21"),
        ("next_week", 1, "2026-11-29", "2026-12-05"),
        ("next_4_weeks", 1, "2026-11-29", "2026-12-26"),
        ("this_month", 1, "2026-11-01", "2026-11-30"),
        ("this_month_to_date", 1, "2026-11-01", "2026-11-28"),
        ("last_month", 1, "2026-10-01", "2026-10-31"),
        ("last_month_to_date", 1, "2026-10-01", "2026-10-28"),
        ("next_month", 1, "2026-12-01", "2026-12-31"),
        ("this_fiscal_quarter", 1, "2026-10-01", "2026-12-31"),
        ("this_fiscal_quarter", 2, "2026-11-01", "2027-01-31"),
        ("this_fiscal_quarter", 3, "2026-09-01", "2026-11-30"),
        ("last_fiscal_quarter", 4, "2026-07-01", "2026-09-30"),
        ("last_fiscal_quarter_to_date", 4, "2026-07-01", "2026-08-28"),
        ("next_fiscal_quarter", 4, "2027-01-01", "2027-03-31"),
        ("this_fiscal_year", 1, "2026-01-01", "2026-12-31"),
        ("this_fiscal_year", 4, "2026-04-01", "2027-03-31"),
        ("this_fiscal_year", 12, "2025-12-01", "2026-11-30"),
        ("this_fiscal_year_to_date", 7, "2026-07-01", "2026-11-28"),
        ("last_fiscal_year", 7, "2025-07-01", "2026-06-30"),
        ("last_fiscal_year_to_date", 7, "2025-07-01", "2025-11-28"),
        ("fiscal_year_to_last_month", 1, "2026-01-01", "2026-10-31"),
        ("fiscal_year_to_last_month", 11, "2025-11-01", "2026-10-31"),
        ("fiscal_year_to_last_month", 12, "2025-12-01", "2026-10-31"),
        ("this_calendar_quarter", 2, "2026-10-01", "2026-12-31"),
        ("last_calendar_quarter_to_date", 2, "2026-07-01", "2026-08-28"),
        ("this_calendar_year", 7, "2026-01-01", "2026-12-31"),
        ("last_calendar_year_to_date", 7, "2025-01-01", "2025-11-28"),
        ("last_1_days", 1, "2026-11-28", "2026-11-28"),
        ("last_30_days", 1, "2026-10-30", "2026-11-28"),
        ("last_1_months", 1, "2026-10-01", "2026-10-31"),
        ("last_12_months", 1, "2025-11-01", "2026-10-31"),
    ],
)
def test_a_range_is_resolved_against_today(
    name: str, fiscal_month: int, first: str, last: str
) -> None:
    found = resolved(name, Today(SATURDAY, fiscal_month))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


def test_all_dates_are_open_at_both_ends() -> None:
    assert resolved("all", Today(SATURDAY)) == (None, None)


@pytest.mark.parametrize(
    ("today", "name", "last"),
    [
        ("2026-03-31", "last_month_to_date", "2026-02-28"),
        ("2028-03-30", "last_month_to_date", "2028-02-29"),
        ("2028-02-29", "last_calendar_year_to_date", "2027-02-28"),
        ("2026-05-31", "last_calendar_quarter_to_date", "2026-02-28"),
    ],
)
def test_a_shorter_month_ends_with_its_own_last_day(today: str, name: str, last: str) -> None:
    found = resolved(name, Today(date.fromisoformat(today)))
    assert found[1] == date.fromisoformat(last)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "this_decade",
        "last_0_days",
        "last_3661_days",
        "last_121_months",
        "last_030_days",
        "all ",
    ],
)
def test_what_is_no_range_is_refused(name: str) -> None:
    assert not is_range(name)
    with pytest.raises(BadRequest, match="Choose the dates again"):
        resolved(name, Today(SATURDAY))


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("2026-11-28", 1, 2026),
        ("2026-11-28", 4, 2027),
        ("2026-03-31", 4, 2026),
        ("2026-12-01", 12, 2027),
        ("2026-11-30", 12, 2026),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(
    day: str, month: int, year: int
) -> None:
    assert fiscal_year(date.fromisoformat(day), month) == year


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(1, 12)


@given(DAYS, MONTHS, st.sampled_from([name for name in names() if name != "all"]))
def test_ranges_begin_before_they_end_and_those_of_now_hold_today(
    day: date, month: int, name: str
) -> None:
    first, last = resolved(name, Today(day, month))
    assert first is not None
    assert last is not None
    assert first <= last
    if name.startswith("this_"):
        assert first <= day <= last
    if name.startswith("last_"):
        assert last < day
    if name.startswith("next_"):
        assert first > day


UNITS = ["week", "month", "fiscal_quarter", "fiscal_year", "calendar_quarter", "calendar_year"]


@given(DAYS, MONTHS, st.sampled_from(UNITS))
def test_last_this_and_next_follow_each_other_without_a_gap(
    day: date, month: int, unit: str
) -> None:
    ranges = [resolved(f"{which}_{unit}", Today(day, month)) for which in ("last", "this", "next")]
    for (_, before), (after, _) in itertools.pairwise(ranges):
        assert before is not None
        assert before + timedelta(days=1) == after


@given(DAYS, MONTHS)
def test_four_fiscal_quarters_are_a_fiscal_year(day: date, month: int) -> None:
    first, last = resolved("this_fiscal_year", Today(day, month))
    assert first is not None
    start = first
    for _ in range(4):
        opened, closed = resolved("this_fiscal_quarter", Today(start, month))
        assert opened == start
        assert closed is not None
        start = closed + timedelta(days=1)
    assert last == start - timedelta(days=1)
