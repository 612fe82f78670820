"""Lists of operations for an update: what travels, and in which order."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import jsonschema
import pytest

from counterfoil.core import operations, patch_operations, patches
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.operations import EncodedRows, SheetColumn
from counterfoil.core.patches import Leaving

ROOT = pathlib.Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/operations.schema.json").read_text("utf-8"))
LAYOUT = Layout(
    keys=("id", "total"),
    columns=(SheetColumn("text", "@"), SheetColumn("number", "0.00")),
    header=EncodedRows.of([["Id", "Total"]]),
    widths=(80, 90),
    sums=((1, 2),),
)
ROWS = [["7", 1.5], ["8", 2]]


def told(operations_: tuple[operations.Operation, ...]) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = json.loads(operations.encode(operations_))
    jsonschema.validate(plain, SCHEMA)
    return plain


def target(*, replace: bool = False) -> Target:
    return Target(
        "run_2", 2, "Invoices", "a note", "2026-01-31T12:00:00Z", new=False, replace=replace
    )


def changes(leaving: Leaving) -> list[dict[str, Any]]:
    tally = LAYOUT.tally()
    tally.add(ROWS)
    made = patches.changes(
        LAYOUT,
        target(),
        key="0f" * 32,
        base="run_1",
        key_columns=[0],
        rows=EncodedRows.of(ROWS),
        departed=[["3"]],
        tally=tally,
        leaving=leaving,
        rows_after=11,
    )
    return told(made)


def whole(rows: EncodedRows | None, *, replace: bool = False) -> list[dict[str, Any]]:
    tally = LAYOUT.tally()
    tally.add(ROWS)
    made = patches.whole(
        LAYOUT,
        target(replace=replace),
        key="0f" * 32,
        key_columns=[0],
        rows=rows,
        tally=tally,
        leaving=Leaving(),
    )
    return told(made)


def test_an_update_sends_what_changed_between_two_receipts() -> None:
    made = changes(Leaving(gone="Invoices – gone"))
    assert [(op["op"], op.get("on", op.get("state"))) for op in made] == [
        ("expect", "old"),
        ("patch", None),
        ("copy_values", None),
        ("receipt", "writing"),
        ("commit", None),
        ("expect", "patched"),
        ("format", None),
        ("note", None),
        ("receipt", "done"),
    ]
    assert made[1] == {
        "op": "patch",
        "run": "run_2",
        "base": "run_1",
        "header_rows": 1,
        "columns": [{"kind": "text", "pattern": "@"}, {"kind": "number", "pattern": "0.00"}],
        "key_columns": [0],
        "departed": [["3"]],
        "rows": [["7", 1.5], ["8", 2]],
    }
    assert made[2] == {"op": "copy_values", "title": "Invoices – gone", "leaving": True}
    assert (made[5]["sums"], made[5]["rows"]) == ([{"column": 1, "scale": 2, "sum": "350"}], 11)
    assert "digest" not in made[8]


def test_a_full_read_sends_all_rows_and_says_that_others_depart() -> None:
    made = whole(EncodedRows.of(ROWS))
    patch = next(op for op in made if op["op"] == "patch")
    assert (patch["departed"], patch["header"]) == ("others", [["Id", "Total"]])
    assert next(op for op in made if op.get("on") == "patched")["rows"] == 2


def test_a_full_read_of_several_steps_waits_on_the_stage_and_drops_it_at_the_end() -> None:
    made = whole(None)
    assert next(op for op in made if op["op"] == "patch")["stage_rows"] == 3
    assert made[-1] == {"op": "drop_stage", "run": "run_2"}


def test_to_replace_anyway_keeps_a_copy_first() -> None:
    made = whole(EncodedRows.of(ROWS), replace=True)
    assert [op["op"] for op in made[:4]] == ["expect", "append_log", "copy_values", "patch"]


def test_rows_travel_along_or_wait_on_the_stage_never_both() -> None:
    for rows, staged in ((None, None), (EncodedRows.of(ROWS), 3)):
        with pytest.raises(ValueError, match="stage"):
            patch_operations.patch(
                "run_2",
                base=None,
                header=[["Id", "Total"]],
                columns=LAYOUT.columns,
                key_columns=[0],
                departed=None,
                rows=rows,
                stage_rows=staged,
            )


def test_a_patch_of_some_rows_names_the_run_that_it_was_made_for() -> None:
    with pytest.raises(ValueError, match="one run"):
        patch_operations.patch(
            "run_2",
            base=None,
            header=[["Id", "Total"]],
            columns=LAYOUT.columns,
            key_columns=[0],
            departed=[],
            rows=EncodedRows.of(ROWS),
        )


def test_the_tab_of_rows_that_left_is_called_after_the_blocks() -> None:
    assert patches.gone_title("Invoices") == "Invoices – gone"
    assert len(patches.gone_title("x" * 90)) == 90
