"""How QuickBooks cuts a report's dates into columns. Pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = tuple(calendar.month_name)[1:]
_MONTHS_OF = {"Month": 1, "Quarter": 3, "Year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    title: str
    start: date
    end: date


def periods(start: date, end: date, by: str) -> list[Period]:
    """Days, weeks from Sunday on, calendar months, quarters or years, the first and the last cut to
    the report's dates.
    """
    cut = []
    first = start
    while first <= end:
        last = min(_last_of(first, by), end)
        cut.append(Period(_title(first, last, _MONTHS_OF.get(by, 0)), first, last))
        first = last + timedelta(days=1)
    return cut


def fiscal_year_start(on: date, first_month: int) -> date:
    """The first day of the fiscal year that `on` lies in."""
    year = on.year if on.month >= first_month else on.year - 1
    return date(year, first_month, 1)


def month_ends(start: date, end: date) -> list[date]:
    """The last day of every month that ends between the two."""
    ends = []
    day = _last_day(start, 1)
    while day <= end:
        ends.append(day)
        day = _last_day(day + timedelta(days=1), 1)
    return ends


def _last_of(first: date, by: str) -> date:
    if by in _MONTHS_OF:
        return _last_day(first, _MONTHS_OF[by])
    return first if by == "Days" else first + timedelta(days=(5 - first.weekday()) % 7)


def _last_day(first: date, months: int) -> date:
    month = (first.month - 1) // months * months + months
    return date(first.year, month, calendar.monthrange(first.year, month)[1])


def _title(first: date, last: date, months: int) -> str:
    """ "Jan 2026", "Jan - Dec 2014", "Jan 1 - Jun 21, 2015" as captured; the rest by analogy."""
    if not months:
        days = "" if first == last else f"{first:%b} {first.day} - "
        return f"{days}{last:%b} {last.day}, {last.year}"
    whole = first.day == 1 and last == _last_day(first, months)
    if whole and months == 1:
        return f"{first:%b %Y}"
    if whole and (first.month - 1) % months == 0:
        return f"{first:%b} - {last:%b %Y}"
    return f"{first:%b} {first.day} - {last:%b} {last.day}, {last.year}"
