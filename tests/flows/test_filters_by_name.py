"""Filters by names: each is looked up in its list once a run, and asked for by its id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import AppError, BadRequest, PlanLacks, QuickBooksBusy
from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import (
    ANA,
    CONNECTION,
    INVOICES,
    SHEET,
    FakeQuickBooks,
    Grid,
    World,
    invoices,
    start,
)
from tests.flows.test_previews import preview

PAYMENTS = catalog.entity("payments")
UNDEPOSITED = [{"key": "account", "is": ["undeposited funds"]}]
CELL = "'Set up'!B1"

Listed = tuple[str, str, str]  # list, id and whole name

ACCOUNTS: tuple[Listed, ...] = (
    ("Account", "4", "Undeposited Funds"),
    ("Account", "35", "Checking"),
    ("Account", "36", "Savings (deleted)"),
    ("Account", "40", "Legal:Bookkeeping"),
    ("Account", "41", "Office:Bookkeeping"),
    ("Account", "42", "Office"),
)
PEOPLE: tuple[Listed, ...] = (
    ("Customer", "1", "Amy"),
    ("Customer", "2", "Freeman:Copperleaf"),
    ("Vendor", "9", "Bolt & Co"),
)


def listing(*named: Listed) -> Any:
    """Answers a query by names as QuickBooks does: in any case."""

    def behave(call: str, number: int) -> bytes | None:
        of = next((each for each, _, _ in named if f" FROM {each} WHERE " in call), None)
        if of is None:
            asked = any(
                f" FROM {each} WHERE " in call for each in ("Customer", "Vendor", "Employee")
            )
            return b'{"QueryResponse": {}, "time": ""}' if asked else None
        field = "DisplayName" if of in ("Customer", "Vendor") else "Name"
        rows = [
            {"Id": id, field: whole.rpartition(":")[2], "FullyQualifiedName": whole}
            for its, id, whole in named
            if its == of and f"'{whole.rpartition(':')[2].lower()}'" in call.lower()
        ]
        return json.dumps({"QueryResponse": {of: rows}, "time": ""}).encode()

    return behave


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


def books(count: int, limits: Limits | None = None) -> World:
    quickbooks = FakeQuickBooks(payments(count), "Payment", behave=listing(*ACCOUNTS))
    return World(quickbooks, limits) if limits else World(quickbooks)


def ids_of(world: World, filters: Sequence[dict[str, Any]], dataset: Any = PAYMENTS) -> list[Any]:
    grid = Grid()
    begun = start(world, dataset=dataset, columns=["total"], filters=list(filters))
    for step in world.steps(begun):
        grid.apply(step)
    assert grid.block is not None
    return [row[0] for row in grid.block[1:]]


def account(name: str) -> list[dict[str, Any]]:
    return [{"key": "account", "is": [name]}]


def test_a_name_is_looked_up_in_its_list_and_found_by_its_id() -> None:
    world = books(7)
    assert ids_of(world, UNDEPOSITED) == ["1", "2", "4", "6", "7"]
    assert [call for call in world.quickbooks.asked if "Account" in call] == [
        "SELECT * FROM Account WHERE Name IN ('undeposited funds', 'undeposited funds (deleted)') "
        "AND Active IN (true, false) ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
    ]
    assert ids_of(books(7), account("Checking")) == ["3"]


@pytest.mark.parametrize("cells_per_step", [20, 100_000])
def test_it_is_looked_up_once_however_many_pages_and_steps_there_are(cells_per_step: int) -> None:
    world = books(45, Limits(page=10, cells_per_step=cells_per_step))
    assert len(ids_of(world, UNDEPOSITED)) == 27
    assert sum("Account" in call for call in world.quickbooks.asked) == 1


def test_what_quickbooks_filters_by_it_is_asked_for_by_the_id() -> None:
    world = World(FakeQuickBooks(invoices(2), behave=listing(*PEOPLE)))
    ids_of(world, [{"key": "customer", "is": ["AMY", "Copperleaf"]}], INVOICES)
    assert world.quickbooks.asked[1].startswith(
        "SELECT * FROM Invoice WHERE CustomerRef IN ('1', '2') ORDERBY"
    )


@pytest.mark.parametrize("name", ["Undeposited Fund", "Funds", "Legal:Undeposited Funds"])
def test_a_name_that_nobody_has_stops_the_run_and_is_named(name: str) -> None:
    world = books(7)
    with pytest.raises(BadRequest, match=f"“{name}”, and nothing in Acme Landscaping is called so"):
        ids_of(world, account(name))
    assert not any("Payment" in call for call in world.quickbooks.asked)


def test_of_a_cell_the_cell_is_named() -> None:
    options = {"filters": [{"key": "account", "cell": CELL}]}
    with pytest.raises(BadRequest, match="The cell 'Set up'!B1 holds “Chequing”") as stopped:
        books(7).exports.start(
            *(ANA, SHEET),
            connection_id=CONNECTION,
            dataset=PAYMENTS,
            options=options,
            tab=None,
            cells={CELL: "Checking; Chequing"},
        )
    assert stopped.value.details["cell"] == CELL


def test_of_several_with_one_name_the_whole_name_says_which() -> None:
    with pytest.raises(
        BadRequest, match=r"Say which one in full: “Legal:Bookkeeping”, “Office:Bookkeeping”\."
    ):
        ids_of(books(7), account("Bookkeeping"))
    assert ids_of(books(7), account("office:bookkeeping")) == []
    # What is above has a name of its own, and what lies below is not in it.
    assert ids_of(books(7), account("Office")) == []


def test_who_was_made_inactive_is_still_found_by_the_name() -> None:
    assert ids_of(books(7), account("Savings")) == []
    assert ids_of(books(7), account("Savings (deleted)")) == []


def test_a_preview_knows_it_as_well() -> None:
    shown = preview(books(7), PAYMENTS, columns=["total"], filters=UNDEPOSITED)
    assert [row[0] for row in shown["rows"]] == ["1", "2", "4", "6", "7"]
    with pytest.raises(BadRequest, match="nothing in Acme Landscaping is called so"):
        preview(books(7), PAYMENTS, columns=["total"], filters=account("Chequing"))


def test_who_may_be_in_several_lists_is_looked_for_in_each() -> None:
    bought = [
        {"Id": "1", "TxnDate": "2026-04-07", "EntityRef": {"value": "9", "type": "Vendor"}},
        {"Id": "2", "TxnDate": "2026-04-07", "EntityRef": {"value": "1", "type": "Customer"}},
        {"Id": "3", "TxnDate": "2026-04-07"},
    ]
    world = World(FakeQuickBooks(bought, "Purchase", behave=listing(*PEOPLE)))
    filters = [{"key": "payee", "is": ["bolt & co"]}]
    assert ids_of(world, filters, catalog.entity("purchases")) == ["1"]
    lists = [call.split(" FROM ")[1].split(" ")[0] for call in world.quickbooks.asked]
    assert lists == ["Customer", "Vendor", "Employee", "Purchase"]


def test_a_step_that_had_to_wait_for_its_page_keeps_what_it_looked_up() -> None:
    refused: list[str] = []

    def behave(call: str, number: int) -> Any:
        if " FROM Payment " in call and not refused:
            refused.append(call)
            return QuickBooksBusy("later", wait_s=1)
        return listing(*ACCOUNTS)(call, number)

    world = World(FakeQuickBooks(payments(7), "Payment", behave=behave))
    assert ids_of(world, UNDEPOSITED) == ["1", "2", "4", "6", "7"]
    lists = [call.split(" FROM ")[1].split(" ")[0] for call in world.quickbooks.asked]
    assert lists == ["Account", "Payment", "Payment"]


@pytest.mark.parametrize("code", ["5020", "5030"])
@pytest.mark.parametrize(
    ("one", "called"),
    [({"is": ["Design"]}, "“Class”"), ({"cell": CELL}, "“Class” (cell 'Set up'!B1)")],
    ids=["typed", "from a cell"],
)
def test_a_filter_by_what_the_plan_lacks_is_named_with_its_cell(
    one: dict[str, Any], called: str, code: str
) -> None:
    def behave(call: str, number: int) -> bytes | AppError | None:
        return PlanLacks("Not in this plan.", intuit_code=code) if " FROM Class " in call else None

    world = World(FakeQuickBooks(invoices(3), behave=behave))
    with pytest.raises(PlanLacks) as raised:
        world.exports.start(
            ANA,
            SHEET,
            connection_id=CONNECTION,
            dataset=INVOICES,
            options={"filters": [{"key": "class", **one}]},
            tab=None,
            cells={CELL: "Design"},
        )
    assert raised.value.message == (
        f"The filter {called} cannot be used in this company: its QuickBooks plan, or the role of "
        "the person who connected it, does not include what it compares. Take the filter away."
    )
    assert raised.value.details["intuit_code"] == code


def test_a_subscription_that_has_ended_is_not_blamed_on_a_filter() -> None:
    def behave(call: str, number: int) -> bytes | AppError | None:
        return PlanLacks("It has ended.", intuit_code="6190") if " FROM Class " in call else None

    world = World(FakeQuickBooks(invoices(3), behave=behave))
    with pytest.raises(PlanLacks, match="It has ended"):
        start(world, filters=[{"key": "class", "is": ["Design"]}])


def sales_by_line() -> list[dict[str, Any]]:
    """A sale of a product, with the lines for which QuickBooks has no product."""
    items = ("3", "SHIPPING_ITEM_ID", "GRATUITY_ITEM_ID")
    lines = [
        {
            "Id": str(number),
            "Amount": 10 * number,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": item}},
        }
        for number, item in enumerate(items, 1)
    ]
    return [{"Id": "1", "TxnDate": "2026-04-07", "TotalAmt": 60, "Line": lines}]


def lines_of(items: Sequence[Listed], **options: Any) -> tuple[list[list[Any]], list[str]]:
    """Product, its id and amount of each line that is left, and what was asked of the products."""
    world = World(FakeQuickBooks(sales_by_line(), behave=listing(*items)))
    columns = ["line_item", "line_item_id", "line_amount"]
    grid = Grid()
    for step in world.steps(start(world, rows="line", columns=columns, **options)):
        grid.apply(step)
    assert grid.block is not None
    at = [
        grid.block[0].index(title)
        for title in ("Product/service", "Product/service Id", "Line amount")
    ]
    asked = [call for call in world.quickbooks.asked if "FROM Item" in call]
    return [[row[i] for i in at] for row in grid.block[1:]], asked


def product(name: str) -> list[dict[str, Any]]:
    return [{"key": "item", "is": [name]}]


def test_shipping_and_gratuity_are_no_products_and_have_their_names() -> None:
    for name in ("shipping", "Gratuity"):
        rows, asked = lines_of([], filters=product(name))
        assert rows == [
            ["", "3", 10],
            ["Shipping", "SHIPPING_ITEM_ID", 20],
            ["Gratuity", "GRATUITY_ITEM_ID", 30],
        ]
        assert not any("_ITEM_ID" in call for call in asked)


def test_a_product_that_is_called_as_shipping_is_the_one_that_is_meant() -> None:
    assert len(lines_of([("Item", "3", "Shipping")], filters=product("Shipping"))[0]) == 3
    assert lines_of([("Item", "4", "Shipping")], filters=product("Shipping"))[0] == []
