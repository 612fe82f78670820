"""Totals as formulas, and account numbers, of the sandbox's books in both styles of the service."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.digest import Digest
from counterfoil.core.errors import BadRequest
from counterfoil.core.tally import rounded
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.report_estimates import of_report
from counterfoil.flows.report_read import ReportRead, report_read
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.intuit.books import DemoBooks
from tests.flows.both_services import Books, books, service

__all__ = ["books", "service"]

YEAR = {"start_date": "2025-01-01", "end_date": "2025-12-31"}


def reading(
    books: DemoBooks | Books, key: str, parameters: Mapping[str, str], **options: Any
) -> ReportRead:
    choice = chosen(catalog.report(key), {"parameters": dict(parameters), **options})
    assert isinstance(choice, ReportChoice)
    return report_read(
        books if isinstance(books, Books) else Books(books),  # type: ignore[arg-type]
        choice,
        Digest("00" * 32),
        company_name="Acme",
        max_cells=1_000_000,
        in_flight=1,
    )


def rows_of(read: ReportRead) -> list[list[Any]]:
    return [*json.loads(read.layout.header.text), *json.loads(read.rows.text)]


def computed(read: ReportRead) -> list[tuple[Any, Any]]:
    """Of each formula what it comes to, and what QuickBooks says."""
    rows = rows_of(read)
    workbook = Workbook()
    tab = workbook.tabs[0]
    tab.write(0, 0, rows)
    for total in read.totals:
        column = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[total.column]

        def sums(parts: Any, column: str = column) -> list[str]:
            return [f"SUM({column}{at + 1}:{column}{at + count})" for at, count in parts]

        text = "+".join(sums(total.plus)) + "".join(f"-{each}" for each in sums(total.minus))
        tab.set_formula(total.row, total.column, f"={text}")
    return [
        (
            rounded(tab.values(Rect(total.row, total.column))[0][0], total.scale),  # type: ignore[arg-type]
            rows[total.row][total.column],
        )
        for total in read.totals
    ]


@pytest.mark.parametrize(
    ("key", "parameters", "formulas"),
    [
        ("profit-and-loss", YEAR, 1),
        ("profit-and-loss", {**YEAR, "summarize_column_by": "Month"}, 12),
        ("profit-and-loss", {**YEAR, "summarize_column_by": "Quarter"}, 1),
        ("balance-sheet", {"end_date": "2025-12-31"}, 1),
        ("balance-sheet", {"end_date": "2025-12-31", "summarize_column_by": "Quarter"}, 4),
        ("trial-balance", {"end_date": "2025-12-31"}, 1),
        ("ar-aging-summary", {"report_date": "2026-03-31"}, 1),
    ],
)
def test_formulas_come_exactly_to_what_quickbooks_says(
    service: DemoBooks, key: str, parameters: Mapping[str, str], formulas: int
) -> None:
    read = reading(service, key, parameters, totals="formulas")
    found = computed(read)
    assert len(found) >= formulas
    assert [mine for mine, _ in found] == [said for _, said in found]
    plain = reading(service, key, parameters)
    assert plain.totals == ()
    assert rows_of(plain) == rows_of(read)


def test_every_total_of_a_profit_and_loss_with_an_amount_becomes_a_formula(
    service: DemoBooks,
) -> None:
    read = reading(service, "profit-and-loss", YEAR, totals="formulas")
    alone = {"Gross Profit", "Net Operating Income", "Net Other Income", "Net Income"}
    totals = {
        at
        for at, (name, amount) in enumerate(rows_of(read))
        if amount != "" and (name in alone or name.startswith("Total "))
    }
    assert len(totals) > 5
    assert totals == {total.row for total in read.totals}


def test_a_total_that_its_lines_do_not_give_stays_a_value(books: DemoBooks) -> None:
    # A statement of cash flows sums lines that it does not list.
    read = reading(books, "cash-flow", YEAR, totals="formulas")
    assert all(mine == said for mine, said in computed(read))


def test_account_numbers_stand_before_names_by_choice_for_one_call_more(books: DemoBooks) -> None:
    company = Books(books)
    shown = reading(company, "profit-and-loss", YEAR, account_numbers="shown")
    assert company.asked[0] == "ProfitAndLoss"
    assert len(company.asked) == 2
    assert company.asked[1].startswith("SELECT * FROM Account WHERE Id IN ('")
    hidden = reading(books, "profit-and-loss", YEAR, account_numbers="hidden")
    as_sent = reading(books, "profit-and-loss", YEAR)
    names = [[row[0] for row in rows_of(each)] for each in (shown, hidden, as_sent)]
    numbers = [(one, two) for one, two, _ in zip(*names, strict=True) if one != two]
    assert numbers[0] == ("4000 Design Fees", "Design Fees")
    parents = [pair for pair in numbers if pair[0].startswith("Total ")]
    assert parents
    assert all(one != two and one.endswith(two[6:]) for one, two in parents)
    assert names[0] == names[2]  # this company has QuickBooks show them
    assert shown.layout.row_looks == hidden.layout.row_looks


@pytest.mark.parametrize("key", ["general-ledger", "profit-and-loss-detail"])
def test_totals_with_and_without_sub_accounts_are_named_as_their_account_is(
    service: DemoBooks, key: str
) -> None:
    days = {"start_date": "2025-01-01", "end_date": "2025-01-31"}
    shown, hidden = (
        [str(row[0]) for row in rows_of(reading(service, key, days, account_numbers=choice))[5:]]
        for choice in ("shown", "hidden")
    )
    assert [name for name in hidden if re.search(r"(^| )[1-9]\d{3} ", name)] == []
    without = [re.sub(r"(^|^Total for )[1-9]\d{3} ", r"\1", name) for name in shown]
    assert without == hidden
    assert without != shown


def test_ids_of_accounts_stand_in_a_last_column_and_change_nothing_else(books: DemoBooks) -> None:
    plain = reading(books, "profit-and-loss", YEAR)
    read = reading(books, "profit-and-loss", YEAR, line_ids=True)
    rows = rows_of(read)
    assert [row[:-1] for row in rows] == rows_of(plain)
    ids = [row[-1] for row in rows]
    accounts = [id for id in ids if id]
    assert len(set(accounts)) == len(accounts) > 10
    assert all(row[-1] == "" for row in rows if str(row[0]).startswith("Total "))
    assert json.loads(read.layout.header.text)[-1][-1] == "Id"
    assert read.layout.columns[-1].kind == "text"
    assert (read.tally.sums(), read.layout.sums) == (plain.tally.sums(), plain.layout.sums)


@pytest.mark.parametrize(
    ("key", "options", "why"),
    [
        ("ar-aging-summary", {"account_numbers": "shown"}, "are no accounts"),
        ("general-ledger", {"totals": "formulas"}, "Live totals are for printed reports"),
        ("ar-aging-summary", {"line_ids": True}, "Ids of accounts"),
        ("profit-and-loss", {"line_ids": True, "layout": "tidy"}, "Ids of accounts"),
        ("invoices", {"line_ids": True}, 'have no "line_ids" to choose'),
        ("profit-and-loss", {"totals": "formulas", "layout": "tidy"}, "Live totals are for"),
        ("profit-and-loss", {"totals": "some"}, '"totals" of a report is'),
        ("profit-and-loss", {"account_numbers": True}, '"account_numbers" of a report is'),
        ("invoices", {"totals": "formulas"}, 'have no "totals" to choose'),
        ("invoices", {"account_numbers": "shown"}, 'have no "account_numbers" to choose'),
    ],
)
def test_what_a_report_does_not_have_is_refused(
    key: str, options: Mapping[str, Any], why: str
) -> None:
    dataset = catalog.entity(key) if key == "invoices" else catalog.report(key)
    names = {parameter.key for parameter in getattr(dataset, "parameters", ())}
    days = {**YEAR, "report_date": "2026-03-31"}
    given = {name: day for name, day in days.items() if name in names}
    with pytest.raises(BadRequest, match=why):
        chosen(dataset, {"parameters": given, **options})


def test_the_tidy_layout_reads_the_numbers_of_accounts_for_a_column(books: DemoBooks) -> None:
    company = Books(books)
    key, days = "profit-and-loss", {"start_date": "2026-01-01", "end_date": "2026-03-31"}
    titles, *rows = rows_of(reading(company, key, days, layout="tidy"))
    assert len(company.asked) == 2
    choice = chosen(catalog.report(key), {"parameters": days, "layout": "tidy"})
    assert isinstance(choice, ReportChoice)
    assert of_report(choice).calls == 2
    named = [dict(zip(titles, row, strict=True)) for row in rows]
    numbered = [row for row in named if row["Number"]]
    assert numbered
    assert all(row["Id"] for row in numbered)


@pytest.mark.parametrize(
    ("key", "parameters", "first", "last"),
    [
        ("profit-and-loss", YEAR, "Income", "Net Income"),
        ("balance-sheet", {"end_date": "2025-12-31"}, "assets", "total liabilities and equity"),
        ("cash-flow", YEAR, "operating activities", "Cash at end of period"),
    ],
)
def test_a_statement_is_printed_from_top_to_bottom_whatever_order_it_comes_in(
    service: DemoBooks, key: str, parameters: Mapping[str, str], first: str, last: str
) -> None:
    names = [row[0] for row in rows_of(reading(service, key, parameters))[5:]]
    assert (names[0].casefold(), names[-1].casefold()) == (first.casefold(), last.casefold())


@pytest.mark.parametrize("key", ["inventory-valuation", "ar-aging-summary", "vendor-balance"])
def test_a_report_of_a_day_is_printed_as_of_it(service: DemoBooks, key: str) -> None:
    rows = rows_of(reading(service, key, {"report_date": "2026-03-31"}))
    assert rows[2][0] == "As of 2026-03-31"
