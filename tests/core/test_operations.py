from __future__ import annotations

import json
import pathlib
import re
from typing import Any

import jsonschema
import pytest

from counterfoil.core import chart_operations, operations, patch_operations
from counterfoil.core import line_operations as lines
from counterfoil.core.canonical import canonical
from counterfoil.core.operations import EncodedRows, Operation, RowLook, SheetColumn, encode

DOCS = pathlib.Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "operations.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

COLUMNS = (SheetColumn("text", "@"), SheetColumn("number", "#,##0.00;(#,##0.00)"))
ROWS = EncodedRows.of([["=1+2", 1e21], ["\ud83c", -0.0]])
HEX = "0123456789abcdef" * 4
DIGEST = {"chunks": [[2, 1]], "value": HEX}

ADDON = pathlib.Path(__file__).parents[2] / "addon"

EVERY_OPERATION = (
    operations.ensure_tab("Invoices"),
    operations.ensure_grid(3, 2),
    operations.stage("run_1", 0, 1, COLUMNS, ROWS),
    operations.expect(
        "stage",
        run="run_1",
        rows=3,
        columns=2,
        header_rows=1,
        kinds=["text", "number"],
        distinct={"column": 0, "count": 2},
        sums=[{"column": 1, "scale": 2, "sum": "-12"}],
        digest={"key": HEX, **DIGEST},
    ),
    operations.commit(1, COLUMNS, ROWS),
    operations.commit_stage("run_1", 1, COLUMNS, 3),
    operations.name_block(3, 2),
    operations.format_block(0, 1, [RowLook(1, bold=True, depth=2)], [80, 110]),
    operations.note(0, 0, "Invoices"),
    operations.receipt(
        "done",
        run="run_1",
        fence=1,
        rows=3,
        columns=2,
        keys="3yZ0Q_8kHb1x",
        digest=DIGEST,
        at="2026-11-22",
    ),
    operations.append_log("Counterfoil log", [["2026-11-22", "replaced"]]),
    operations.copy_values("Counterfoil log"),
    operations.drop_stage("run_1"),
    lines.padlock(True),
    lines.padlock(False, ["CF_0f"]),
    patch_operations.patch(
        "run_1",
        base="run_0",
        header=[["Id", "Total"]],
        columns=COLUMNS,
        key_columns=[0],
        departed=[["7"]],
        rows=ROWS,
    ),
    patch_operations.patch(
        "run_1",
        base=None,
        header=[["Id", "Total"]],
        columns=COLUMNS,
        key_columns=[0],
        departed=None,
        rows=None,
        stage_rows=3,
    ),
    patch_operations.commit_patch(),
    lines.insert_rows(5, [(1, 1), (2, 2)]),
    lines.insert_columns(3, [(1, 1)]),
    lines.delete_rows(2, [(1, 1)]),
    lines.delete_columns(1, [(1, 1)]),
    lines.sort(1, [(1, True), (0, False)]),
    lines.formula([lines.Total(3, 1, [(1, 2)]), lines.NotRefreshed(0, 0, (46053, 0), (46054, 1))]),
    patch_operations.expect_patched(
        run="run_1",
        key=HEX,
        columns=2,
        header_rows=1,
        kinds=["text", "number"],
        titles=["Id", "Total"],
        sums=[{"column": 1, "scale": 2, "sum": "-12"}],
    ),
    patch_operations.receipt_patched(
        "done",
        run="run_1",
        fence=1,
        header_rows=1,
        columns=2,
        keys="3yZ0Q_8kHb1x",
        at="2026-11-22",
    ),
    chart_operations.chart(
        "column",
        name="sales",
        title="Sales",
        header_rows=1,
        over=0,
        series=[1],
        row=0,
        column=3,
    ),
)


def test_every_operation_of_the_table_can_be_built_and_meets_the_schema() -> None:
    built = json.loads(encode(EVERY_OPERATION))
    VALIDATOR.validate(built)
    assert {operation["op"] for operation in built} == documented_operations()


def test_the_schema_knows_the_operations_of_the_table_and_no_other() -> None:
    known = {
        SCHEMA["$defs"][choice["$ref"].rsplit("/", 1)[1]]["properties"]["op"]["const"]
        for choice in SCHEMA["$defs"]["operation"]["oneOf"]
    }
    assert known == documented_operations()


@pytest.mark.parametrize("operation", EVERY_OPERATION, ids=lambda operation: operation.name)
def test_the_schema_takes_no_field_more_and_none_less(operation: Operation) -> None:
    built = json.loads(operation.json())
    assert VALIDATOR.is_valid([built])
    assert not VALIDATOR.is_valid([built | {"formula": "=1"}])
    for field in built:
        assert not VALIDATOR.is_valid([{k: v for k, v in built.items() if k != field}]), field


