"""Receipts at their largest: a report of a thousand columns, and forty blocks in one tab.

Both writers are asked to leave these; Google keeps 30,000 characters of metadata per tab.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from counterfoil.core import blocks
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.canonical import Cell
from counterfoil.core.digest import Digest
from counterfoil.core.operations import EncodedRows, SheetColumn, encode
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook

Apply = Callable[[Workbook, list[Any], str], Any]
KEY = "0f" * 32
WIDE = 1_000
MANY = 40
COLUMNS = 16
RUN = "run_0123456789abcdefghijkl"
AT = "2026-11-22T20:30:00+00:00"


@dataclass(frozen=True)
class Told:
    """An export of `columns` columns and `rows` rows, as the backend sends it."""

    columns: int
    rows: int

    def cells(self, run: int) -> list[list[Cell]]:
        return [[f"{run}.{r}.{c}" for c in range(self.columns)] for r in range(self.rows)]

    def operations(self, run: int, *, new: bool) -> list[Any]:
        layout = Layout(
            keys=tuple(f"column {c}" for c in range(self.columns)),
            columns=(SheetColumn("text", "@"),) * self.columns,
            header=EncodedRows.of([[f"Title {c}" for c in range(self.columns)]]),
            widths=(),
        )
        rows = EncodedRows.of(self.cells(run))
        digest, tally = Digest(KEY), layout.tally()
        digest.add(rows.text, rows.rows)
        tally.add(self.cells(run))
        target = Target(RUN, run, "Wide", "a note", AT, new=new)
        made: list[Any] = json.loads(encode(blocks.direct(layout, rows, target, digest, tally)))
        return made


def a_report_of_a_thousand_columns_is_written(apply: Apply) -> None:
    workbook = _wide(apply, runs=1)
    (item,) = workbook.find_metadata()
    assert (json.loads(item.value)["state"], json.loads(item.value)["fence"]) == ("done", 1)
    assert len(item.key) + len(item.value) < 20_000


def a_report_of_a_thousand_columns_is_written_again(apply: Apply) -> None:
    (item,) = _wide(apply, runs=2).find_metadata()
    assert (json.loads(item.value)["state"], json.loads(item.value)["fence"]) == ("done", 2)


def _wide(apply: Apply, runs: int) -> Workbook:
    told, workbook = Told(WIDE, 2), Workbook()
    for run in range(1, runs + 1):
        report = apply(workbook, told.operations(run, new=run == 1), "CF_0123456789abcdef")
        assert report["applied"], report
    tab = workbook.tab("Wide")
    assert tab is not None
    assert tab.values(Rect(1, 0, 2, WIDE)) == told.cells(runs)
    return workbook


def one_more_of_forty_blocks_in_a_tab_is_written(apply: Apply) -> None:
    """The others' receipts are copies of a real one: nobody waits for forty runs."""
    told, workbook = Told(COLUMNS, 3), Workbook()
    assert apply(workbook, told.operations(1, new=True), "CF_0123456789abcd00")["applied"]
    (own,) = workbook.find_metadata()
    for n in range(1, MANY):
        workbook.add_metadata(
            f"{own.key[:-2]}{n:02}", own.value, visibility="DOCUMENT", sheet_id=own.sheet_id
        )
    report = apply(workbook, told.operations(2, new=False), "CF_0123456789abcd00")
    assert report["applied"], report
    assert len(workbook.find_metadata()) == MANY
    tab = workbook.tab("Wide")
    assert tab is not None
    assert tab.values(Rect(1, 0, 3, COLUMNS)) == told.cells(2)
