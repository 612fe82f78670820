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
