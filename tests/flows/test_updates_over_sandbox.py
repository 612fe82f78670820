"""Updates of a simulated company: one call where nothing changed, few where something did."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from counterfoil.core.errors import BadRequest
from sandbox.google import pasting
from sandbox.google.a1 import Rect
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import ANA, CONNECTION, REALM, SHEET
from tests.flows.updating import Refreshed, free, kinds, made


def test_an_update_of_what_nobody_changed_is_one_call(invoices: Refreshed) -> None:
    before = invoices.rows()
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert [call.rpartition("/")[2] for call in calls] == ["cdc"]
    assert (invoices.rows(), invoices.seen, step.calls) == (before, {}, 1)
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    assert step.proof.why.startswith("QuickBooks has changed nothing here since ")
    assert invoices.tab("Counterfoil log") == []


def test_what_changed_is_asked_for_by_its_ids(invoices: Refreshed, company: Company) -> None:
    now = invoices.intuit.clock()
    before = invoices.rows()
    ids = [row["Id"] for row in company.store.all("Invoice") if not row.get("LinkedTxn")]
    changed, gone = ids[0], ids[1]
    company.update("Invoice", changed, now, DocNumber="A-1")
    company.delete("Invoice", gone, now)
    invoices.write_beside()
    with invoices.calls() as calls:
        invoices.refresh()
    # The changes, the rows, and the closing date.
    assert len(calls) == 3
    assert invoices.seen == {"changed": 1, "removed": 1}
    rows = invoices.rows()
    assert rows.keys() == before.keys() - {gone}
    assert rows[changed][1] == "A-1"
    assert {id: row for id, row in rows.items() if id != changed} == {
        id: row for id, row in before.items() if id not in (changed, gone)
    }
    assert invoices.beside() == {id: f"mine of {id}" for id in rows}
    assert invoices.tab("Invoices – gone")[1][-1] == f"mine of {gone}"
    heading, *log = invoices.tab("Counterfoil log")
    assert heading == ["When", "Export", "What came of it", "Run"]
    assert log[0][2].startswith("1 sent · ")
    assert re.search(r" · Total [\d,]+\.\d\d USD · Open balance [\d,]+\.\d\d USD$", log[0][2])
    assert log[1][:1] == ["1 changed, 1 deleted in QuickBooks"]
    assert log[2][:3] == ["Changed", changed, "A-1"]
    assert log[3][:2] == ["Deleted", gone]


def test_a_rename_rewrites_the_cells_that_show_the_name(
    invoices: Refreshed, company: Company
) -> None:
    before = invoices.rows()
    customer = next(iter(company.store.all("Invoice")))["CustomerRef"]["value"]
    mine = {
        row["Id"] for row in company.store.all("Invoice") if row["CustomerRef"]["value"] == customer
    }
    company.update("Customer", customer, invoices.intuit.clock(), DisplayName="Renamed & Sons")
    invoices.refresh()
    rows = invoices.rows()
    assert {id for id, row in rows.items() if row[3] == "Renamed & Sons"} == mine
    assert invoices.seen == {"changed": len(mine)}
    assert rows.keys() == before.keys()


def test_a_voided_invoice_stays(invoices: Refreshed, company: Company) -> None:
    id = next(row["Id"] for row in company.store.all("Invoice") if not row.get("LinkedTxn"))
    company.void("Invoice", id, invoices.intuit.clock())
    invoices.refresh()
    assert invoices.seen == {"changed": 1}
    assert invoices.rows()[id][4] == 0


def test_rows_of_lines_come_and_go_with_their_transaction(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, rows="line")
    before = table.rows()
    several = next(row for row in free(company) if len(row["Line"]) > 2)
    gone = next(row for row in free(company) if row["Id"] != several["Id"])
    company.update("Invoice", several["Id"], intuit.clock(), Line=several["Line"][1:])
    company.delete("Invoice", gone["Id"], intuit.clock())
    table.refresh()
    again = made(google, intuit, company, rows="line")
    assert table.rows() == again.rows()
    assert {key for key in before.keys() - table.rows().keys() if key.startswith(gone["Id"] + "-")}


def test_a_pause_in_between_asks_for_the_table_again(invoices: Refreshed, company: Company) -> None:
    company.update("Invoice", free(company)[0]["Id"], invoices.intuit.clock(), DocNumber="A-1")
    invoices.intuit.inject("throttle", realm_id=REALM, after=1, times=1)
    step = invoices.begin()
    assert step.cursor is not None
    assert step.wait_s == 60
    invoices.run(step)
    assert invoices.seen == {"changed": 1}


def test_a_name_above_others_renames_all_below_it(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, "purchases", rows="line")
    shown = next(row for row in table.rows().values() if ":" in str(row))
    name = next(cell for cell in shown if ":" in str(cell)).partition(":")[0]
    above = next(it for it in company.store.all("Account") if it["FullyQualifiedName"] == name)
    company.update("Account", above["Id"], intuit.clock(), Name="Motoring")
    table.refresh()
    assert table.rows() == made(google, intuit, company, "purchases", rows="line").rows()
    assert any("Motoring:" in str(row) for row in table.rows().values())


def test_columns_of_ids_are_there_and_hidden(invoices: Refreshed) -> None:
    tab, rect = invoices.place()
    titles = tab.values(Rect(rect.row, rect.column, 1, rect.columns))[0]
    assert titles == ["Id", "Invoice number", "Date", "Customer", "Total", "Open balance",
                      "Customer Id", "Currency"]  # fmt: skip
    assert grid_state(invoices.book)["tabs"][-1]["hidden_columns"] == ["G", "H"]


def test_an_update_is_not_laid_over_the_rows_of_another_company(invoices: Refreshed) -> None:
    for document in (invoices.world.records.get("runs", id) for id in invoices.run_ids):
        assert document is not None
        assert document.data["companies"] == [CONNECTION]
        invoices.world.records.replace(document, {**document.data, "companies": ["con_other123"]})
    with invoices.calls() as calls, pytest.raises(BadRequest, match="rows of another company"):
        invoices.refresh()
    assert calls == []


def test_a_sorted_table_keeps_its_order(invoices: Refreshed, company: Company) -> None:
    tab, rect = invoices.place()
    data = Rect(rect.row + 1, 0, rect.rows - 1, tab.column_count)
    with invoices.book.editing():
        pasting.sort(tab, data, [pasting.Order(5, descending=True)])
    order = [str(tab.value(row, 0)) for row in range(rect.row + 1, rect.end_row)]
    changed = free(company)[0]["Id"]
    company.update("Invoice", changed, invoices.intuit.clock(), DocNumber="A-1")
    with invoices.calls() as calls:
        invoices.refresh()
    assert kinds(calls)[0] == "cdc"
    assert invoices.seen == {"changed": 1}
    assert [str(tab.value(row, 0)) for row in range(rect.row + 1, rect.end_row)] == order
    assert invoices.rows()[changed][1] == "A-1"


def test_what_no_spreadsheet_tells_is_refused_before_anything_is_asked(
    invoices: Refreshed,
) -> None:
    for block in ({"there": True, "run": 7}, {"there": True, "columns": [[None]]}):
        with invoices.calls() as calls, pytest.raises(BadRequest, match="not understood"):
            invoices.world.exports.again(ANA, SHEET, invoices.exporter, block=block)
        assert calls == []


def test_another_number_of_what_was_paid_is_shown_beside_the_payment(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, "bill-payments", rows="line")
    paid = next(row for row in company.store.all("Bill") if row.get("LinkedTxn"))
    company.update("Bill", paid["Id"], intuit.clock(), DocNumber="A-1")
    table.refresh()
    assert table.rows() == made(google, intuit, company, "bill-payments", rows="line").rows()
    assert any("A-1" in row for row in table.rows().values())
    assert table.seen["changed"] > 0


def test_names_of_whose_changes_nobody_tells_are_said_to_be_of_the_last_whole_reading(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    columns = ["row_id", "line_amount", "line_tax_code"]
    table = made(google, intuit, company, rows="line", columns=columns)
    step = table.refresh()
    assert step.proof is not None
    assert step.proof.why.endswith(
        "and QuickBooks tells of no change of the names in “Line tax code” since."
    )


def lacking(company: Company, *lists: str) -> None:
    """From now on its plan does not have these."""
    company.profile = replace(company.profile, lacks=lists)


def test_a_list_that_no_row_refers_to_is_not_asked_for_nor_has_the_plan_to_have_it(
    invoices: Refreshed, company: Company
) -> None:
    table = invoices.beside_it("invoices", mode="update", columns=["number", "location", "total"])
    table.first()
    lacking(company, "Department")
    changed = free(company)[0]["Id"]
    table.intuit.clock.advance(timedelta(minutes=5))
    company.update("Invoice", changed, table.intuit.clock(), DocNumber="A-1")
    table.intuit.clock.advance(timedelta(minutes=5))
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls) == ["cdc", "query", "query"]
    assert table.seen == {"changed": 1}


def test_a_list_that_cdc_refuses_costs_a_reading_of_everything_and_not_the_run(
    invoices: Refreshed, company: Company
) -> None:
    lacking(company, "Customer")
    invoices.intuit.clock.advance(timedelta(minutes=5))
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert kinds(calls)[0] == "cdc"
    assert step.proof is not None
    assert step.proof.why.endswith("QuickBooks does not tell what changed there.")


def test_how_many_records_everything_was_stays_with_the_watermark(invoices: Refreshed) -> None:
    invoices.refresh()
    runs = invoices.world.records.all("runs").values()
    assert [run["watermarks"][CONNECTION]["records"] for run in runs] == [len(invoices.rows())] * 2
