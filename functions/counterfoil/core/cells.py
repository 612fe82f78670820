"""From QuickBooks' values to spreadsheet cells. Pure.

The column's type decides what a value becomes, never the look of the value: a document
number "0012" stays text, an id of 19 digits stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from counterfoil.core.canonical import LARGEST_INTEGER
from counterfoil.core.canonical import Cell as Cell
from counterfoil.core.canonical import canonical as canonical
from counterfoil.core.datasets import ColumnType
from counterfoil.core.errors import ExportTooLarge

BLANK = ""

# The most characters that Google Sheets takes in one cell, counted as JavaScript counts them.
# https://support.google.com/drive/answer/37603
TEXT_LIMIT = 50_000

# Day 0 of a spreadsheet's calendar.
# https://developers.google.com/workspace/sheets/api/guides/formats#about_date_time_values
EPOCH = date(1899, 12, 30)
_EPOCH_TIME = datetime(1899, 12, 30)  # noqa: DTZ001  a wall clock, in whatever zone the sheet is

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OFFSET = re.compile(r"Z|[+-]\d\d:\d\d", re.ASCII)
_DAY = 86_400  # seconds


def cell(value: object, type: ColumnType, zone: ZoneInfo, title: str = "") -> Cell:
    """One value as a cell of a column of that type; a missing value is blank.

    A value that does not fit its column (a word where an amount should be) is kept, as text.
    Raises ExportTooLarge, naming the column, for a text that Sheets would cut.
    """
    return maker(type, zone, title)(value)


def maker(type: ColumnType, zone: ZoneInfo, title: str = "") -> Callable[[object], Cell]:
    """What turns the values of one column into cells, chosen once for all its rows."""

    def as_text(value: object) -> Cell:
        if isinstance(value, str):
            text = value
        elif value is None:
            return BLANK
        else:
            text = words(value)
        if len(text) > TEXT_LIMIT // 2 and js_length(text) > TEXT_LIMIT:
            raise ExportTooLarge(
                f'A text in the column "{title}" is longer than the {TEXT_LIMIT:,} characters '
                "that a cell of Google Sheets can hold. Leave that column out.",
                column=title,
                characters=js_length(text),
            )
        return text

    def as_number(value: object) -> Cell:
        if value is None:
            return BLANK
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            return as_text(value)
        if value == "":
            return BLANK
        try:
            return number(value)
        except ValueError:
            return as_text(value)

    def as_date(value: object) -> Cell:
        if isinstance(value, str):
            serial = date_text_serial(value)
            return as_text(value) if serial is None else serial
        if isinstance(value, date) and not isinstance(value, datetime):
            return date_serial(value)
        return as_text(value)

    def as_datetime(value: object) -> Cell:
        if isinstance(value, datetime):
            return datetime_serial(value, zone) if value.tzinfo else as_text(value)
        serial = moment_serial(value, zone) if isinstance(value, str) else None
        return as_text(value) if serial is None else serial

    def as_boolean(value: object) -> Cell:
        if isinstance(value, bool):
            return value
        if value == "true":
            return True
        if value == "false":
            return False
        return as_text(value)

    return {
        ColumnType.TEXT: as_text,
        ColumnType.MONEY: as_number,
        ColumnType.NUMBER: as_number,
        ColumnType.DATE: as_date,
        ColumnType.DATETIME: as_datetime,
        ColumnType.BOOLEAN: as_boolean,
    }[type]


def number(value: Decimal | int | float | str) -> int | float:
    """A number cell: an int where the value is whole, else the float that reads as that decimal.

    Up to 15 significant digits the float's shortest text is the decimal itself. Raises
    ValueError for a text that is no plain number, and for one that no float can hold.
    """
    if value.__class__ is str and not is_number(value):
        raise ValueError("not a number")
    near = float(value)
    if near.is_integer() and -LARGEST_INTEGER <= near <= LARGEST_INTEGER:
        return int(near)
    if near - near != 0:  # infinite, or not a number
        raise ValueError("not a finite number")
    return near


def numbers(values: Sequence[Decimal]) -> list[int | float]:
    """The same of many at once."""
    near = list(map(float, values))
    largest = max(max(near, default=0.0), -min(near, default=0.0))
    if not largest <= LARGEST_INTEGER:
        return list(map(number, values))
    return [int(each) if each.is_integer() else each for each in near]


def is_number(text: str) -> bool:
    """Whether the text is a plain number: no spaces, no thousands, no currency."""
    return _NUMBER.fullmatch(text) is not None


def date_serial(day: date) -> int:
    """Days since 1899-12-30."""
    return (day - EPOCH).days


def datetime_serial(moment: datetime, zone: ZoneInfo) -> int | float:
    """Days since 1899-12-30 on the wall clock of `zone`, the time of day as the fraction.

    Exactly (days * 86400 + seconds) / 86400. Parts of a second are left out: Apps Script reads
    them back differently, and no one would see them.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs an offset")
    try:
        local = moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:  # the first or last hours of the calendar
        local = moment.replace(tzinfo=None)
    passed = local - _EPOCH_TIME
    seconds = passed.days * _DAY + passed.seconds
    return seconds // _DAY if seconds % _DAY == 0 else seconds / _DAY


