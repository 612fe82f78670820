from __future__ import annotations

import json
import pathlib
import re
from collections import Counter

import pytest

from counterfoil import catalog
from counterfoil.core.datasets import (
    ColumnType,
    Entity,
    LineChoice,
    Report,
    Source,
)
from counterfoil.core.errors import BadRequest, UnknownDataset
from counterfoil.core.tab_titles import safe_title

ORDER = pathlib.Path(__file__).parents[1] / "data" / "column_order.json"

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
    assert (first.key, first.title, first.type) == ("id", "Id", ColumnType.TEXT)
    worked_out = {"exchange-rates": "Id|SourceCurrencyCode|AsOfDate"}  # rates have none
    assert first.path == worked_out.get(entity.key, "Id")
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


def test_columns_never_move_and_new_ones_go_last() -> None:
    """To add a column, put it last and its key last in tests/data/column_order.json."""
    order = json.loads(ORDER.read_text(encoding="utf-8"))
    assert {entity.key: [c.key for c in entity.columns] for entity in catalog.ENTITIES} == {
        key: held["columns"] for key, held in order.items()
    }
    assert {
        entity.key: [column.key for column in entity.lines.columns]
        for entity in catalog.ENTITIES
        if entity.lines
    } == {key: held["lines"] for key, held in order.items() if "lines" in held}


@pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)
def test_columns_of_lines_stand_beside_those_of_the_record(entity: Entity) -> None:
    if entity.lines is None:
        assert not any(column.of_line for column in entity.columns)
        return
    lines = entity.lines.columns
    assert all(column.of_line and column.key.startswith("line_") for column in lines)
    both = (*entity.columns, *lines)
    for names in ([c.key for c in both], [c.title.casefold() for c in both]):
        assert [name for name, times in Counter(names).items() if times > 1] == []
    for column in lines:
        if column.path.endswith((".value", "Id", "DocNumber")):
            assert column.type is ColumnType.TEXT, column.key


LINE_DEFAULTS = {
    "invoices": [
        *("Row Id", "Id", "Invoice number", "Date", "Customer", "Location", "Currency"),
        *("Product/service", "Description", "Service date", "Quantity", "Rate", "Line amount"),
        *("Line class", "Line tax code", "Bundle"),
    ],
    "bills": [
        *("Row Id", "Id", "Bill number", "Date", "Vendor", "Location", "Currency"),
        *("Line account", "Product/service", "Description", "Quantity", "Rate", "Line amount"),
        *("Line class", "Line customer", "Line tax code"),
    ],
    "payments": [
        *("Row Id", "Id", "Date", "Customer", "Reference number", "Currency"),
        *("Applied to number", "Applied to type", "Amount applied"),
    ],
    "credit-memos": [
        *("Row Id", "Id", "Credit memo number", "Date", "Customer", "Location", "Currency"),
        *("Product/service", "Description", "Service date", "Quantity", "Rate", "Line amount"),
        *("Line signed amount", "Line class", "Line tax code", "Bundle"),
    ],
    "journal-entries": [
        *("Row Id", "Id", "Journal number", "Date", "Currency", "Memo", "Line account"),
        *("Description", "Debit", "Credit", "Line signed amount", "Name", "Line class"),
        "Location",
    ],
    "deposits": [
        *("Row Id", "Id", "Date", "Deposit to", "Currency", "Received from", "Line account"),
        *("Description", "Payment method", "Check number", "Line amount"),
    ],
    "budgets": [
        *("Row Id", "Id", "Budget", "Period from", "Line account", "Budgeted", "Customer"),
        *("Class", "Location"),
    ],
}


