"""Formulas of days: what they give, and the number format that Sheets gives to it. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sandbox.google.shown import is_moment

_FIRST_DAY = date(1899, 12, 30)
_LEAST = {"TODAY": 0, "DATE": 3, "EDATE": 2, "EOMONTH": 2}
# A day, some days before or after it; of the difference of two the format is another one.
_DAY = re.compile(r"=\s*(?:TODAY|DATE|EDATE|EOMONTH)\((?:[^()]|\([^()]*\))*\)", re.IGNORECASE)
_CELL = re.compile(
    r"=\s*((?:(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?\$?[A-Za-z]{1,3}\$?[1-9]\d*)(?![\w(:])"
)
_MOVED = re.compile(r"\s*(?:[-+]\s*\d+\s*)*")
# Of an American spreadsheet.
_PATTERN = "m/d/yyyy"


def gives_day(name: str, arguments: int) -> bool:
    return _LEAST.get(name) == arguments


def day(name: str, numbers: Sequence[int | float], now: float) -> int:
    """The serial number of a day. Raises ValueError or OverflowError where there is no such day."""
    whole = [int(number) for number in numbers]
    if name == "TODAY":
        return int(now)
    if name == "DATE":
        return _serial(_month(whole[0], whole[1] - 1)) + whole[2] - 1
    there = _FIRST_DAY + timedelta(days=whole[0])
    first = _month(there.year, there.month - 1 + whole[1])
    last = calendar.monthrange(first.year, first.month)[1]
    return _serial(first.replace(day=last if name == "EOMONTH" else min(there.day, last)))


def computed_pattern(formula: str, pattern_at: Callable[[str], str]) -> str:
    """The format of a formula's cell that has none of its own, where it gives a day; else "".

    `pattern_at` knows that of a reference.
    """
    if found := _DAY.match(formula):
        pattern = _PATTERN
    elif found := _CELL.match(formula):
        pattern = pattern_at(found[1])
    else:
        return ""
    moved = _MOVED.fullmatch(formula, found.end())
    return pattern if moved and is_moment(pattern) else ""


def _month(year: int, months: int) -> date:
    return date(year + months // 12, months % 12 + 1, 1)


def _serial(there: date) -> int:
    return (there - _FIRST_DAY).days
