"""Lines and columns in receipts that earlier versions left, under today's marks. Pure.

Ids did not name their company then, and the column of a period was known by what QuickBooks called
it, or by its days. What is known again keeps its place; its next receipt has today's mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from counterfoil.core import marks
from counterfoil.core.canonical import Cell
from counterfoil.core.report_rows import ReportRows

# In a key: ids are digits, and words of groups and of labels are not.
_ID = re.compile(r"(?:^|/)\d+(?=[/:#]|$)", re.ASCII)


def of_company(key: str, whose: str) -> str:
    """An id means something in one company only: what bears one is another line in another's books.
    Groups (Net Income) are the same in all.
    """
    return f"{key}\n{whose}" if whose and _ID.search(key) else key


def lines_now(
    key: str, old: Sequence[str], labels: Sequence[Cell], shown: ReportRows, new: Sequence[str]
) -> list[str]:
    """The marks of lines in the sheet. An id of before is that of this company where the line is
    called the same.
    """
    there = set(old)
    before = {
        (marks.line_mark(key, each), row[0]): mark
        for each, mark, row in zip(shown.line_keys, new, shown.rows, strict=True)
        if mark not in there
    }
    return [before.get(each, each[0]) for each in zip(old, labels, strict=True)]


def columns_now(
    key: str, old: Sequence[str], titles: Sequence[Cell], shown: ReportRows, new: Sequence[str]
) -> list[str]:
    """The marks of columns in the sheet. A period is known by its former key, and one that was cut
    somewhere else, which then was its key, by a title that is like its own.
    """
    found, there = list(old), set(old)
    called = shown.header_rows[-1]
    for at, mark in enumerate(new):
        former = shown.former[at] if shown.former else ""
        before = _mark(key, former or shown.layout.keys[at])
        if mark not in there and before in there:
            place = old.index(before)
            if former or titles[place] == called[at]:
                found[place] = mark
    cut = [
        at for at, mark in enumerate(new) if mark not in found and any(shown.former[at : at + 1])
    ]
    for at in cut:
        places = [
            place
            for place, title in enumerate(titles)
            if _alike(title, called[at]) and found[place] == _mark(key, str(title))
        ]
        if places:
            found[places[-1]] = new[at]  # the last: those before it were left behind
    first = next((at for at, former in enumerate(shown.former) if former), None)
    if first is not None:
        _as_it_begins(key, found, titles, called, new, first)
    return found


def _as_it_begins(
    key: str,
    found: list[str],
    titles: Sequence[Cell],
    called: Sequence[Cell],
    new: Sequence[str],
    first: int,
) -> None:
    """A period alone is taken for one of the calendar's, and where fiscal years begin elsewhere
    for that of the next one, once that stands beside it: the first is the one that begins as it.
    """
    begin, mark = _begin(called[first]), new[first]
    places = [at for at, title in enumerate(titles) if begin and _begin(title) == begin]
    if len(places) != 1 or found[places[0]] == mark:
        return
    taken = found[places[0]]
    if mark in found:
        other = found.index(mark)
        if _alike(titles[other], called[first]):
            return
        is_its = taken not in new or _alike(titles[other], called[new.index(taken)])
        found[other] = taken if is_its else _mark(key, str(titles[other]))
    elif taken not in new:
        return
    found[places[0]] = mark


_TITLE = re.compile(r"([A-Z][a-z]{2})(?: (\d{1,2}))?(?:,? (\d{4}))?(?: - .*?(\d{4}))?")


def _begin(title: Cell) -> tuple[str, int, str] | None:
    """Month, day and year: of "Jan 1 - Mar 20, 2026", "Jan - Mar 2026" and "Jan 2026"."""
    told = _TITLE.fullmatch(str(title))
    if told is None:
        return None
    month, day, year, last = told.groups()
    return month, int(day or 1), year or last or ""


def _alike(one: Cell, other: Cell) -> bool:
    """Whether both may be of one unit: "Mar 1 - Mar 27, 2026" and "Mar 2026", or "Mar 3 - Mar 27,
    2026"; not another one of its weeks.
    """
    words, others = str(one).split(), str(other).split()
    if not words or not others or (words[0], words[-1]) != (others[0], others[-1]):
        return False
    whole = any(len(each) < 3 or not each[1].isdigit() for each in (words, others))
    return whole or words[1] == others[1] or words[2:] == others[2:]


def _mark(key: str, text: str) -> str:
    return marks.key_marks(key, [text])
