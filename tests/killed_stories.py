"""The shared stories, killed after any of their writes and told again by a later run.

What comes of it is what the story ends in, whatever was written before the kill. Three things may
be otherwise, as docs/operations.md says: tabs that only grow hold what they should at least, a patch
of some rows is made of all rows, and a run that could only be started by its stage finds it.
"""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from zlib import crc32

from counterfoil.core.canonical import Cell, canonical
from counterfoil.core.tally import column_sum
from sandbox.google.grid import Workbook
from sandbox.google.state import grid_state, workbook_of

FOLDER = pathlib.Path(__file__).parent / "data/operations"
STORIES = sorted(FOLDER.glob("*.json"))
STAGE = "CF stage "
LOG: Json = {"title": "Counterfoil log", "row": ["what was there before it was repaired"]}
# Counts of rows: what the killed run had laid is not new a second time, and of a replacement nobody
# knows any more what was there before.
_COUNTED = ("new", "changed", "removed", "marked", "left", "closed", "gone", "news")

Json = dict[str, Any]
Rows = list[list[Cell]]


class Teller(Protocol):
    """A writer that can be killed; it answers nothing then."""

    def told(self, workbook: Workbook, operations: Sequence[Any], block: str) -> Any: ...

    def killed(
        self, workbook: Workbook, operations: Sequence[Any], block: str, writes: int
    ) -> None: ...

    def writes(self, workbook: Workbook, operations: Sequence[Any], block: str) -> int:
        """The same as `told`; how many writes it made."""


@dataclass(frozen=True, slots=True)
class Death:
    """After so many writes of that step of that run."""

    run: int
    step: int
    writes: int


