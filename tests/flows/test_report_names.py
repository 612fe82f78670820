"""Reports narrowed by names, which are looked up as ids when they run."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.catalog import report_filters
from counterfoil.catalog.report_filters import ends
from counterfoil.catalog.shown_names import lists_at
from counterfoil.core.datasets import ParameterType
from counterfoil.core.errors import BadRequest
from counterfoil.core.occasions import Occasion
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.report_estimates import of_report
from counterfoil.flows.report_names import with_names
from counterfoil.flows.report_read import fetched
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from tests.flows.tie_asking import Asking

YEAR = {"start_date": "2026-01-01", "end_date": "2026-10-31"}
CELL = "'Set up'!B1"


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


@pytest.fixture
def asking(books: DemoBooks) -> Asking:
    return Asking(books, acme.REALM_ID)


def choice(*filters: Any, key: str = "sales-by-customer", cell: str = "", **more: Any) -> Any:
    occasion = Occasion(date(2026, 10, 31), ZoneInfo("UTC"), cells={CELL: cell})
    parameters = more.pop("parameters", YEAR)
    given = {"parameters": parameters, "filters": list(filters), **more}
    return chosen(catalog.report(key), given, occasion)


def sent(asking: Asking) -> dict[str, str]:
    return dict(asking.asked[-1][1])


def customer(books: DemoBooks, name: str) -> str:
    rows = books.company(acme.REALM_ID).store.all("Customer")
    return next(str(row["Id"]) for row in rows if row["DisplayName"] == name)


def test_names_become_the_ids_that_quickbooks_takes(asking: Asking, books: DemoBooks) -> None:
    names = ["Underhill Books", "bluebell nursing home"]
    found = choice({"key": "customer", "is": names})
    assert isinstance(found, ReportChoice)
    assert "customer" not in found.parameters
    assert found.options["filters"] == [{"key": "customer", "is": names}]
    table = fetched(asking, found, in_flight=1).table
    ids = [customer(books, "Underhill Books"), customer(books, "Bluebell Nursing Home")]
    assert sent(asking)["customer"] == ",".join(ids)
    assert {line.label for line in table.lines} <= {
        "Bluebell Nursing Home",
        "Underhill Books",
        "TOTAL",
    }
    assert [name for name, _ in asking.asked] == ["Customer", "CustomerSales"]
    assert of_report(found).calls == 2


def test_a_cell_may_hold_the_names(asking: Asking, books: DemoBooks) -> None:
    found = choice({"key": "customer", "cell": CELL}, cell="Underhill Books; Bluebell Nursing Home")
    fetched(asking, found, in_flight=1)
    ids = [customer(books, "Underhill Books"), customer(books, "Bluebell Nursing Home")]
    assert sent(asking)["customer"] == ",".join(ids)
    assert found.options["filters"] == [{"key": "customer", "cell": CELL}]


@pytest.mark.parametrize(
    ("filter", "said"),
    [
        ({"key": "customer", "is": ["Underhil"]}, "The filter “Customers” says “Underhil”"),
        ({"key": "customer", "cell": CELL}, "'Set up'!B1 holds “Underhil”"),
    ],
)
def test_a_name_that_nobody_has_stops_the_run(
    asking: Asking, filter: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadRequest) as error:
        fetched(asking, choice(filter, cell="Underhil"), in_flight=1)
    assert said in error.value.message
    assert "nothing in this company is called so" in error.value.message
    assert [name for name, _ in asking.asked] == ["Customer"]


def test_ids_need_no_look_up(asking: Asking, books: DemoBooks) -> None:
    id = customer(books, "Underhill Books")
    found = choice({"key": "customer", "ids": [id]})
    assert of_report(found).calls == 1
    fetched(asking, found, in_flight=1)
    assert [name for name, _ in asking.asked] == ["CustomerSales"]
    assert sent(asking)["customer"] == id


def test_a_tax_agency_is_found_by_its_name(asking: Asking) -> None:
    found = choice({"key": "agency_id", "is": ["juniper county"]}, key="tax-summary")
    assert with_names(asking, found).parameters["agency_id"] == "1"
    with pytest.raises(BadRequest, match='Tax Summary needs "Tax agency"'):
        choice(key="tax-summary")


@pytest.mark.parametrize(
    ("filters", "parameters", "why"),
    [
        ([{"key": "customer", "is": ["A"]}] * 2, {}, "narrowed twice by the same"),
        ([{"key": "customer", "is": ["A"]}], {"customer": "1"}, "as a parameter and by a filter"),
        ([{"key": "status", "is": "open"}], {}, 'no such filter of "Sales by Customer Summary"'),
        ([{"key": "customer", "ids": ["x"]}], {}, "takes ids of QuickBooks"),
    ],
)
def test_what_makes_no_sense_is_refused(
    filters: list[Any], parameters: dict[str, str], why: str
) -> None:
    with pytest.raises(BadRequest, match=why):
        choice(*filters, parameters=YEAR | parameters)


def test_a_consolidated_table_is_of_all_that_is_in_the_books() -> None:
    group = {"currency": "USD", "match": "name"}
    with pytest.raises(BadRequest, match="Leave other columns, and filters, out"):
        choice({"key": "customer", "is": ["A"]}, key="profit-and-loss", consolidate=group)


def test_other_days_than_the_reports_own_move_from_run_to_run(asking: Asking) -> None:
    filters = [
        {"key": "moddate", "dates": "last_7_days"},
        {"key": "duedate", "from_cell": CELL, "to": "2026-12-31"},
    ]
    found = choice(*filters, key="transactions", cell="2026-07-01")
    assert found.options["filters"] == filters
    assert not set(found.options["parameters"]) & {"start_moddate", "start_duedate"}
    shown = {
        key: day for key, day in found.parameters.items() if key.endswith(("mod", "due", "te"))
    }
    assert shown == {
        **YEAR,
        "start_moddate": "2026-10-25",
        "end_moddate": "2026-10-31",
        "start_duedate": "2026-07-01",
        "end_duedate": "2026-12-31",
    }
    assert of_report(found).calls == 1


def test_texts_that_a_report_takes_are_typed_or_stand_in_a_cell() -> None:
    filters = [{"key": "docnum", "is": "10,45"}, {"key": "memo", "cell": CELL}]
    found = choice(*filters, key="transactions", cell=" Opening balance ")
    assert found.options["filters"] == filters
    assert not set(found.options["parameters"]) & {"docnum", "memo"}
    assert found.parameters == {**YEAR, "docnum": "10,45", "memo": "Opening balance"}
    assert of_report(found).calls == 1


@pytest.mark.parametrize(
    ("filter", "why"),
    [
        ({"contains": "x"}, "The filter “Memo” has a part that it does not take"),
        ({"is": ["x"]}, "The filter “Memo” takes one text"),
        ({"is": "two\nlines"}, "texts of up to 200 characters in one line"),
        ({"is": "x", "cell": CELL}, "has a value and a cell"),
    ],
)
def test_a_text_of_a_report_is_one_line(filter: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        choice({"key": "memo", **filter}, key="transactions", cell="x")


@pytest.mark.parametrize("report", catalog.REPORTS, ids=lambda each: each.key)
def test_whatever_a_report_takes_ids_of_is_chosen_by_name_in_its_form(report: Any) -> None:
    ids = [each.key for each in report.parameters if each.type is ParameterType.IDS]
    names = [each for each in report_filters(report) if each.kind == "names"]
    assert [each.key for each in names] == ids
    assert all(lists_at([f"{path}.name" for path in each.paths]) for each in names)
    days = {each.key for each in report.parameters if each.type is ParameterType.DAY}
    others = [each for each in report_filters(report) if each.kind == "days"]
    assert {end for each in others for end in ends(each)} == days
    texts = [
        each.key
        for each in report.parameters
        if each.type is ParameterType.TEXT and not report.computed
    ]
    form = next(each for each in catalog.forms()["reports"] if each["key"] == report.key)
    every = [*ids, *(each.key for each in others), *texts]
    assert [each["key"] for each in form["filters"]] == every
    assert not {each["type"] for each in form["parameters"]} & {"ids", "day"}
    shown = {each["key"] for each in (*form["parameters"], *form["filters"])}
    for each in report.parameters:
        key = each.key.removeprefix("start_").removeprefix("end_")
        assert {each.key, key} & shown or (each.key == "start_date" and report.as_of)
