"""What a run did to a table, for the person: how many rows of each kind, and which the first are.
Pure.

docs/operations.md ("Patches", "What a replacement changed"); the add-on's half is addon/News.js and
addon/Replaced.js.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core.canonical import Cell

# In this order rows are listed, and no more of them than this.
NEWS = ("new", "changed", "removed", "left", "marked", "gone")
MOST_LISTED = 20

# The words of the sidebar (addon/WordsRun.js), by kind and in its order: of counts, and of rows.
_COUNTS = {
    "new": "new",
    "changed": "changed",
    "removed": "deleted in QuickBooks",
    "left": "left the table",
    "gone": "gone",
    "marked": "kept with a mark",
    "closed": "of them dated in closed books",
}
_KINDS = {
    "new": "New",
    "changed": "Changed",
    "removed": "Deleted",
    "left": "Left",
    "gone": "Gone",
    "marked": "Marked",
}
# Lists that earlier versions wrote stand in people's logs for months.
_EARLIER = (*NEWS, "in closed books")

_COUNT = rf"[\d,]+ (?:{'|'.join((*_COUNTS.values(), *_EARLIER))})"
_IS_COUNTS = re.compile(rf"{_COUNT}(?:, {_COUNT})*")
_IS_LISTED = re.compile(rf"{'|'.join((*_KINDS.values(), *NEWS))}|and [\d,]+ more")
_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)")

Listed = list[list[str]]  # each a word, and the cells by which people know the row


@dataclass(frozen=True, slots=True)
class Replaced:
    """`counts` of "new", "changed" and "gone" rows; no "changed" where the columns are others.
    `closed` of them are dated in closed books, None where nobody asked.
    """

    counts: Mapping[str, int]
    news: Listed
    closed: int | None = None

    def seen(self) -> dict[str, Any]:
        closed = {} if self.closed is None else {"closed": self.closed}
        return {**self.counts, **closed, "news": self.news}

    def told(self) -> Listed:
        counts = {**self.counts, "closed": self.closed or 0}
        return told_rows(counts, self.news, sum(self.counts.values()))


def in_closed_books(closed: Mapping[str, Any], row: Sequence[Cell], *rows: Sequence[Cell]) -> bool:
    """Whether the row, or what it was before, is dated no later than its company's closing date:
    `closed` is of a patch, or of what a replacement changed.
    """
    until = closed["until"]
    day = until.get(row[closed["of"]]) if "of" in closed else until
    dates = [each[closed["column"]] for each in (row, *rows)]
    return day is not None and any(
        date <= day
        for date in dates
        if isinstance(date, int | float) and not isinstance(date, bool)
    )


def told_rows(counts: Mapping[str, int], listed: Sequence[list[str]], total: int) -> Listed:
    """For the log tab, in the sidebar's words: how many there are of each, and below it the list;
    nothing for nothing.
    """
    if not total:
        return []
    told = [f"{counts[kind]:,} {words}" for kind, words in _COUNTS.items() if counts.get(kind)]
    rows = [[_KINDS[what], *labels] for what, *labels in listed]
    more = total - MOST_LISTED
    return [[", ".join(told)], *rows, *([[f"and {more:,} more"]] if more > 0 else [])]


def is_line(op: Mapping[str, Any]) -> bool:
    """Whether `append_log` is of a line of a run, which stands directly below what is there."""
    return "most" in op and not op.get("changes")


def aged(log: Sequence[Sequence[object]], most: int) -> list[tuple[int, int]]:
    """The oldest lists of what runs changed (first row, rows), without which they have fewer than
    `most` rows together. Whatever else stands there, such as lines of runs, stays and counts for
    nothing: were it much, no list would be left.
    """
    found = _lists(log)
    left, drop = sum(high for _, high in found), 0
    while left >= most and drop < len(found):
        left -= found[drop][1]
        drop += 1
    return found[:drop]


def aged_lines(log: Sequence[Sequence[object]], most: int) -> list[tuple[int, int]]:
    """The same of lines of runs, which begin with their time."""
    lines = [row for row, line in enumerate(log) if line and _LINE.fullmatch(_text(line[0]))]
    return [(row, 1) for row in lines[: max(0, len(lines) - most + 1)]]


def _lists(log: Sequence[Sequence[object]]) -> list[tuple[int, int]]:
    """From above, each with the blank row before it."""
    found: list[tuple[int, int]] = []
    row = 0
    while row < len(log):
        high = _listed_at(log, row)
        if high:
            first = row - 1 if row and not any(map(_text, log[row - 1])) else row
            found.append((first, row + high - first))
        row += high or 1
    return found


def _listed_at(log: Sequence[Sequence[object]], row: int) -> int:
    """How many rows a list has that begins there with its table and time; 0 where none does."""
    if row + 1 >= len(log) or len(log[row]) < 2 or not _TIME.fullmatch(_text(log[row][1])):
        return 0
    firsts = [_text(line[0]) if line else "" for line in log[row + 1 : row + 3 + MOST_LISTED]]
    if not _IS_COUNTS.fullmatch(firsts[0]):
        return 0
    high = 2
    while high <= len(firsts) and _IS_LISTED.fullmatch(firsts[high - 1]):
        high += 1
    return high


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else str(cell)
