"""Exports in an order, and those of the first rows only: complete, or they say what they are."""

from __future__ import annotations

import random
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import BadRequest, ExportTooLarge
from counterfoil.flows.asking import Asked
from counterfoil.flows.limits import Limits
from counterfoil.flows.steps import Step
from tests.flows.export_fakes import (
    ANA,
    COLUMNS,
    CONNECTION,
    INVOICES,
    SHEET,
    FakeQuickBooks,
    Grid,
    World,
    invoices,
    nothing_asked,
    start,
)

# A step of the paced world is full after a few calls.
SMALL = Limits(page=10, cells_per_step=100, max_cells=100_000, cells_in_order=1_000)
CLASSES = catalog.entity("classes")
LARGEST = {"column": "total", "descending": True}


def shuffled(count: int) -> list[dict[str, Any]]:
    """Their totals in no order: 1.10 to `count`.10."""
    found = invoices(count)
    for place, record in enumerate(found):
        record["TotalAmt"] = place * 11 % count + 1 + record["TotalAmt"] % 1
    return found


def exported(world: World, **options: Any) -> tuple[Grid, Step, int]:
    grid, steps = Grid(), 0
    for last in world.steps(start(world, **options)):
        grid.apply(last)
        steps += 1
    return grid, last, steps


def totals(grid: Grid) -> list[Any]:
    assert grid.block is not None
    return [row[4] for row in grid.block[1:]]


def test_rows_come_in_the_order_of_a_column_and_the_proof_is_of_all() -> None:
    world = World(FakeQuickBooks(shuffled(35)), SMALL)
    grid, last, _ = exported(world, sort=LARGEST)
    assert totals(grid) == [n + 0.1 for n in range(35, 0, -1)]
    assert last.proof is not None
    assert (last.proof.rows, last.proof.of) == (35, None)
    assert last.proof.why == "QuickBooks counted 35 rows and sent each of them once."
    assert last.calls == 6  # as in QuickBooks' own order


def test_only_the_first_rows_are_there_and_everything_says_so() -> None:
    world = World(FakeQuickBooks(shuffled(2_341)), Limits(page=1_000))
    grid, last, _ = exported(world, sort=LARGEST, first=100)
    assert totals(grid) == [n + 0.1 for n in range(2_341, 2_241, -1)]
    assert last.proof is not None
    assert last.proof.as_json() == {
        "verdict": "PASS",
        "why": (
            "QuickBooks counted 2,341 rows and sent each of them once. In the sheet are the "
            "first 100 of 2,341 rows by Total, largest first."
        ),
        "sent": 2_341,
        "counted": 2_341,
        "distinct": 2_341,
        "rows": 100,
        "of": 2_341,
        "first": "First 100 of 2,341 rows by Total, largest first",
        "totals": [
            {"title": "Total (of all 2,341 rows)", "currency": "EUR", "amount": "913848.00"},
            {"title": "Total (of all 2,341 rows)", "currency": "USD", "amount": "1827697.10"},
        ],
    }
    (note,) = (each for each in last.operations if each.name == "note")
    assert "First 100 of 2,341 rows by Total, largest first\n" in note.fields["text"]


def test_fewer_rows_than_the_first_are_all_there_is() -> None:
    world = World(FakeQuickBooks(shuffled(9)), SMALL)
    _, last, _ = exported(world, sort=LARGEST, first=100)
    assert last.proof is not None
    assert last.proof.why == "QuickBooks sent all its 9 rows in one page."
    assert "of" not in last.proof.as_json()


def test_the_first_rows_of_a_long_reading_wait_in_the_cursor() -> None:
    quickbooks = FakeQuickBooks(shuffled(600), seconds_per_call=3)
    world = World(quickbooks, SMALL)
    quickbooks.time = world.time  # so that a step's time is over after seven calls
    grid, last, steps = exported(world, sort={"column": "total"}, first=20)
    assert steps > 5
    assert totals(grid) == [n + 0.1 for n in range(1, 21)]
    assert last.proof is not None
    assert last.proof.of == 600


def test_all_rows_of_a_slow_company_wait_as_well() -> None:
    quickbooks = FakeQuickBooks(shuffled(190), seconds_per_call=3)
    world = World(quickbooks, SMALL)
    quickbooks.time = world.time
    grid, _, steps = exported(world, sort={"column": "total"})
    assert steps > 1
    assert totals(grid) == [n + 0.1 for n in range(1, 191)]


def test_an_edit_meanwhile_is_in_its_place_and_a_deleted_row_is_gone() -> None:
    quickbooks = FakeQuickBooks(shuffled(35))
    world = World(quickbooks, SMALL)

    def behave(call: str, number: int) -> None:
        if call.startswith("CDC") and not quickbooks.changed:
            edited = {**quickbooks.records[0], "TotalAmt": 1_000}
            quickbooks.records[0] = edited
            quickbooks.changed = [edited]

    quickbooks.behave = behave
    grid, last, _ = exported(world, sort=LARGEST, first=3)
    assert totals(grid) == [1_000, 35.1, 34.1]
    assert last.proof is not None
    assert (last.proof.edited, last.proof.of) == (1, 35)


