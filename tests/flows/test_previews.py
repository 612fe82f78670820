from __future__ import annotations

from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.budgets import Caps
from counterfoil.core.errors import BudgetSpent, NotFound
from counterfoil.core.people import Role
from counterfoil.flows.asking import Asked
from tests.flows.export_fakes import (
    ANA,
    BEN,
    CONNECTION,
    INVOICES,
    SHEET,
    FakeQuickBooks,
    World,
    invoices,
    nothing_asked,
)
from tests.flows.test_filtering import YARD, of_two_places


def preview(world: World, dataset: Any = INVOICES, user: Any = ANA, **options: Any) -> Any:
    return world.exports.preview(user, SHEET, Asked((CONNECTION,), dataset, options)).as_json()


def test_the_first_twenty_rows_are_one_call_and_nothing_is_kept() -> None:
    world = World(FakeQuickBooks(invoices(50)))
    shown = preview(world, columns=["number", "date", "total"])
    assert world.quickbooks.asked == [
        "SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1 MAXRESULTS 20"
    ]
    assert shown["columns"] == ["Id", "Invoice number", "Date", "Total"]
    assert shown["amounts"] == [3]
    assert shown["rows"][0] == ["1", "00001", "2026-04-07", "1.10"]
    assert (len(shown["rows"]), shown["more"]) == (20, True)
    for collection in ("exporters", "runs", "leases"):
        assert world.records.all(collection) == {}


def test_what_is_all_of_it_says_so() -> None:
    shown = preview(World(FakeQuickBooks(invoices(3))), columns=["total"])
    assert (len(shown["rows"]), shown["more"]) == (3, False)


def test_filters_that_quickbooks_does_not_know_are_looked_for_in_one_page() -> None:
    world = World(of_two_places(50))
    shown = preview(world, columns=["total"], filters=YARD)
    assert [row[0] for row in shown["rows"]] == [str(id) for id in range(1, 41, 2)]
    assert shown["more"] is True
    assert len(world.quickbooks.asked) == 2  # the name is looked up


def test_nothing_found_says_among_how_many_it_was_looked_for() -> None:
    rare = [{"key": "location", "is": ["Annex"]}]
    world = World(of_two_places(1500))
    shown = preview(world, columns=["total"], filters=rare)
    assert (shown["rows"], shown["more"], shown["looked"]) == ([], True, 1000)
    world = World(of_two_places(50))
    shown = preview(world, columns=["total"], filters=rare)
    assert (shown["rows"], shown["more"], shown["looked"]) == ([], False, 0)


def test_secrets_of_people_are_never_in_it() -> None:
    world = World(FakeQuickBooks([{"Id": "1", "SSN": "123", "DisplayName": "Ana"}], "Employee"))
    employees = catalog.entity("employees")
    secret = next(each.key for each in employees.columns if each.sensitive)
    shown = preview(world, employees, columns=["name", secret], sensitive=True)
    assert len(shown["columns"]) == 2
    assert "123" not in str(shown)


def test_it_needs_an_editor() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    with nothing_asked(world), pytest.raises(NotFound):
        preview(world, user=BEN)
    world.connections.roles[BEN.sub] = Role.REFRESHER
    with nothing_asked(world), pytest.raises(NotFound):
        preview(world, user=BEN)
    world.connections.roles[BEN.sub] = Role.EDITOR
    assert preview(world, user=BEN)["rows"]


def test_it_counts_against_the_budgets() -> None:
    world = World(FakeQuickBooks(invoices(3)), paced=True, caps=Caps(user=1))
    preview(world)
    with pytest.raises(BudgetSpent):
        preview(world)
    assert len(world.quickbooks.asked) == 1


def test_names_that_only_other_lists_have_are_blank_and_said_to_be() -> None:
    paid = [{**each, "DepositToAccountRef": {"value": "35"}} for each in invoices(3)]
    world = World(FakeQuickBooks(paid, "Payment"))
    payments = catalog.entity("payments")
    shown = preview(world, payments, columns=["deposit_account"])
    assert [row[1] for row in shown["rows"]] == ["", "", ""]
    assert shown["note"] == (
        "Names that QuickBooks keeps in other lists are blank here; the export has them."
    )
    assert preview(world, payments, columns=["deposit_account_id"])["note"] == ""
    assert len(world.quickbooks.asked) == 2


def test_it_tells_which_custom_fields_there_are_whatever_columns_are_chosen() -> None:
    found = invoices(2)
    found[1]["CustomField"] = [
        {"DefinitionId": "1", "Name": "Crew #", "Type": "StringType"},
        {"DefinitionId": "31000000017", "Name": " Building\n site ", "StringValue": "North"},
        {"DefinitionId": "2"},
        {"DefinitionId": "x", "Name": "No number"},
    ]
    assert preview(World(FakeQuickBooks(found)), columns=["total"])["fields"] == [
        {"key": "custom_1", "title": "Crew # (1)"},
        {"key": "custom_31000000017", "title": "Building site (31000000017)"},
    ]
    found[0]["Line"] = [{"Id": "1", "CustomField": [{"DefinitionId": "7", "Name": "Shelf"}]}]
    assert preview(World(FakeQuickBooks(found)), columns=["total"], rows="line")["fields"][0] == {
        "key": "line_custom_7",
        "title": "Line: Shelf (7)",
    }
