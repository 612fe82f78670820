"""Filters by names that QuickBooks does not send along: looked up as the columns look them up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import FakeQuickBooks, Grid, World, start
from tests.flows.test_previews import preview

PAYMENTS = catalog.entity("payments")
ACCOUNTS = {"4": "Undeposited Funds", "35": "Checking"}
UNDEPOSITED = [{"key": "account", "is": ["undeposited funds"]}]


def payments(count: int) -> list[dict[str, Any]]:
    """As QuickBooks sends them: the account by its id alone; every fifth without one."""
    places = ("4", "4", "35", "4", None)
    return [
        {
            "Id": str(id),
            "TxnDate": "2026-04-07",
            "TotalAmt": id,
            **({"DepositToAccountRef": {"value": place}} if place else {}),
        }
        for id, place in zip(range(1, count + 1), places * count, strict=False)
    ]


def accounts(call: str, number: int) -> bytes | None:
    if " FROM Account " not in call:
        return None
    rows = [{"Id": id, "FullyQualifiedName": name} for id, name in ACCOUNTS.items() if id in call]
    return json.dumps({"QueryResponse": {"Account": rows}, "time": ""}).encode()


def books(count: int, limits: Limits | None = None) -> World:
    quickbooks = FakeQuickBooks(payments(count), "Payment", behave=accounts)
    return World(quickbooks, limits) if limits else World(quickbooks)


def ids_of(world: World, filters: list[dict[str, Any]]) -> list[Any]:
    grid = Grid()
    for step in world.steps(start(world, dataset=PAYMENTS, columns=["total"], filters=filters)):
        grid.apply(step)
    return [row[0] for row in grid.block[1:]]


def test_a_name_that_was_not_sent_along_is_looked_up() -> None:
    world = books(7)
    assert ids_of(world, UNDEPOSITED) == ["1", "2", "4", "6", "7"]
    assert [call for call in world.quickbooks.asked if "Account" in call] == [
        "SELECT * FROM Account WHERE Id IN ('4', '35') AND Active IN (true, false) "
        "ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
    ]
    assert ids_of(books(7), [{"key": "account", "is": ["Checking"]}]) == ["3"]
    assert ids_of(books(7), [{"key": "account", "is": ["Savings"]}]) == []


@pytest.mark.parametrize("cells_per_step", [20, 100_000])
def test_an_id_is_asked_for_once_however_many_pages_there_are(cells_per_step: int) -> None:
    world = books(45, Limits(page=10, cells_per_step=cells_per_step))
    assert len(ids_of(world, UNDEPOSITED)) == 27
    if cells_per_step == 100_000:
        assert sum("Account" in call for call in world.quickbooks.asked) == 1


def test_what_fails_another_filter_needs_no_name() -> None:
    world = books(5)
    assert ids_of(world, [*UNDEPOSITED, {"key": "memo", "contains": "rush"}]) == []
    assert not any("Account" in call for call in world.quickbooks.asked)


def test_a_preview_knows_it_as_well() -> None:
    shown = preview(books(7), PAYMENTS, columns=["total"], filters=UNDEPOSITED)
    assert [row[0] for row in shown["rows"]] == ["1", "2", "4", "6", "7"]


def test_a_reference_of_several_kinds_is_looked_up_in_its_own_list() -> None:
    def vendors(call: str, number: int) -> bytes | None:
        if " FROM Vendor " not in call:
            return None
        rows = [{"Id": "9", "DisplayName": "Bolt & Co"}]
        return json.dumps({"QueryResponse": {"Vendor": rows}, "time": ""}).encode()

    bought = [
        {"Id": "1", "TxnDate": "2026-04-07", "EntityRef": {"value": "9", "type": "Vendor"}},
        {"Id": "2", "TxnDate": "2026-04-07", "EntityRef": {"value": "9"}},
    ]
    world = World(FakeQuickBooks(bought, "Purchase", behave=vendors))
    filters = [{"key": "payee", "is": ["bolt & co"]}]
    grid = Grid()
    for step in world.steps(
        start(world, dataset=catalog.entity("purchases"), columns=["total"], filters=filters)
    ):
        grid.apply(step)
    assert [row[0] for row in grid.block[1:]] == ["1"]
