"""Every story, the writer killed after one of its writes, and a later run: the same end."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from counterfoil.adapters.google_sheets import SheetsWriter
from sandbox.google.grid import Workbook
from sandbox.google.sheets_api import SheetsApi
from tests.direct_sheets import Line, client_of
from tests.killed_stories import STORIES, Story


class Teller:
    def __init__(self, line_over: Callable[[SheetsApi], Line] = Line) -> None:
        self._workbooks: dict[str, Workbook] = {}
        self._line = line_over(SheetsApi(self._workbooks))
        self._spreadsheets = client_of(self._line)

    def told(self, workbook: Workbook, operations: Sequence[Any], block: str) -> Any:
        self._workbooks[workbook.id] = workbook
        self._line.mended()
        return SheetsWriter(self._spreadsheets, workbook.id, retries=0).apply(block, operations)

    def killed(
        self, workbook: Workbook, operations: Sequence[Any], block: str, writes: int
    ) -> None:
        self._workbooks[workbook.id] = workbook
        self._line.mended()
        self._line.cut_after(writes)
        report = SheetsWriter(self._spreadsheets, workbook.id, retries=0).apply(block, operations)
        assert report["code"] == "unreachable"

    def writes(self, workbook: Workbook, operations: Sequence[Any], block: str) -> int:
        self.told(workbook, operations, block)
        return self._line.writes


# All of them are about 550, and take a minute.
MOST = 2


@pytest.fixture(scope="module")
def teller() -> Teller:
    return Teller()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_killed_after_any_write_ends_alike_when_told_again(
    path: pathlib.Path, teller: Teller
) -> None:
    story = Story(path)
    for death in story.some_deaths(teller, MOST):
        story.ends_alike(teller, death)
