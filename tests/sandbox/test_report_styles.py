"""The reports of the migrated service beside those of the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core.reports import parse
from counterfoil.core.tidy_lines import tidy_lines
from sandbox.intuit import acme, birch
from sandbox.intuit.answers import ApiRefused
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.report_nesting import KINDS
from sandbox.intuit.reports import REPORTS
from tests.samples import sample
from tests.sandbox.test_reports_agree import REALMS, YEAR, books, report

__all__ = ["books"]


@REALMS
@pytest.mark.parametrize("name", sorted(REPORTS))
def test_the_migrated_service_says_the_same_in_other_words(
    books: DemoBooks, realm: str, name: str
) -> None:
    company = books.company(realm)
    args = YEAR | ({"agency_id": "1"} if name == "TaxSummary" else {})
    lists = realm == birch.REALM_ID and name in ("ClassSales", "DepartmentSales")
    if lists or (name == "TaxSummary" and company.profile.country == "US"):
        with pytest.raises(ApiRefused, match="isn't supported"):
            company.report(name, args, datetime(2026, 6, 30, tzinfo=UTC))
        return
    old = report(books, realm, name, **args)
    company.new_reports = True
    try:
        new = report(books, realm, name, **args)
    finally:
        company.new_reports = False

    def amounts(answer: Any) -> list[Decimal]:
        found = []
        # Numbers of documents are no amounts, and stand on every line since the migration.
        numbers = [
            at
            for at, column in enumerate(answer["Columns"]["Column"])
            if column["ColTitle"] == "Num"
        ]
        for row in every_line(answer["Rows"]):
            for at, cell in enumerate(row):
                if at in (0, *numbers):
                    continue
                try:
                    found.append(Decimal(cell["value"] or 0))
                except ArithmeticError:
                    continue
        return sorted(amount for amount in found if amount)

    # Parents have totals with what is below them besides.
    more = Counter(amounts(new)) - Counter(amounts(old))
    assert not Counter(amounts(old)) - Counter(amounts(new))
    assert not more or name in KINDS
    assert "-Split-" not in str(new)
    assert "ASSETS" not in str(new["Rows"])


@pytest.mark.parametrize("name", ["ProfitAndLoss", "CustomerSales"])
def test_since_the_migration_a_hundred_days_have_columns_and_the_others_one(
    books: DemoBooks, name: str
) -> None:
    company = books.company(acme.REALM_ID)
    days = {**YEAR, "summarize_column_by": "Days"}
    old = report(books, acme.REALM_ID, name, **days)
    company.new_reports = True
    try:
        new = report(books, acme.REALM_ID, name, **days)
    finally:
        company.new_reports = False
    titles = [column["ColTitle"] for column in new["Columns"]["Column"]]
    assert len(old["Columns"]["Column"]) == 2 + 365
    assert (len(titles), titles[1], titles[100]) == (103, "Jan 1, 2025", "Apr 10, 2025")
    assert titles[-2:] == ["Others", "Total"]
    for row in every_line(new["Rows"]):
        *shown, total = (Decimal(cell["value"] or 0) for cell in row[1:])
        assert sum(shown) == total


@pytest.mark.parametrize("name", ["JournalReport", "TransactionListWithSplits"])
def test_split_lines_belong_to_the_same_transactions_in_either_style(
    books: DemoBooks, name: str
) -> None:
    """As it was, only the first line says day, type and number; since the migration each does."""
    company = books.company(acme.REALM_ID)
    found = []
    for is_new in (False, True):
        company.new_reports = is_new
        try:
            table = parse(report(books, acme.REALM_ID, name, **YEAR))
        finally:
            company.new_reports = False
        following = any("0-00-00" in line.texts for line in table.lines)
        assert following is not is_new
        rows = tidy_lines(table, title=name, company="Acme")
        wanted = ("path", "tx_date", "txn_type", "doc_num", "txn_type_id")
        places = [rows.layout.keys.index(key) for key in wanted]
        found.append(Counter(tuple(str(row[at]) for at in places) for row in rows.rows))
    assert found[0] == found[1]
    assert len(found[0]) > 200


def every_line(rows: Any) -> Iterator[Any]:
    for row in rows.get("Row", []):
        for part in (row, row.get("Header", {}), row.get("Summary", {})):
            if "ColData" in part:
                yield part["ColData"]
        yield from every_line(row.get("Rows", {}))


@pytest.mark.parametrize(
    ("name", "captured"),
    [
        ("TrialBalance", "TrialBalance"),
        ("AgedReceivables", "AgedReceivables"),
        ("CustomerBalance", "CustomerBalance"),
        ("CustomerSales", "CustomerSales"),
        ("VendorExpenses", "VendorExpenses"),
        ("CustomerIncome", "CustomerIncome"),
        ("InventoryValuationSummary", "InventoryValuationSummary"),
        ("InventoryValuationDetail", "InventoryValuationDetail"),
        ("TransactionList", "TransactionList_2015"),
        ("TransactionListWithSplits", "TransactionListWithSplits"),
        ("JournalReport", "JournalReport_excerpt"),
        ("AgedPayableDetail", "AgedPayableDetail_2015"),
    ],
)
def test_columns_are_those_of_a_captured_answer(books: DemoBooks, name: str, captured: str) -> None:
    real = sample(f"reports/{captured}.json")
    ours = report(books, acme.REALM_ID, name, **YEAR)

    def said(answer: Any) -> list[tuple[str, Any]]:
        return [
            (column["ColType"], column.get("MetaData")) for column in answer["Columns"]["Column"]
        ]

    assert said(ours) == said(real)
