"""The catalog's entries for reports: their parameters, their countries, what they are checked against."""

from __future__ import annotations

import pytest

from counterfoil import catalog
from counterfoil.catalog import choice_titles
from counterfoil.catalog.report_books import BALANCE_SHEET, PROFIT_AND_LOSS
from counterfoil.core.datasets import (
    ParameterType,
    Report,
)
from counterfoil.core.errors import UnknownDataset
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import EntityChoice


def test_profit_and_loss_takes_dates_basis_and_columns() -> None:
    assert [(each.key, each.required) for each in PROFIT_AND_LOSS.parameters] == [
        ("start_date", True),
        ("end_date", True),
        ("accounting_method", False),
        ("summarize_column_by", False),
        ("sort_order", False),
        ("qzurl", False),
        ("adjusted_gain_loss", False),
        *((key, False) for key in ("customer", "vendor", "class", "item", "department")),
    ]
    by_key = {each.key: each.choices for each in PROFIT_AND_LOSS.parameters}
    assert by_key["accounting_method"] == ("Accrual", "Cash")
    assert {"Total", "Month", "Quarter", "Year"} <= set(by_key["summarize_column_by"])


def test_balance_sheet_takes_one_date_and_perhaps_where_its_columns_begin() -> None:
    assert BALANCE_SHEET.as_of
    assert not PROFIT_AND_LOSS.as_of
    assert [(each.key, each.title, each.required) for each in BALANCE_SHEET.parameters] == [
        ("end_date", "As of", True),
        ("start_date", "From", False),
        ("accounting_method", "Basis", False),
        ("summarize_column_by", "Columns by", False),
    ] + [(each.key, each.title, False) for each in PROFIT_AND_LOSS.parameters[4:]]


@pytest.mark.parametrize("report", catalog.REPORTS, ids=lambda report: report.key)
def test_a_report_takes_each_parameter_once_and_says_its_values_in_words(report: Report) -> None:
    keys = [parameter.key for parameter in report.parameters]
    assert len(set(keys)) == len(keys)
    assert report.as_of is None or report.as_of in keys
    for parameter in report.parameters:
        titles = [choice_titles.title(choice) for choice in parameter.choices]
        assert not [title for title in titles if "_" in title], parameter.key
        assert len(set(titles)) == len(titles), parameter.key
        assert bool(parameter.most) == (parameter.type is ParameterType.NUMBER)
        assert bool(parameter.choices) == (parameter.type.value in ("choice", "choices"))


def test_the_reports_are_those_of_quickbooks() -> None:
    """By endpoint: a page of Intuit's reference can have another name, which is no endpoint."""
    names = [report.report for report in catalog.REPORTS if not report.computed]
    assert sorted(names) == sorted(set(names))
    assert set(names) == {
        *("AccountList", "AgedPayableDetail", "AgedPayables", "AgedReceivableDetail"),
        *("AgedReceivables", "BAS", "BalanceSheet", "CashFlow", "ClassSales", "CustomerBalance"),
        *("CustomerBalanceDetail", "CustomerIncome", "CustomerSales", "DepartmentSales"),
        *("FECReport", "GeneralLedger", "GeneralLedgerFR", "InventoryValuationDetail"),
        *("InventoryValuationSummary", "ItemSales", "JournalReport", "JournalReportFR"),
        *("ProfitAndLoss", "ProfitAndLossDetail", "TaxSummary", "TransactionList"),
        *("TransactionListByCustomer", "TransactionListByVendor", "TransactionListWithSplits"),
        *("TrialBalance", "TrialBalanceFR", "VendorBalance", "VendorBalanceDetail"),
        "VendorExpenses",
    }


@pytest.mark.parametrize(
    ("key", "us", "fr", "au"),
    [
        ("profit-and-loss", True, True, True),
        ("tax-summary", False, True, True),
        ("fec", False, True, False),
        ("business-activity-statement", False, False, True),
    ],
)
def test_some_reports_are_offered_in_some_countries(key: str, us: bool, fr: bool, au: bool) -> None:
    report = catalog.report(key)
    assert [report.offered_in(country) for country in ("US", "FR", "AU")] == [us, fr, au]


def test_an_unknown_report_is_not_found() -> None:
    with pytest.raises(UnknownDataset, match="Profit and Loss"):
        catalog.report("invoices")
    assert catalog.report("profit-and-loss") is PROFIT_AND_LOSS


def test_the_forms_name_what_a_report_can_be_checked_against_and_what_that_costs() -> None:
    shown = {form["key"]: form["ties"] for form in catalog.forms()["reports"]}
    assert [(tie["with"], tie["calls"]) for tie in shown["ar-aging-summary"]] == [
        ("Balance Sheet", 1),
        ("Accounts Receivable Aging Detail", 1),
        ("The open documents", 5),
    ]
    for ties in shown.values():
        assert len({tie["with"] for tie in ties}) == len(ties)


def test_what_a_parameter_offers_is_a_list_whose_last_column_asked_for_is_its_name() -> None:
    offers = {each.offers for known in catalog.REPORTS for each in known.parameters if each.offers}
    assert offers == {"budgets"}
    for key in offers:
        choice = chosen(catalog.entity(key), {"columns": ["name"]})
        assert isinstance(choice, EntityChoice)
        assert [column.key for column in choice.columns] == ["id", "name"]
