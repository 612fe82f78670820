"""Columns of periods keep their keys, and so their places in the sheet, while a period goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core import marks
from counterfoil.core.keyed import Standing, lines_of, woven
from counterfoil.core.period_keys import Days, period_keys
from counterfoil.core.printed import printed
from counterfoil.core.report_rows import ReportRows
from counterfoil.core.reports import parse
from sandbox.intuit import acme
from sandbox.intuit.companies import demo_books
from sandbox.intuit.periods import periods
from tests.sandbox.book_answers import read

DIGEST_KEY = "0f" * 32
DAY = timedelta(days=1)


def keys(by: str, *spans: str) -> list[str]:
    days = [(date.fromisoformat(each[:10]), date.fromisoformat(each[11:])) for each in spans]
    found = period_keys(days, by)
    return [found[each] for each in days]


@pytest.mark.parametrize(
    ("by", "spans", "wanted"),
    [
        ("Month", ["2026-01-15 2026-01-31", "2026-02-01 2026-02-10"], ["01-01", "02-01"]),
        ("Month", ["2026-03-05 2026-03-27"], ["03-01"]),
        ("Quarter", ["2026-05-15 2026-06-30", "2026-07-01 2026-08-10"], ["04-01", "07-01"]),
        # Fiscal quarters that begin in February: each is called by the one in which it begins.
        ("FiscalQuarter", ["2026-03-10 2026-04-30", "2026-05-01 2026-07-31"], ["01-01", "04-01"]),
        ("Quarter", ["2026-04-10 2026-04-30", "2026-05-01 2026-05-02"], ["01-01", "04-01"]),
        # Alone, whether it begins with a month or not.
        ("Quarter", ["2026-11-01 2026-11-28"], ["10-01"]),
        ("Quarter", ["2026-11-05 2026-11-28"], ["10-01"]),
        ("Year", ["2025-09-01 2026-03-31", "2026-04-01 2026-11-29"], ["2025-01-01", "01-01"]),
        ("FiscalYear", ["2026-02-03 2026-06-30", "2026-07-01 2026-07-09"], ["2025-01-01", "01-01"]),
        ("FiscalYear", ["2026-04-01 2026-11-29"], ["01-01"]),
        ("Week", ["2026-01-01 2026-01-03", "2026-01-04 2026-01-07"], ["2025-12-28", "01-04"]),
        # Weeks that begin on Mondays: in the week of the Sunday before.
        ("Week", ["2026-03-04 2026-03-08", "2026-03-09 2026-03-10"], ["03-01", "03-08"]),
        ("Week", ["2026-03-02 2026-03-04"], ["03-01"]),
        ("Days", ["2026-01-01 2026-01-01", "2026-01-02 2026-01-02"], ["01-01", "01-02"]),
    ],
)
def test_a_column_is_known_by_the_first_day_of_what_it_lies_in(
    by: str, spans: Sequence[str], wanted: Sequence[str]
) -> None:
    days = [each if len(each) > 5 else f"2026-{each}" for each in wanted]
    assert keys(by, *spans) == [f"{by} {day}" for day in days]


def test_what_is_no_period_or_cannot_be_told_apart_has_no_such_keys() -> None:
    assert period_keys([(date(2026, 1, 1), date(2026, 1, 31))], "Total") == {}
    days = [(date(2026, 1, 1), date(2026, 1, 9)), (date(2026, 1, 10), date(2026, 1, 31))]
    assert period_keys(days, "Month") == {}
    over = [(date(2026, 1, 1), date(2026, 1, 9)), (date(2026, 1, 1), date(2026, 1, 31))]
    assert period_keys(over, "Month") == {}
    rest = (date(2026, 1, 2), date(2026, 1, 31))  # of more days than there are columns
    day = (date(2026, 1, 1), date(2026, 1, 1))
    assert period_keys([day, rest], "Days") == {day: "Days 2026-01-01"}


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 900),
    st.sampled_from(("Month", "Quarter", "Year")),
)
def test_a_day_more_moves_no_column_but_the_last(start: date, days: int, by: str) -> None:
    def of(end: date) -> list[str]:
        spans = [(each.start, each.end) for each in periods(start, end, by)]
        return list(period_keys(spans, by).values())

    end = start + timedelta(days=days)
    before, after = of(end), of(end + timedelta(days=1))
    assert after[: len(before)] == before


BEGINS = {
    "Week": lambda day, first: (day - date(2024, 1, 1)).days % 7 == first % 7,
    "Month": lambda day, first: day.day == 1,
    "Quarter": lambda day, first: day.day == 1 and (day.month - 1 - first) % 3 == 0,
    "FiscalQuarter": lambda day, first: day.day == 1 and (day.month - 1 - first) % 3 == 0,
    "Year": lambda day, first: day.day == 1 and (day.month - 1 - first) % 12 == 0,
    "FiscalYear": lambda day, first: day.day == 1 and (day.month - 1 - first) % 12 == 0,
}


def cut(start: date, days: int, by: str, first: int) -> dict[date, Days]:
    """The columns of so many days, by the first day of the unit that each is cut from."""
    begin = start
    while not BEGINS[by](begin, first):
        begin -= DAY
    found: dict[date, Days] = {}
    for each in (start + n * DAY for n in range(days)):
        begin = each if BEGINS[by](each, first) else begin
        found[begin] = (found.get(begin, (each, each))[0], each)
    return found


@given(
    st.sampled_from(sorted(BEGINS)),
    st.integers(0, 11),
    st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    st.integers(1, 500),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_a_unit_keeps_its_key_however_it_is_cut_and_shares_it_with_none(
    by: str, first: int, start: date, days: int, later: int, longer: int
) -> None:
    one, other = cut(start, days, by, first), cut(start + later * DAY, days + longer, by, first)
    if min(len(one), len(other)) < 2:  # alone, a column does not tell where units begin
        return
    keyed = [period_keys(list(each.values()), by) for each in (one, other)]
    assert len(set(keyed[0].values())) == len(one)
    assert len(set(keyed[1].values())) == len(other)
    for begin in one.keys() & other.keys():
        assert keyed[0][one[begin]] == keyed[1][other[begin]]
    both = {begin: keyed[0][one[begin]] for begin in one}
    both |= {begin: keyed[1][other[begin]] for begin in other}
    assert len(set(both.values())) == len(both)


def standing(shown: ReportRows) -> Standing:
    lines = lines_of(DIGEST_KEY, shown)
    assert lines is not None
    return Standing(
        rows=len(shown.header_rows) + len(lines),
        lines=lines,
        labels=tuple(row[0] for row in shown.rows),
        keys=tuple(marks.cut(marks.key_marks(DIGEST_KEY, shown.layout.keys), marks.KEY_MARK)),
        titles=tuple(shown.header_rows[-1]),
    )


@pytest.mark.parametrize("by", ["Month", "Quarter", "Year"])
def test_a_report_to_date_has_the_same_columns_tomorrow(by: str) -> None:
    books = demo_books()

    def to(day: str) -> ReportRows:
        days = {"start_date": "2025-12-01", "end_date": day, "summarize_column_by": by}
        answer = read(books, acme.REALM_ID, "reports/ProfitAndLoss", **days)
        return printed(parse(answer), title="Profit and Loss", company="Acme")

    before, now = to("2026-03-27"), to("2026-03-28")
    found = woven(now, DIGEST_KEY, standing(before))
    assert found is not None
    assert (found.columns.fresh, found.columns.gone) == ((), ())
    assert found.shown.header_rows[-1] == now.header_rows[-1]
    assert found.shown.header_rows[-1] != before.header_rows[-1]
