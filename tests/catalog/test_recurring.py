"""Templates of transactions: whole ones, of any kind, with their lines."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.datasets import Bundles, LineChoice
from counterfoil.core.filters import matches
from counterfoil.core.line_pages import LEFT_OVER
from counterfoil.core.occasions import Occasion
from counterfoil.core.pages import Page
from counterfoil.core.records import unwrapped
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import EntityChoice
from tests.samples import sample_records

TEMPLATES = catalog.entity("recurring-transactions")
UTC = ZoneInfo("UTC")


def page_of(*wrapped: dict[str, Any], keys: tuple[str, ...], lines: LineChoice | None) -> Page:
    columns = catalog.chosen_columns(TEMPLATES, list(keys), lines)
    answer = {"QueryResponse": {"RecurringTransaction": wrapped}, "time": ""}
    body = json.dumps(answer, default=float).encode()
    return page_reader(TEMPLATES, columns, UTC, lines)(body)


def row(kind: str, held: dict[str, Any], *keys: str) -> list[Any]:
    return list(page_of({kind: {"Id": "1", **held}}, keys=keys, lines=None).rows[0][1:])


def rows_of_lines(kind: str, held: dict[str, Any], *keys: str) -> list[list[Any]]:
    page = page_of({kind: {"Id": "1", **held}}, keys=("row_id", *keys), lines=LineChoice())
    return [list(cells) for cells in page.rows]


INFO = {
    "Name": "Monthly",
    "Active": True,
    "ScheduleInfo": {"IntervalType": "Monthly", "NextDate": "2026-12-01"},
}


def test_a_template_shows_what_its_transaction_has() -> None:
    held = {
        "RecurringInfo": INFO,
        "TxnDate": "2026-05-01",
        "CustomerRef": {"value": "8", "name": "Ann"},
        "SalesTermRef": {"value": "3", "name": "Net 30"},
        "DepartmentRef": {"value": "2", "name": "Yard"},
        "BillAddr": {"Line1": "1 Elm Road", "City": "Larkfield"},
        "CustomField": [{"DefinitionId": "1", "Name": "Crew", "StringValue": "102"}],
        "TxnTaxDetail": {"TotalTax": 8},
        "TotalAmt": 108,
        "Balance": 108,
        "BillEmail": {"Address": "ann@example.com"},
    }
    keys = (
        *("template", "kind", "name", "customer", "terms", "location", "billing_address"),
        *("custom_1", "tax", "total", "balance", "email"),
    )
    assert row("Invoice", held, *keys) == [
        *("Monthly", "Invoice", "Ann", "Ann", "Net 30", "Yard", "1 Elm Road, Larkfield"),
        *("102", 8, 108, 108, "ann@example.com"),
    ]


@pytest.mark.parametrize(
    ("kind", "more", "signed"),
    [
        ("Invoice", {}, 10),
        ("CreditMemo", {}, -10),
        ("RefundReceipt", {}, -10),
        ("VendorCredit", {}, -10),
        ("Purchase", {"Credit": True}, -10),
        ("Purchase", {}, 10),
    ],
)
def test_a_credit_counts_against_the_others_as_whole_and_line_by_line(
    kind: str, more: dict[str, Any], signed: int
) -> None:
    line = {"Id": "1", "Amount": 10, "DetailType": "SalesItemLineDetail"}
    held = {"TotalAmt": 10, "Line": [line], "ExchangeRate": 2, **more}
    assert row(kind, held, "signed_total", "home_total") == [signed, 20]
    assert rows_of_lines(kind, held, "line_amount", "line_signed", "line_home_signed") == [
        ["1-1", 10, signed, 2 * signed]
    ]


def test_its_lines_are_those_of_its_kind() -> None:
    account = {"AccountRef": {"value": "7", "name": "Rent"}}
    spent = {
        "Id": "1",
        "Amount": 950,
        "Description": "Yard",
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": account,
    }
    assert rows_of_lines("Bill", {"Line": [spent]}, "line_account", "line_description") == [
        ["1-1", "Rent", "Yard"]
    ]
    posted = [
        {
            "Id": str(at),
            "Amount": 20,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {**account, "PostingType": side},
        }
        for at, side in enumerate(("Debit", "Credit"))
    ]
    keys = ("line_account", "line_debit", "line_credit", "line_signed")
    assert rows_of_lines("JournalEntry", {"Line": posted, "TotalAmt": 20}, *keys) == [
        ["1-0", "Rent", 20, "", 20],
        ["1-1", "Rent", "", 20, -20],
    ]
    assert row("JournalEntry", {"Line": posted}, "total") == [20]
    assert rows_of_lines("Transfer", {"Amount": 5}, "line_amount") == [["1-#1", ""]]


@pytest.mark.parametrize("bundles", Bundles)
@pytest.mark.parametrize(
    "kind",
    [
        *("Invoice", "Bill", "Purchase", "Estimate", "SalesReceipt", "CreditMemo"),
        *("RefundReceipt", "VendorCredit", "PurchaseOrder", "JournalEntry"),
    ],
)
def test_real_transactions_as_templates_leave_no_more_over_than_by_themselves(
    kind: str, bundles: Bundles
) -> None:
    (entity,) = (it for it in catalog.ENTITIES if it.entity == kind)
    records = sample_records(kind)
    choice = LineChoice(bundles=bundles)
    alone = page_reader(entity, (catalog.columns_of(entity, choice)[:2]), UTC, choice)(
        json.dumps({"QueryResponse": {kind: records}}, default=float).encode()
    )
    wrapped = page_of(*({kind: it} for it in records), keys=("row_id",), lines=choice)
    assert list(wrapped.amounts[LEFT_OVER.key]) == list(alone.amounts[LEFT_OVER.key])
    assert len(wrapped.rows) == len(alone.rows) > 0


INVOICE = {
    "Id": "1",
    "RecurringInfo": INFO,
    "TotalAmt": Decimal(100),
    "CustomerRef": {"value": "8", "name": "Ann"},
    "DepartmentRef": {"value": "2", "name": "Yard"},
    "Line": [
        {
            "SalesItemLineDetail": {
                "ItemRef": {"value": "5", "name": "Mowing"},
                "ClassRef": {"value": "6", "name": "North"},
            }
        },
        {"AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7", "name": "Rent"}}},
    ],
}


@pytest.mark.parametrize(
    ("filter", "keeps"),
    [
        ({"key": "status", "is": "active"}, True),
        ({"key": "status", "is": "inactive"}, False),
        ({"key": "kind", "contains": "invoice"}, True),
        ({"key": "kind", "contains": "bill"}, False),
        ({"key": "template", "contains": "month"}, True),
        ({"key": "name", "is": ["Ann"]}, True),
        ({"key": "name", "is": ["Bo"]}, False),
        ({"key": "total", "from": "100"}, True),
        ({"key": "total", "from": "101"}, False),
        ({"key": "next", "from": "2026-12-01", "to": "2026-12-31"}, True),
        ({"key": "next", "to": "2026-11-30"}, False),
        ({"key": "item", "is": ["Mowing"]}, True),
        ({"key": "class", "is": ["North"]}, True),
        ({"key": "location", "is": ["Yard"]}, True),
        ({"key": "account", "is": ["Rent"]}, True),
        ({"key": "memo", "contains": "x"}, False),
    ],
)
def test_templates_can_be_narrowed(filter: dict[str, Any], keeps: bool) -> None:
    choice = chosen(TEMPLATES, {"filters": [filter]}, Occasion(date(2026, 11, 22), UTC, 1, {}))
    assert isinstance(choice, EntityChoice)
    assert matches(unwrapped({"Invoice": INVOICE}), choice.tests) is keeps