def test_lines_are_sorted_as_rows() -> None:
    found = invoices(3)
    for record in found:
        record["Line"] = [
            {"Id": str(n), "Amount": n * int(record["Id"]), "DetailType": "SalesItemLineDetail"}
            for n in (1, 2)
        ]
    world = World(FakeQuickBooks(found), SMALL)
    grid, last, _ = exported(
        world, rows="line", columns=["line_amount"], first=4, sort={"column": "line_amount"}
    )
    assert grid.block is not None
    assert grid.block[1:] == [["1-1", 1], ["1-2", 2], ["2-1", 2], ["3-1", 3]]
    assert last.proof is not None
    assert last.proof.of == 6


def test_blanks_come_last_and_what_is_equal_stays_in_quickbooks_order() -> None:
    found = invoices(4)
    found[0]["TotalAmt"] = found[1]["TotalAmt"] = 5
    del found[2]["TotalAmt"]
    world = World(FakeQuickBooks(found), SMALL)
    grid, _, _ = exported(world, sort=LARGEST)
    assert grid.block is not None
    assert [(row[0], row[4]) for row in grid.block[1:]] == [
        ("1", 5),
        ("2", 5),
        ("4", 4.1),
        ("3", ""),
    ]


def test_too_many_rows_to_be_put_in_order_are_refused_before_they_are_read() -> None:
    world = World(FakeQuickBooks(invoices(300)), SMALL)
    with pytest.raises(ExportTooLarge) as raised:
        start(world, sort=LARGEST)
    assert raised.value.message == (
        "Invoices would be 300 rows of 5 columns. Put in order, one export may have 1,000 cells: "
        "choose only the first rows, narrow the dates, leave columns out, or leave the rows in "
        "QuickBooks' order."
    )
    assert len(world.quickbooks.asked) == 2


def test_rows_that_no_cursor_can_hold_end_the_run_in_words() -> None:
    found = shuffled(190)
    chance = random.Random(7)
    for record in found:  # texts that hardly pack
        record["DocNumber"] = chance.randbytes(3_000).hex()
    quickbooks = FakeQuickBooks(found, seconds_per_call=3)
    world = World(quickbooks, SMALL)
    quickbooks.time = world.time
    with pytest.raises(ExportTooLarge, match="choose only the first of them"):
        exported(world, sort={"column": "total"})


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"first": 10}, "Choose a column to sort by"),
        ({"sort": {"column": "memo"}}, "one of the columns that you chose"),
        ({"sort": {"column": 5}}, "one of the columns that you chose"),
        ({"sort": "total"}, "names a column"),
        ({"sort": {"column": "total", "by": "x"}}, "names a column"),
        ({"sort": {"column": "total", "descending": "yes"}}, "true or false"),
        ({"sort": LARGEST, "first": 0}, "from 1 to 10,000"),
        ({"sort": LARGEST, "first": True}, "from 1 to 10,000"),
        ({"sort": LARGEST, "first": 10_001}, "from 1 to 10,000"),
        # Where there is a day or a currency, an update has a column of its own for it.
        (
            {"dataset": CLASSES, "sort": {"column": "id"}, "mode": "update", "columns": ["id"]},
            "one more column",
        ),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_before_anything_is_asked(
    options: dict[str, Any], why: str
) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    with nothing_asked(world), pytest.raises(BadRequest, match=why):
        start(world, **options)


def test_an_exporter_keeps_the_order() -> None:
    world = World(FakeQuickBooks(shuffled(9)), SMALL)
    _, last, _ = exported(world, sort=LARGEST, first=2)
    world.exports.acknowledge(ANA, SHEET, last.run_id, applied=True)
    kept = world.records.only("exporters")["options"]
    assert (kept["sort"], kept["first"]) == (LARGEST, 2)
    grid = Grid()
    for step in world.steps(world.exports.again(ANA, SHEET, last.exporter_id)):
        grid.apply(step)
    assert totals(grid) == [9.1, 8.1]


def test_a_preview_and_an_estimate_know_the_order() -> None:
    world = World(FakeQuickBooks(shuffled(35)), SMALL)
    options = {"columns": COLUMNS, "sort": LARGEST, "first": 2}
    asked = Asked((CONNECTION,), INVOICES, options)
    preview = world.exports.preview(ANA, SHEET, asked)
    assert [row[4] for row in preview.rows] == ["34.10", "32.10"]
    assert preview.note == "Sorted among the first 10 that QuickBooks sends."
    assert world.exports.estimate(ANA, SHEET, asked).as_json() == {
        "rows": 2,
        "columns": 5,
        "cells": 15,
        "calls": 6,
    }
