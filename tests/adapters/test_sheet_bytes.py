"""No call of the writer for the Sheets API is over 2 MB, whatever the cells."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import httplib2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.adapters import sheet_bytes
from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_requests import Rect
from counterfoil.core.canonical import Cell
from sandbox.google.grid import Workbook
from sandbox.google.sheets_api import SheetsApi
from sandbox.google.state import grid_state
from tests.adapters.test_killed_stories import Teller
from tests.direct_sheets import Line
from tests.killed_stories import STORIES, Story

TWO_MEGABYTES = 2_000_000
# As much smaller as the stories are: their largest request by itself is a receipt.
CALL, CELLS, SMALL = 3_000, 700, 400

# All of the stories, each killed once as well, take a minute and more of processor time.
SOME, KILLED = STORIES[::3], 5

_cells = st.one_of(
    st.text(max_size=9),
    st.sampled_from(["", "\U0001f4d2" * 9, "\ud800", '"\\\n\x00', "é" * 30]),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
)


def tables() -> st.SearchStrategy[list[list[Cell]]]:
    return st.integers(1, 12).flatmap(
        lambda wide: st.lists(st.lists(_cells, min_size=wide, max_size=wide), max_size=12)
    )


@contextmanager
def small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in (("LARGEST_CALL", CALL), ("LARGEST_CELLS", CELLS), ("SMALL", SMALL)):
            patched.setattr(sheet_bytes, name, value)
        yield


@given(rows=tables())
def test_what_a_call_may_hold_is_never_less_than_what_it_holds(rows: list[list[Cell]]) -> None:
    frame = requests.values(Rect(0, 0, 0, 1, 1), ())
    around = sheet_bytes.size_of([frame])
    made = sheet_bytes.size_of([requests.values(Rect(0, 0, 0, 1, 1), rows)])
    assert made - around <= sheet_bytes.bytes_of(rows, enough=TWO_MEGABYTES)


@given(rows=tables(), below=st.integers(0, 3), beside=st.integers(0, 3))
@small()
def test_cells_that_are_cut_cover_their_place_once_and_are_all_of_them(
    rows: list[list[Cell]], below: int, beside: int
) -> None:
    wide = len(rows[0]) if rows else 1
    place = Rect(7, 3, 2, len(rows) + below, wide + beside)
    parts = list(sheet_bytes.values(place, rows))
    found: dict[tuple[int, int], Cell] = {}
    for part in parts:
        area = requests.from_grid_range(part["updateCells"]["range"])
        assert area is not None
        lines = part["updateCells"]["rows"]
        for r in range(area.rows):
            for c in range(area.columns):
                at = area.row - place.row + r, area.column - place.column + c
                assert at not in found, "twice"
                line = lines[r]["values"] if r < len(lines) else []
                found[at] = value_of(line[c]) if c < len(line) else ""
        cells = sum(len(line["values"]) for line in lines)
        assert cells <= 1 or sheet_bytes.bytes_of([values_of(line) for line in lines]) <= CELLS
    assert found == {
        (r, c): rows[r][c] if r < len(rows) and c < wide else ""
        for r in range(place.rows)
        for c in range(place.columns)
    }


@given(sizes=st.lists(st.integers(1, 2 * CALL), max_size=9))
@small()
def test_calls_keep_the_order_and_are_over_their_size_only_with_one_request(
    sizes: list[int],
) -> None:
    pending = [(at, {"note": "x" * size}) for at, size in enumerate(sizes)]
    made = list(sheet_bytes.bodies(pending))
    assert [each for some, _ in made for each in some] == pending
    for some, body in made:
        assert json.loads(body) == {"requests": [request for _, request in some]}
        assert len(some) == 1 or len(body) <= CALL


class Weighed(Line):
    """Keeps how large the bodies of the changes are."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.sizes: list[int] = []

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any
    ) -> tuple[httplib2.Response, bytes]:
        if uri.partition("?")[0].endswith(":batchUpdate"):
            self.sizes.append(len(body))
        return super().request(uri, method, body, headers, **more)


class WeighingTeller(Teller):
    def __init__(self) -> None:
        super().__init__(self._weighed)

    def _weighed(self, app: SheetsApi) -> Weighed:
        self.line = Weighed(app)
        return self.line


@pytest.fixture(scope="module")
def teller() -> WeighingTeller:
    return WeighingTeller()


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
@small()
def test_a_story_told_in_many_small_calls_ends_as_it_says_and_so_where_it_is_killed(
    path: pathlib.Path, teller: WeighingTeller
) -> None:
    story = Story(path)
    workbook = story.workbook()
    teller.line.sizes.clear()
    for step in (step for steps in story.runs for step in steps):
        report = teller.told(workbook, step["operations"], story.block)
        assert {name: report.get(name) for name in step["report"]} == step["report"], report
    assert grid_state(workbook) == story.after
    assert max(teller.line.sizes, default=0) <= CALL
    if crc32(story.name.encode()) % KILLED == 0:
        for death in story.some_deaths(teller, 1):
            story.ends_alike(teller, death)


def test_cells_at_their_largest_go_in_calls_under_two_megabytes(teller: WeighingTeller) -> None:
    """Google takes 50,000 characters a cell, and one may be six bytes of a body."""
    row: list[Cell] = [f"{c:02}" + "中" * 49_998 for c in range(12)]
    columns = [{"kind": "text", "pattern": "@"}] * 12
    stage = {"op": "stage", "run": "r", "row": 0, "header_rows": 0, "columns": columns}
    workbook = Workbook()
    teller.line.sizes.clear()
    report = teller.told(workbook, [stage | {"rows": [row, ["x"] * 12]}], "CF_test")
    assert report["applied"], report
    assert [size > 1_000_000 for size in teller.line.sizes] == [True, True, False, False]
    assert max(teller.line.sizes) < TWO_MEGABYTES
    tab = workbook.tab("CF stage r")
    assert tab is not None
    assert tab.values(tab.data_extent()) == [row, ["x"] * 12]


def value_of(cell: Any) -> Cell:
    value: Cell = next(iter(cell.get("userEnteredValue", {"": ""}).values()))
    return value


def values_of(line: Any) -> list[Cell]:
    return [value_of(cell) for cell in line["values"]]


def test_areas_are_read_in_calls_of_so_many_cells_and_ranges_in_their_order() -> None:
    high = Rect(7, 3, 0, 30_000, 10)
    assert list(sheet_bytes.handfuls([high])) == [
        [Rect(7, 3, 0, 20_000, 10)],
        [Rect(7, 20_003, 0, 10_000, 10)],
    ]
    many = [Rect(7, row, 0, 1, 10) for row in range(0, 500, 2)]
    parts = list(sheet_bytes.handfuls(many))
    assert [len(part) for part in parts] == [100, 100, 50]
    assert [area for part in parts for area in part] == many
    assert list(sheet_bytes.handfuls([])) == []