@lru_cache(maxsize=8192)  # the same days come back in row after row
def date_text_serial(text: str) -> int | None:
    """None for what is no date as QuickBooks writes it."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date_serial(date.fromisoformat(text))
    except ValueError:  # "2026-02-30"
        return None


@lru_cache(maxsize=8192)  # what was made in one go has one time in several columns
def moment_serial(text: str, zone: ZoneInfo) -> int | float | None:
    """None for a text that names no instant: without an offset nobody knows which is meant."""
    # As QuickBooks writes it, "2026-04-07T12:30:05-07:00": only its day needs a calendar.
    minutes, seconds = _MINUTES.get(text[10:16]), _SECONDS.get(text[16:19])
    midnight = _midnight(text[:10], text[19:], zone)
    if minutes is None or seconds is None or midnight is None:
        return any_moment_serial(text, zone)
    passed = midnight + minutes + seconds
    return passed // _DAY if passed % _DAY == 0 else passed / _DAY


def moment_serials(texts: Collection[str], zone: ZoneInfo) -> dict[str, int | float | None]:
    """The same of many, by their texts."""
    midnights = _Midnights(zone)
    try:
        passed = [
            midnights[text[:10] + text[19:]] + _MINUTES[text[10:16]] + _SECONDS[text[16:19]]
            for text in texts
        ]
    except KeyError:
        return {text: moment_serial(text, zone) for text in texts}
    serials = [each / _DAY if each % _DAY else each // _DAY for each in passed]
    return dict(zip(texts, serials, strict=True))


class _Midnights(dict[str, int]):
    """By day and offset. Raises KeyError where only the long way leads to the moment."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __missing__(self, day: str) -> int:
        midnight = _midnight(day[:10], day[10:], self._zone)
        if midnight is None:
            raise KeyError(day)
        self[day] = midnight
        return midnight


_MINUTES = {f"T{at // 60:02}:{at % 60:02}": at * 60 for at in range(24 * 60)}
_SECONDS = {f":{second:02}": second for second in range(60)}


@lru_cache(maxsize=4096)
def _midnight(day: str, offset: str, zone: ZoneInfo) -> int | None:
    """Seconds from day 0 to where that day begins, on the wall clock of `zone`; None where the
    clock there changes during it, or the texts are not what they should be.
    """
    if not _DATE.fullmatch(day) or not _OFFSET.fullmatch(offset):
        return None
    try:
        begins = datetime.fromisoformat(f"{day}T00:00:00{offset}")
        quarters = [(begins + timedelta(hours=hours)).astimezone(zone) for hours in range(0, 25, 6)]
    except (ValueError, OverflowError):
        return None
    if len({quarter.utcoffset() for quarter in quarters}) != 1:
        return None
    passed = quarters[0].replace(tzinfo=None) - _EPOCH_TIME
    return passed.days * _DAY + passed.seconds


def any_moment_serial(text: str, zone: ZoneInfo) -> int | float | None:
    """The same, however it is written."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None
    return datetime_serial(moment, zone) if moment and moment.tzinfo else None


def words(value: object) -> str:
    """A scalar as text, the way JSON writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def js_length(text: str) -> int:
    """How long JavaScript says that the text is."""
    return len(text) + sum(1 for character in text if character > "\uffff")
