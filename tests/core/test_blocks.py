from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.core.blocks import (
    Layout,
    Target,
    direct,
    entity_layout,
    note_text,
    staged_end,
    staged_part,
)
from counterfoil.core.canonical import Cell
from counterfoil.core.digest import Digest
from counterfoil.core.operations import NO_ROWS, EncodedRows, Operation, encode
from counterfoil.core.tab_titles import TITLE_LIMIT, safe_title
from counterfoil.core.tally import Tally
from tests.core.test_operations import VALIDATOR

KEY = bytes(range(32)).hex()
KEYS = "s68CyJlyopVmXyZwdN0FBnkh"  # marks of id, number, date, total
INVOICES = {column.key: column for column in catalog.entity("invoices").columns}
COLUMNS = [INVOICES[key] for key in ("id", "number", "date", "total")]
AT = "2026-11-22T20:30:00+00:00"

ROWS: list[list[Cell]] = [["130", "0012", 46120, 362.07], ["129", "=A1", "", -10]]


def target(*, new: bool) -> Target:
    return Target(run="run_1", fence=7, title="Invoices", note="Invoices, Acme", at=AT, new=new)


def counted(layout: Layout, rows: list[list[Cell]]) -> tuple[EncodedRows, Digest, Tally]:
    encoded, digest, tally = EncodedRows.of(rows), Digest(KEY), layout.tally()
    digest.add(encoded.text, encoded.rows)
    tally.add(rows)
    return encoded, digest, tally


