"""An aging of today against the documents behind it."""

from __future__ import annotations

from typing import Any

import pytest

from counterfoil.catalog.ties import RECONCILIATIONS
from counterfoil.core.periods import Today
from counterfoil.core.tie_out import Outcome, TieOut
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.tie_outs import tied
from sandbox.intuit import birch
from sandbox.intuit.books import DemoBooks
from tests.flows.generated_books import LAST, Event, company
from tests.flows.tie_asking import Asking, Change, choice_of, one

OPEN = [
    Event("invoice", 0, 10_000, 0),
    Event("invoice", 5, 20_000, 1),
    Event("credit", 10, 3_000, 0),
    Event("unapplied", 20, 1_500, 2),
    Event("owed", 30, 700, 0),
    Event("bill", 3, 4_200, 0),
    Event("bill", 4, 1_000, 1),
    Event("owing", 6, 99, 0),
]


def opened(change: Change | None = None) -> Asking:
    return Asking(DemoBooks([company(OPEN, 1)]), birch.REALM_ID, change)


def of_documents(key: str) -> ReportChoice:
    tie = next(each for each in RECONCILIATIONS if each.key == key)
    return choice_of(tie.report, LAST.isoformat(), ties=[key])


def test_an_aging_of_today_is_reconciled_with_the_documents_behind_it() -> None:
    asking = opened()
    found = one(asking, of_documents("receivable-documents"))
    assert (found.outcome, found.why) == (
        Outcome.PASS,
        "The open documents come to the same, 324.10 EUR.",
    )
    assert [(item.title, str(item.amount)) for item in found.between] == [
        ("Open invoices (2)", "369"),
        ("Credits (1)", "-36.9"),
        ("Unapplied payments (1)", "-15"),
        ("Journal entries (1)", "7.00"),
    ]
    assert [name for name, _ in asking.asked] == [
        *("AgedReceivables", "AgedReceivableDetail"),
        *("Invoice", "CreditMemo", "Payment", "JournalEntry"),
    ]
    owed = one(opened(), of_documents("payable-documents"))
    assert [(item.title, str(item.amount)) for item in owed.between] == [
        ("Open bills (2)", "52"),
        ("Journal entries (1)", "0.99"),
    ]


def lacks(kind: str, amount: float) -> Change:
    """An aging and its detail without the documents of that kind: `amount` was owed without."""

    def change(name: str, answer: Any) -> None:
        for section in answer.get("Rows", {}).get("Row", []):
            if name == "AgedReceivableDetail" and section.get("Rows"):
                rows = section["Rows"]["Row"]
                section["Rows"]["Row"] = [
                    row for row in rows if all(c["value"] != kind for c in row["ColData"])
                ]
            if name == "AgedReceivables" and section.get("group") == "GrandTotal":
                cells = section["Summary"]["ColData"]
                cells[-1]["value"] = str(amount)

    return change


def against_a_false_aging(change: Change) -> TieOut:
    """As of an aging that nothing else holds to be false: its own totals are not the matter."""
    asking, choice = opened(change), of_documents("receivable-documents")
    table = asking.report("AgedReceivables", choice.parameters)
    (found,) = tied(asking, choice, table, today=Today(LAST, 1), in_flight=1)
    return found


@pytest.mark.parametrize(
    ("kind", "amount", "apart", "difference"),
    [
        ("Credit Memo", 361.0, ("Credits N5", "36.9"), "36.90"),
        ("Payment", 339.1, ("Unapplied payments 2024-01-21", "15"), "15.00"),
    ],
    ids=["a credit memo", "an unapplied payment"],
)
def test_what_the_aging_and_its_detail_lack_is_listed(
    kind: str, amount: float, apart: tuple[str, str], difference: str
) -> None:
    found = against_a_false_aging(lacks(kind, amount))
    assert (found.outcome, str(found.difference)) == (Outcome.FAIL, difference)
    assert [(item.title, str(item.amount)) for item in found.between][-1] == apart


def test_of_too_many_payments_only_those_that_the_aging_names_are_read_and_no_pass_is_claimed() -> (
    None
):
    def many(entity: str, answer: Any) -> None:
        page = answer["QueryResponse"] if entity == "Payment" else {}
        if "totalCount" in page:
            page["totalCount"] = 10_001
        elif "Payment" in page and "IN (" not in asking.asked[-1][1]["query"]:
            page["Payment"] = page["Payment"] * 1_000

    asking = opened(many)
    found = one(asking, of_documents("receivable-documents"))
    assert (found.outcome, found.why) == (
        Outcome.NOT_APPLICABLE,
        "There are 10,001 payments. Of more than 10,000 only those that the aging names were "
        "looked at, so that one that it lacks would not be missed. With these the documents come "
        "to the same, 324.10 EUR.",
    )
    assert [name for name, _ in asking.asked].count("Payment") == 3


def paid(entity: str, answer: Any) -> None:
    if entity == "Invoice":
        answer["QueryResponse"]["Invoice"][0]["Balance"] = 100.00


def deleted(entity: str, answer: Any) -> None:
    if entity == "JournalEntry":
        answer["QueryResponse"].clear()


def later(entity: str, answer: Any) -> None:
    if entity == "Invoice":
        answer["QueryResponse"]["Invoice"][1]["TxnDate"] = "2030-01-01"


APART = {
    "an amount": (paid, "23.00", [("Invoice N0", "23.00")]),
    "a document": (deleted, "7.00", [("Journal Entry N7", "7.00")]),
    "a day to come": (later, "246.00", [("Invoice N3", "246.00")]),
}


@pytest.mark.parametrize(("change", "amount", "apart"), APART.values(), ids=APART.keys())
def test_each_document_that_makes_up_a_difference_is_listed(
    change: Change, amount: str, apart: list[tuple[str, str]]
) -> None:
    found = one(opened(change), of_documents("receivable-documents"))
    assert (found.outcome, str(found.difference)) == (Outcome.FAIL, amount)
    listed = [(item.title, str(item.amount)) for item in found.between]
    assert listed[-len(apart) :] == apart
    assert "One document is not the same in both; it is listed." in found.why


def test_what_was_left_of_a_document_on_another_day_nobody_knows() -> None:
    asking = opened()
    tie = RECONCILIATIONS[0]
    choice = choice_of(tie.report, "2026-01-31", ties=[tie.key])
    found = one(asking, choice)
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert found.why.startswith("What was left of a document on 2026-01-31 QuickBooks does not")
    assert len(asking.asked) == 1


def test_documents_in_another_currency_without_their_rest_at_home_are_not_added() -> None:
    def change(entity: str, answer: Any) -> None:
        if entity == "Payment":
            answer["QueryResponse"]["Payment"][0]["CurrencyRef"] = {"value": "GBP"}

    found = one(opened(change), of_documents("receivable-documents"))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert "open in GBP, and QuickBooks does not tell what is left of them in EUR" in found.why


def test_documents_in_another_currency_that_are_used_up_need_no_rest_at_home() -> None:
    def change(entity: str, answer: Any) -> None:
        if entity in ("Payment", "CreditMemo"):
            (first, *_) = answer["QueryResponse"][entity]
            rest = {"UnappliedAmt": 0, "Balance": 0}
            used = first | rest | {"Id": "9901", "CurrencyRef": {"value": "GBP"}}
            answer["QueryResponse"][entity].append(used)

    found = one(opened(change), of_documents("receivable-documents"))
    assert found.outcome is Outcome.PASS
