"""What lies over the cells of a tab: merges, the basic filter, protections, groups, heights.

Plain data that follows rows and columns as they come, go and move. Nothing here refuses an edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sandbox.google.a1 import Rect
from sandbox.google.moves import Move, moved_rect

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BasicFilter:
    """The one filter of a tab that everybody sees; `rect` includes the header row.

    `hidden_rows` are the rows that it hides, counted from the top of the tab; `hidden_values`
    are the shown texts that it hides, by column of the tab.
    """

    rect: Rect
    hidden_rows: frozenset[int] = frozenset()
    hidden_values: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Protected:
    """`rect` is None for the whole tab. The owner of the spreadsheet may always edit."""

    id: int
    rect: Rect | None
    warning_only: bool = False
    editors: tuple[str, ...] = ()  # e-mail addresses
    description: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows or columns [start, end) that fold together; `depth` counts from 1."""

    axis: str  # ROWS or COLUMNS
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class MarksState:
    merges: tuple[Rect, ...]
    basic_filter: BasicFilter | None
    protected: tuple[Protected, ...]
    groups: tuple[Group, ...]
    heights: dict[int, int]
    tab_color: str
    gridlines_hidden: bool


class Marks:
    """What a Layout is besides its rows and columns."""

    def __init__(self) -> None:
        self.merges: list[Rect] = []  # none overlaps another; the first cell holds the value
        self.basic_filter: BasicFilter | None = None
        self.protected: list[Protected] = []
        self.groups: list[Group] = []
        self.heights: dict[int, int] = {}  # pixels; what is missing has the default, 21
        self.tab_color = ""  # "#rrggbb"
        self.gridlines_hidden = False

    def marks_state(self) -> MarksState:
        return MarksState(
            tuple(self.merges),
            self.basic_filter,
            tuple(self.protected),
            tuple(self.groups),
            dict(self.heights),
            self.tab_color,
            self.gridlines_hidden,
        )

    def restore_marks(self, state: MarksState) -> None:
        self.merges = list(state.merges)
        self.basic_filter = state.basic_filter
        self.protected = list(state.protected)
        self.groups = list(state.groups)
        self.heights = dict(state.heights)
        self.tab_color = state.tab_color
        self.gridlines_hidden = state.gridlines_hidden

    def move_marks(self, axis: str, move: Move) -> None:
        """Rows or columns came, went or moved; what lost all of its cells is gone."""
        merges = (moved_rect(rect, axis, move) for rect in self.merges)
        self.merges = [rect for rect in merges if rect and rect.rows * rect.columns > 1]
        if self.basic_filter is not None:
            self.basic_filter = _moved_filter(self.basic_filter, axis, move)
        self.protected = [
            replace(item, rect=rect)
            for item in self.protected
            if (rect := item.rect and moved_rect(item.rect, axis, move)) or item.rect is None
        ]
        groups = (
            (g, move(g.start, g.end) if g.axis == axis else (g.start, g.end)) for g in self.groups
        )
        self.groups = [replace(g, start=span[0], end=span[1]) for g, span in groups if span]
        if axis == "ROWS":
            self.heights = _moved_keys(self.heights, move)


def _moved_filter(basic: BasicFilter, axis: str, move: Move) -> BasicFilter | None:
    rect = moved_rect(basic.rect, axis, move)
    if rect is None:
        return None
    hidden, values = basic.hidden_rows, basic.hidden_values
    if axis == "ROWS":
        hidden = frozenset(span[0] for row in hidden if (span := move(row, row + 1)))
    else:
        values = _moved_keys(values, move)
    return BasicFilter(rect, hidden, values)


def _moved_keys(there: Mapping[int, T], move: Move) -> dict[int, T]:
    return {span[0]: value for at, value in there.items() if (span := move(at, at + 1))}
