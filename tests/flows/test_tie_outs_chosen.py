"""Which reports are held against others, when that says nothing, and what is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.catalog.ties import (
    RECONCILIATIONS,
    TIES,
    OpenDocuments,
    Span,
    Tie,
    ties_of,
)
from counterfoil.core.errors import (
    BadRequest,
    BudgetSpent,
    QuickBooksBusy,
    QuickBooksRejected,
    ReportTooLarge,
)
from counterfoil.core.periods import Today
from counterfoil.core.tie_out import Outcome
from counterfoil.flows.pace import Waiting
from counterfoil.flows.report_estimates import of_report
from counterfoil.flows.tie_outs import tied as tie_outs
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from tests.flows.generated_books import LAST
from tests.flows.tie_asking import END, Asking, accrual, choice_of, one, tied, whole_sides

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
