"""Where a report that is too large is cut, so that its parts can be joined exactly. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from counterfoil.core.reports import ReportTable

Range = tuple[date, date]  # both ends included

# Reports whose amounts are of a period and not of a day.
OF_A_PERIOD = frozenset(
    (
        *("ProfitAndLoss", "CustomerSales", "ClassSales", "DepartmentSales"),
        *("CustomerIncome", "VendorExpenses"),
    )
)
# Columns that are no periods: what is in one of them adds up over any days.
SUMS = frozenset(
    (
        *("Total", "Customers", "Vendors", "Employees", "Classes", "Departments"),
        "ProductsAndServices",
    )
)
# More of them, and the calls of one step would not begin in its time.
MOST_PARTS = 40

# By days QuickBooks shows so many columns since its migration of 2026, and one for the others.
MOST_DAYS = 100

_DAY = timedelta(days=1)
# All dates begin long before there is much in any books: they are cut here first.
_BUSY = date(2001, 1, 1)
_MONTHS = {"Quarter": 3, "Year": 12}


def pieces(whole: Range, columns_by: str) -> list[Range]:
    """What is asked for first: all of it, or as many days at a time as have columns."""
    start, end = whole
    if columns_by != "Days":
        return [whole]
    firsts = range(0, (end - start).days + 1, MOST_DAYS)
    return [(start + at * _DAY, min(start + (at + MOST_DAYS - 1) * _DAY, end)) for at in firsts]


def halves(whole: Range, columns_by: str) -> tuple[Range, Range] | None:
    """The two halves of a range, cut where one of its columns ends, or may end; None where none
    does. Weeks, quarters and years begin where the company's preferences say: see `aligned`.
    """
    start, end = whole
    middle = start + (end - start + _DAY) // 2
    if middle < _BUSY <= end:
        middle = _BUSY
    if columns_by in ("Month", *_MONTHS):
        middle = middle.replace(day=1)
        if middle <= start:
            middle = _months_later(middle, 1)
    elif columns_by not in ("Days", "Week"):
        return None
    return ((start, middle - _DAY), (middle, end)) if start < middle <= end else None


def aligned(
    ranges: Sequence[Range], tables: Iterable[ReportTable], columns_by: str
) -> list[Range] | None:
    """The same ranges with their borders where whole columns end, as the answers show them; None
    where they do not show it.
    """
    if columns_by not in ("Week", *_MONTHS) or len(ranges) == 1:
        return list(ranges)
    begins = _begins(tables, columns_by)
    if begins is None:
        return None
    starts = [ranges[0][0]]
    for start, end in ranges[1:]:
        days = [start + each * _DAY for each in range((end - start).days + 1)]
        back = [start - each * _DAY for each in range((start - starts[-1]).days)]
        if (found := next(filter(begins, itertools.chain(back, days)), None)) is not None:
            starts.append(found)
    ends = [*(start - _DAY for start in starts[1:]), ranges[-1][1]]
    return list(zip(starts, ends, strict=True))


def _begins(tables: Iterable[ReportTable], columns_by: str) -> Callable[[date], bool] | None:
    """Whether a column may begin on a day: known from one that does not begin only because the
    range does.
    """
    known: set[date] = set()
    for table in tables:
        own = [(each.start, each.end) for each in table.columns if each.start and each.end]
        known |= {start for start, _ in own[1:]}
        known |= {start for start, end in own if _next(start, columns_by) == end + _DAY}
    if not known:
        return None
    first = min(known)
    if columns_by == "Week":
        return lambda day: (day - first).days % 7 == 0
    every = _MONTHS[columns_by]
    return lambda day: day.day == first.day and (day.month - first.month) % every == 0


def _next(start: date, columns_by: str) -> date | None:
    """The first day of the column behind a whole one."""
    if columns_by == "Week":
        return start + 7 * _DAY
    return _months_later(start, _MONTHS[columns_by]) if start.day == 1 else None


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)
