from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from counterfoil import catalog
from counterfoil.catalog import choice_titles
from counterfoil.catalog.reports import BALANCE_SHEET, PROFIT_AND_LOSS
from counterfoil.core.blocks import safe_title
from counterfoil.core.datasets import ColumnType, Entity, ParameterType, Report, Source
from counterfoil.core.errors import UnknownDataset

DATASETS: tuple[Entity | Report, ...] = (*catalog.ENTITIES, *catalog.REPORTS)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.key)
def test_a_dataset_has_a_key_for_urls_and_a_title_for_tabs(dataset: Entity | Report) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", dataset.key)
    assert safe_title(dataset.title) == dataset.title


def test_no_two_datasets_are_called_the_same() -> None:
    for names in ([each.key for each in DATASETS], [each.title.casefold() for each in DATASETS]):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)
def test_columns_are_named_once_and_id_comes_first(entity: Entity) -> None:
    first = entity.columns[0]
    assert (first.key, first.title, first.path, first.type) == ("id", "Id", "Id", ColumnType.TEXT)
    assert first.default
    for names in (
        [column.key for column in entity.columns],
        [column.title.casefold() for column in entity.columns],
        [(column.path, column.source) for column in entity.columns],
    ):
        assert [name for name, times in Counter(names).items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", column.key) for column in entity.columns)


@pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)
def test_ids_and_numbers_of_documents_are_text(entity: Entity) -> None:
    for column in entity.columns:
        if column.path.endswith((".value", "Id", "DocNumber", "TrackingNum")):
            assert column.type is ColumnType.TEXT, column.key


@pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)
def test_totals_are_money_columns_that_are_exported_by_default(entity: Entity) -> None:
    by_key = {column.key: column for column in entity.columns}
    for key in entity.total_keys:
        assert by_key[key].type is ColumnType.MONEY
        assert by_key[key].default


@pytest.mark.parametrize(
    ("key", "titles"),
    [
        (
            "invoices",
            [
                *("Id", "Invoice number", "Date", "Due date", "Customer", "Terms", "Location"),
                *("Currency", "Tax", "Total", "Open balance", "Message on invoice", "Memo"),
                *("Billing email", "Email status", "Billing address"),
            ],
        ),
        (
            "customers",
            [
                *("Id", "Customer", "Company", "First name", "Last name", "Email", "Phone"),
                *("Mobile", "Billing address", "Terms", "Currency", "Open balance", "Active"),
                "Notes",
            ],
        ),
        (
            "vendors",
            [
                *("Id", "Vendor", "Company", "First name", "Last name", "Account number", "Email"),
                *("Phone", "Mobile", "Billing address", "Currency", "Open balance", "1099"),
                "Active",
            ],
        ),
        (
            "bills",
            [
                *("Id", "Bill number", "Date", "Due date", "Vendor", "Location", "Currency"),
                *("Total", "Open balance", "A/P account", "Memo"),
            ],
        ),
        (
            "payments",
            [
                *("Id", "Date", "Customer", "Reference number", "Currency", "Amount received"),
                *("Unapplied amount", "Memo"),
            ],
        ),
        (
            "purchases",
            [
                *("Id", "Payment type", "Reference number", "Date", "Payee", "Account"),
                *("Location", "Currency", "Total", "Credit", "Signed amount", "Memo"),
            ],
        ),
    ],
)
def test_the_columns_that_most_people_want_are_the_default(key: str, titles: list[str]) -> None:
    found = [column.title for column in catalog.entity(key).columns if column.default]
    assert found == titles
    assert len(found) <= 20


@pytest.mark.parametrize("key", ["customers", "vendors"])
def test_tax_numbers_are_never_exported_by_default(key: str) -> None:
    secret = {"PrimaryTaxIdentifier", "SecondaryTaxIdentifier", "TaxIdentifier"}
    on_request = {"ResaleNum", "BusinessNumber", "GSTIN", "GSTRegistrationType"}
    for column in catalog.entity(key).columns:
        assert column.path not in secret
        assert not (column.path in on_request and column.default)


