"""Developer metadata: what programs keep on a spreadsheet, its tabs, rows and columns. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.google.moves import Move


@dataclass(frozen=True, slots=True)
class Line:
    """One row or column of a tab."""

    axis: str  # ROWS or COLUMNS
    at: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """Developer metadata of a tab, or of the spreadsheet where `sheet_id` is None.

    With a `line` it is on that row or column, goes where that goes, and goes with it.
    """

    id: int
    key: str
    value: str
    visibility: str  # DOCUMENT or PROJECT
    sheet_id: int | None
    line: Line | None = None

    def moved(self, sheet_id: int, axis: str, move: Move) -> Metadata | None:
        """After rows or columns of a tab came, went or moved; None when its own is gone."""
        if self.line is None or (self.sheet_id, self.line.axis) != (sheet_id, axis):
            return self
        span = move(self.line.at, self.line.at + 1)
        return replace(self, line=Line(axis, span[0])) if span else None
