"""A Statement of Cash Flows in parts: what moved is added, what cash was there is of both ends."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from counterfoil.core import ties
from counterfoil.core.cash_join import summed_cash
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.proof import Verdict
from counterfoil.core.reports import ReportSection, ReportTable, parse
from sandbox.intuit import acme, birch, cedar
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from tests.sandbox.book_answers import read

YEAR = ("2025-01-01", "2025-12-31")
CUTS = (("2025-01-01", "2025-03-17"), ("2025-03-18", "2025-03-31"), ("2025-04-01", "2025-12-31"))


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


def flow(books: DemoBooks, realm: str, start: str, end: str) -> ReportTable:
    days = {"start_date": start, "end_date": end}
    return parse(read(books, realm, "reports/CashFlow", **days))


def amounts(table: ReportTable) -> dict[str, object]:
    return {line.key: line.values[1] or Decimal(0) for line in table.lines}


@pytest.mark.parametrize("realm", [acme.REALM_ID, birch.REALM_ID, cedar.REALM_ID])
@pytest.mark.parametrize("new_service", [False, True])
def test_parts_give_the_report_of_all_days(books: DemoBooks, realm: str, new_service: bool) -> None:
    books.company(realm).new_reports = new_service
    found = summed_cash([flow(books, realm, *days) for days in CUTS])
    whole = flow(books, realm, *YEAR)
    books.company(realm).new_reports = False
    assert amounts(found) == amounts(whole)
    assert ties.proof(found).verdict is ties.proof(whole).verdict is not Verdict.FAIL
    assert (found.start, found.end) == (whole.start, whole.end)


def test_what_does_not_end_where_it_must_or_is_not_known_is_no_report(books: DemoBooks) -> None:
    first, *_, last = (flow(books, acme.REALM_ID, *days) for days in CUTS)
    with pytest.raises(IncompleteRead, match="do not fit together"):
        summed_cash([first, last])  # days in between are missing
    other = replace(first, tree=(*first.tree, ReportSection("Else", "Else", None, (), None)))
    with pytest.raises(IncompleteRead, match="do not fit together"):
        summed_cash([other, last])
