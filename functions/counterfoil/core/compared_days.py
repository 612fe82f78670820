"""Which periods a report is compared with, and what their columns are called. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from counterfoil.core.periods import last_day_of_month

MOST_PERIODS = 12
# More columns by month than a comparison needs would be more cells than calls are worth.
MOST_MONTHS = 60

_DAY = timedelta(days=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Against(enum.StrEnum):
    PREVIOUS_PERIOD = "previous_period"
    LAST_YEAR = "same_period_last_year"


@dataclass(frozen=True, slots=True)
class Comparison:
    against: Against
    periods: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """A period; of a state only its last day, and `start` is None."""

    start: date | None
    end: date

    @property
    def title(self) -> str:
        """ "Mar 2026", "2026", "2026-01-01 to 2026-03-31"; "2026-03-31" of a state."""
        if self.start is None:
            return self.end.isoformat()
        if self.is_months and (self.start.year, self.start.month) == (
            self.end.year,
            self.end.month,
        ):
            return f"{_MONTHS[self.start.month - 1]} {self.start.year}"
        if (self.start, self.end) == (date(self.end.year, 1, 1), date(self.end.year, 12, 31)):
            return str(self.end.year)
        return f"{self.start} to {self.end}"

    @property
    def is_months(self) -> bool:
        """Whether it is made of whole months, or is the state at the end of one."""
        begins = self.start is None or self.start.day == 1
        return begins and self.end == last_day_of_month(self.end)


def spans(now: Span, comparison: Comparison) -> list[Span]:
    """The period itself, and those that it is compared with, the latest first."""
    if comparison.against is Against.LAST_YEAR:
        return [_months_earlier(now, 12 * back) for back in range(comparison.periods + 1)]
    found = [now]
    for back in range(1, comparison.periods + 1):
        found.append(_earlier(now, back))
    return found


def by_month(found: list[Span]) -> tuple[date, date] | None:
    """The months that hold all of them; None where they are no whole months, or too many."""
    if not all(span.is_months for span in found):
        return None
    start = min(span.start or span.end for span in found).replace(day=1)
    end = max(span.end for span in found)
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    return (start, end) if months <= MOST_MONTHS else None


def _earlier(now: Span, back: int) -> Span:
    """The period right before, or so many back: of a state and within one month by months."""
    start, end = now.start, now.end
    if start is None:
        return _months_earlier(now, back)
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start.day == 1 and (months == 1 or end == last_day_of_month(end)):
        return _months_earlier(now, back * months)
    length = end - start + _DAY
    return Span(start - back * length, end - back * length)


def _months_earlier(span: Span, months: int) -> Span:
    start = None if span.start is None else _back(span.start, months, is_last=False)
    return Span(start, _back(span.end, months, is_last=span.end == last_day_of_month(span.end)))


def _back(day: date, months: int, *, is_last: bool) -> date:
    """So many months earlier; the last day of a month stays one."""
    at = day.year * 12 + day.month - 1 - months
    first = date(at // 12, at % 12 + 1, 1)
    last = last_day_of_month(first)
    return last if is_last else first.replace(day=min(day.day, last.day))