def test_rows_travel_as_their_canonical_text() -> None:
    assert operations.commit(1, COLUMNS, ROWS).json() == (
        '{"op":"commit","header_rows":1,"columns":[{"kind":"text","pattern":"@"},'
        '{"kind":"number","pattern":"#,##0.00;(#,##0.00)"}],'
        '"rows":[["=1+2",1e+21],["\\ud83c",0]]}'
    )


def test_encoded_rows_are_joined_without_being_encoded_again() -> None:
    header, more = EncodedRows.of([["Id", "Total"]]), EncodedRows.of([["1", 2], ["2", 3]])
    joined = EncodedRows.joined((header, operations.NO_ROWS, more, EncodedRows.of([])))
    assert joined.text == canonical([["Id", "Total"], ["1", 2], ["2", 3]])
    assert joined.rows == 3
    assert EncodedRows.joined(()) == operations.NO_ROWS


def test_no_repr_shows_a_cell() -> None:
    assert "=1+2" not in repr(EVERY_OPERATION)


def test_a_receipt_never_holds_the_digests_key() -> None:
    digest: dict[str, Any] = {"key": HEX, **DIGEST}
    with pytest.raises(ValueError, match="key"):
        operations.receipt(
            "done", run="r", fence=1, rows=1, columns=1, keys="3yZ0Q_", digest=digest, at=""
        )


def documented_operations() -> set[str]:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    _, _, after = text.partition("| op | fields | does |\n")
    table = [line for line in after.partition("\n\n")[0].splitlines() if line.startswith("| `")]
    return {line.split("`")[1] for line in table}


def test_copies_of_what_leaves_and_of_a_day_keep_to_the_schema() -> None:
    made = [
        patch_operations.copy_leaving("Invoices – gone"),
        lines.copy_snapshot("Invoices 2026-01-31"),
    ]
    assert json.loads(encode(made)) == [
        {"op": "copy_values", "title": "Invoices – gone", "leaving": True},
        {"op": "copy_values", "title": "Invoices 2026-01-31", "fresh": True},
    ]
    VALIDATOR.validate(json.loads(encode(made)))


def test_a_format_says_what_it_hides_and_freezes_only_where_it_does() -> None:
    plain = json.loads(operations.format_block(0, 1).json())
    assert plain == {"op": "format", "header_row": 0, "freeze": 1, "rows": [], "widths": []}
    text_only = json.loads(operations.format_block(0, 1, right=[]).json())
    assert text_only == plain | {"right": []}
    VALIDATOR.validate([text_only])
    more = operations.format_block(0, 1, freeze_columns=1, hide_columns=[2], hide_rows=[3])
    told = json.loads(more.json())
    assert told == plain | {"freeze_columns": 1, "hide_columns": [2], "hide_rows": [3]}
    VALIDATOR.validate([told])


def test_lists_of_what_changed_and_lines_of_runs_are_under_a_thousand_rows_together() -> None:
    addon = (DOCS.parent / "addon/RunLog.js").read_text(encoding="utf-8")
    (lines_kept,) = re.findall(r"const MOST_LINES = (\d+);", addon)
    assert int(lines_kept) == operations.LOG_LINES
    titles, a_list = 1, 24  # a list: blank, its table, its counts, 20 rows, how many more
    assert titles + operations.LOG_ROWS - 1 + a_list + int(lines_kept) < 1000


def test_the_log_begins_alike_whoever_writes_into_it_first() -> None:
    titles, widths = ["When", "Export", "What came of it", "Run"], [130, 180, 640, 110]
    made = (
        operations.log_line(["2026-11-22 09:00", "Bills", "Not refreshed."]),
        operations.append_log(operations.LOG_TAB, [["Bills", "2026-11-22"]], changes=True),
    )
    for each in made:
        assert each.fields["head"] == {"titles": titles, "widths": widths}
        VALIDATOR.validate([json.loads(each.json())])
    assert "head" not in operations.append_log("Bills – replaced", [["Bills"]]).fields
    words, lines = (
        (ADDON / name).read_text(encoding="utf-8") for name in ("WordsMenu.js", "RunLog.js")
    )
    assert f"log: {{\n    titles: {titles}," in words
    assert f"const LOG_WIDTHS = {widths};" in lines


def test_the_add_on_knows_tables_by_the_same_names_as_the_backend() -> None:
    told = (ADDON / "BlockState.js").read_text(encoding="utf-8")
    assert f"const BLOCK_NAME = /^{operations.BLOCK_NAME.pattern}$/;" in told


@pytest.mark.parametrize(
    "name", ["CF_Q1", "CF_2026", "CF_Plan", "cf_0123456789abcdef", "CF_0123456789abcdef0"]
)
def test_a_range_of_a_persons_own_has_no_tables_name(name: str) -> None:
    assert operations.BLOCK_NAME.fullmatch(name) is None
