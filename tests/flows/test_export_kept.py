"""What stays on the server when a run is over."""

from __future__ import annotations

import json

import pytest

from counterfoil import catalog
from counterfoil.core.errors import (
    BadRequest,
    NotFound,
)
from counterfoil.core.people import Sheet, User
from tests.core.test_reports import own
from tests.flows.export_fakes import (
    ANA,
    BEN,
    CONNECTION,
    OTHER_SHEET,
    SHEET,
    SMALL,
    FakeQuickBooks,
    World,
    invoices,
    nothing_asked,
    start,
    whole,
)


def test_an_acknowledged_run_is_kept_with_counts_only() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.time.seconds += 4
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=3)
    run = world.records.only("runs")
    assert run["state"] == "applied"
    assert run["verdict"] == "PASS"
    assert run["counts"] == {"sent": 3, "distinct": 3, "rows": 3}
    (listed,) = world.exports.in_sheet(SHEET)
    assert listed.as_json() == {
        "id": step.exporter_id,
        "title": "Invoices",
        "kind": "entity",
        "dataset": "invoices",
        "layout": None,
        "connection_id": CONNECTION,
        "connection_ids": [CONNECTION],
        "name": None,
        "revision": 1,
        "paused": None,
        "block": step.block,
        "title_row": False,
        "last_run": {
            "run_id": step.run_id,
            "state": "applied",
            "at": "2026-11-22T20:30:04+00:00",
            "rows": 3,
            "verdict": "PASS",
            "code": None,
        },
    }


def test_a_run_written_by_an_earlier_delivery_of_its_last_step_is_done_without_a_proof() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, code="written_before")
    run = world.records.only("runs")
    assert (run["state"], run["verdict"]) == ("applied", "NOT CHECKED")
    assert run["code"] == "written_before"


def test_nothing_of_the_company_is_kept_on_the_server() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    _, step = whole(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=35)
    kept = world.records.text()
    for secret in ("00017", "63350", "633.50", "231.20", "17.1", "access-1"):
        assert secret not in kept


def test_the_key_of_the_digest_is_kept_sealed() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    answer = json.loads(start(world).json())
    key = next(o for o in answer["operations"] if o.get("on") == "block")["digest"]["key"]
    assert len(bytes.fromhex(key)) == 32
    assert key not in world.records.text()
    assert key not in str([o for o in answer["operations"] if o["op"] == "receipt"])


def test_another_number_of_rows_in_the_sheet_is_no_pass() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=2)
    run = world.records.only("runs")
    assert (run["verdict"], run["code"]) == ("FAIL", "seen_differs")


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("formula_in_block", "formula_in_block"),
        ("Invoice of Acme for $100", "writer_failed"),
        ("x" * 100, "writer_failed"),
        (None, "writer_failed"),
    ],
)
def test_a_run_that_could_not_be_written_is_kept_with_a_code(code: str | None, kept: str) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=False, failed_operation=4, code=code)
    run = world.records.only("runs")
    assert (run["state"], run["code"]) == ("failed", kept)
    assert run["counts"]["operation"] == 4


def test_a_second_acknowledgement_changes_nothing() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=3)
    with nothing_asked(world):
        world.exports.acknowledge(ANA, SHEET, step.run_id, applied=False, code="late")


@pytest.mark.parametrize(("user", "sheet"), [(BEN, SHEET), (ANA, OTHER_SHEET)])
def test_a_foreign_run_cannot_be_acknowledged(user: User, sheet: Sheet) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.acknowledge(user, sheet, step.run_id, applied=True)


def test_a_run_that_is_90_days_old_is_none() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.time.sleep(90 * 86_400)
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True)


def test_a_run_is_not_applied_before_it_was_sent() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    step = start(world)
    with nothing_asked(world), pytest.raises(BadRequest):
        world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=35)


def test_of_a_check_against_another_report_the_server_keeps_that_it_failed_and_no_amount() -> None:
    quickbooks = FakeQuickBooks()
    quickbooks.reports = {
        "BalanceSheet": json.dumps(own("balance-sheet"), default=str).encode(),
        "ProfitAndLoss": json.dumps(own("profit-and-loss"), default=str).encode(),
    }
    world = World(quickbooks)
    options = {"parameters": {"end_date": "2026-02-28"}, "tie_out": ["net-income"]}
    step = world.exports.start(
        *(ANA, SHEET),
        connection_id=CONNECTION,
        dataset=catalog.report("balance-sheet"),
        options=options,
        tab=None,
    )
    assert step.calls == 2
    assert step.proof is not None
    (tie,) = json.loads(step.json())["proof"]["ties"]
    assert (tie["verdict"], tie["sides"][1]["amount"]) == ("FAIL", "1999.00")
    run = world.records.only("runs")
    assert (run["verdict"], run["ties"]) == ("PASS", "FAIL")
    for amount in ("1999", "1,999", tie["difference"]):
        assert amount not in world.records.text()
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=step.proof.rows)
    (listed,) = world.exports.in_sheet(SHEET)
    assert listed.as_json()["last_run"]["ties"] == "FAIL"