def test_bank_accounts_and_cards_are_not_offered_at_all() -> None:
    private = {"VendorPaymentBankDetail", "CreditCardPayment", "CheckPayment"}
    for entity in catalog.ENTITIES:
        for column in entity.columns:
            assert column.path.split(".")[0] not in private, (entity.key, column.key)


def test_the_first_eight_come_in_an_order_that_stays() -> None:
    assert [each.key for each in catalog.ENTITIES[:6]] == [
        *("invoices", "customers", "vendors", "bills", "payments", "purchases"),
    ]
    assert [each.key for each in catalog.REPORTS[:2]] == ["profit-and-loss", "balance-sheet"]


def test_only_a_purchase_that_is_a_credit_counts_against_the_others() -> None:
    signed = {
        entity.key: [c.negative_if for c in entity.columns if c.source is Source.SIGNED]
        for entity in catalog.ENTITIES
    }
    assert {key: found for key, found in signed.items() if found} == {
        "bills": [""],
        "payments": [""],
        "purchases": ["Credit"],
    }


def test_the_catalog_is_printed_in_the_shape_that_was_agreed() -> None:
    shown = json.loads(json.dumps(catalog.as_json()))
    assert shown.keys() == {"entities", "reports"}
    assert [entity.keys() for entity in shown["entities"]] == [
        {"key", "title", "entity", "columns"}
    ] * len(catalog.ENTITIES)
    assert shown["entities"][0]["columns"][1] == {
        "key": "number",
        "title": "Invoice number",
        "type": "text",
    }
    assert shown["reports"][0] | {"parameters": []} == {
        "key": "profit-and-loss",
        "title": "Profit and Loss",
        "report": "ProfitAndLoss",
        "parameters": [],
        "only_in": [],
        "not_in": [],
    }
    assert shown["reports"][0]["parameters"][0] == {
        "key": "start_date",
        "title": "From",
        "type": "date",
        "choices": [],
        "titles": [],
        "required": True,
        "most": 0,
    }


def test_forms_are_the_catalog_with_defaults_and_a_version() -> None:
    forms = catalog.forms()
    assert forms["version"] == catalog.VERSION
    assert re.fullmatch(r"[0-9a-f]{16}", catalog.VERSION)
    invoices, customers = forms["entities"][:2]
    assert (invoices["dates"], invoices["inactive"]) == (True, False)
    assert (customers["dates"], customers["inactive"]) == (False, True)
    assert invoices["columns"][0] == {"key": "id", "title": "Id", "type": "text", "default": True}
    profit_and_loss, balance_sheet = forms["reports"][:2]
    shown = catalog.as_json()["reports"]
    # The form has one date to pick, so that it asks for a day and not for a range. Nobody types ids.
    assert [each["title"] for each in balance_sheet["parameters"]] == [
        "As of",
        "Basis",
        "Columns by",
        "Order",
        "Links to QuickZoom",
        "Adjusted for exchange gain or loss",
    ]
    assert [each["title"] for each in shown[1]["parameters"]][:4] == [
        *("As of", "From", "Basis", "Columns by"),
    ]
    assert [each["key"] for each in profit_and_loss["parameters"]] == [
        each["key"] for each in shown[0]["parameters"] if each["type"] != "ids"
    ]
    tax_summary = next(each for each in forms["reports"] if each["key"] == "tax-summary")
    assert tax_summary["parameters"][0]["key"] == "agency_id"  # without it there is no report


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
    names = [report.report for report in catalog.REPORTS]
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


@pytest.mark.parametrize("key", ["", "invoice", "Invoices", "profit-and-loss", "../invoices"])
def test_an_unknown_entity_is_not_found(key: str) -> None:
    with pytest.raises(UnknownDataset, match="Invoices, Customers"):
        catalog.entity(key)


def test_an_unknown_report_is_not_found() -> None:
    with pytest.raises(UnknownDataset, match="Profit and Loss"):
        catalog.report("invoices")
    assert catalog.report("profit-and-loss") is PROFIT_AND_LOSS


def test_custom_fields_are_read_by_their_definition() -> None:
    paths = [
        column.path
        for column in catalog.entity("invoices").columns
        if column.source is Source.CUSTOM
    ]
    assert paths == ["CustomField[1]", "CustomField[2]", "CustomField[3]"]