class Story:
    def __init__(self, path: pathlib.Path, **settings: Any) -> None:
        told = json.loads(path.read_text("utf-8"))
        self.name: str = path.stem
        self.block: str = told["block"]
        self.after: Json = told["after"]
        self._before: Json = told["before"]
        self._settings = settings
        self.runs: list[list[Json]] = []
        for step in told["steps"]:
            if self.runs and _run(step) in (None, _run(self.runs[-1][0])):
                self.runs[-1].append(step)
            else:
                self.runs.append([step])

    def workbook(self) -> Workbook:
        return workbook_of(self._before, **self._settings)

    def deaths(self, teller: Teller) -> list[Death]:
        """All that there are."""
        workbook = self.workbook()
        return [
            Death(run, at, writes)
            for run, steps in enumerate(self.runs)
            for at, step in enumerate(steps)
            for writes in range(teller.writes(workbook, step["operations"], self.block))
        ]

    def some_deaths(self, teller: Teller, most: int) -> list[Death]:
        """So many of them, far from each other; which ones goes by the story's name."""
        every = self.deaths(teller)
        if len(every) <= most:
            return every
        first = crc32(self.name.encode()) % len(every)
        return [every[(first + n * len(every) // most) % len(every)] for n in range(most)]

    def ends_alike(
        self, teller: Teller, death: Death, only: Callable[[Json], Json] = lambda state: state
    ) -> None:
        """`only` is what is compared of a state."""
        workbook = self.workbook()
        before, steps = _flat(self.runs[: death.run]), self.runs[death.run]
        for step in [*before, *steps[: death.step]]:
            teller.told(workbook, step["operations"], self.block)
        teller.killed(workbook, steps[death.step]["operations"], self.block, death.writes)
        later = self.runs[death.run :]
        names = {run: run.upper() for run in (_run(some[0]) for some in later) if run}
        self._clear(workbook, _run(steps[0]), steps)
        grows: dict[str, bool] = {}
        for step in _flat(later):
            before.append(step)
            again = self._whole(workbook, before, _again(step["operations"], names))
            grows |= _grow(again)
            report = teller.told(workbook, again, self.block)
            assert _plain(report) >= _plain(step["report"]), (self.name, death, report)
        found, wanted = (
            _plain_state(only(state)) for state in (grid_state(workbook), _again(self.after, names))
        )
        if any(op.get("fresh") for step in before for op in step["operations"]):
            # The empty tab has the title that was free.
            found, wanted = _unnumbered(found), _unnumbered(wanted)
        assert_alike(found, wanted, grows, (self.name, death))

    def _clear(self, workbook: Workbook, run: str | None, steps: Sequence[Json]) -> None:
        """The killed run's stage goes, as the backend asks for; a story that begins with a stage
        finds it under the later run's name.
        """
        stage = workbook.tab(f"{STAGE}{run}")
        if stage is None:
            return
        if any(op["op"] == "stage" for step in steps for op in step["operations"]):
            workbook.delete_tab(stage)
        else:
            workbook.rename_tab(stage, f"{STAGE}{(run or '').upper()}")

    def _whole(
        self, workbook: Workbook, before: Sequence[Json], operations: list[Any]
    ) -> list[Any]:
        """A run that finds a block half-written reads every row. `before` are the steps so far."""
        patch = next((op for op in operations if op["op"] == "patch" and "base" in op), None)
        kept = workbook.find_metadata(f"counterfoil:{self.block}")
        found = json.loads(kept[0].value) if kept else {}
        if patch is None or (found.get("state"), found.get("run")) == ("done", patch["base"]):
            return operations
        rows = self._rows(before, patch)
        (titles,) = (op["titles"] for op in operations if op.get("on") == "old")
        whole = {name: value for name, value in patch.items() if name != "base"}
        header = [*self._above(patch["header_rows"]), titles]
        whole |= {"departed": "others", "rows": rows, "header": header}
        return [
            whole
            if op is patch
            else op | {"sums": _sums(rows, op["sums"])}
            if op.get("on") == "patched"
            else op
            for op in operations
        ]

    def _above(self, header_rows: int) -> Rows:
        """The rows above the column titles, as a run sends them: a title, and blanks."""
        if header_rows == 1:
            return []
        workbook = self.workbook()
        named = workbook.named_range(self.block)
        tab = workbook.tab_by_id(named.sheet_id) if named else None
        assert named is not None
        assert named.rect is not None
        assert tab is not None
        above = tab.values(named.rect)[: header_rows - 1]
        return [[row[0], *("" for _ in row[1:])] for row in above]

    def _rows(self, steps: Sequence[Json], patch: Json) -> Rows:
        """All that QuickBooks has by then: what the block began with, and what was laid over it."""
        workbook = self.workbook()
        named = workbook.named_range(self.block)
        tab = workbook.tab_by_id(named.sheet_id) if named else None
        if named is None or named.rect is None or tab is None:
            raise AssertionError("the block is gone")
        head, *body = tab.values(named.rect)[patch["header_rows"] - 1 :]
        ours = list(range(len(head)))
        patches = [op for step in steps for op in step["operations"] if op["op"] == "patch"]
        wide = len(patch["columns"])
        if len(head) != wide:
            titles = next(op["titles"] for op in steps[0]["operations"] if op.get("on") == "old")
            ours = [head.index(title) for title in titles]

        def key(row: Sequence[Cell]) -> str:
            return canonical([[row[at] for at in patch["key_columns"]]])

        rows = {key(row): row for row in ([line[at] for at in ours] for line in body)}
        for each in patches:
            rows = {} if each["departed"] == "others" else rows
            for gone in each["departed"] if each["departed"] != "others" else ():
                rows.pop(canonical([gone]), None)
            rows |= {key(row): row for row in each["rows"]}
        return list(rows.values())


def _sums(rows: Rows, asked: Sequence[Json]) -> list[Json]:
    return [each | {"sum": str(column_sum(rows, each["column"], each["scale"]))} for each in asked]


def assert_alike(found: Json, wanted: Json, grows: Mapping[str, bool], where: object) -> None:
    """`grows` are titles of tabs that only grow: they hold what they should at least, or False
    where that tells what was new.
    """
    tabs = {tab["title"]: tab for tab in found["tabs"]}
    for tab in wanted["tabs"]:
        there = tabs.pop(tab["title"], {})
        if grows.get(tab["title"].casefold()):
            have = {json.dumps(row) for row in there["values"]}
            assert {json.dumps(row) for row in tab["values"]} <= have, where
        elif tab["title"].casefold() not in grows:
            assert there == tab, where
    assert {title.casefold() for title in tabs} <= set(grows), where
    rest = [{k: v for k, v in state.items() if k != "tabs"} for state in (found, wanted)]
    assert rest[0] == rest[1], where


def _plain_state(state: Json) -> Json:
    """Without what a kill may leave besides: blank rows at the end of a tab, an empty new tab."""
    tabs = [{k: v for k, v in tab.items() if k != "size"} for tab in state["tabs"]]
    return state | {"tabs": [tab for tab in tabs if len(tab) > 1]}


def _unnumbered(state: Json) -> Json:
    tabs = [tab | {"title": re.sub(r" \d$", "", tab["title"])} for tab in state["tabs"]]
    return state | {"tabs": tabs}


def _grow(operations: Sequence[Any]) -> dict[str, bool]:
    copies = ("append_log", "copy_values")
    made = [op["title"] for op in operations if op["op"] in copies and not op.get("fresh")]
    listed = any("labels" in op or "changes" in op for op in operations)
    return {title.casefold(): not listed for title in [*made, LOG["title"]]}


def _again(value: Any, names: Mapping[str, str]) -> Any:
    """The same of later runs: other names, higher fences."""
    if isinstance(value, dict):
        made = {name: _again(each, names) for name, each in value.items()}
        if value.get("run") in names and isinstance(value.get("fence"), int):
            made["fence"] += 1
        if value.get("op") == "expect" and value["on"] == "old" and not value["replace"]:
            made.setdefault("log", LOG)
        return made
    if isinstance(value, list):
        return [_again(each, names) for each in value]
    if isinstance(value, str):
        stage = value.removeprefix(STAGE)
        return names.get(
            value, STAGE + names[stage] if value != stage and stage in names else value
        )
    return value


def _flat(runs: Sequence[Sequence[Json]]) -> list[Json]:
    return [step for steps in runs for step in steps]


def _run(step: Json) -> str | None:
    return next((op["run"] for op in step["operations"] if "run" in op), None)


def _plain(report: Mapping[str, Any]) -> set[str]:
    """What two reports must share; a step begins elsewhere where more stands before it."""
    seen = report.get("seen")
    if seen:
        report = {**report, "seen": {k: v for k, v in seen.items() if k not in _COUNTED}}
    return {json.dumps([k, v]) for k, v in report.items() if k not in ("op", "why")}
