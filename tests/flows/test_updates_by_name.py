"""Updates of a table that is narrowed by a name: what they learn of it from what changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from counterfoil.core.errors import BadRequest
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.updating import Refreshed, free, kinds, made

COLUMNS = ["number", "customer", "total"]


@pytest.fixture
def make(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> tuple[Refreshed, str, str]:
    """A table of one customer's invoices; its id, and another customer's."""
    mine = free(company)[0]["CustomerRef"]
    other = next(row["Id"] for row in company.store.all("Customer") if row["Id"] != mine["value"])
    filters = [{"key": "customer", "is": [mine["name"]]}]
    table = made(google, intuit, company, columns=COLUMNS, filters=filters)
    return table, mine["value"], other


def test_a_balance_that_moves_is_no_other_name(
    make: tuple[Refreshed, str, str], company: Company
) -> None:
    table, mine, other = make
    before, now = table.rows(), table.intuit.clock
    assert before
    with table.calls() as calls:
        table.refresh()
        table.intuit.clock.advance(timedelta(minutes=1))
        for id in (mine, other):
            company.update("Customer", id, now(), Balance=1)
        table.intuit.clock.advance(timedelta(minutes=1))
        table.refresh()
    assert kinds(calls) == ["cdc", "cdc"]
    assert table.rows() == before


def test_the_name_goes_to_another_customer_and_the_table_with_it(
    make: tuple[Refreshed, str, str], company: Company
) -> None:
    table, mine, other = make
    name = company.store.get("Customer", mine)["DisplayName"]
    row = next(it for it in free(company) if it["CustomerRef"]["value"] == mine)
    now = table.intuit.clock()
    company.update("Customer", mine, now, DisplayName="Somebody else")
    company.update("Customer", other, now, DisplayName=name)
    ref = {"value": other, "name": name}
    company.update("Invoice", row["Id"], now, CustomerRef=ref)
    table.intuit.clock.advance(timedelta(minutes=1))
    step = table.refresh()
    assert step.proof is not None
    assert "Names that the filters compare are other records' now." in step.proof.why
    assert row["Id"] in table.rows()
    assert {cells[2] for cells in table.rows().values()} == {name}


def test_a_name_that_is_gone_stops_the_update_and_leaves_the_table(
    make: tuple[Refreshed, str, str], company: Company
) -> None:
    table, mine, _ = make
    before = table.rows()
    company.update("Customer", mine, table.intuit.clock(), DisplayName="Somebody else")
    table.intuit.clock.advance(timedelta(minutes=1))
    with pytest.raises(BadRequest, match="nothing in Acme Landscaping is called so"):
        table.refresh()
    assert table.rows() == before


def test_everything_is_read_by_a_name_that_is_looked_up_anew(
    make: tuple[Refreshed, str, str], company: Company
) -> None:
    table, _, _ = make
    before = table.rows()
    table.intuit.clock.advance(timedelta(days=8))
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls)[:2] == ["cdc", "query"]
    assert table.rows() == before
