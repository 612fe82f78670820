"""Titles of custom fields in a table that is brought up to date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.google.a1 import Rect
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.updating import Refreshed, free, kinds, made


def titles(table: Refreshed) -> list[Any]:
    tab, rect = table.place()
    found: list[Any] = tab.values(Rect(rect.row, rect.column, 1, rect.columns))[0]
    return found


def named(company: Company, name: str) -> None:
    for row in company.store.all("Invoice"):
        row["CustomField"] = [{"DefinitionId": "1", "Name": name, "StringValue": "7"}]


def test_the_names_of_definitions_are_titles_and_stay_so(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    named(company, "Crew #")
    table = made(google, intuit, company, columns=["number", "custom_1"])
    assert titles(table)[2] == "Crew #"
    for number in ("A-1", "A-2"):
        company.update("Invoice", free(company)[0]["Id"], intuit.clock(), DocNumber=number)
        with table.calls() as calls:
            table.refresh()
        intuit.clock.advance(timedelta(minutes=1))
        assert kinds(calls)[0] == "cdc"
        assert titles(table)[2] == "Crew #"
    # Another name comes with the reading of everything, also beside a title of a person's.
    tab, rect = table.place()
    tab.write(rect.row, rect.column + 1, [["My number"]])
    named(company, "Team")
    intuit.clock.advance(timedelta(days=8))
    table.refresh()
    assert titles(table)[1:3] == ["My number", "Team"]


def test_a_title_that_a_person_gave_it_stays(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    named(company, "Crew #")
    table = made(google, intuit, company, columns=["number", "custom_1"])
    tab, rect = table.place()
    tab.write(rect.row, rect.column + 2, [["Mine"]])
    for days in (0, 1, 8):
        intuit.clock.advance(timedelta(days=days, minutes=1))
        table.refresh()
        assert titles(table)[2] == "Mine"


def measured(company: Company, **values: Any) -> None:
    """A number, a day and a flag of every invoice, or the fields alone."""
    kinds = {"1": "Number", "2": "Date", "3": "Boolean"}
    for row in company.store.all("Invoice"):
        row["CustomField"] = [
            {
                "DefinitionId": definition,
                "Name": f"Field {definition}",
                "Type": f"{kind}Type",
                **({f"{kind}Value": values[kind]} if kind in values else {}),
            }
            for definition, kind in kinds.items()
        ]


def cells(table: Refreshed) -> list[list[Any]]:
    tab, rect = table.place()
    rows = tab.values(Rect(rect.row + 1, rect.column, rect.rows - 1, rect.columns))
    return [row[2:5] for row in rows]


MEASURED = {"columns": ["number", "custom_1", "custom_2", "custom_3"]}


def test_numbers_days_and_flags_stay_so_in_what_an_update_lays(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    measured(company, Number=12.5, Date="2026-05-01", Boolean=True)
    table = made(google, intuit, company, **MEASURED)
    before = cells(table)
    assert before == [[12.5, 46143, True]] * len(before)
    one = free(company)[0]
    fields = [{**field, **_other(field)} for field in one["CustomField"]]
    company.update("Invoice", one["Id"], intuit.clock(), CustomField=fields)
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls)[0] == "cdc"
    after = cells(table)
    assert [row for row in after if row not in before] == [[7, 46144, False]]
    assert len(after) == len(before)
    intuit.clock.advance(timedelta(days=8))
    table.refresh()
    assert cells(table) == after


def _other(field: dict[str, Any]) -> dict[str, Any]:
    values = {"NumberValue": 7, "DateValue": "2026-05-02", "BooleanValue": False}
    return {name: value for name, value in values.items() if name in field}


def test_a_table_of_an_earlier_version_stays_text_until_all_is_read(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    measured(company, Number=12.5)
    for row in company.store.all("Invoice"):
        for field in row["CustomField"]:
            field.pop("Type")
    table = made(google, intuit, company, **MEASURED)
    assert cells(table)[0] == ["12.5", "", ""]
    measured(company, Number=12.5)
    company.update("Invoice", free(company)[0]["Id"], intuit.clock(), DocNumber="A-1")
    table.refresh()
    assert {row[0] for row in cells(table)} == {"12.5"}
    intuit.clock.advance(timedelta(days=8))
    table.refresh()
    assert {row[0] for row in cells(table)} == {12.5}
