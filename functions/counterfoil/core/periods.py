"""Ranges of days that move with the calendar: "last fiscal quarter", "last 30 days". Pure.

Names and meanings are those of QuickBooks' own `date_macro`, but they are resolved here, so that
the days asked for are those of the spreadsheet's zone and stand in the sheet.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/profitandloss
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from counterfoil.core.errors import BadRequest

Days = tuple[date | None, date | None]
"""First and last day; None where the range is open."""

_UNITS = ("week", "month", "fiscal_quarter", "fiscal_year", "calendar_quarter", "calendar_year")
COUNTED = re.compile(r"last_([1-9]\d{0,3})_(days|months)", re.ASCII)
_MOST = {"days": 3_660, "months": 120}


@dataclass(frozen=True, slots=True)
class Today:
    """What a range is resolved against. Weeks begin on Sunday, as in QuickBooks' reports."""

    day: date
    fiscal_month: int = 1  # the month in which the company's fiscal year begins


def names() -> tuple[str, ...]:
    """Every range that has a name of its own, in the order in which forms show them."""
    return tuple(_NAMED)


def is_range(name: str) -> bool:
    """Whether `resolved` knows it; "last_30_days" and "last_6_months" take any sensible number."""
    counted = COUNTED.fullmatch(name)
    return name in _NAMED or (counted is not None and int(counted[1]) <= _MOST[counted[2]])


def resolved(name: str, today: Today) -> Days:
    """The days of a range. Raises BadRequest for a name that it does not know."""
    if not is_range(name):
        raise BadRequest("There is no such range of dates. Choose the dates again.")
    if named := _NAMED.get(name):
        return named(today)
    _, number, unit = name.split("_")
    if unit == "days":  # today is the last of them
        return today.day - timedelta(days=int(number) - 1), today.day
    month = _months(today.day.replace(day=1), -int(number))
    return month, today.day.replace(day=1) - timedelta(days=1)


def fiscal_year(day: date, fiscal_month: int) -> int:
    """The fiscal year of a day, named by the year in which it ends."""
    if fiscal_month == 1:
        return day.year
    return day.year + (day.month >= fiscal_month)


def fiscal_year_start(day: date, fiscal_month: int) -> date:
    """The first day of the fiscal year that a day lies in."""
    return date(day.year - (day.month < fiscal_month), fiscal_month, 1)


def last_day_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _start(unit: str, today: Today) -> date:
    """The first day of the week, month, quarter or year that today lies in."""
    day = today.day
    match unit:
        case "week":
            return day - timedelta(days=(day.weekday() + 1) % 7)
        case "month":
            return day.replace(day=1)
        case "calendar_year":
            return date(day.year, 1, 1)
        case "calendar_quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "fiscal_year":
            year = day.year - (day.month < today.fiscal_month)
            return date(year, today.fiscal_month, 1)
        case _:
            into = (day.month - today.fiscal_month) % 12 % 3
            return _months(day.replace(day=1), -into)


_STEPS = {
    "month": 1,
    "fiscal_quarter": 3,
    "calendar_quarter": 3,
    "fiscal_year": 12,
    "calendar_year": 12,
}


def _next(unit: str, start: date, by: int = 1) -> date:
    """The first day of the unit that comes `by` units later."""
    if unit == "week":
        return start + timedelta(weeks=by)
    return _months(start, by * _STEPS[unit])


def _months(first: date, by: int) -> date:
    """The first of a month, `by` months away."""
    at = first.year * 12 + first.month - 1 + by
    return date(at // 12, at % 12 + 1, 1)


def _whole(unit: str, by: int) -> Callable[[Today], Days]:
    def days(today: Today) -> Days:
        first = _next(unit, _start(unit, today), by)
        return first, _next(unit, first) - timedelta(days=1)

    return days


def _to_date(unit: str, by: int) -> Callable[[Today], Days]:
    """From the unit's beginning as far into it as today is into its own.

    A shorter month ends with its own last day: on 31 March, last month to date is February.
    """

    def days(today: Today) -> Days:
        start = _start(unit, today)
        if by == 0:
            return start, today.day
        first = _next(unit, start, by)
        last = _next(unit, first) - timedelta(days=1)
        if unit == "week":
            return first, first + (today.day - start)
        month = _months(first, _months_between(start, today.day))
        there = month.replace(day=min(today.day.day, last_day_of_month(month).day))
        return first, min(there, last)

    return days


def _to_last_month(today: Today) -> Days:
    """The months that are over of the fiscal year in which the last of them lies: what a month-end
    closes. In a year's first month that is the whole year before.
    """
    last = today.day.replace(day=1) - timedelta(days=1)
    return fiscal_year_start(last, today.fiscal_month), last


def _months_between(first: date, later: date) -> int:
    return (later.year - first.year) * 12 + later.month - first.month


def _named() -> Mapping[str, Callable[[Today], Days]]:
    found: dict[str, Callable[[Today], Days]] = {
        "all": lambda _: (None, None),
        "today": lambda today: (today.day, today.day),
        "yesterday": lambda today: (today.day - timedelta(days=1), today.day - timedelta(days=1)),
    }
    for unit in _UNITS:
        found[f"this_{unit}"] = _whole(unit, 0)
        found[f"this_{unit}_to_date"] = _to_date(unit, 0)
        found[f"last_{unit}"] = _whole(unit, -1)
        found[f"last_{unit}_to_date"] = _to_date(unit, -1)
        found[f"next_{unit}"] = _whole(unit, 1)
    found["fiscal_year_to_last_month"] = _to_last_month
    found["next_4_weeks"] = lambda today: (
        _next("week", _start("week", today)),
        _next("week", _start("week", today), 5) - timedelta(days=1),
    )
    return found


_NAMED = _named()
