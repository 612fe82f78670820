"""Rows in the order that a person chose, or only the first of them. Pure.

The order is exact: numbers, and dates with them, by their value; texts by their letters, whatever
case and accents, and by the value of the numbers in them, so that 9 comes before 10; blanks last,
whichever way round. What is equal stays in QuickBooks' order. addon/Order.js orders alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core.bookmarks import packed, unpacked
from counterfoil.core.cells import BLANK, Cell

Row = Sequence[Cell]

_ACCENTS = re.compile("[\u0300-\u036f]")
_DIGITS = re.compile(r"(\d+)", re.ASCII)
# Above the number wanted: so many come together before the last of them are let go.
_SPARE = 1_000


@dataclass(frozen=True, slots=True)
class Order:
    """By the column at that place; `most` None for all rows."""

    column: int
    descending: bool = False
    most: int | None = None


class Ordered:
    """The rows of a reading while it goes on. With `most`, only those that can be among the first
    are held, however many come.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self.seen = 0  # rows so far, held or not
        self._held: list[Row] = []

    def add(self, rows: Sequence[Row]) -> None:
        self.seen += len(rows)
        self._held += rows
        if self.order.most is not None and len(self._held) > 2 * self.order.most + _SPARE:
            self._held = self._first()

    def rows(self) -> list[Row]:
        """In their order."""
        self._held = self._first()
        return self._held

    def join(self, other: Ordered) -> None:
        """With the rows of another reading, which come after those that are equal."""
        self.seen += other.seen
        self._held += other._held

    def state(self) -> str:
        """Text for a cursor, of all rows that are held: it can be large."""
        return packed([self.seen, self.rows()])

    @classmethod
    def from_state(cls, order: Order, state: str) -> Ordered:
        found = cls(order)
        found.seen, found._held = unpacked(state)
        return found

    def _first(self) -> list[Row]:
        return in_order(self._held, self.order)[: self.order.most]


def in_order(rows: Iterable[Row], order: Order) -> list[Row]:
    every = list(rows)
    return [every[place] for place in places_in_order(every, order)]


def places_in_order(rows: Sequence[Row], order: Order) -> list[int]:
    """Where the rows in their order stand now."""
    cells = [row[order.column] for row in rows]
    kinds: dict[str, list[int]] = {kind: [] for kind in _KEYS}
    for place, cell in enumerate(cells):
        kinds[_kind(cell)].append(place)
    found: list[int] = []
    for kind, those in kinds.items():
        key = _KEYS[kind]
        # Reversed, what is equal still stays as it came.
        those.sort(key=lambda place, key=key: key(cells[place]), reverse=order.descending)  # type: ignore[misc]
        found += those
    return found


def places_together(
    groups: Sequence[str], ranks: Sequence[int | None], *, sent_last: bool
) -> list[int]:
    """Where the rows stand now of which those of one group come together, where the first of them
    stands, by their ranks; those without one before or behind them. A group of which no row has a
    rank stays as it is.
    """
    members: dict[str, list[int]] = {}
    for place, group in enumerate(groups):
        members.setdefault(group, []).append(place)
    found: list[int] = []
    for place, group in enumerate(groups):
        those = members[group]
        if all(ranks[each] is None for each in those):
            found.append(place)
        elif place == those[0]:
            found += sorted(
                those, key=lambda each: ((ranks[each] is None) != sent_last, ranks[each] or 0)
            )
    return found


def _kind(cell: Cell) -> str:
    if cell == BLANK:
        return "blank"
    if isinstance(cell, bool):
        return "flag"
    return "text" if isinstance(cell, str) else "number"


def _letters(cell: Any) -> tuple[list[Any], str]:
    # The accents of Latin, Greek and Cyrillic letters: what writers of both languages know alike.
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", cell.casefold()))
    parts: list[Any] = _DIGITS.split(plain)
    # Every other part is a number: the longer one is larger, however many digits it has.
    parts[1::2] = [(len(each), each) for each in (it.lstrip("0") for it in parts[1::2])]
    return parts, cell


def _itself(cell: Any) -> Any:
    # A number is the float nearest to its decimal: of two decimals the larger is never below.
    return cell


_KEYS: Mapping[str, Callable[[Any], Any]] = {
    "number": _itself,
    "text": _letters,
    "flag": _itself,
    "blank": lambda cell: 0,
}
