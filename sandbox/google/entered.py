"""What a typed text becomes: Sheets' parsing, on the pessimistic side where it is unclear. Pure.

A test that is green here has not been saved by a kindness that the real Sheets may not have:
whatever looks like a formula, number, date or boolean becomes one unless the cell is text first,
and an `=` is a formula even then.
https://developers.google.com/apps-script/reference/spreadsheet/range#setValues(Object)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.google.cells import Value, stored

_EPOCH = date(1899, 12, 30)
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d+)?\Z")
_MONEY = re.compile(r"(\()?([+-])?\s*([$€£¥])?\s*([+-])?\s*([\d,]*\.?\d+)\s*([$€£¥])?(\))?\Z")
_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})(?:\2(\d{1,4}))?(?:[ T](\d{1,2}:\d{2}.*))?\Z")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*([AaPp][Mm])?\Z")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Entered:
    """A value or a formula, and the number format that Sheets gives a cell that had none."""

    value: Value = ""
    formula: str = ""
    pattern: str = ""


def entered(text: str, pattern: str = "", *, year: int = 2026, day_first: bool = False) -> Entered:
    """What `text` becomes in a cell whose number format is `pattern`.

    `year` completes "1-2"; `day_first` says what the spreadsheet's locale makes of 1/2/2026.
    """
    if text.startswith("=") and len(text) > 1:
        return Entered(formula=text)
    if text.startswith("'"):
        return Entered(text[1:])
    if pattern == "@":
        return Entered(text)
    return _parsed(text.strip(), year, day_first) or Entered(text)


def serial(moment: date | datetime) -> int | float:
    """Days since 1899-12-30, the time of day as the fraction."""
    if not isinstance(moment, datetime):
        return (moment - _EPOCH).days
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return ((moment.date() - _EPOCH).days * 86400 + seconds) / 86400


def _parsed(text: str, year: int, day_first: bool) -> Entered | None:
    if not text:
        return None
    if text.upper() in ("TRUE", "FALSE"):
        return Entered(text.upper() == "TRUE")
    found = _number(text) or _moment(text, year, day_first)
    if found is None and text[0] in "+-@" and len(text) > 1:
        return Entered(formula="=" + text)
    return found


def _number(text: str) -> Entered | None:
    if _NUMBER.match(text) and any(c.isdigit() for c in text):
        pattern = "#,##0.00" if "," in text and "." in text else "#,##0" if "," in text else ""
        return Entered(stored(float(text.replace(",", ""))), pattern=pattern)
    if text.endswith("%") and _NUMBER.match(text[:-1].strip()) and text[0] != "%":
        digits = text[:-1].strip().replace(",", "")
        if any(c.isdigit() for c in digits):
            return Entered(stored(float(digits) / 100), pattern="0.00%" if "." in digits else "0%")
    money = _MONEY.match(text)
    if money is None or bool(money[1]) != bool(money[7]):
        return None
    amount = float(money[5].replace(",", ""))
    negative = bool(money[1]) or "-" in (money[2], money[4])
    symbol = money[3] or money[6]
    pattern = f"{symbol}#,##0.00" if symbol else ""
    return Entered(stored(-amount if negative else amount), pattern=pattern)


def _moment(text: str, year: int, day_first: bool) -> Entered | None:
    clock = _time(text)
    if clock is not None:
        return Entered(stored(clock), pattern="hh:mm:ss")
    match = _DATE.match(text)
    day = _numeric_date(match, year, day_first) if match else _named_date(text, year)
    if day is None:
        return None
    if match is None or match[5] is None:
        return Entered(serial(day), pattern="yyyy-mm-dd")
    clock = _time(re.sub(r"(Z|[+-]\d{2}:?\d{2})\Z", "", match[5]))
    if clock is None:
        return None
    return Entered(stored(serial(day) + clock), pattern="yyyy-mm-dd hh:mm:ss")


def _numeric_date(match: re.Match[str], year: int, day_first: bool) -> date | None:
    first, second, third = match[1], match[3], match[4]
    if third is None:  # "1-2" is the second of January, "5.5" is a number and was taken before
        return _date(year, int(first), int(second)) if len(first) < 3 else None
    if len(first) == 4:
        return _date(int(first), int(second), int(third))
    if len(first) == 3 or len(third) == 3:
        return None
    full = int(third) + 2000 if len(third) <= 2 else int(third)
    month, day = (second, first) if day_first else (first, second)
    return _date(full, int(month), int(day)) or _date(full, int(day), int(month))


def _named_date(text: str, year: int) -> date | None:
    """ "Jan 2", "2 January 2026", "Jan-26"."""
    words = re.split(r"[\s,.-]+", text.strip().lower())
    months = [i for i, word in enumerate(words) if word[:3] in _MONTHS and word.isalpha()]
    if len(months) != 1 or not 2 <= len(words) <= 3:
        return None
    month = _MONTHS.index(words.pop(months[0])[:3]) + 1
    if not all(word.isdigit() and len(word) in (1, 2, 4) for word in words):
        return None
    full = int(words.pop()) if len(words[-1]) == 4 or len(words) == 2 else year
    day = int(words[0]) if words else 1
    return _date(full + 2000 if full < 100 else full, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(text: str) -> float | None:
    match = _TIME.match(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), float(match[3] or 0)
    if match[4]:
        hours = hours % 12 + (12 if match[4].lower() == "pm" else 0)
    if hours > 23 or minutes > 59 or seconds >= 60:
        return None
    return (hours * 3600 + minutes * 60 + seconds) / 86400
