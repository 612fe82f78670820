"""What people have in whole rows or columns of a tab, read at once for all of them: lines that are
gone lie scattered between those that stay, and a minute has few reads. The add-on's half is
addon/Beside.js.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from counterfoil.adapters.sheet_book import Tab
from counterfoil.adapters.sheet_hands import Hands
from counterfoil.adapters.sheet_requests import Rect

# So many cells between two lines are read along sooner than another range is asked for.
_GAP = 2_000


def filled(tab: Tab, lines: Collection[int], rows: bool, hands: Hands) -> Iterator[tuple[int, int]]:
    """(row, column) of the cells with a value or a formula, of these rows or columns of the tab.
    One call, from the first to the last of them.
    """
    if not lines:
        return
    wanted, first = set(lines), min(lines)
    place = _place(tab, first, max(lines) + 1 - first, rows)
    for r, line in enumerate(hands.entered(place), place.row):
        for c, value in enumerate(line, place.column):
            if value != "" and (r if rows else c) in wanted:
                yield r, c


def noted(tab: Tab, lines: Collection[int], rows: bool, hands: Hands) -> Iterator[tuple[int, int]]:
    """Of the cells with a note, likewise. As few calls as carry the ranges."""
    wanted = set(lines)
    gap = max(1, _GAP // (tab.columns if rows else tab.rows))
    places = [_place(tab, first, count, rows) for first, count in _near(lines, gap)]
    at = ((r, place.column) for place in places for r in range(place.row, place.row + place.rows))
    for (r, left), line in zip(at, hands.notes(places), strict=True):
        for c, note in enumerate(line, left):
            if note and (r if rows else c) in wanted:
                yield r, c


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """(first, how many) of places that follow each other, ascending."""
    numbered = enumerate(sorted(places))
    groups = groupby(numbered, lambda each: each[1] - each[0])
    made = [[place for _, place in group] for _, group in groups]
    return [(some[0], len(some)) for some in made]


def _place(tab: Tab, first: int, count: int, rows: bool) -> Rect:
    if rows:
        return Rect(tab.id, first, 0, count, tab.columns)
    return Rect(tab.id, 0, first, tab.rows, count)


def _near(places: Iterable[int], gap: int) -> list[tuple[int, int]]:
    """(first, how many) of spans that cover them, with no more than `gap` between two of one."""
    spans: list[tuple[int, int]] = []
    for first, count in runs(places):
        if spans and first - sum(spans[-1]) <= gap:
            start = spans.pop()[0]
            spans.append((start, first + count - start))
        else:
            spans.append((first, count))
    return spans
