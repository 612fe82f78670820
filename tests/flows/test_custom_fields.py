"""Custom fields are titled as the company calls them, and stay where they are when it renames them."""

from __future__ import annotations

from typing import Any

from counterfoil import catalog
from counterfoil.core.custom_fields import names_in
from tests.flows.export_fakes import (
    ANA,
    CONNECTION,
    INVOICES,
    SHEET,
    FakeQuickBooks,
    Grid,
    World,
    encoded,
    invoices,
    start,
)
from tests.flows.test_ordering import SMALL

CHOSEN = {"columns": ["number", "custom_1", "custom_31000000017"]}
CREW = {"DefinitionId": "1", "Name": "Crew #", "Type": "StringType"}
SITE = {"DefinitionId": "31000000017", "Name": " Building\n site ", "StringValue": "North"}


def worked(count: int) -> list[dict[str, Any]]:
    found = invoices(count)
    found[0]["CustomField"] = [CREW, "odd", {"DefinitionId": "2", "Name": "Other"}]
    found[-1]["CustomField"] = [{**CREW, "StringValue": "7"}, SITE]
    return found


def header(world: World, **options: Any) -> tuple[list[Any], list[Any]]:
    grid = Grid()
    for step in world.steps(start(world, **CHOSEN, **options)):
        grid.apply(step)
    assert grid.block is not None
    return grid.block[0], grid.block[-1]


def test_titles_are_the_names_that_the_records_tell() -> None:
    titles, last = header(World(FakeQuickBooks(worked(3)), SMALL))
    assert titles == ["Id", "Invoice number", "Crew #", "Building site"]
    assert last == ["3", "00003", "7", "North"]


def test_a_table_of_several_steps_has_the_titles_of_its_first_page() -> None:
    titles, _ = header(World(FakeQuickBooks(worked(65)), SMALL))
    assert titles == ["Id", "Invoice number", "Crew #", "Custom field 31000000017"]


def test_a_company_that_tells_no_name_has_numbers() -> None:
    titles, _ = header(World(FakeQuickBooks(invoices(2)), SMALL))
    assert titles == ["Id", "Invoice number", "Custom field 1", "Custom field 31000000017"]


def test_a_renamed_field_stays_in_its_column() -> None:
    quickbooks = FakeQuickBooks(worked(2))
    world = World(quickbooks, SMALL)
    (last,) = world.steps(start(world, **CHOSEN))
    world.exports.acknowledge(ANA, SHEET, last.run_id, applied=True)
    for record in quickbooks.records:
        record["CustomField"] = [{**CREW, "Name": "Team"}]
    (again,) = world.steps(world.exports.again(ANA, SHEET, last.exporter_id))
    old, new = (next(op for op in step.operations if op.name == "expect") for step in (last, again))
    assert old.fields["keys"] == new.fields["keys"]
    assert new.fields["titles"][2] == "Team"


def test_a_preview_has_the_same_titles() -> None:
    world = World(FakeQuickBooks(worked(2)), SMALL)
    preview = world.exports.preview(
        ANA, SHEET, connection_id=CONNECTION, dataset=INVOICES, options=CHOSEN
    )
    assert preview.columns == ["Id", "Invoice number", "Crew #", "Building site"]


def test_transactions_in_their_wrapping_tell_names_too() -> None:
    entity = catalog.entity("recurring-transactions")
    body = encoded({entity.entity: [{"Invoice": {"Id": "1", "CustomField": [CREW]}}]})
    assert names_in(body, entity, {"1", "2"}) == {"1": "Crew #"}
    assert names_in(b"no page", entity, {"1"}) == {}