def built(operations: tuple[Operation, ...]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(encode(operations))
    VALIDATOR.validate(found)
    return found


def names(operations: list[dict[str, Any]]) -> list[str]:
    return [" ".join(filter(None, (op["op"], op.get("state"), op.get("on")))) for op in operations]


def test_a_first_export_in_one_step_names_writes_checks_and_signs() -> None:
    layout = entity_layout(COLUMNS, "USD")
    encoded, digest, tally = counted(layout, ROWS)
    found = built(direct(layout, encoded, target(new=True), digest, tally))

    # Also in a first run the block is looked at before: its last step may come again.
    assert names(found) == [
        "expect old",
        "ensure_tab",
        "ensure_grid",
        "receipt writing",
        "commit",
        "name_block",
        "expect block",
        "format",
        "note",
        "receipt done",
    ]
    by_name = dict(zip(names(found), found, strict=True))
    money = "#,##0.00;(#,##0.00)"
    assert by_name["commit"] == {
        "op": "commit",
        "header_rows": 1,
        "columns": [
            {"kind": "text", "pattern": "@"},
            {"kind": "text", "pattern": "@"},
            {"kind": "date", "pattern": "yyyy-mm-dd"},
            {"kind": "number", "pattern": money},
        ],
        "rows": [
            ["Id", "Invoice number", "Date", "Total"],
            ["130", "0012", 46120, 362.07],
            ["129", "=A1", "", -10],
        ],
    }
    assert by_name["expect block"] == {
        "op": "expect",
        "on": "block",
        "run": "run_1",
        "rows": 3,
        "columns": 4,
        "header_rows": 1,
        "kinds": ["text", "text", "date", "number"],
        "distinct": {"column": 0, "count": 2},
        "sums": [{"column": 3, "scale": 2, "sum": "35207"}],
        "digest": digest.as_json(with_key=True),
        "marks": True,
    }
    assert by_name["format"] == {
        "op": "format",
        "header_row": 0,
        "freeze": 1,
        "rows": [],
        "widths": [80, 160, 100, 110],
        "right": [2, 3],
    }
    assert by_name["receipt done"] == {
        "op": "receipt",
        "state": "done",
        "run": "run_1",
        "fence": 7,
        "rows": 3,
        "columns": 4,
        "keys": KEYS,
        "digest": digest.as_json(with_key=False),
        "at": AT,
    }


def test_the_next_export_keeps_the_old_extent_until_it_has_been_blanked() -> None:
    layout = entity_layout(COLUMNS, "USD")
    encoded, digest, tally = counted(layout, ROWS)
    found = built(direct(layout, encoded, target(new=False), digest, tally))
    assert names(found) == [
        "expect old",
        "ensure_tab",
        "ensure_grid",
        "receipt writing",
        "commit",
        "name_block",
        "expect block",
        "format",
        "note",
        "receipt done",
    ]
    assert found[7]["widths"] == []  # the widths are the user's by now
    assert found[0] == {
        "op": "expect",
        "on": "old",
        "run": "run_1",
        "fence": 7,
        "key": KEY,
        "keys": KEYS,
        "titles": ["Id", "Invoice number", "Date", "Total"],
        "replace": False,
        "log": {
            "title": "Invoices – replaced",
            "row": ["Invoices: what was there before it was repaired", AT],
        },
    }


def test_what_is_replaced_anyway_is_copied_to_a_tab_of_its_own_first() -> None:
    layout = entity_layout(COLUMNS, "USD")
    encoded, digest, tally = counted(layout, ROWS)
    anyway = replace(target(new=False), replace=True)
    found = built(direct(layout, encoded, anyway, digest, tally))
    assert names(found)[:4] == ["expect old", "append_log", "copy_values", "ensure_tab"]
    assert found[0]["replace"] is True
    assert "log" not in found[0]
    assert found[1]["title"] == found[2]["title"] == "Invoices – replaced"
    assert found[1]["rows"] == [["Invoices: what was there before it was replaced", AT]]


def test_an_empty_export_is_a_header() -> None:
    layout = entity_layout(COLUMNS, "USD")
    found = built(direct(layout, NO_ROWS, target(new=True), Digest(KEY), layout.tally()))
    assert found[4]["rows"] == [["Id", "Invoice number", "Date", "Total"]]
    assert found[5]["rows"] == 1


def test_a_staged_export_changes_the_block_only_once_the_stage_is_right() -> None:
    layout = entity_layout(COLUMNS, "USD")
    digest, tally = Digest(KEY), layout.tally()
    parts: list[dict[str, Any]] = []
    for place in range(3):
        rows: list[list[Cell]] = [[f"{place}{n}", "", 46120, 0.1] for n in range(2)]
        encoded = EncodedRows.of(rows)
        parts += built(staged_part(layout, encoded, "run_1", tally.rows))
        digest.add(encoded.text, encoded.rows)
        tally.add(rows)

    assert [(part["row"], part["header_rows"], len(part["rows"])) for part in parts] == [
        (0, 1, 3),
        (3, 0, 2),
        (5, 0, 2),
    ]
    assert parts[0]["rows"][0] == ["Id", "Invoice number", "Date", "Total"]

    found = built(staged_end(layout, target(new=False), digest, tally))
    assert names(found) == [
        "expect stage",
        "expect old",
        "ensure_tab",
        "ensure_grid",
        "receipt writing",
        "commit",
        "name_block",
        "expect block",
        "format",
        "note",
        "receipt done",
        "drop_stage",
    ]
    assert found[0]["digest"]["chunks"] == [[2, 3]]
    assert found[0]["sums"] == [{"column": 3, "scale": 2, "sum": "60"}]
    assert found[5]["stage_rows"] == found[0]["rows"] == 7
    assert "rows" not in found[5]


def test_a_step_that_brought_no_rows_stages_nothing_but_the_header() -> None:
    layout = entity_layout(COLUMNS, "USD")
    (first,) = built(staged_part(layout, NO_ROWS, "run_1", 0))
    assert first["rows"] == [["Id", "Invoice number", "Date", "Total"]]
    assert staged_part(layout, NO_ROWS, "run_1", 5) == ()


@pytest.mark.parametrize(
    ("currency", "pattern", "scale"),
    [
        ("USD", "#,##0.00;(#,##0.00)", 2),
        ("JPY", "#,##0;(#,##0)", 2),
        ("KWD", "#,##0.000;(#,##0.000)", 3),
        ("", "#,##0.00;(#,##0.00)", 2),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    currency: str, pattern: str, scale: int
) -> None:
    layout = entity_layout(COLUMNS, currency)
    assert layout.columns[3].pattern == pattern
    assert layout.sums == ((3, scale),)


@pytest.mark.parametrize(
    ("title", "safe"),
    [
        ("Invoices", "Invoices"),
        ("  Acme: Profit/Loss [2026]? ", "Acme Profit Loss 2026"),
        ("=HYPERLINK()", "=HYPERLINK()"),
        ("'quoted'", "quoted"),
        ("a\x00\n\tb\u2028c", "a b c"),
        ("cf STAGE run_1", "Export cf STAGE run_1"),
        ("", "Export"),
        ("'", "Export"),
        ("\ud83c", "Export"),
        ("x" * 200, "x" * TITLE_LIMIT),
    ],
)
def test_a_tabs_title_is_one_that_every_spreadsheet_takes(title: str, safe: str) -> None:
    assert safe_title(title) == safe


def test_the_note_says_what_when_and_by_which_run() -> None:
    moment = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    zone = ZoneInfo("America/New_York")
    assert note_text(
        "Invoices", "Acme Landscaping", "2026-01-01 to 2026-03-31", moment, zone, 1234, "7Q4K-2M"
    ) == (
        "Invoices, Acme Landscaping\n"
        "2026-01-01 to 2026-03-31\n"
        "Refreshed 2026-11-22 15:30 (America/New_York)\n"
        "1,234 rows, run 7Q4K-2M"
    )
    assert note_text("Customers", "Acme", "", moment, zone, 1, "A").endswith("\n1 row, run A")
