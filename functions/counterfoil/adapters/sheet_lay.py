"""Where the columns of a block lie in the sheet. Pure.

The add-on's half of it is addon/OldBlock.js; docs/operations.md ("The block before the run") binds
both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counterfoil.core import marks
from counterfoil.core.canonical import Cell
from counterfoil.core.digest import matches

# How much of a digest a receipt keeps of the table before: 48 bits, so that it fits.
START = 12

Rows = Sequence[Sequence[Cell]]
Formulas = Sequence[Sequence[str]]
"""The text of each cell's formula, "" where it has none."""


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring columns: from which of ours on, at which of the block's, how many."""

    first: int
    at: int
    width: int


@dataclass(slots=True)
class Lay:
    """Which of the block's columns are ours; between them may lie some that a person put in."""

    places: list[int] = field(default_factory=list)  # of our columns, as far as it is known
    stale: list[int] = field(default_factory=list)  # ours until now, not needed any more
    renamed: dict[int, Cell] = field(default_factory=dict)  # our column → a person's title
    given: dict[int, str] = field(default_factory=dict)  # our column → that title's mark
    known: list[str] = field(default_factory=list)  # marks of titles that are ours
    titles: list[Cell] = field(default_factory=list)  # as we wrote them
    marks: dict[str, str] | None = None  # of the block as it was read back
    was: dict[str, int] = field(default_factory=dict)  # where each column of the last run is
    before: list[Any] | None = None  # `extent` of the table that was there
    doubt: bool = False  # whether somebody may have typed into what a killed run left

    def of(self, columns: int) -> list[int]:
        """The places of so many columns of ours."""
        free = max([-1, *self.places, *self.stale]) + 1
        more = [*self.stale, *range(free, free + columns)]
        return [*self.places, *more][:columns]

    def width(self, columns: int) -> int:
        return max(self.of(columns)) + 1

    def ours(self, width: int) -> int:
        """How many columns of a block as wide as that are ours."""
        return sum(at < width for at in self.of(width) if at not in self.stale)

    def spans(self, columns: int, old_width: int = 0) -> list[Span]:
        """Of our columns, and with the block's old width of those to be blanked after them."""
        places = self.of(columns)
        left = list(range(columns, old_width))
        if self.places:
            left = [at for at in self.stale if old_width and at not in places]
        spans: list[Span] = []
        for i, at in enumerate([*places, *left]):
            last = spans[-1] if spans else None
            if last is not None and last.at + last.width == at:
                spans[-1] = Span(last.first, last.at, last.width + 1)
            else:
                spans.append(Span(i, at, 1))
        return spans


@dataclass(frozen=True, slots=True)
class Found:
    """What stops a run on the old block: a code and the cells, counted from the block's corner."""

    code: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def lay_over(
    lay: Lay,
    asked: Mapping[str, Any],
    old_keys: Sequence[str],
    now: Sequence[int],
    left: Sequence[int],
) -> None:
    """Lays the new columns over the old ones; `left` are those that a run that was killed did
    not need any more, and perhaps has not blanked yet.
    """
    if len(now) == len(old_keys):
        # Not where a killed run has taken some of them out: which ones, nobody knows.
        lay.was = dict(zip(old_keys, now, strict=True))
    new_keys = marks.cut(asked["keys"], marks.KEY_MARK)
    if new_keys == old_keys:
        lay.places, lay.stale = list(now), list(left)
    else:
        slots = sorted([*now, *left])
        lay.places, lay.stale = slots[: len(new_keys)], slots[len(new_keys) :]


def is_as_sent(key: str, digest: Mapping[str, Any], body: Rows, places: Sequence[int]) -> bool:
    own = [[row[at] for at in places] for row in body]
    return matches({"key": key, **digest}, own)


def extent(receipt: Mapping[str, Any], now: Sequence[int]) -> list[Any]:
    """What the next receipt "writing" says of the table of this one, whose columns are at `now`:
    rows, columns, chunks, the digest's start, and where the columns are if not in their order.
    """
    digest = receipt["digest"]
    made = [receipt["rows"], len(now), digest["chunks"], digest["value"][:START]]
    return made if list(now) == list(range(len(now))) else [*made, list(now)]


def first_formula(formulas: Formulas, places: Sequence[int]) -> Found | None:
    for r, row in enumerate(formulas):
        for at in places:
            if row[at]:
                return Found("differs_formula", r, at)
    return None
