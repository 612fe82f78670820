"""Updates that one press runs one after the other share a call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from counterfoil.core.errors import BadRequest
from sandbox.intuit.company import Company
from tests.flows.updating import Refreshed, free, kinds


def bills(table: Refreshed) -> Refreshed:
    """Another update of the same spreadsheet."""
    other = table.beside_it("bills", mode="update")
    other.first()
    table.intuit.clock.advance(timedelta(minutes=5))
    return other


def test_updates_that_one_press_runs_share_a_call(invoices: Refreshed) -> None:
    other = bills(invoices)
    with invoices.calls() as calls:
        first = invoices.refresh(together=[other.exporter, "exp_not-there-1"])
        step = other.refresh(together=[], after=first.run_id)
    assert kinds(calls) == ["cdc"]
    assert step.proof is not None
    assert (step.calls, other.seen) == (0, {})
    assert ", as it told at " in step.proof.why
    # By itself each asks for itself.
    with invoices.calls() as calls:
        other.refresh()
    assert kinds(calls) == ["cdc"]


def test_an_export_that_cannot_be_run_ends_no_other_of_its_press(invoices: Refreshed) -> None:
    """Such as one that a later version saved."""
    other, sound = bills(invoices), bills(invoices)
    unknown = {"mode": "update", "filters": [{"key": "moon", "is": "full"}]}
    records = invoices.world.records
    held = records.get("exporters", other.exporter)
    assert held is not None
    records.replace(held, {**held.data, "options": unknown})
    with invoices.calls() as calls:
        first = invoices.refresh(together=[other.exporter, sound.exporter])
        sound.refresh(after=first.run_id)
    assert first.proof is not None
    assert first.proof.verdict == "PASS"
    assert kinds(calls) == ["cdc"]
    with pytest.raises(BadRequest):
        other.refresh(after=first.run_id)


def test_what_changed_after_the_shared_call_is_found_by_the_next_run(
    invoices: Refreshed, company: Company
) -> None:
    other = bills(invoices)
    first = invoices.refresh(together=[other.exporter])
    bill = next(row["Id"] for row in company.store.all("Bill"))
    invoices.intuit.clock.advance(timedelta(minutes=1))
    company.update("Bill", bill, invoices.intuit.clock(), DocNumber="A-1")
    step = other.refresh(after=first.run_id)
    assert (step.calls, other.seen) == (0, {})
    other.refresh()
    assert other.seen == {"changed": 1}
    assert "A-1" in other.rows()[bill]


def test_what_the_shared_call_told_of_is_asked_for(invoices: Refreshed, company: Company) -> None:
    other = bills(invoices)
    bill = next(row["Id"] for row in company.store.all("Bill"))
    company.update("Bill", bill, invoices.intuit.clock(), DocNumber="A-1")
    with invoices.calls() as calls:
        first = invoices.refresh(together=[other.exporter])
        other.refresh(after=first.run_id)
    # One for both, one for the bills, their rows and the closing date.
    assert kinds(calls) == ["cdc", "cdc", "query", "query"]
    assert other.seen == {"changed": 1}


def test_an_older_watermark_beside_it_makes_no_row_be_read_again(
    invoices: Refreshed, company: Company
) -> None:
    other = bills(invoices)
    changed = free(company)[0]["Id"]
    company.update("Invoice", changed, invoices.intuit.clock(), DocNumber="A-1")
    invoices.intuit.clock.advance(timedelta(minutes=1))
    invoices.refresh()
    assert invoices.seen == {"changed": 1}
    invoices.intuit.clock.advance(timedelta(minutes=1))
    with invoices.calls() as calls:
        invoices.refresh(together=[other.exporter])
    assert kinds(calls) == ["cdc"]


def test_a_list_of_another_table_that_cdc_refuses_costs_one_call_more(
    invoices: Refreshed, company: Company
) -> None:
    other = bills(invoices)
    company.profile = replace(company.profile, lacks=("Vendor",))
    with invoices.calls() as calls:
        first = invoices.refresh(together=[other.exporter])
    assert kinds(calls) == ["cdc", "cdc"]
    assert first.proof is not None
    assert first.proof.why.startswith("QuickBooks has changed nothing here since ")


def test_a_list_that_no_table_of_the_press_needs_is_asked_for_once_in_vain(
    invoices: Refreshed, company: Company
) -> None:
    tables = [invoices.beside_it(key, mode="update") for key in ("sales-receipts", "estimates")]
    for table in tables:
        table.first()
    company.profile = replace(company.profile, lacks=("Department",))

    def press() -> list[str]:
        invoices.intuit.clock.advance(timedelta(minutes=5))
        first, second = tables
        with invoices.calls() as calls:
            step = first.refresh(together=[second.exporter])
            second.refresh(after=step.run_id)
        return kinds(calls)

    assert press() == ["cdc", "cdc", "cdc"]
    assert press() == ["cdc"]
    assert press() == ["cdc"]


def test_a_call_of_another_press_is_not_used(invoices: Refreshed) -> None:
    other = bills(invoices)
    first = invoices.refresh(together=[other.exporter])
    invoices.intuit.clock.advance(timedelta(minutes=15))
    with invoices.calls() as calls:
        other.refresh(after=first.run_id)
        other.refresh(after="run_of-nobody-here")
    assert kinds(calls) == ["cdc", "cdc"]
