"""When an update reads everything, and says why."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state, workbook_of
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import ANA, SHEET
from tests.flows.updating import COLUMNS, Refreshed, free, kinds, made


def test_a_table_that_was_deleted_is_made_anew(invoices: Refreshed) -> None:
    before = invoices.rows()
    tab, _ = invoices.place()
    invoices.book.delete_tab(tab)
    step = invoices.refresh()
    assert invoices.rows() == before
    assert step.proof is not None
    assert step.proof.why.endswith("The table was not there any more, so it was made anew.")
    with invoices.calls() as calls:
        invoices.refresh()
    assert len(calls) == 1


def test_a_day_after_the_last_full_reading_was_a_week_ago_everything_is_read(
    invoices: Refreshed, company: Company
) -> None:
    invoices.intuit.clock.advance(timedelta(days=6, hours=23))
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert kinds(calls) == ["cdc"]
    (gone, *_) = free(company)
    invoices.intuit.clock.advance(timedelta(hours=1))
    company.delete("Invoice", gone["Id"], invoices.intuit.clock())
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert kinds(calls) == ["cdc", "query", "query"]
    assert step.proof is not None
    assert step.proof.why.endswith("Everything is read once in 7 days.")
    # What was deleted is told apart here too.
    assert invoices.seen == {"removed": 1}
    invoices.intuit.clock.advance(timedelta(days=6))
    with invoices.calls() as calls:
        invoices.refresh()
    assert kinds(calls) == ["cdc"]


def test_after_thirty_days_everything_is_read(invoices: Refreshed) -> None:
    invoices.intuit.clock.advance(timedelta(days=30))
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert kinds(calls) == ["query", "query"]
    assert step.proof is not None
    assert "30 days" in step.proof.why


def test_more_changes_than_quickbooks_tells_at_once_are_read_whole(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, columns=["number"])
    row = free(company)[0]
    for number in range(1_000):
        new = {**row, "Id": f"9{number:05}", "DocNumber": f"N{number}"}
        company.store.add("Invoice", new)
    now = intuit.clock()
    for number in range(1_000):
        company.store.get("Invoice", f"9{number:05}")["MetaData"] = {
            "CreateTime": now.isoformat(), "LastUpdatedTime": now.isoformat()
        }  # fmt: skip
    intuit.clock.advance(timedelta(minutes=1))
    step = table.refresh()
    assert table.seen["new"] == 1_000
    assert step.proof is not None
    assert step.proof.why.endswith("More changed than QuickBooks tells at once.")


def test_what_has_no_list_of_changes_is_read_whole(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, "time-activities")
    step = table.refresh()
    assert step.proof is not None
    assert step.proof.why.endswith("QuickBooks keeps no list of changes of these.")
    assert table.seen == {}


def test_a_table_that_was_put_back_to_an_earlier_run_is_asked_about_from_there(
    invoices: Refreshed, company: Company
) -> None:
    now, rows = invoices.intuit.clock(), free(company)
    before = grid_state(invoices.book)
    company.update("Invoice", rows[0]["Id"], now, DocNumber="A-1")
    invoices.refresh()
    put_back = workbook_of(before, id=invoices.book.id)
    invoices.adopt(put_back)
    invoices.intuit.clock.advance(timedelta(minutes=5))
    with invoices.calls() as calls:
        invoices.refresh()
    assert kinds(calls)[0] == "cdc"
    assert invoices.rows()[rows[0]["Id"]][1] == "A-1"


def test_a_run_that_died_in_the_middle_is_repaired_by_reading_everything(
    invoices: Refreshed, company: Company
) -> None:
    changed, gone = [row["Id"] for row in free(company)][:2]
    company.update("Invoice", changed, invoices.intuit.clock(), DocNumber="A-1")
    company.delete("Invoice", gone, invoices.intuit.clock())
    invoices.write_beside()
    step = invoices.begin()
    operations = json.loads(step.json())["operations"]
    written = next(i for i, op in enumerate(operations) if op["op"] == "commit")
    assert invoices.writer.apply(step.block, operations[: written + 1])["applied"]
    invoices.world.exports.acknowledge(ANA, SHEET, step.run_id, applied=False, code="killed")
    invoices.intuit.clock.advance(timedelta(minutes=5))
    again = invoices.refresh()
    assert again.proof is not None
    assert "did not end" in again.proof.why
    rows = invoices.rows()
    assert (rows[changed][1], gone in rows) == ("A-1", False)
    assert invoices.beside() == {id: f"mine of {id}" for id in rows}


def test_a_column_that_somebody_put_in_is_found_by_reading_everything_once(
    invoices: Refreshed,
) -> None:
    before = invoices.rows()
    tab, rect = invoices.place()
    tab.insert_columns(rect.column + 1, 1)
    tab.write(rect.row + 1, rect.column + 1, [["mine"]])
    step = invoices.refresh()
    assert step.proof is not None
    assert step.proof.why.endswith("Columns by which rows are known have changed in the table.")
    assert invoices.seen == {}
    now = invoices.rows()
    assert {id: (row[0], *row[2:]) for id, row in now.items()} == before
    assert [row[1] for row in now.values() if row[1]] == ["mine"]
    invoices.intuit.clock.advance(timedelta(minutes=5))
    with invoices.calls() as calls:
        invoices.refresh()
    assert kinds(calls) == ["cdc"]


def test_an_invoice_that_only_the_next_day_makes_overdue_comes_in(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    today = intuit.clock().astimezone(ZoneInfo(SHEET.zone)).date().isoformat()
    id = next(row["Id"] for row in free(company) if row["Balance"] > 0)
    company.update("Invoice", id, intuit.clock(), DueDate=today)
    overdue = [{"key": "status", "is": "overdue"}]
    table = made(google, intuit, company, columns=COLUMNS, filters=overdue)
    assert id not in table.rows()
    intuit.clock.advance(timedelta(days=1))
    step = table.refresh()
    assert step.proof is not None
    assert "what day it is, changed" in step.proof.why
    assert id in table.rows()
