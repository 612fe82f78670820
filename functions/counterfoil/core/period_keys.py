"""What columns of periods are known by: the month, quarter, year or week that each lies in
("Month 2026-03-01"). Pure.

QuickBooks calls a month that is not over by its days, "Mar 1 - Mar 27, 2026", and tomorrow by
others. It is the same month all the same, and keeps its place in the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

Days = tuple[date, date]
_MONTHS = {"Month": 1, "Quarter": 3, "FiscalQuarter": 3, "Year": 12, "FiscalYear": 12}
_WEEK = "Week"
_DAY = timedelta(days=1)
# A Sunday, on which QuickBooks' weeks begin unless the company says otherwise.
_SUNDAY = date(2023, 1, 1)


def period_keys(spans: Sequence[Days], by: str) -> dict[Days, str]:
    """Of each, whatever their order; none where `by` is no period, two would have one, or of what
    is left over of too many days.

    A period is called by the calendar's in which it begins, which no other one does, wherever
    fiscal years and weeks begin. Only the first column can be cut at its beginning, and then the
    next one tells where periods begin; one alone is taken to be as in the calendar,
    and known again by how it begins (`keyed_before.columns_now`).
    """
    if by == "Days":
        return {each: f"{by} {each[0]}" for each in spans if each[0] == each[1]}
    if by not in _MONTHS and by != _WEEK:
        return {}
    ordered = sorted(spans)
    begins = [start for start, _ in ordered]
    if len(begins) > 1:
        begins[0] = _begin(begins[0], begins[1], by)
    found = {
        each: f"{by} {_in_calendar(begin, by)}" for each, begin in zip(ordered, begins, strict=True)
    }
    return found if len(set(found.values())) == len(spans) else {}


def _begin(start: date, later: date, by: str) -> date:
    """Of the period that holds `start`, where another one begins `later`."""
    if by == _WEEK:
        return start - (start - later).days % 7 * _DAY
    at, other = _month(start), _month(later)
    return _first(at - (at - other) % _MONTHS[by])


def _in_calendar(day: date, by: str) -> date:
    """The first day of the calendar's week, month, quarter or year that holds it."""
    if by == _WEEK:
        return day - (day - _SUNDAY).days % 7 * _DAY
    return _first(_month(day) - _month(day) % _MONTHS[by])


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
