"""Custom fields are titled as the company calls them, and stay where they are when it renames them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from counterfoil import catalog
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.custom_fields import names_in
from counterfoil.core.custom_types import FieldTypes
from counterfoil.flows.asking import Asked
from counterfoil.flows.limits import Limits
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

UTC = ZoneInfo("UTC")
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
    preview = world.exports.preview(ANA, SHEET, Asked((CONNECTION,), INVOICES, CHOSEN))
    assert preview.columns == ["Id", "Invoice number", "Crew #", "Building site"]


def typed(definition: str, kind: str, **value: Any) -> dict[str, Any]:
    return {"DefinitionId": definition, "Name": f"Field {definition}", "Type": kind, **value}


TYPED = [
    typed("1", "NumberType", NumberValue=12.5),
    typed("2", "DateType", DateValue="2026-05-01"),
    typed("3", "BooleanType", BooleanValue=True),
    typed("4", "StringType", StringValue="0012"),
]
EMPTY = [{key: field[key] for key in ("DefinitionId", "Name", "Type")} for field in TYPED]
ODD = [
    typed("1", "NumberType", StringValue="a dozen"),
    typed("2", "DateType", DateValue="soon"),
]
COLUMNS = {"columns": ["custom_1", "custom_2", "custom_3", "custom_4"]}


def looks_of(step: Any) -> list[tuple[str, str]]:
    op = next(op for op in step.operations if op.name in ("commit", "stage"))
    return [(each["kind"], each["pattern"]) for each in op.fields["columns"][1:]]


LOOKS = [
    ("number", "#,##0.00####"),
    ("date", "yyyy-mm-dd"),
    ("boolean", "General"),
    ("text", "@"),
]


def test_numbers_days_and_flags_are_cells_of_their_kind() -> None:
    found = invoices(4)
    for record, fields in zip(found, (EMPTY, TYPED, ODD, []), strict=True):
        record["CustomField"] = fields
    world, grid = World(FakeQuickBooks(found), SMALL), Grid()
    (step,) = world.steps(start(world, **COLUMNS))
    grid.apply(step)
    assert grid.block is not None
    assert [row[1:] for row in grid.block[1:]] == [
        ["", "", "", ""],
        [12.5, 46143, True, "0012"],
        ["a dozen", "soon", "", ""],
        ["", "", "", ""],
    ]
    assert looks_of(step) == LOOKS


def test_all_steps_of_a_table_know_the_types_of_its_first_page() -> None:
    found = invoices(65)
    found[0]["CustomField"] = EMPTY
    found[-1]["CustomField"] = TYPED
    world, grid = World(FakeQuickBooks(found), SMALL), Grid()
    steps = list(world.steps(start(world, **COLUMNS)))
    for step in steps:
        grid.apply(step)
    assert len(steps) > 1
    assert grid.block is not None
    assert grid.block[-1][1:] == [12.5, 46143, True, "0012"]
    assert [looks_of(step) for step in (steps[0], steps[-1])] == [LOOKS, LOOKS]


def test_a_field_that_a_later_page_tells_has_its_type_and_name() -> None:
    found = invoices(7)
    for record in found[4:]:
        record["CustomField"] = TYPED
    world, grid = World(FakeQuickBooks(found), Limits(page=3)), Grid()
    (step,) = world.steps(start(world, **COLUMNS))
    grid.apply(step)
    assert grid.block is not None
    assert [row[1:] for row in grid.block[1:]] == [
        *[["", "", "", ""]] * 4,
        *[[12.5, 46143, True, "0012"]] * 3,
    ]
    assert grid.block[0][1:] == ["Field 1", "Field 2", "Field 3", "Field 4"]
    assert looks_of(step) == LOOKS


def test_a_value_without_a_type_makes_its_column_one_of_texts() -> None:
    types = FieldTypes(catalog.chosen_columns(INVOICES, COLUMNS["columns"]))
    untold = [{"DefinitionId": "1", "StringValue": "12"}]
    assert reading(types, untold) == [["12", "", "", ""]]
    assert reading(types, TYPED) == [["12.5", 46143, True, "0012"]]


def test_what_is_told_once_rows_stand_in_the_sheet_stays_text() -> None:
    found = invoices(65)
    found[-1]["CustomField"] = TYPED
    world, grid = World(FakeQuickBooks(found), SMALL), Grid()
    for step in world.steps(start(world, **COLUMNS)):
        grid.apply(step)
    assert grid.block is not None
    assert grid.block[-1][1:] == ["12.5", "2026-05-01", "true", "0012"]


def test_a_preview_shows_numbers_and_days_as_they_are() -> None:
    found = invoices(2)
    found[0]["CustomField"], found[1]["CustomField"] = EMPTY, TYPED
    preview = World(FakeQuickBooks(found)).exports.preview(
        ANA, SHEET, Asked((CONNECTION,), INVOICES, COLUMNS)
    )
    assert preview.rows[1][1:] == ["12.5", "2026-05-01", "Yes", "0012"]


def reading(types: FieldTypes, *fields: list[dict[str, Any]]) -> list[list[Any]]:
    """One company's page."""
    columns = catalog.chosen_columns(INVOICES, COLUMNS["columns"])
    records = [{"Id": str(at), "CustomField": each} for at, each in enumerate(fields)]
    read = types.watched(INVOICES, page_reader(INVOICES, columns, UTC))
    return [list(row)[1:] for row in read(encoded({"Invoice": records})).rows]


