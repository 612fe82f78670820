"""The ledger behind the reports: what documents post, and that it balances on every day."""

from datetime import date
from decimal import Decimal

import pytest

from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.ledger import POSTING, accrual, cash, postings_of
from tests.sandbox.book_answers import NOW, amounts, report_lines
from tests.sandbox.test_sandbox_reports import (
    ACME,
    BASES,
    BIRCH,
    HOSTILE,
    REALMS,
    YEAR,
    books,
    report,
    total,
)

__all__ = ["books"]


@REALMS
def test_every_document_posts_as_much_to_the_left_as_to_the_right(
    books: DemoBooks, realm: str
) -> None:
    company = books.company(realm)
    for kind in POSTING:
        for row in company.store.all(kind):
            entries = postings_of(kind, row, company.store, company.chart)
            assert sum(entry.amount for entry in entries) == 0, (kind, row["Id"])


@REALMS
@BASES
def test_debits_equal_credits_on_every_single_day(books: DemoBooks, realm: str, basis: str) -> None:
    by_day: dict[date, Decimal] = {}
    for posting in books.company(realm).book(basis).postings:
        by_day[posting.on] = by_day.get(posting.on, Decimal(0)) + posting.amount
    assert by_day
    assert not any(by_day.values())


@REALMS
@BASES
def test_the_balance_sheet_balances_at_every_month_end(
    books: DemoBooks, realm: str, basis: str
) -> None:
    answer = report(
        books,
        realm,
        "BalanceSheet",
        start_date="2025-01-01",
        end_date="2026-06-30",
        summarize_column_by="Month",
        accounting_method=basis,
    )
    assets = total(answer, "TotalAssets")
    assert len(assets) == 18
    assert assets == total(answer, "TotalLiabilitiesAndEquity")
    assert any(assets)


@pytest.mark.parametrize(
    ("realm", "opens"), [(ACME, "2026-01-01"), (HOSTILE, "2026-01-01"), (BIRCH, "2026-04-01")]
)
@BASES
def test_net_income_on_the_balance_sheet_is_that_of_the_fiscal_year(
    books: DemoBooks, realm: str, opens: str, basis: str
) -> None:
    dates = {"start_date": opens, "end_date": "2026-05-31", "accounting_method": basis}
    earned = total(report(books, realm, "ProfitAndLoss", **dates), "NetIncome")
    shown = total(report(books, realm, "BalanceSheet", **dates), "NetIncome")
    assert shown == earned


def test_retained_earnings_hold_the_years_before(books: DemoBooks) -> None:
    earned = total(report(books, ACME, "ProfitAndLoss", **YEAR), "NetIncome")
    sheet = report(books, ACME, "BalanceSheet", start_date="2026-01-01", end_date="2026-01-01")
    [kept] = [
        amounts(cells)
        for _, cells in report_lines(sheet["Rows"])
        if cells[0]["value"] == "3900 Retained Earnings"
    ]
    assert kept == earned


@REALMS
def test_receivables_and_payables_are_what_is_open(books: DemoBooks, realm: str) -> None:
    company = books.company(realm)
    held: dict[str, Decimal] = {}
    for posting in accrual(company.store, company.chart):
        held[posting.account] = held.get(posting.account, Decimal(0)) + posting.amount
    owed = sum(Decimal(row["Balance"]) for row in company.store.all("Customer"))
    owing = sum(Decimal(row["Balance"]) for row in company.store.all("Vendor"))
    assert held[company.chart.receivable] == owed
    assert held.get(company.chart.payable, Decimal(0)) == -owing


@REALMS
def test_on_cash_basis_nothing_is_owed(books: DemoBooks, realm: str) -> None:
    company = books.company(realm)
    accounts = {posting.account for posting in cash(company.store, company.chart)}
    assert not accounts & {company.chart.receivable, company.chart.payable}


def test_both_bases_agree_on_what_has_been_paid_in_full() -> None:
    """What is not in cash income yet is in open invoices, or the other way round in advance."""
    company = acme.acme()
    for row in list(company.store.all("Invoice")):
        if row["Balance"]:
            company.void("Invoice", row["Id"], NOW)
    income = {row["Id"] for row in company.store.all("Account") if row["AccountType"] == "Income"}
    sums = {
        basis: sum(
            posting.amount
            for posting in company.book(basis).postings
            if posting.account in income and posting.account != company.chart.unapplied_income
        )
        for basis in ("Accrual", "Cash")
    }
    credits = [row for row in company.store.all("CreditMemo") if row["RemainingCredit"]]
    given = sum(
        Decimal(line["Amount"])
        for row in credits
        for line in row["Line"]
        if line["DetailType"] == "SalesItemLineDetail"
    )
    assert sums["Cash"] == sums["Accrual"] - given
