"""How a tab is drawn besides its cells: groups that fold, heights of rows, its colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from sandbox.google.moves import Move

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group:
    """Rows or columns [start, end) that fold together; `depth` counts from 1."""

    axis: str  # ROWS or COLUMNS
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class MarksState:
    groups: tuple[Group, ...]
    heights: dict[int, int]
    tab_color: str
    gridlines_hidden: bool


class Marks:
    """What a Layout is besides its rows and columns."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.heights: dict[int, int] = {}  # pixels; what is missing has the default, 21
        self.tab_color = ""  # "#rrggbb"
        self.gridlines_hidden = False

    def marks_state(self) -> MarksState:
        return MarksState(
            tuple(self.groups),
            dict(self.heights),
            self.tab_color,
            self.gridlines_hidden,
        )

    def restore_marks(self, state: MarksState) -> None:
        self.groups = list(state.groups)
        self.heights = dict(state.heights)
        self.tab_color = state.tab_color
        self.gridlines_hidden = state.gridlines_hidden

    def move_marks(self, axis: str, move: Move) -> None:
        """Rows or columns came, went or moved; a group without any of them is gone."""
        groups = (
            (g, move(g.start, g.end) if g.axis == axis else (g.start, g.end)) for g in self.groups
        )
        self.groups = [replace(g, start=span[0], end=span[1]) for g, span in groups if span]
        if axis == "ROWS":
            self.heights = _moved_keys(self.heights, move)


def _moved_keys(there: Mapping[int, T], move: Move) -> dict[int, T]:
    return {span[0]: value for at, value in there.items() if (span := move(at, at + 1))}
