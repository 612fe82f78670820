"""Updates of a simulated company: one call where nothing changed, few where something did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.google.server import GoogleSandbox
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import REALM
from tests.flows.updating import Refreshed, sheets

assert acme.REALM_ID == REALM


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[GoogleSandbox, Any]]:
    with sheets() as opened:
        yield opened


@pytest.fixture
def company() -> Company:
    return acme.acme()


@pytest.fixture
def intuit(company: Company) -> Iterator[IntuitSandbox]:
    with IntuitSandbox(books=DemoBooks([company])) as running:
        yield running


COLUMNS = ["number", "date", "customer", "total", "balance"]


@pytest.fixture
def invoices(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> Refreshed:
    made = Refreshed(google, intuit, company, "invoices", mode="update", columns=COLUMNS)
    made.first()
    intuit.clock.advance(timedelta(minutes=5))
    return made


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
    log = invoices.tab("Counterfoil log")
    assert log[1] == ["1 changed, 1 removed"]
    assert log[2][:3] == ["changed", changed, "A-1"]
    assert log[3][:2] == ["removed", gone]


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