@pytest.mark.parametrize("key", LINE_DEFAULTS)
def test_lines_have_defaults_of_their_own(key: str) -> None:
    found = catalog.chosen_columns(catalog.entity(key), None, LineChoice())
    assert [column.title for column in found] == LINE_DEFAULTS[key]


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
        "invoices": [""],
        "bills": [""],
        "payments": [""],
        "purchases": ["Credit"],
        "sales-receipts": [""],
        "credit-memos": [""],
        "refund-receipts": [""],
        "bill-payments": [""],
        "vendor-credits": [""],
        # Of templates what they are of decides, and that flag.
        "recurring-transactions": ["@credit"],
    }
    assert {e.key for e in catalog.ENTITIES for c in e.columns if c.sign < 0} == {
        *("credit-memos", "refund-receipts", "vendor-credits"),
    }
    assert {e.key for e in catalog.ENTITIES if e.lines and e.lines.sign < 0} == {
        *("credit-memos", "refund-receipts", "vendor-credits"),
    }


def test_the_catalog_is_printed_in_the_shape_that_was_agreed() -> None:
    shown = json.loads(json.dumps(catalog.as_json()))
    assert shown.keys() == {"entities", "reports"}
    assert [entity.keys() for entity in shown["entities"]] == [
        {"key", "title", "entity", "columns"} | ({"lines"} if entity.lines else set())
        for entity in catalog.ENTITIES
    ]
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
    assert (invoices["bundles"], invoices["beside"][:2]) == (True, ["id", "number"])
    assert "lines" not in customers
    assert invoices["lines"][0] == {
        "key": "line_id", "title": "Line Id", "type": "text", "default": False,
    }  # fmt: skip
    secret = next(each for each in customers["columns"] if each["key"] == "tax_number")
    assert (secret["sensitive"], secret["default"]) == (True, False)
    assert invoices["columns"][0] == {"key": "id", "title": "Id", "type": "text", "default": True}
    profit_and_loss, balance_sheet = forms["reports"][:2]
    shown = catalog.as_json()["reports"]
    # The form has one date to pick, so that it asks for a day and not for a range. Nobody types ids.
    assert [each["title"] for each in balance_sheet["parameters"]] == [
        "As of",
        "Basis",
        "Columns by",
        "Order",
        "Links into QuickBooks",
        "Adjusted for exchange gain or loss",
    ]
    assert [each["title"] for each in shown[1]["parameters"]][:4] == [
        *("As of", "From", "Basis", "Columns by"),
    ]
    assert [each["key"] for each in profit_and_loss["parameters"]] == [
        each["key"] for each in shown[0]["parameters"] if each["type"] != "ids"
    ]
    tax_summary = next(each for each in forms["reports"] if each["key"] == "tax-summary")
    agency = {"key": "agency_id", "title": "Tax agency", "kind": "names", "required": True}
    assert tax_summary["filters"] == [agency]  # without it there is no report


@pytest.mark.parametrize("key", ["", "invoice", "Invoices", "profit-and-loss", "../invoices"])
def test_an_unknown_entity_is_not_found(key: str) -> None:
    with pytest.raises(UnknownDataset, match="Invoices, Customers"):
        catalog.entity(key)


def test_custom_fields_are_read_by_their_definition() -> None:
    paths = [
        column.path
        for column in catalog.entity("invoices").columns
        if column.source is Source.CUSTOM
    ]
    assert paths == [f"CustomField[{number}]" for number in range(1, 13)]
    (_, other) = catalog.chosen_columns(catalog.entity("invoices"), ["custom_1000000017"])
    assert (other.title, other.path) == ("Custom field 1000000017", "CustomField[1000000017]")
    (_, other) = catalog.chosen_columns(
        catalog.entity("invoices"), ["line_custom_1000000017"], LineChoice()
    )
    assert (other.key, other.title, other.of_line) == (
        "line_custom_1000000017",
        "Line custom field 1000000017",
        True,
    )
    for key, name in (
        ("payments", "custom_13"),
        ("invoices", "custom_x"),
        ("invoices", "custom_"),
        ("invoices", "line_custom_13"),
    ):
        with pytest.raises(BadRequest):
            catalog.chosen_columns(catalog.entity(key), [name])