def test_the_same_number_of_another_company_may_be_of_another_type() -> None:
    types = FieldTypes(catalog.chosen_columns(INVOICES, COLUMNS["columns"]))
    assert reading(types, TYPED) == [[12.5, 46143, True, "0012"]]
    other = [typed("1", "StringType", StringValue="0077"), typed("4", "NumberType", NumberValue=5)]
    assert reading(types, other) == [["0077", "", "", "5"]]


def test_a_page_that_tells_a_type_late_is_read_for_it() -> None:
    types = FieldTypes(catalog.chosen_columns(INVOICES, COLUMNS["columns"]), {"1": "number"})
    assert reading(types, [], TYPED) == [["", "", "", ""], [12.5, "2026-05-01", "true", "0012"]]


def test_the_rows_of_an_update_have_them_too() -> None:
    found = invoices(1)
    found[0]["CustomField"] = TYPED
    world, grid = World(FakeQuickBooks(found)), Grid()
    for step in world.steps(start(world, **COLUMNS, mode="add")):
        grid.apply(step)
    assert grid.block is not None
    assert grid.block[-1][1:5] == [12.5, 46143, True, "0012"]


def test_transactions_in_their_wrapping_tell_names_too() -> None:
    entity = catalog.entity("recurring-transactions")
    body = encoded({entity.entity: [{"Invoice": {"Id": "1", "CustomField": [CREW]}}]})
    assert names_in(body, entity, {"1", "2"}) == {"1": "Crew #"}
    assert names_in(b"no page", entity, {"1"}) == {}


def line(id: str, fields: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    detail = {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    return {"Id": id, "Amount": 1, **detail, "CustomField": fields, **more}


BUNDLE = {
    "Id": "3",
    "Amount": 1,
    "DetailType": "GroupLineDetail",
    "GroupLineDetail": {"Line": [line("4", [typed("3", "BooleanType", BooleanValue=False)])]},
}
OF_LINES = {
    "rows": "line",
    "columns": ["line_custom_1", "line_custom_2", "line_custom_3", "line_custom_9", "custom_1"],
}


def of_lines() -> list[dict[str, Any]]:
    """A field of the record has the number of one of its lines, and holds something else."""
    (record,) = invoices(1)
    hours = typed("9", "NumberType", NumberValue=3)
    record["Line"] = [line("1", EMPTY), line("2", [*TYPED, hours]), BUNDLE]
    return [{**record, "CustomField": [{**CREW, "StringValue": "0042"}]}]


def test_the_fields_of_lines_are_cells_of_their_kind_with_names_of_their_own() -> None:
    world, grid = World(FakeQuickBooks(of_lines()), SMALL), Grid()
    (step,) = world.steps(start(world, **OF_LINES))
    grid.apply(step)
    assert grid.block is not None
    assert [row[1:] for row in grid.block] == [
        ["Line: Field 1", "Line: Field 2", "Line: Field 3", "Line: Field 9", "Crew #"],
        ["", "", "", "", "0042"],
        [12.5, 46143, True, 3, "0042"],
        ["", "", False, "", "0042"],
    ]
    assert looks_of(step) == [*LOOKS[:3], LOOKS[0], LOOKS[3]]
