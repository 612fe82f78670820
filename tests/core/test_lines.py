"""Every line counts once, with its sign, and what the lines leave of a total is told."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core.canonical import Cell
from counterfoil.core.datasets import Bundles, Headers
from counterfoil.core.line_pages import LEFT_OVER, LINES
from counterfoil.core.lines import row_ids
from tests.core.line_rows import bundle, discount, invoice, own, page_of, sale, subtotal
from tests.samples import sample


def rows_of(key: str, records: Sequence[Any], *keys: str, **choice: Any) -> list[list[Cell]]:
    return [list(row) for row in page_of(key, records, keys, **choice).rows]


def test_a_real_invoice_with_a_bundle_shows_its_parts() -> None:
    found = sample("entities/Invoice_with_bundle_line.json")["Invoice"]
    keys = ("line_item", "line_bundle", "line_quantity", "line_amount")
    assert rows_of("invoices", [found], *keys) == [
        ["186-2", "Chocolate Covered Strawberries", "Assorted sweets", 15, 7.96],
        ["186-3", "Snow Cookie", "Assorted sweets", 24, 2.65],
        # A discount is taken off.
        ["186-#3", "", "", "", -2.12],
    ]


def test_or_the_bundle_as_one_row_with_what_its_parts_come_to() -> None:
    found = sample("entities/Invoice_with_bundle_line.json")["Invoice"]
    keys = ("line_item", "line_bundle", "line_quantity", "line_amount")
    page = page_of("invoices", [found], keys, bundles=Bundles.GROUP)
    assert [list(row) for row in page.rows] == [
        ["186-1", "Assorted sweets", "Assorted sweets", 3, 10.61],
        ["186-#2", "", "", "", -2.12],
    ]
    assert page.amounts[LINES.key] == [Decimal("8.49")]
    assert page.amounts[LEFT_OVER.key] == [0]


@pytest.mark.parametrize(
    ("lines", "amounts"),
    [
        ([sale("1", "5"), subtotal("5")], [5]),
        ([sale("1", "5"), subtotal("5"), sale("2", "3"), subtotal("8")], [5, 3]),
        # Nothing else tells the amount.
        ([subtotal("75")], [75]),
        ([subtotal("5"), subtotal("75")], [75]),
        ([subtotal("75"), discount("5")], [75, -5]),
        ([{"Id": "1", "DetailType": "DescriptionOnly"}, subtotal("75")], ["", 75]),
        ([bundle("0", sale("2", "5")), subtotal("5")], [5]),
        ([bundle("5"), subtotal("5")], [5]),
    ],
)
def test_a_subtotal_is_a_row_only_where_nothing_else_tells_the_amount(
    lines: list[dict[str, Any]], amounts: list[Cell]
) -> None:
    assert [row[1] for row in rows_of("invoices", [invoice(*lines)], "line_amount")] == amounts


def test_a_transaction_without_lines_keeps_its_row() -> None:
    records = [{"Id": "7", "DocNumber": "1"}, {"Id": "8", "Line": []}, {"Id": "9", "Line": None}]
    page = page_of("invoices", records, ("id", "number", "line_amount"))
    assert [list(row) for row in page.rows] == [
        ["7-#1", "7", "1", ""],
        ["8-#1", "8", "", ""],
        ["9-#1", "9", "", ""],
    ]
    assert (page.ids, page.of_lines and list(page.of_lines.counts)) == (["7", "8", "9"], [1, 1, 1])


def test_what_a_transaction_has_once_is_repeated_or_not() -> None:
    found = invoice(sale("1", "5"), sale("2", "3"), DocNumber="1001", TxnDate="2026-03-01")
    keys = ("id", "number", "date", "line_item")
    assert rows_of("invoices", [found], *keys) == [
        ["7-1", "7", "1001", 46082, "Item 1"],
        ["7-2", "7", "1001", 46082, "Item 2"],
    ]
    assert rows_of("invoices", [found], *keys, headers=Headers.ONCE) == [
        ["7-1", "7", "1001", 46082, "Item 1"],
        ["7-2", "7", "", "", "Item 2"],
    ]


def test_a_class_that_a_line_has_not_is_its_transactions() -> None:
    detail = {"SalesItemLineDetail": {"ClassRef": {"value": "2", "name": "Lawn"}}}
    found = invoice(sale("1", "5"), sale("2", "3", **detail))
    found["ClassRef"] = {"value": "1", "name": "Garden"}
    assert rows_of("invoices", [found], "line_class", "line_class_id") == [
        ["7-1", "Garden", "1"],
        ["7-2", "Lawn", "2"],
    ]


def test_a_journal_has_debits_credits_and_signed_amounts() -> None:
    keys = ("line_debit", "line_credit", "line_signed", "line_amount", "line_name")
    assert rows_of("journal-entries", own("journal-entries")[:1], *keys) == [
        ["5000000000000503624-0", 250.75, "", 250.75, 250.75, "Zoë"],
        ["5000000000000503624-1", "", 250.75, -250.75, 250.75, "Zoë"],
    ]


def test_a_real_journal_balances() -> None:
    found = sample("entities/JournalEntry_2014.json")["JournalEntry"]
    page = page_of("journal-entries", [found], ("line_debit", "line_credit"))
    debits = sum(Decimal(repr(row[1])) for row in page.rows if row[1] != "")
    assert debits == sum(Decimal(repr(row[2])) for row in page.rows if row[2] != "") == 28
    assert (page.amounts[LINES.key], page.amounts[LEFT_OVER.key]) == ([0], [0])


def test_a_payment_tells_the_number_of_the_invoice_that_it_paid() -> None:
    found = sample("entities/Payment_with_line_extras.json")["Payment"]
    page = page_of("payments", [found], ("line_document", "line_linked_types", "line_amount"))
    assert [list(row) for row in page.rows] == [["83-#1", "1246", "Invoice", 2400]]
    assert page.lacks == []


def test_a_credit_that_a_payment_uses_up_is_taken_off() -> None:
    page = page_of("payments", own("payments")[:1], ("line_linked_types", "line_amount"))
    assert [list(row)[1:] for row in page.rows] == [
        ["Invoice", 900],
        ["Invoice", 110.05],
        ["CreditMemo", -10],
    ]
    assert page.amounts[LEFT_OVER.key] == [0]


def test_the_number_of_a_bill_that_was_paid_has_to_be_looked_up() -> None:
    page = page_of("bill-payments", own("bill-payments")[:1], ("line_document", "line_amount"))
    assert [(it.row, it.column, it.list, it.id) for it in page.lacks] == [
        (0, 1, "Bill", "91"),
        (1, 1, "VendorCredit", "92"),
    ]
    named = page.named({("Bill", "91"): "00123"})
    assert [list(row)[1:] for row in named.rows] == [["00123", 80], ["", -12.5]]


def test_a_deposit_is_less_the_cash_that_was_kept() -> None:
    page = page_of("deposits", own("deposits")[:1], ("line_amount", "line_from"))
    assert [list(row)[1:] for row in page.rows] == [[40, "Zoë"], [60, ""]]
    assert (page.amounts[LINES.key], page.amounts[LEFT_OVER.key]) == ([100], [0])


@pytest.mark.parametrize(
    ("key", "flag", "signed"),
    [
        ("credit-memos", {}, [-5, 2]),
        ("refund-receipts", {}, [-5, 2]),
        ("invoices", {}, [5, -2]),
    ],
)
def test_a_credit_counts_against_the_others_line_by_line(
    key: str, flag: dict[str, Any], signed: list[Cell]
) -> None:
    found = invoice(sale("1", "5"), discount("2"), **flag)
    rows = rows_of(key, [found], "line_amount", "line_signed")
    assert [row[1] for row in rows] == [5, -2]
    assert [row[2] for row in rows] == signed


@pytest.mark.parametrize(("flag", "signed"), [(True, -5), (False, 5), ("true", -5), (None, 5)])
def test_a_purchase_that_is_a_credit_does_so_too(flag: Any, signed: Cell) -> None:
    line = {"Id": "1", "Amount": 5, "DetailType": "AccountBasedExpenseLineDetail"}
    found = {"Id": "7", "Credit": flag, "Line": [line], "TotalAmt": 5}
    assert rows_of("purchases", [found], "line_amount", "line_signed") == [["7-1", 5, signed]]


@pytest.mark.parametrize("bundles", Bundles)
@pytest.mark.parametrize("child", [{}, {"Amount": 0}])
def test_a_bundle_that_alone_tells_an_amount_is_one_row(
    bundles: Bundles, child: dict[str, Any]
) -> None:
    part = {"Id": "2", "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}, **child}
    record = invoice(bundle("100", part), subtotal("100"), total="100")
    page = page_of("invoices", [record], ("line_bundle", "line_amount"), bundles=bundles)
    assert [list(row) for row in page.rows] == [["7-1", "Garden set", 100]]
    assert page.amounts[LEFT_OVER.key] == [0]


@pytest.mark.parametrize("amount", ["10", "-10"])
def test_a_discount_is_taken_off_whatever_its_sign(amount: str) -> None:
    record = invoice(sale("1", "100"), discount(amount), subtotal("100"), total="90")
    page = page_of("invoices", [record], ("line_amount",))
    assert [row[1] for row in page.rows] == [100, -10]
    assert page.amounts[LEFT_OVER.key] == [0]


ABROAD = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": Decimal("1.0946")}
SPENT = {
    "Id": "1",
    "Amount": Decimal("10.05"),
    "DetailType": "AccountBasedExpenseLineDetail",
    "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7", "name": "Fuel"}},
}
APPLIED = {"Amount": Decimal("10.05"), "LinkedTxn": [{"TxnId": "9", "TxnType": "Invoice"}]}


@pytest.mark.parametrize(
    ("key", "line", "more", "expected"),
    [
        ("invoices", sale("1", "10.05"), {}, [11, 11]),
        ("invoices", discount("10.05"), {}, [-11, -11]),
        ("credit-memos", sale("1", "10.05"), {}, [11, -11]),
        ("bills", SPENT, {}, [11, 11]),
        ("vendor-credits", SPENT, {}, [11, -11]),
        ("purchases", SPENT, {"Credit": True}, [11, -11]),
        ("deposits", {"Id": "1", "Amount": Decimal("10.05")}, {}, [11, 11]),
    ],
)
def test_a_line_has_its_amount_in_home_currency_at_the_rate_of_its_transaction(
    key: str, line: dict[str, Any], more: dict[str, Any], expected: list[Cell]
) -> None:
    keys = ("line_home_amount", "line_home_signed")
    abroad = {"Id": "7", "Line": [line], **ABROAD, **more}
    assert [row[1:] for row in rows_of(key, [abroad], *keys)] == [expected]
    at_home = {"Id": "7", "Line": [line], **more}
    assert rows_of(key, [at_home], *keys)[0][1:] == ["", ""]


@pytest.mark.parametrize(("key", "kind"), [("payments", "Invoice"), ("bill-payments", "Bill")])
def test_what_was_paid_off_a_document_has_one_too(key: str, kind: str) -> None:
    line = {**APPLIED, "LinkedTxn": [{"TxnId": "9", "TxnType": kind}]}
    assert rows_of(key, [{"Id": "7", "Line": [line], **ABROAD}], "line_home_amount") == [
        ["7-#1", 11]
    ]


def posting(id: str, amount: str, side: str) -> dict[str, Any]:
    detail = {"PostingType": side, "AccountRef": {"value": id, "name": f"Account {id}"}}
    return {
        "Id": id,
        "Amount": Decimal(amount),
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": detail,
    }


def test_a_journal_in_another_currency_debits_and_credits_at_home() -> None:
    record = {"Id": "7", "Line": [posting("0", "100", "Debit"), posting("1", "100", "Credit")]}
    keys = ("line_home_debit", "line_home_credit", "line_home_signed")
    assert rows_of("journal-entries", [record | ABROAD], *keys) == [
        ["7-0", 109.46, "", 109.46],
        ["7-1", "", 109.46, -109.46],
    ]


def test_the_proof_of_journals_has_what_they_debit_and_credit() -> None:
    lines = [posting("0", "60", "Debit"), posting("1", "40.5", "Debit"),
             posting("2", "100.5", "Credit")]  # fmt: skip
    page = page_of("journal-entries", [{"Id": "7", "Line": lines}], ("line_debit", "line_credit"))
    assert page.amounts["line_debit"] == page.amounts["line_credit"] == [Decimal("100.5")]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["1", "2"], ["7-1", "7-2"]),
        (["0", "1"], ["7-0", "7-1"]),
        (["1", "1", "2"], ["7-#1", "7-#2", "7-2"]),
        ([None, "1", None], ["7-#1", "7-1", "7-#3"]),
        ([3, {}, []], ["7-#1", "7-#2", "7-#3"]),
    ],
)
def test_every_row_has_a_key_of_its_own(ids: list[Any], expected: list[str]) -> None:
    assert row_ids("7", ids) == expected
