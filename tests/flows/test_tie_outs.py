"""Reports held against each other, over books of which everything is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.catalog.ties import (
    RECONCILIATIONS,
    TIES,
    OpenDocuments,
    Side,
    Span,
    Tie,
    ties_of,
)
from counterfoil.core.datasets import Report
from counterfoil.core.errors import (
    BadRequest,
    BudgetSpent,
    QuickBooksBusy,
    QuickBooksRejected,
    ReportTooLarge,
)
from counterfoil.core.periods import Today
from counterfoil.core.tie_out import Outcome, TieOut
from counterfoil.flows.estimates import of_report
from counterfoil.flows.pace import Waiting
from counterfoil.flows.tie_outs import tied as tie_outs
from sandbox.intuit import acme, birch, cedar, hostile
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from sandbox.intuit.company import Company
from tests.flows.generated_books import EVENTS, FISCAL_MONTHS, LAST, Event, company
from tests.flows.tie_asking import END, Asking, Change, choice_of, one, tied


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


@pytest.fixture
def asking(books: DemoBooks) -> Asking:
    return Asking(books, acme.REALM_ID)


@pytest.fixture(params=["as it was", "migrated"])
def style(request: pytest.FixtureRequest, books: DemoBooks) -> Iterator[bool]:
    is_new = request.param == "migrated"
    companies = [books.company(realm) for realm in REALMS.values()]
    for each in companies:
        each.new_reports = is_new
    yield is_new
    for each in companies:
        each.new_reports = False


REALMS = {
    "acme": acme.REALM_ID,
    "birch": birch.REALM_ID,
    "cedar": cedar.REALM_ID,
    "hostile": hostile.REALM_ID,
}


@pytest.mark.parametrize("realm", REALMS.values(), ids=REALMS.keys())
@pytest.mark.parametrize("tie", TIES, ids=lambda tie: tie.key)
def test_reports_of_the_same_books_come_to_the_same_from_either_side(
    books: DemoBooks, realm: str, tie: Tie, style: bool
) -> None:
    month = books.company(realm).profile.fiscal_month
    for side in whole_sides(tie):
        for end in (END, "2025-11-15"):
            choice = choice_of(
                side.report, end, month=month, ties=[tie.key], **accrual(side.report)
            )
            found = one(Asking(books, realm), choice, month)
            assert (found.outcome, found.key) == (Outcome.PASS, tie.key), found.why


def whole_sides(tie: Tie) -> tuple[Side, ...]:
    """Those from which the other is found without more: not a detail of some days only."""
    return tie.sides[:1] if tie.span is Span.EVER else tie.sides


def test_the_detail_of_the_stock_is_held_against_it_where_it_shows_all_moves(
    asking: Asking,
) -> None:
    detail = catalog.report("inventory-valuation-detail")
    found = one(asking, choice_of(detail, ties=["stock-detail"]))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert found.why.startswith("The Inventory Valuation Detail shows only what moved since ")
    days = {"start_date": "1990-01-01", "end_date": END}
    found = one(asking, choice_of(detail, ties=["stock-detail"], parameters=days))
    assert found.outcome is Outcome.PASS
    assert found.sides[0].amount > 0


def accrual(report: Report, basis: str = "Accrual") -> dict[str, Any]:
    takes = any(parameter.key == "accounting_method" for parameter in report.parameters)
    return {"parameters": {"accounting_method": basis}} if takes else {}


@settings(deadline=None, max_examples=25)
@given(EVENTS, FISCAL_MONTHS)
def test_whatever_is_in_the_books_all_ties_hold(events: list[Event], month: int) -> None:
    made = company(events, month)
    for is_new in (False, True):
        made.new_reports = is_new
        for tie in TIES:
            for side in whole_sides(tie):
                for found in every_basis(made, tie, side.report, month):
                    assert found.outcome is Outcome.PASS, (tie.key, side.report.key, found.why)
        for each in RECONCILIATIONS:
            choice = choice_of(each.report, LAST.isoformat(), ties=[each.key])
            found = one(Asking(DemoBooks([made]), birch.REALM_ID), choice)
            assert found.outcome is Outcome.PASS, (each.key, found.why)


def every_basis(made: Company, tie: Tie, report: Report, month: int) -> Iterator[TieOut]:
    asking = Asking(DemoBooks([made]), birch.REALM_ID)
    both = all(accrual(side.report) for side in tie.sides)
    bases = ("Accrual", "Cash") if both and tie.basis.name == "SAME" else ("Accrual",)
    for basis in bases:
        more = accrual(report, basis)
        for end in (LAST.isoformat(), "2025-08-31"):
            yield one(asking, choice_of(report, end, month=month, ties=[tie.key], **more), month)


def test_without_being_asked_nothing_more_is_read(asking: Asking) -> None:
    assert tied(asking, choice_of(catalog.report("balance-sheet"), ties=None)) == ()
    assert [name for name, _ in asking.asked] == ["BalanceSheet"]


def test_a_balance_sheet_is_held_against_three_others_at_its_own_day(asking: Asking) -> None:
    found = tied(asking, choice_of(catalog.report("balance-sheet"), **accrual_sheet()))
    assert [(each.key, each.outcome.value) for each in found] == [
        ("net-income", "PASS"),
        ("receivable-accounts", "PASS"),
        ("payable-accounts", "PASS"),
    ]
    assert asking.asked[0][0] == "BalanceSheet"
    year = {"start_date": "2026-01-01", "end_date": END, "accounting_method": "Accrual"}
    assert sorted(asking.asked[1:], key=lambda each: each[0]) == [
        ("AgedPayables", {"report_date": END}),
        ("AgedReceivables", {"report_date": END}),
        ("ProfitAndLoss", year),
    ]


def accrual_sheet() -> dict[str, Any]:
    return {"parameters": {"accounting_method": "Accrual"}}


def test_a_year_begins_where_the_company_says(books: DemoBooks) -> None:
    asking = Asking(books, birch.REALM_ID)
    choice = choice_of(catalog.report("balance-sheet"), ties=["net-income"])
    assert one(asking, choice, month=4).outcome is Outcome.PASS
    assert asking.asked[1] == (
        "ProfitAndLoss",
        {"start_date": "2025-04-01", "end_date": END, "accounting_method": "Cash"},
    )


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


NARROWED = {
    "customers": ({"customer": "1"}, 'narrowed by "Customers"'),
    "classes": ({"class": "1"}, 'narrowed by "Classes"'),
    "another first day": (
        {"start_date": "2026-02-01"},
        "begins on 2026-02-01; it is compared where it begins with the fiscal year, on 2026-01-01.",
    ),
}


@pytest.mark.parametrize(("more", "why"), NARROWED.values(), ids=NARROWED.keys())
def test_what_shows_a_part_only_is_not_compared_and_says_why(
    asking: Asking, more: dict[str, str], why: str
) -> None:
    choice = choice_of(catalog.report("profit-and-loss"), ties=["net-income"], parameters=more)
    table = asking.report("ProfitAndLoss", {"start_date": "2026-01-01"})
    (found,) = tie_outs(asking, choice, table, today=Today(LAST), in_flight=1)  # type: ignore[arg-type]
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert why in found.why
    assert len(asking.asked) == 1


def test_receivables_are_not_held_against_a_balance_sheet_on_cash_basis(asking: Asking) -> None:
    sheet = catalog.report("balance-sheet")
    choice = choice_of(sheet, ties=["receivable-accounts"], **accrual(sheet, "Cash"))
    found = one(asking, choice)
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert found.why == "The Balance Sheet is on cash basis, on which nothing is owed."
    assert len(asking.asked) == 1


@pytest.mark.parametrize(
    ("key", "tie", "other"),
    [
        ("customer-balance", "customer-balance-detail", "Customer Balance Detail"),
        ("ap-aging-detail", "payable-detail", "Accounts Payable Aging"),
    ],
)
def test_what_takes_no_basis_is_held_against_accrual_only(
    asking: Asking, key: str, tie: str, other: str
) -> None:
    report = catalog.report(key)
    found = one(asking, choice_of(report, ties=[tie], **accrual(report, "Cash")))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert found.why == (
        f"The {report.title} is on cash basis, and the {other} cannot be asked for on it."
    )
    assert len(asking.asked) == 1
    assert one(asking, choice_of(report, ties=[tie], **accrual(report))).outcome is Outcome.PASS


@pytest.mark.parametrize("tie", ["payable-detail", "payable-documents"])
def test_the_detail_of_an_aging_that_takes_no_basis_is_asked_for_on_accrual(
    asking: Asking, tie: str
) -> None:
    one(
        asking,
        choice_of(catalog.report("ap-aging-summary"), ties=[tie]),
        day=date.fromisoformat(END),
    )
    detail = next(params for name, params in asking.asked if name == "AgedPayableDetail")
    assert detail["accounting_method"] == "Accrual"


def without_classes(_name: str, answer: Any) -> None:
    """As a company answers that has neither classes nor locations."""
    for column in answer.get("Columns", {}).get("Column", ()):
        if column["ColType"].endswith(("_amount", "_bal")):
            column["ColType"] += "_nt"
        for meta in column.get("MetaData", ()):
            if meta["Name"] == "ColKey" and meta["Value"].endswith(("_amount", "_bal")):
                meta["Value"] += "_nt"


@pytest.mark.parametrize("tie", [*TIES, *RECONCILIATIONS], ids=lambda tie: tie.key)
def test_a_company_without_classes_names_its_columns_otherwise(
    books: DemoBooks, tie: Tie | OpenDocuments
) -> None:
    report = whole_sides(tie)[-1].report if isinstance(tie, Tie) else tie.report
    choice, day = choice_of(report, ties=[tie.key], **accrual(report)), date.fromisoformat(END)
    found = one(Asking(books, acme.REALM_ID, without_classes), choice, day=day)
    assert found == one(Asking(books, acme.REALM_ID), choice, day=day)
    assert found.outcome is not Outcome.NOT_APPLICABLE


FAILURES = {
    "busy": (QuickBooksBusy("…"), "QuickBooks had no time for the Profit and Loss just now."),
    "next step": (Waiting(3), "QuickBooks had no time for the Profit and Loss just now."),
    "spent": (
        BudgetSpent("…"),
        "This month's calls of QuickBooks are used up: the Profit and Loss was not asked for.",
    ),
    "too large": (ReportTooLarge("…"), "QuickBooks cannot show the Profit and Loss in one piece."),
    "refused": (
        QuickBooksRejected("You may not see it."),
        "The Profit and Loss could not be read: You may not see it.",
    ),
}


@pytest.mark.parametrize(("error", "why"), FAILURES.values(), ids=FAILURES.keys())
def test_another_report_that_cannot_be_read_ends_nothing_and_is_told(
    books: DemoBooks, error: Exception, why: str
) -> None:
    asking = Asking(books, acme.REALM_ID, fails={"ProfitAndLoss": error})
    found = one(asking, choice_of(catalog.report("balance-sheet"), ties=["net-income"]))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert found.why.startswith(why)


def test_a_comparison_and_columns_by_month_are_tied_by_the_period_asked_for(
    books: DemoBooks,
) -> None:
    sheet = catalog.report("balance-sheet")
    by_month = {"parameters": {"summarize_column_by": "Month", "accounting_method": "Accrual"}}
    for more in (by_month, {**accrual(sheet), "compare": "previous_period", "periods": 2}):
        found = tied(Asking(books, acme.REALM_ID), choice_of(sheet, **more))
        assert [each.outcome for each in found] == [Outcome.PASS] * 3


def test_the_estimate_counts_the_other_reports() -> None:
    sheet = catalog.report("balance-sheet")
    assert of_report(choice_of(sheet)).calls == 4
    assert of_report(choice_of(sheet, ties=["net-income"])).calls == 2
    assert of_report(choice_of(sheet, ties=False)).calls == 1


def test_the_choice_is_kept_as_it_was_made() -> None:
    sheet = catalog.report("balance-sheet")
    assert choice_of(sheet).options["tie_out"] is True
    asked = ["payable-accounts", "net-income"]
    assert choice_of(sheet, ties=asked).options["tie_out"] == ["net-income", "payable-accounts"]
    assert "tie_out" not in choice_of(sheet, ties=[]).options


@pytest.mark.parametrize(
    ("key", "asked", "why"),
    [
        ("balance-sheet", "yes", "is true, or a list of these"),
        ("balance-sheet", ["receivable-detail"], "is true, or a list of these"),
        ("balance-sheet", [["net-income"]], "is true, or a list of these"),
        ("account-list", True, "no other report to check Account List against"),
    ],
)
def test_a_check_that_there_is_not_is_refused_in_words(key: str, asked: Any, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        choice_of(catalog.report(key), ties=asked)


def test_every_tie_has_two_reports_of_the_catalog_and_a_key_of_its_own() -> None:
    assert len({tie.key for tie in TIES}) == len(TIES)
    for tie in TIES:
        for side in tie.sides:
            assert tie in ties_of(side.report)
            assert tie.other(side.report) is not side
        if tie.span is Span.YEAR_TO_DATE:
            assert tie.sides[0].report.as_of
            assert tie.sides[1].report.as_of is None
