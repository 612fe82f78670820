"""Reports as QuickBooks' service writes them since its migration say what they said before."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from counterfoil.core import ties
from counterfoil.core.printed import printed
from counterfoil.core.proof import Verdict
from counterfoil.core.reports import LineKind, ReportTable, parse
from counterfoil.core.tidy import tidy_values
from sandbox.intuit import acme, cedar
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from sandbox.intuit.report_nesting import KINDS
from tests.sandbox.book_answers import read

YEAR = {"start_date": "2025-01-01", "end_date": "2025-12-31"}
DETAIL = ("TransactionListByCustomer", "CustomerBalanceDetail", "ProfitAndLossDetail")
STATEMENTS = ("ProfitAndLoss", "BalanceSheet", "CashFlow", "AgedPayables", "VendorBalance")


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


def both(books: DemoBooks, realm: str, name: str, **more: str) -> tuple[ReportTable, ReportTable]:
    company, found = books.company(realm), []
    for company.new_reports in (False, True):
        found.append(parse(read(books, realm, f"reports/{name}", **(YEAR | more))))
    company.new_reports = False
    return found[0], found[1]


def own(table: ReportTable) -> Counter[tuple[str, ...]]:
    """What each line but totals says by itself, whatever stands above it."""
    return Counter(
        (line.ids[0] or line.label.casefold(), *amounts)
        for line in table.lines
        if line.kind is not LineKind.TOTAL
        and (amounts := [f"{it}" for it in line.values if isinstance(it, Decimal) and it])
    )


@pytest.mark.parametrize("realm", [acme.REALM_ID, cedar.REALM_ID])
@pytest.mark.parametrize("name", [*KINDS, *STATEMENTS])
def test_lines_say_the_same_and_totals_add_up_in_either(
    books: DemoBooks, realm: str, name: str
) -> None:
    old, new = both(books, realm, name)
    assert own(new) == own(old)
    verdicts = [ties.proof(table).verdict for table in (old, new)]
    assert Verdict.FAIL not in verdicts
    if name not in DETAIL:  # which end with whatever comes last
        bottom = [[total.amount for total in ties.proof(table).totals] for table in (old, new)]
        assert bottom[0] == bottom[1]


@pytest.mark.parametrize("name", ["CustomerSales", "TrialBalance"])
def test_children_stand_below_their_parents_in_both_layouts(books: DemoBooks, name: str) -> None:
    old, new = both(books, acme.REALM_ID, name)
    assert max(line.depth for line in old.lines) == 0
    assert max(line.depth for line in new.lines) > 0
    shown = printed(new, title=name, company="Acme")
    assert any(str(row[0]).startswith("Total ") for row in shown.rows)
    tidy = tidy_values(new, title=name, company="Acme")
    paths = {row[tidy.layout.keys.index("path")] for row in tidy.rows}
    assert any(" > " in str(path) or ":" in str(path) for path in paths)


def test_groups_in_another_order_are_found_by_their_names(books: DemoBooks) -> None:
    old, new = both(books, acme.REALM_ID, "ProfitAndLoss")
    groups = [[part.group for part in table.tree] for table in (old, new)]
    assert groups[0] == list(reversed(groups[1]))
    assert ties.proof(new).totals[0].amount == ties.proof(old).totals[0].amount


@pytest.mark.parametrize("by", ["Month", "Quarter"])
@pytest.mark.parametrize(
    "name", ["CashFlow", "VendorExpenses", "CustomerIncome", "TrialBalance", "ItemSales"]
)
def test_columns_by_period_are_the_reports_of_the_periods(
    books: DemoBooks, name: str, by: str
) -> None:
    tables = both(books, acme.REALM_ID, name, summarize_column_by=by)
    last = "2025-12-01" if by == "Month" else "2025-10-01"
    start = {} if name == "TrialBalance" else {"start_date": last}
    (alone, _) = both(books, acme.REALM_ID, name, **start)
    for table in tables:
        assert ties.proof(table).verdict is not Verdict.FAIL
        places = [at for at, column in enumerate(table.columns) if f"{by} {last}" in column.key]
        assert len(places) == len(alone.columns) - 1
        found = {
            (line.ids[0] or line.label.casefold(), *amounts)
            for line in table.lines
            if (amounts := [line.values[at] for at in places if line.values[at]])
        }
        wanted = {
            (line.ids[0] or line.label.casefold(), *amounts)
            for line in alone.lines
            if (amounts := [value for value in line.values[1:] if value])
        }
        # Since the migration parents have totals, too.
        assert wanted <= found
        assert table is tables[1] or wanted == found
