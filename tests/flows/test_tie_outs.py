"""Reports held against each other, over books of which everything is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from counterfoil import catalog
from counterfoil.catalog.ties import (
    RECONCILIATIONS,
    TIES,
    Tie,
)
from counterfoil.core.datasets import Report
from counterfoil.core.tie_out import Outcome, TieOut
from sandbox.intuit import acme, birch, cedar, hostile
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.company import Company
from tests.flows.generated_books import EVENTS, FISCAL_MONTHS, LAST, Event, company
from tests.flows.tie_asking import END, Asking, accrual, choice_of, one, tied, whole_sides


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
