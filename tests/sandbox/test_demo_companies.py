"""The simulated companies as they come: their sizes, sums, and hostile texts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from counterfoil import catalog
from counterfoil.catalog.columns import list_of_ref
from sandbox.intuit import acme, birch, cedar, hostile
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from sandbox.intuit.company import Company
from tests.sandbox.book_answers import every, request, select

ACME, HOSTILE, BIRCH = acme.REALM_ID, hostile.REALM_ID, birch.REALM_ID
CEDAR = cedar.REALM_ID
TRANSACTIONS = ("Invoice", "Payment", "Bill", "BillPayment", "Purchase", "Deposit", "JournalEntry")
LISTS = ("Account", "Customer", "Vendor", "Item", "Term")


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


def test_acme_has_the_size_of_a_small_firm(books: DemoBooks) -> None:
    rows = list(every(books, ACME, "Invoice"))
    dates = [row["TxnDate"] for row in rows]
    assert (len(rows), min(dates) >= "2025-01-01", max(dates) <= "2026-06-30") == (146, True, True)
    assert {len(row["Line"]) - 1 for row in rows} >= {1, 2, 3, 4}
    details = {line["DetailType"] for row in rows for line in row["Line"]}
    assert details == {
        "SalesItemLineDetail",
        "DiscountLineDetail",
        "DescriptionOnly",
        "SubTotalLineDetail",
    }
    assert all("Id" not in line for row in rows for line in row["Line"] if "SubTotal" in str(line))
    assert {link["TxnType"] for row in rows for link in row["LinkedTxn"]} == {"Estimate", "Payment"}
    assert sum(row.get("PrivateNote", "").startswith("Voided") for row in rows) == 1


def test_every_invoice_adds_up(books: DemoBooks) -> None:
    for realm in (ACME, HOSTILE, BIRCH):
        for row in every(books, realm, "Invoice"):
            sold = [ln for ln in row["Line"] if ln["DetailType"] == "SalesItemLineDetail"]
            off = [ln for ln in row["Line"] if ln["DetailType"] == "DiscountLineDetail"]
            subtotal = sum(line["Amount"] for line in sold)
            [shown] = [ln["Amount"] for ln in row["Line"] if "SubTotalLineDetail" in ln]
            assert shown == subtotal
            tax = row["TxnTaxDetail"]["TotalTax"]
            assert row["TotalAmt"] == subtotal + tax - sum(line["Amount"] for line in off)
            assert 0 <= row["Balance"] <= row["TotalAmt"]


def references(held: object, name: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every reference in a row, with the name of its field."""
    if isinstance(held, dict):
        if isinstance(held.get("value"), str):
            yield name, held
        for key, inner in held.items():
            yield from references(inner, key)
    elif isinstance(held, list):
        for inner in held:
            yield from references(inner, name)


@pytest.mark.parametrize("realm", [ACME, BIRCH, CEDAR])
def test_every_reference_names_a_row_of_its_list(books: DemoBooks, realm: str) -> None:
    company = books.company(realm)
    assert isinstance(company, Company)
    looked = 0
    for entity in catalog.ENTITIES:
        for row in company.store.all(entity.query_name):
            for field, ref in references(row):
                of = list_of_ref(field)
                if not of or ref["value"] == "SHIPPING_ITEM_ID":
                    continue
                where = (entity.entity, row["Id"], field, ref)
                assert company.store.has(of, ref["value"]), where
                known = company.store.get(of, ref["value"])
                names = {known.get(it) for it in ("DisplayName", "FullyQualifiedName", "Name")}
                assert ref.get("name") in {None, *names}, where
                looked += 1
    assert looked > 100


def test_customers_owe_what_their_documents_say(books: DemoBooks) -> None:
    owed: dict[str, Decimal] = {}
    for entity, field, sign in (
        ("Invoice", "Balance", 1),
        ("CreditMemo", "RemainingCredit", -1),
        ("Payment", "UnappliedAmt", -1),
    ):
        for row in every(books, ACME, entity):
            customer = row["CustomerRef"]["value"]
            owed[customer] = owed.get(customer, Decimal(0)) + sign * row[field]
    for row in every(books, ACME, "Customer"):
        assert row["Balance"] == owed.get(row["Id"], 0)


def test_the_hostile_company_keeps_its_texts_to_the_letter(books: DemoBooks) -> None:
    customers = {row["DisplayName"] for row in every(books, HOSTILE, "Customer")}
    assert customers == set(hostile.NAMES)
    assert '=IMPORTXML("http://127.0.0.1/x","//a")' in customers
    invoices = list(every(books, HOSTILE, "Invoice"))
    assert {row["DocNumber"] for row in invoices} == set(hostile.NUMBERS)
    assert {row["CustomField"][0]["Name"] for row in invoices} == {hostile.PROFILE.custom_field}
    accounts = {row["Name"] for row in every(books, HOSTILE, "Account")}
    assert "=1+1" in accounts


def test_two_copies_of_the_books_are_the_same(books: DemoBooks) -> None:
    own = demo_books()
    for realm in (ACME, HOSTILE, BIRCH):
        for entity in (*TRANSACTIONS, *LISTS):
            asked = request("POST", "query", select(entity, "MAXRESULTS 1000"))
            assert books.handle(realm, asked).body == own.handle(realm, asked).body
