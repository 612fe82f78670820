from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import (
    ANA,
    SHEET,
    SMALL,
    FakeQuickBooks,
    Grid,
    World,
    invoices,
    start,
    whole,
)


def test_a_short_list_is_one_call_and_one_step_without_a_stage() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    grid = Grid()
    answer = grid.apply(start(world, tab="My invoices"))
    assert world.quickbooks.asked == [
        "SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
    ]
    assert grid.block == [
        ["Id", "Invoice number", "Date", "Currency", "Total"],
        ["1", "00001", 46119, "USD", 1.1],
        ["2", "00002", 46119, "USD", 2.1],
        ["3", "00003", 46119, "EUR", 3.1],
    ]
    assert "stage" not in grid.applied
    assert answer["operations"][1] == {"op": "ensure_tab", "title": "My invoices"}
    assert answer["cursor"] is None
    assert answer["wait_s"] == 0
    assert answer["title"] == "Invoices"
    assert answer["progress"] == {
        "rows": 3, "of": 3, "calls": 1, "elapsed_s": 0.0, "message": "3 rows read."
    }  # fmt: skip
    assert answer["proof"] == {
        "verdict": "PASS",
        "why": "QuickBooks sent all its 3 rows in one page.",
        "sent": 3,
        "counted": None,
        "distinct": 3,
        "rows": 3,
        "totals": [
            {"title": "Total", "currency": "EUR", "amount": "3.10"},
            {"title": "Total", "currency": "USD", "amount": "3.20"},
        ],
    }


def test_the_pass_of_the_proof_is_what_the_sheet_is_asked_to_confirm() -> None:
    grid, step = whole(World(FakeQuickBooks(invoices(35)), SMALL))
    assert step.proof is not None
    assert [operation["on"] for operation in grid.expected] == ["stage", "block"]
    for operation in grid.expected:
        assert operation["rows"] == step.proof.rows + 1 == 36
        assert operation["distinct"] == {"column": 0, "count": step.proof.distinct}
        assert operation["sums"] == [{"column": 4, "scale": 2, "sum": "63350"}]


def test_an_empty_list_is_a_header_and_a_pass() -> None:
    grid, step = whole(World(FakeQuickBooks([])))
    assert grid.block == [["Id", "Invoice number", "Date", "Currency", "Total"]]
    assert step.proof is not None
    assert (step.proof.verdict, step.proof.rows) == ("PASS", 0)


def test_a_long_list_is_counted_read_in_steps_staged_and_asked_for_changes() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    grid = Grid()
    seen = []
    for step in world.steps(start(world)):
        answer = grid.apply(step)
        progress = answer["progress"]
        seen.append((progress["rows"], progress["of"], [o["op"] for o in answer["operations"]]))
        assert step.proof is None or step.cursor is None
    assert [(rows, of) for rows, of, _ in seen] == [(20, 35), (35, 35)]
    assert seen[0][2] == ["expect", "stage"]
    assert seen[1][2][:2] == ["stage", "expect"]
    assert seen[1][2][-1] == "drop_stage"
    assert grid.block is not None
    assert [row[0] for row in grid.block[1:]] == [str(id) for id in range(1, 36)]
    # The first page, COUNT, three more pages, CDC since before the first page.
    assert len(world.quickbooks.asked) == step.calls == 6
    assert world.quickbooks.counts == 1
    assert world.quickbooks.asked[-1] == "CDC 2026-11-22T12:29:55-08:00"
    assert step.proof is not None
    assert (step.proof.sent, step.proof.counted, step.proof.distinct) == (35, 35, 35)


def test_a_full_first_page_that_is_all_there_is_costs_a_count_and_a_look_at_changes() -> None:
    world = World(FakeQuickBooks(invoices(10)), SMALL)
    grid, step = whole(world)
    assert len(world.quickbooks.asked) == 3
    assert "stage" not in grid.applied
    assert step.proof is not None
    assert step.proof.counted == 10


def test_several_pages_that_fit_into_one_step_need_no_stage() -> None:
    grid, _ = whole(World(FakeQuickBooks(invoices(15)), SMALL))
    assert "stage" not in grid.applied
    assert grid.block is not None
    assert len(grid.block) == 16


def test_filters_and_dates_go_into_every_query() -> None:
    world = World(FakeQuickBooks(invoices(15)), SMALL)
    start(world, **{"from": "2026-01-01", "to": "2026-03-31"})
    *queries, changes = world.quickbooks.asked
    assert len(queries) == 3
    assert changes.startswith("CDC ")
    for statement in queries:
        assert (
            " FROM Invoice WHERE TxnDate >= '2026-01-01' AND TxnDate <= '2026-03-31'" in statement
        )


def test_a_second_run_of_an_exporter_writes_the_same_block_with_the_same_choices() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    first = start(world, tab="Mine")
    world.quickbooks.records = invoices(2)
    world.exports.acknowledge(ANA, SHEET, first.run_id, applied=True)
    second = world.exports.again(ANA, SHEET, first.exporter_id)
    assert (second.block, second.exporter_id) == (first.block, first.exporter_id)
    assert second.run_id != first.run_id
    grid = Grid()
    grid.apply(second)
    assert grid.block is not None
    assert [row[0] for row in grid.block] == ["Id", "1", "2"]


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(0, 60),
    page=st.integers(1, 12),
    cells=st.integers(5, 200),
    in_flight=st.integers(1, 8),
    surplus=st.integers(0, 3),
)
def test_any_layout_of_pages_gives_every_row_once(
    count: int, page: int, cells: int, in_flight: int, surplus: int
) -> None:
    records = invoices(count)
    # A limit of 100 once gave 101 rows: each page may repeat the beginning of the next one.
    quickbooks = FakeQuickBooks(
        records, pages=lambda start, size: records[start - 1 : start - 1 + size + surplus]
    )
    world = World(quickbooks, Limits(page=page, cells_per_step=cells, in_flight=in_flight))
    grid, step = whole(world)
    assert grid.block is not None
    assert [row[0] for row in grid.block[1:]] == [str(id) for id in range(1, count + 1)]
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    totals = {total.currency: total.amount for total in step.proof.totals}
    assert sum(totals.values()) == sum(record["TotalAmt"] for record in records)
