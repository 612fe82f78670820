"""What single columns show where QuickBooks leaves something out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.catalog.shown_names import untold_names
from counterfoil.core.datasets import Bundles, LineChoice
from counterfoil.core.errors import BadRequest, Forbidden
from counterfoil.core.pages import Page
from counterfoil.core.people import Role
from counterfoil.flows.choices import allowed, chosen
from tests.adapters.plain_reading import plainly, told

NEW_YORK = ZoneInfo("America/New_York")


def page_of(key: str, record: dict[str, Any], *keys: str, lines: LineChoice | None = None) -> Page:
    """Read both ways."""
    entity = catalog.entity(key)
    columns = catalog.chosen_columns(entity, list(keys), lines)
    body = json.dumps({"QueryResponse": {entity.entity: [record]}, "time": ""}).encode()
    page = page_reader(entity, columns, NEW_YORK, lines)(body)
    assert told(page) == told(plainly(body, entity, columns, lines))
    return page


def cells(key: str, record: dict[str, Any], *keys: str) -> list[Any]:
    return list(page_of(key, {"Id": "1", **record}, *keys).rows[0][1:])


def lacks(page: Page) -> list[tuple[str, str]]:
    return [(lack.list, lack.id) for lack in page.lacks]


ABROAD = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.25, "TotalAmt": 100, "Balance": 40}


@pytest.mark.parametrize("key", ["invoices", "bills", "sales-receipts", "refund-receipts"])
def test_a_total_and_a_balance_at_home_are_worked_out_where_nobody_tells_them(key: str) -> None:
    assert cells(key, ABROAD, "home_total", "home_balance") == [125, 50]
    told_so = ABROAD | {"HomeTotalAmt": 125.01, "HomeBalance": 50.02}
    assert cells(key, told_so, "home_total", "home_balance") == [125.01, 50.02]
    assert cells(key, {"TotalAmt": 100, "Balance": 40}, "home_total", "home_balance") == ["", ""]


def test_vendor_credits_have_an_open_balance_at_home() -> None:
    assert cells("vendor-credits", ABROAD, "home_balance") == [50]


@pytest.mark.parametrize(
    ("paid", "id"),
    [
        ({"CheckPayment": {"BankAccountRef": {"value": "35"}}}, "35"),
        ({"CreditCardPayment": {"CCAccountRef": {"value": "42"}}}, "42"),
    ],
)
def test_the_account_that_a_bill_was_paid_from_is_looked_up(paid: dict[str, Any], id: str) -> None:
    page = page_of("bill-payments", {"Id": "1", **paid}, "account", "account_id")
    assert lacks(page) == [("Account", id)]
    assert list(page.named({("Account", id): "Checking"}).rows[0]) == ["1", "Checking", id]


def test_the_invoice_of_a_credit_memo_is_looked_up_by_its_number() -> None:
    page = page_of("credit-memos", {"Id": "1", "InvoiceRef": {"value": "130"}}, "invoice")
    assert lacks(page) == [("Invoice", "130")]


@pytest.mark.parametrize("bundles", Bundles)
def test_the_bundle_of_a_line_is_looked_up(bundles: Bundles) -> None:
    part = {"Id": "2", "Amount": 5, "DetailType": "SalesItemLineDetail"}
    group = {"GroupItemRef": {"value": "24"}, "Line": [part]}
    line = {"Id": "1", "DetailType": "GroupLineDetail", "GroupLineDetail": group}
    page = page_of(
        "invoices", {"Id": "1", "Line": [line]}, "line_bundle", lines=LineChoice(bundles=bundles)
    )
    assert lacks(page) == [("Item", "24")]


@pytest.mark.parametrize(
    ("kind", "held", "expected"),
    [
        ("Invoice", {"CustomerRef": {"value": "8"}}, [("Customer", "8")]),
        ("Bill", {"VendorRef": {"value": "9"}}, [("Vendor", "9")]),
        ("Invoice", {"CustomerRef": {"value": "8", "name": "Ann"}}, []),
        ("Purchase", {"EntityRef": {"value": "9"}}, []),
    ],
)
def test_whom_a_template_is_for_is_looked_up_in_its_own_list(
    kind: str, held: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    page = page_of("recurring-transactions", {kind: {"Id": "1", **held}}, "name")
    assert lacks(page) == expected


def posted(side: str, amount: float) -> dict[str, Any]:
    detail = {"PostingType": side}
    return {
        "Amount": amount,
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": detail,
    }


def test_a_journal_that_tells_no_total_has_the_sum_of_its_debits() -> None:
    lines = [posted("Debit", 60), posted("Debit", 40.5), posted("Credit", 100.5)]
    record = {"ExchangeRate": 2, "Line": lines}
    assert cells("journal-entries", record, "total", "home_total") == [100.5, 201]
    page = page_of("journal-entries", {"Id": "1", **record}, "total")
    assert page.amounts == {"total": [Decimal("100.5")]}
    assert cells("journal-entries", record | {"TotalAmt": 7}, "total", "home_total") == [7, 14]
    assert cells("journal-entries", {}, "total", "home_total") == ["", ""]


def test_a_link_that_opens_an_invoice_is_only_an_owners_to_choose() -> None:
    invoices = catalog.entity("invoices")
    assert "link" not in {column.key for column in catalog.default_columns(invoices, None)}
    with pytest.raises(BadRequest, match="whoever can open this spreadsheet will see it"):
        chosen(invoices, {"columns": ["link"]})
    choice = chosen(invoices, {"columns": ["link"], "sensitive": True})
    with pytest.raises(Forbidden, match="Payment link"):
        allowed(choice, Role.EDITOR)
    allowed(choice, Role.OWNER)


@pytest.mark.parametrize(
    ("key", "titles"),
    [
        ("invoices", ["Line tax code", "Line tax rate"]),
        ("journal-entries", ["Line tax code", "Line tax rate", "Journal code"]),
        ("payments", []),
    ],
)
def test_names_of_whose_changes_nobody_tells_are_known(key: str, titles: list[str]) -> None:
    entity = catalog.entity(key)
    assert entity.lines is not None
    found = [column.title for column in untold_names(entity, entity.lines.columns)]
    assert found == titles
