"""Every report of the catalog, read from the sandbox's books in both styles of the service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.datasets import Report
from counterfoil.core.digest import Digest
from counterfoil.core.proof import Verdict
from counterfoil.core.reports import ReportTable, parse, plain_report
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.report_read import ReportRead, report_read
from sandbox.intuit import acme, birch
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.reports import REPORTS
from tests.flows.both_services import Books, books, service
from tests.sandbox.book_answers import read, request

__all__ = ["books", "service"]

# What the sandbox's companies do not have: their plan, their country.
ABSENT = {
    "TaxSummary",
    *("FECReport", "GeneralLedgerFR", "JournalReportFR", "TrialBalanceFR", "BAS"),
}
OFFERED = [
    report for report in catalog.REPORTS if report.report not in ABSENT and not report.computed
]


def choice_of(report: Report, **more: str) -> ReportChoice:
    days = {"report_date": "2026-03-31", "start_date": "2025-01-01", "end_date": "2025-12-31"}
    keys = {parameter.key for parameter in report.parameters}
    given = {key: day for key, day in days.items() if key in keys} | more
    choice = chosen(report, {"parameters": given})
    assert isinstance(choice, ReportChoice)
    return choice


def reading(books: DemoBooks, report: Report, **more: str) -> ReportRead:
    return report_read(
        Books(books),  # type: ignore[arg-type]  # only reports are asked for
        choice_of(report, **more),
        Digest("00" * 32),
        company_name="Acme Landscaping",
        max_cells=1_000_000,
        in_flight=1,
    )


def test_the_sandbox_has_every_report_but_those_of_other_plans_and_countries() -> None:
    assert {report.report for report in OFFERED} == set(REPORTS) - ABSENT
    assert set(REPORTS) & ABSENT == {"TaxSummary"}  # of other countries than Acme's


@pytest.mark.parametrize("layout", ["printed", "tidy"])
def test_a_tax_summary_of_another_country_is_read(books: DemoBooks, layout: str) -> None:
    class Birch:
        def report(self, name: str, params: dict[str, str]) -> ReportTable:
            asked = request("GET", f"reports/{name}", **params)
            return plain_report(books.handle(birch.REALM_ID, asked).body)

    days = {"start_date": "2025-04-01", "end_date": "2026-03-31", "agency_id": "1"}
    choice = chosen(catalog.report("tax-summary"), {"parameters": days, "layout": layout})
    assert isinstance(choice, ReportChoice)
    read = report_read(
        Birch(),  # type: ignore[arg-type]  # only a report is asked for
        choice,
        Digest("00" * 32),
        company_name="Birch Studio",
        max_cells=1_000_000,
        in_flight=1,
    )
    assert read.rows.rows == 3
    assert "T1 VAT on sales" in read.rows.text


def of_customers(number: int) -> bytes:
    lines = [
        {"ColData": [{"value": f"C{id}", "id": str(id)}, {"value": "1.00"}]} for id in range(number)
    ]
    return json.dumps(
        {
            "Header": {"ReportName": "CustomerSales", "Currency": "USD"},
            "Columns": {
                "Column": [
                    {"ColTitle": "", "ColType": "Customer"},
                    {"ColTitle": "Total", "ColType": "Money"},
                ]
            },
            "Rows": {"Row": lines},
        }
    ).encode()


@pytest.mark.parametrize(("lines", "keeps"), [(1_000, True), (1_001, False)])
def test_a_report_of_more_lines_than_keep_their_places_says_so(lines: int, keeps: bool) -> None:
    class Many:
        def report(self, name: str, params: dict[str, str]) -> ReportTable:
            return plain_report(of_customers(lines))

    days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
    choice = chosen(catalog.report("sales-by-customer"), {"parameters": days})
    assert isinstance(choice, ReportChoice)
    read = report_read(
        Many(),  # type: ignore[arg-type]  # only a report is asked for
        choice,
        Digest("00" * 32),
        company_name="Acme",
        max_cells=1_000_000,
        in_flight=1,
    )
    assert bool(read.layout.lines) is keeps
    assert ("do not keep their places" in read.proof.why) is not keeps


@pytest.mark.parametrize("report", OFFERED, ids=lambda report: report.key)
def test_a_report_is_read_with_all_that_it_says(service: DemoBooks, report: Report) -> None:
    found = reading(service, report)
    assert found.proof.verdict is not Verdict.FAIL, found.proof.why
    assert found.rows.rows > 1
    assert found.layout.header_rows == 5
    answer = read(
        service, acme.REALM_ID, f"reports/{report.report}", **choice_of(report).parameters
    )
    table = parse(answer)
    sent = sorted(value for value in _values(answer["Rows"]) if value)
    kept = sorted(text for line in table.lines for text in (*line.texts, *line.extra) if text)
    assert kept == sent
    assert len({line.key for line in table.lines}) == len(table.lines)


@pytest.mark.parametrize("report", OFFERED, ids=lambda report: report.key)
def test_amounts_of_a_report_are_numbers_and_not_texts(books: DemoBooks, report: Report) -> None:
    answer = read(books, acme.REALM_ID, f"reports/{report.report}", **choice_of(report).parameters)
    table = parse(answer)
    places = [at for at, column in enumerate(table.columns) if column.is_amount]
    if report.report == "AccountList":
        assert places
    for line in table.lines:
        for at in places:
            value = line.values[at]
            percent = isinstance(value, str) and value.endswith("%")
            sku = report.report == "InventoryValuationSummary" and at == 1
            assert value is None or percent or sku or isinstance(value, Decimal), line


@pytest.mark.parametrize(
    ("key", "columns", "texts"),
    [
        ("general-ledger", "subt_nat_amount,memo", ["Date", "Amount", "Memo/Description"]),
        ("transactions", "doc_num,subt_nat_amount", ["Num", "Amount"]),
    ],
)
def test_chosen_columns_come_in_the_order_chosen(
    books: DemoBooks, key: str, columns: str, texts: list[str]
) -> None:
    report = catalog.report(key)
    found = reading(books, report, columns=columns)
    assert found.layout.header.text.count("Acme Landscaping") == 1
    parameters = choice_of(report, columns=columns).parameters
    answer = read(books, acme.REALM_ID, f"reports/{report.report}", **parameters)
    assert [column.title for column in parse(answer).columns] == texts


def _values(rows: Any) -> Iterator[str]:
    for row in rows.get("Row", []):
        for part in (row, row.get("Header", {}), row.get("Summary", {})):
            for cell in part.get("ColData", []):
                yield cell["value"]
        yield from _values(row.get("Rows", {}))
