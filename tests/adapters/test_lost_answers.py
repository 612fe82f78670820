"""Every story, and an answer of Google's that is lost after it has applied a call: nothing is
applied twice. The run sees that it arrived, or ends, and the next one ends as the story does.
"""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from typing import Any

import httplib2
import pytest

from counterfoil.adapters.google_sheets import SheetsWriter
from sandbox.google.grid import Workbook
from sandbox.google.sheets_api import SheetsApi
from sandbox.google.state import grid_state
from tests.direct_sheets import Line, Lost, client_of
from tests.killed_stories import STORIES, Death, Story


class Loser:
    """Tells stories as managed refresh does, repeats and all; `killed` loses one answer."""

    def __init__(self) -> None:
        self._workbooks: dict[str, Workbook] = {}
        self._line = Line(SheetsApi(self._workbooks))
        self._spreadsheets = client_of(self._line)
        self.lost = Lost.TIMEOUT

    def told(self, workbook: Workbook, operations: Sequence[Any], block: str) -> Any:
        self._workbooks[workbook.id] = workbook
        self._line.mended()
        return SheetsWriter(self._spreadsheets, workbook.id).apply(block, operations)

    def loses(self, workbook: Workbook, operations: Sequence[Any], block: str, writes: int) -> Any:
        self._workbooks[workbook.id] = workbook
        self._line.mended()
        self._line.lose_after(writes, self.lost)
        return SheetsWriter(self._spreadsheets, workbook.id).apply(block, operations)

    def killed(
        self, workbook: Workbook, operations: Sequence[Any], block: str, writes: int
    ) -> None:
        report = self.loses(workbook, operations, block, writes)
        assert report["code"] == _CODES[self.lost], report
        assert self._line.writes == writes + 1, "something was sent after it"

    def writes(self, workbook: Workbook, operations: Sequence[Any], block: str) -> int:
        self.told(workbook, operations, block)
        return self._line.writes


_CODES = {Lost.TIMEOUT: "unreachable", Lost.BUSY: "sheet_busy"}
# All of them are about 550 of each kind, and take minutes.
MOST = 2


@pytest.fixture(scope="module")
def loser() -> Loser:
    return Loser()


@pytest.fixture(autouse=True)
def nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_that_loses_an_answer_is_as_it_was_told_or_ends_alike_when_told_again(
    path: pathlib.Path, loser: Loser
) -> None:
    story = Story(path)
    for death, lost in zip(story.some_deaths(loser, MOST), Lost, strict=False):
        loser.lost = lost
        if not goes_on(loser, story, death):
            story.ends_alike(loser, death)


def goes_on(loser: Loser, story: Story, death: Death) -> bool:
    """Whether the run sees that what lost its answer had arrived. All is as it was told then."""
    workbook = story.workbook()
    for run, steps in enumerate(story.runs):
        for at, step in enumerate(steps):
            operations, wanted = step["operations"], step["report"]
            if (run, at) == (death.run, death.step):
                report = loser.loses(workbook, operations, story.block, death.writes)
                if report.get("code") == _CODES[loser.lost]:
                    return False
            else:
                report = loser.told(workbook, operations, story.block)
            assert {name: report.get(name) for name in wanted} == wanted, report
    assert grid_state(workbook) == story.after, (story.name, death)
    return True


class Busy(Line):
    """Answers the first write so, without applying it."""

    status = "429"

    def request(self, uri: str, *args: Any, **more: Any) -> tuple[httplib2.Response, bytes]:
        if uri.partition("?")[0].endswith(":batchUpdate") and not self.writes:
            self.writes += 1
            return httplib2.Response({"status": self.status}), b"{}"
        return super().request(uri, *args, **more)


@pytest.mark.parametrize(("status", "code", "writes"), [("429", None, 2), ("500", "sheet_busy", 1)])
def test_only_a_change_that_google_has_surely_not_made_is_sent_again(
    status: str, code: str | None, writes: int
) -> None:
    workbook = Workbook()
    line = Busy(SheetsApi({workbook.id: workbook}))
    line.status = status
    writer = SheetsWriter(client_of(line), workbook.id)
    report = writer.apply("CF_test", [{"op": "ensure_tab", "title": "New"}])
    assert (report.get("code"), line.writes) == (code, writes)
    assert report["applied"] is (workbook.tab("New") is not None)
