"""Every story, the add-on's execution killed before one of its writes, and a later run: the same
end.
"""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from typing import Any

import pytest

from sandbox.google.grid import Workbook
from tests.addon.test_operation_vectors import ZONE, Writer, addon, apply, automatic
from tests.killed_stories import STORIES, Story

__all__ = ["addon", "apply"]

WRITES = {
    "book.deleteSheet", "book.insertSheet", "book.setName", "charts.insert", "charts.remove", "charts.update",
    "metadata.add", "metadata.remove", "metadata.set", "range.copy", "range.insertCells",
    "range.sort", "range.write", "sheet.delete", "sheet.freeze", "sheet.insert", "sheet.rename",
}  # fmt: skip
"""Calls of services that change the spreadsheet, but for those that only change its looks."""

# All of them are about 2,500, and take minutes.
MOST = 1
# A person's title once stood over another column where the death came between the room and its name.
WHOLE = {"killed_renamed_inserted_before", "killed_renamed_deleted_before"}


class Teller:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._left: int | None = None
        self._writes = 0

    def told(self, workbook: Workbook, operations: Sequence[Any], block: str) -> Any:
        self._left, self._writes = None, 0
        return self._writer(workbook, operations, block, self._lives)

    def killed(
        self, workbook: Workbook, operations: Sequence[Any], block: str, writes: int
    ) -> None:
        self._left, self._writes = writes, 0
        assert self._writer(workbook, operations, block, self._lives) is None

    def writes(self, workbook: Workbook, operations: Sequence[Any], block: str) -> int:
        self.told(workbook, operations, block)
        return self._writes

    def _lives(self, call: Any) -> bool:
        if call.get("method") in WRITES:
            if self._writes == self._left:
                self._writer.script.executions.end(call["execution"])
                return False
            self._writes += 1
        return True


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_killed_before_a_write_ends_alike_when_told_again(
    path: pathlib.Path, apply: Writer
) -> None:
    teller = Teller(apply)
    story = Story(path, id=f"killed-{path.stem}", time_zone=ZONE)
    deaths = story.deaths(teller) if path.stem in WHOLE else story.some_deaths(teller, MOST)
    for death in deaths:
        story.ends_alike(teller, death, automatic)
