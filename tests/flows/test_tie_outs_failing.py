"""A report that says another amount than the one it is held against: how much, and where."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.core.tie_out import Outcome
from sandbox.intuit import acme, birch
from sandbox.intuit.books import DemoBooks
from tests.flows.generated_books import EVENTS, FISCAL_MONTHS, LAST, Event, company
from tests.flows.tie_asking import Asking, Change, accrual, choice_of, one, tied


def plus(cells: list[dict[str, str]], place: int, amount: str) -> None:
    cells[place]["value"] = str(Decimal(cells[place]["value"] or 0) + Decimal(amount))


def raised(name: str, amount: str) -> Change:
    """The last amount of the last line of that report is another one."""

    def change(report: str, answer: Any) -> None:
        if report == name:
            row = answer["Rows"]["Row"][-1]
            plus((row.get("Summary") or row)["ColData"], -1, amount)

    return change


@pytest.mark.parametrize("amount", ["0.01", "-250.10"])
@pytest.mark.parametrize(
    ("report", "tie", "spoiled"),
    [
        ("balance-sheet", "net-income", "ProfitAndLoss"),
        ("balance-sheet", "receivable-accounts", "AgedReceivables"),
        ("balance-sheet", "payable-accounts", "AgedPayables"),
        ("ar-aging-detail", "receivable-detail", "AgedReceivables"),
        ("ap-aging-detail", "payable-detail", "AgedPayables"),
        ("customer-balance-detail", "customer-balance-detail", "CustomerBalance"),
        ("profit-and-loss-detail", "profit-and-loss-detail", "ProfitAndLoss"),
    ],
)
def test_a_report_that_says_another_amount_fails_with_the_difference(
    books: DemoBooks, report: str, tie: str, spoiled: str, amount: str
) -> None:
    dataset = catalog.report(report)
    choice = choice_of(dataset, ties=[tie], **accrual(dataset))
    asking = Asking(books, acme.REALM_ID, raised(spoiled, amount))
    found = one(asking, choice)
    assert found.outcome is Outcome.FAIL
    assert found.difference == -Decimal(amount)
    right, wrong = (side.amount for side in found.sides)
    assert wrong - right == Decimal(amount)
    assert found.sides[0].title == dataset.title
    assert f"{-Decimal(amount):,} USD" in found.why


@settings(deadline=None, max_examples=15)
@given(EVENTS, FISCAL_MONTHS, st.integers(-(10**9), 10**9).filter(bool))
def test_whatever_is_in_the_books_a_wrong_amount_fails_by_so_much(
    events: list[Event], month: int, cents: int
) -> None:
    amount = Decimal(cents) / 100
    made = company([*events, Event("owed", 899, 100, 0), Event("bill", 899, 100, 0)], month)
    sheet = catalog.report("balance-sheet")
    choice = choice_of(sheet, LAST.isoformat(), month=month, **accrual(sheet))
    for spoiled, key in (
        ("ProfitAndLoss", "net-income"),
        ("AgedReceivables", "receivable-accounts"),
        ("AgedPayables", "payable-accounts"),
    ):
        asking = Asking(DemoBooks([made]), birch.REALM_ID, raised(spoiled, str(amount)))
        found = tied(asking, choice, month)
        assert [each.key for each in found if each.outcome is Outcome.FAIL] == [key]
        assert next(each.difference for each in found if each.key == key) == -amount


def test_an_account_that_a_ledger_ends_otherwise_is_named(books: DemoBooks) -> None:
    lost: list[Decimal] = []

    def change(report: str, answer: Any) -> None:
        if report == "GeneralLedger":
            rows = answer["Rows"]["Row"][0]["Rows"]["Row"]
            lost.append(Decimal(rows.pop()["ColData"][1]["value"]))

    choice = choice_of(catalog.report("trial-balance"))
    found = one(Asking(books, acme.REALM_ID, change), choice)
    assert found.outcome is Outcome.FAIL
    (account,) = found.between
    assert account.title == "1000 Checking"
    assert account.amount == lost[0] != 0
