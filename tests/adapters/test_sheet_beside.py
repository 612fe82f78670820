"""What is found in whole rows or columns, whatever else stands between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.adapters.sheet_beside import filled, noted
from counterfoil.adapters.sheet_book import Tab
from counterfoil.adapters.sheet_hands import Hands
from counterfoil.adapters.sheet_requests import Rect
from counterfoil.core.canonical import Cell

# Of lines so long two are read along between others, and more are not.
LINES, LONG = 12, 900
HELD = st.sets(
    st.tuples(st.integers(0, LINES - 1), st.integers(0, LONG - 1)), min_size=1, max_size=20
)
GONE = st.sets(st.integers(0, LINES - 1), min_size=1)


class Cells:
    """A tab that has something in those cells, and counts how often it is looked at."""

    def __init__(self, held: set[tuple[int, int]]) -> None:
        self._held = held
        self.looks = 0

    def entered(self, area: Rect) -> list[list[Cell]]:
        """Without what is blank at the ends, as the API answers."""
        lines = self.notes([area])
        short: list[list[Cell]] = [[*line[: _end(line)]] for line in lines]
        return short[: _end(short)]

    def notes(self, areas: Sequence[Rect]) -> list[list[str]]:
        self.looks += 1
        return [
            [
                "mine" if (r, c) in self._held else ""
                for c in range(area.column, area.column + area.columns)
            ]
            for area in areas
            for r in range(area.row, area.row + area.rows)
        ]


def _end(parts: Sequence[Any]) -> int:
    return max((i for i, part in enumerate(parts, 1) if part), default=0)


def hands(cells: Cells) -> Hands:
    def never(*_: Any) -> Any:
        raise AssertionError("This asks for values and notes alone.")

    return Hands(never, never, cells.entered, never, never, cells.notes, never, never, never)


@settings(max_examples=30)
@given(HELD, GONE, st.booleans())
def test_all_that_stands_in_these_lines_is_found_and_nothing_else_in_one_look_each(
    held: set[tuple[int, int]], gone: set[int], rows: bool
) -> None:
    wanted = {cell for cell in held if cell[0] in gone}
    tab = Tab(7, "Report", LINES, LONG)
    if not rows:
        held, wanted = ({(c, r) for r, c in some} for some in (held, wanted))
        tab = Tab(7, "Report", LONG, LINES)
    cells = Cells(held)
    assert set(filled(tab, gone, rows, hands(cells))) == wanted
    assert set(noted(tab, gone, rows, hands(cells))) == wanted
    assert cells.looks == 2


def test_of_no_lines_nobody_asks() -> None:
    cells, tab = Cells({(0, 0)}), Tab(7, "Report", LINES, LONG)
    assert list(filled(tab, [], True, hands(cells))) == []
    assert list(noted(tab, [], True, hands(cells))) == []
