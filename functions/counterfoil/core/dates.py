"""Days and periods as people and QuickBooks write them. Pure: today is handed in."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from counterfoil.core.errors import BadRequest

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parsed(text: str) -> date:
    """A day written YYYY-MM-DD. Raises BadRequest for anything else."""
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    shown = "".join(letter for letter in text[:20] if letter.isprintable())
    raise BadRequest(f"“{shown}” is not a date. Write it as YYYY-MM-DD, such as 2026-01-31.")


def ordered(start: date, end: date) -> None:
    """Raises BadRequest when the range ends before it begins."""
    if start > end:
        raise BadRequest(f"The range of dates ends ({end}) before it begins ({start}). Swap them.")


def period(start: date | None, end: date | None) -> str:
    """The range in words for headers and notes; "" when it is open at both ends."""
    if start is None and end is None:
        return ""
    if start is None:
        return f"Until {end}"
    if end is None:
        return f"From {start}"
    return f"{start} to {end}"


def as_of(day: date) -> str:
    """The day of a state in words: "As of 2026-10-31"."""
    return f"As of {day}"


def zone(name: str) -> ZoneInfo:
    """The spreadsheet's time zone. Raises BadRequest for a name that the IANA list lacks."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadRequest(
            "The spreadsheet's time zone is not known here. Choose another in its settings."
        ) from error


def wall_clock(moment: datetime, zone: ZoneInfo) -> str:
    """ "2026-11-22 15:30 (America/New_York)": where and when the reader is."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def in_sheet(moment: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Days since 1899-12-30 and seconds of that day, by the clock of the spreadsheet."""
    here = moment.astimezone(zone)
    return (
        here.date() - date(1899, 12, 30)
    ).days, here.hour * 3600 + here.minute * 60 + here.second
