"""What columns of periods are known by: the first day of the month, quarter, year or week that each
lies in ("Month 2026-03-01"). Pure.

QuickBooks calls a month that is not over by its days, "Mar 1 - Mar 27, 2026", and tomorrow by
others. It is the same month all the same, and keeps its place in the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

Days = tuple[date, date]
_MONTHS = {"Month": 1, "Quarter": 3, "FiscalQuarter": 3, "Year": 12, "FiscalYear": 12}
_DAY = timedelta(days=1)


def period_keys(spans: Sequence[Days], by: str) -> dict[Days, str]:
    """Of each, whatever their order; none where `by` is no period, or two would have one."""
    if by not in (*_MONTHS, "Week", "Days"):
        return {}
    first = min(spans, default=None)
    found = {
        each: f"{by} {_begins(each, by, is_cut=each == first, alone=len(spans) == 1)}"
        for each in spans
    }
    return found if len(set(found.values())) == len(spans) else {}


def _begins(span: Days, by: str, *, is_cut: bool, alone: bool) -> date:
    """Every column but the first begins where its unit does, and the first ends where it does."""
    start, end = span
    if by == "Days":
        return start
    if by == "Week":
        return end - 6 * _DAY if is_cut and not alone else start
    months, after = _MONTHS[by], end + _DAY
    if months == 1:
        return start.replace(day=1)
    if is_cut and not alone and after.day == 1:
        return _months_before(after, months)
    if start.day == 1:
        return start
    # Alone, and begun somewhere in it: of the calendar's, where nothing else is known.
    return start.replace(month=(start.month - 1) // months * months + 1, day=1)


def _months_before(first: date, months: int) -> date:
    years, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(years, month + 1, 1)
