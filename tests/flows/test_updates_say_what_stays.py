"""What an update says where QuickBooks changed something, and no row of the table."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from sandbox.intuit.company import Company
from tests.flows.updating import Refreshed, free

STAYS = "Rows that are there stay as they are."


@pytest.fixture
def added(invoices: Refreshed) -> Refreshed:
    """To which new rows are added only."""
    other = invoices.beside_it("invoices", mode="add")
    other.first()
    other.intuit.clock.advance(timedelta(minutes=5))
    return other


def why(table: Refreshed) -> str:
    table.intuit.clock.advance(timedelta(minutes=1))  # the last seconds are looked at twice
    step = table.refresh()
    assert step.proof is not None
    return step.proof.why


def test_an_addition_says_that_rows_which_are_there_are_not_brought_up_to_date(
    added: Refreshed, company: Company
) -> None:
    before = added.rows()
    first, second = (row["Id"] for row in free(company)[:2])
    company.update("Invoice", first, added.intuit.clock(), DocNumber="A-1")
    company.update("Invoice", second, added.intuit.clock(), DocNumber="A-2")
    told = why(added)
    assert told.startswith("Nothing to add: QuickBooks changed 2 records since 2026-")
    assert f"; they are not new here. {STAYS} Everything was read on " in told
    added.intuit.clock.advance(timedelta(minutes=5))
    company.delete("Invoice", first, added.intuit.clock())
    told = why(added)
    assert told.startswith("Nothing to add: QuickBooks changed 1 record since 2026-")
    assert f"; it is not new here. {STAYS} Everything was read on " in told
    assert (added.rows(), added.seen) == (before, {})


def test_an_addition_that_finds_something_says_so_too(added: Refreshed, company: Company) -> None:
    (copied,) = free(company)[:1]
    company.add("Invoice", {**copy.deepcopy(copied), "Id": "90001", "DocNumber": "A-3"})
    company.update("Invoice", "90001", added.intuit.clock())
    told = why(added)
    assert added.seen == {"new": 1}
    assert f"; 1 record was read again. {STAYS} Everything was read on " in told
    added.intuit.clock.advance(timedelta(days=8))
    assert f" {STAYS}" in why(added)  # and where everything is read
    assert f" {STAYS}" not in why(added.beside_it("invoices", mode="replace"))


def test_an_update_does_not_say_that_nothing_changed_where_something_else_did(
    invoices: Refreshed, company: Company
) -> None:
    open_ones = invoices.beside_it(
        "invoices", mode="update", filters=[{"key": "status", "is": "open"}]
    )
    open_ones.first()
    open_ones.intuit.clock.advance(timedelta(minutes=5))
    paid = next(
        row["Id"] for row in company.store.all("Invoice") if row["Id"] not in open_ones.rows()
    )
    company.update("Invoice", paid, open_ones.intuit.clock(), DocNumber="A-1")
    told = why(open_ones)
    assert told.startswith("Nothing to change: QuickBooks changed 1 record since 2026-")
    assert "; it does not belong in this table. Everything was read on " in told
    assert STAYS not in told
    open_ones.intuit.clock.advance(timedelta(minutes=5))
    assert why(open_ones).startswith("QuickBooks has changed nothing here since ")
