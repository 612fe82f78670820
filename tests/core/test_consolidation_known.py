"""Consolidation of a few entries that are written out: where accounts go and what is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core import consolidation_proof
from counterfoil.core.consolidation import Match, merged
from counterfoil.core.consolidation_books import (
    BEGINNING,
    ENDING,
    INCREASE,
    Account,
    Books,
    Entry,
    books_of,
)
from counterfoil.core.consolidation_lines import Member, Merged
from counterfoil.core.consolidation_rates import Span, needs
from counterfoil.core.consolidation_table import table_of
from counterfoil.core.consolidation_tabs import Pair, Side
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.proof import Verdict
from counterfoil.core.reports import ReportTable, parse
from tests.core.test_ties import nested_trial_balance

SPAN = Span(date(2026, 1, 1), date(2026, 6, 30), date(2026, 1, 1))
FIXED = ("TotalAssets", "FixedAssets")


def entry(
    place: tuple[str, ...],
    id: str,
    name: str,
    amount: str | None,
    *,
    number: str = "",
    kind: str = "Asset",
    parent: int | None = None,
    total: str = "",
) -> Entry:
    own = None if amount is None else Decimal(amount)
    return Entry(place, Account(id, name, number, kind), "", name, own, parent, total)


def together(
    report: str,
    *those: Books,
    match: Match = Match.NAME,
    mapping: Mapping[tuple[str, str], str] | None = None,
    pairs: tuple[Pair, ...] = (),
) -> Merged:
    return merged(
        report,
        [Member(books, SPAN) for books in those],
        currency="USD",
        rates={},
        match=match,
        mapping=mapping or {},
        pairs=pairs,
    )


def own(made: Merged) -> list[tuple[str, dict[str, Decimal]]]:
    return [(line.label, line.own) for lines in made.lines.values() for line in lines]


@pytest.mark.parametrize("match", list(Match))
def test_an_asset_and_a_liability_of_one_number_and_name_are_two_lines(match: Match) -> None:
    ash = Books("a", "Ash", "USD", (entry((), "1", "Deposits", "100", number="2000"),))
    owed = entry((), "7", "Deposits", "-70", number="2000", kind="Liability")
    beech = Books("b", "Beech", "USD", (owed, entry((), "8", "Cash", "70", number="1000")))
    mapping = {("ash", "1"): "Deposits", ("beech", "7"): "Deposits", ("beech", "8"): "Cash"}
    found = own(together("TrialBalance", ash, beech, match=match, mapping=mapping))
    assert [amounts for label, amounts in found if "Deposits" in label] == [
        {"a": Decimal(100)},
        {"b": Decimal(-70)},
    ]


@pytest.mark.parametrize("match", [Match.NAME, Match.NUMBER])
def test_assets_of_one_number_and_name_are_one_line(match: Match) -> None:
    ash, beech = (
        Books(id, id, "USD", (entry((), "1", "Deposits", "100", number="2000"),)) for id in "ab"
    )
    assert [amounts for _, amounts in own(together("TrialBalance", ash, beech, match=match))] == [
        {"a": Decimal(100), "b": Decimal(100)}
    ]


def test_a_trial_balance_with_sub_accounts_adds_up() -> None:
    table = parse(nested_trial_balance())
    made = together("TrialBalance", books_of("a", "Ash", "USD", table, {}))
    whole = table_of(made, table, titles={"a": "Ash"}, basis="Accrual", rates="")
    assert consolidation_proof.proof(whole, made).verdict is Verdict.PASS


TRUCK = Books(
    "a",
    "Ash",
    "USD",
    (
        entry(FIXED, "1", "Truck", None, total="Total Truck"),
        entry(FIXED, "2", "Truck:Cost", "5", parent=0),
    ),
)
LOAN = Books("b", "Beech", "USD", (entry(FIXED, "9", "Loan", "5"),))


@pytest.mark.parametrize("match", [Match.NAME, Match.MAPPING])
def test_an_account_without_postings_of_its_own_is_eliminated_with_nothing(match: Match) -> None:
    pair = Pair(2, (Side("Ash", "Truck"), Side("Beech", "Loan")))
    mapping = {("ash", "2"): "Cost", ("beech", "9"): "Loan"}
    made = together("BalanceSheet", TRUCK, LOAN, match=match, mapping=mapping, pairs=(pair,))
    found = dict(own(made))
    assert found["Loan"] == {"b": Decimal(5), "eliminated": Decimal(-5)}
    assert found["Intercompany difference: Ash / Beech"] == {"eliminated": Decimal(-5)}
    assert made.idle == []


def test_an_elimination_of_which_no_account_is_found_is_told() -> None:
    pair = Pair(2, (Side("Ash", "Truk"), Side("Beech", "Lone")))
    made = together("BalanceSheet", LOAN, TRUCK, pairs=(pair,))
    assert (made.apart, made.idle) == ([], [2])
    whole = table_of(made, EMPTY, titles={"a": "Ash", "b": "Beech"}, basis="", rates="")
    words = "Row 2 of the eliminations names no account that this report shows."
    assert words in consolidation_proof.proof(whole, made).why


def test_an_elimination_of_which_one_account_is_found_is_told() -> None:
    sales = Books("a", "Ash", "USD", (entry(("Income",), "1", "Sales", "5"),))
    costs = Books("b", "Beech", "USD", (entry(("Expenses",), "9", "Rent", "3"),))
    pair = Pair(2, (Side("Ash", "Sales"), Side("Beech", "Purchases")))
    made = together("ProfitAndLoss", sales, costs, pairs=(pair,))
    assert (made.idle, made.lone) == ([], [2])
    whole = table_of(made, EMPTY, titles={"a": "Ash", "b": "Beech"}, basis="", rates="")
    words = "Of row 2 of the eliminations this report shows one account only"
    assert words in consolidation_proof.proof(whole, made).why


def test_rows_of_the_eliminations_that_lead_nowhere_are_told_in_the_plural() -> None:
    made = together("BalanceSheet", LOAN, TRUCK)
    made.apart += [2, 3]
    made.idle += [4, 5]
    made.lone += [6, 7]
    whole = table_of(made, EMPTY, titles={"a": "Ash", "b": "Beech"}, basis="", rates="")
    why = consolidation_proof.proof(whole, made).why
    assert "Rows 2, 3 of the eliminations are of companies that are not in this table." in why
    assert "Rows 4, 5 of the eliminations name no account that this report shows." in why
    assert "Of rows 6, 7 of the eliminations this report shows one account only" in why


def test_one_account_that_is_not_matched_is_told_in_the_singular() -> None:
    costs = Books("b", "Beech", "USD", (entry(("Expenses",), "9", "Rent", "3"),))
    made = together("ProfitAndLoss", costs, match=Match.MAPPING, mapping={})
    whole = table_of(made, EMPTY, titles={"b": "Beech"}, basis="", rates="")
    words = "1 account is not matched and has a line of its own."
    assert words in consolidation_proof.proof(whole, made).why


EMPTY: ReportTable = parse(
    {
        "Header": {"ReportName": "BalanceSheet"},
        "Columns": {"Column": [{"ColType": "Account"}]},
        "Rows": {},
    }
)


@pytest.mark.parametrize(
    ("sums", "beginning", "ending"),
    [
        ({INCREASE: "50", BEGINNING: "700"}, "700", "750"),
        ({INCREASE: "50", ENDING: "750"}, "700", "750"),
        ({INCREASE: "50"}, "0", "50"),
        ({INCREASE: "50", BEGINNING: "700", ENDING: "760"}, "700", "760"),
    ],
)
def test_cash_at_the_beginning_and_the_end_is_what_quickbooks_says(
    sums: dict[str, str], beginning: str, ending: str
) -> None:
    lines = (entry(("OperatingActivities",), "1", "Receivables", "50"),)
    books = Books("a", "Ash", "USD", lines, {name: Decimal(text) for name, text in sums.items()})
    made = together("CashFlow", books)
    assert made.sums[BEGINNING] == {"a": Decimal(beginning)}
    assert made.sums[ENDING]["a"] == Decimal(ending)


def test_cash_that_no_line_explains_is_translated_too() -> None:
    books = Books("a", "Ash", "EUR", (), {INCREASE: Decimal(5), ENDING: Decimal(5)})
    made = merged(
        "CashFlow",
        [Member(books, SPAN)],
        currency="USD",
        rates={need: Decimal(2) for need in needs("CashFlow", books, SPAN)},
        match=Match.NAME,
        mapping={},
        pairs=(),
    )
    assert own(made) == [("Not listed by QuickBooks", {"a": Decimal(10)})]
    assert made.sums[INCREASE]["a"] == Decimal(10)


@pytest.mark.parametrize(("amount", "refused"), [("100.00", True), ("", False)])
def test_a_group_that_may_be_in_net_income_or_not_stops_the_run(amount: str, refused: bool) -> None:
    def section(group: str, id: str, name: str, amount: str) -> Any:
        return {
            "group": group,
            "Header": {"ColData": [{"value": group}, {"value": ""}]},
            "Rows": {"Row": [{"ColData": [{"value": name, "id": id}, {"value": amount}]}]},
            "Summary": {"ColData": [{"value": f"Total {group}"}, {"value": amount}]},
        }

    net = "900.00" if amount else "1000.00"
    table = parse(
        {
            "Header": {"ReportName": "ProfitAndLoss", "SummarizeColumnsBy": "Total"},
            "Columns": {
                "Column": [
                    {"ColTitle": "", "ColType": "Account"},
                    {"ColTitle": "Total", "ColType": "Money"},
                ]
            },
            "Rows": {
                "Row": [
                    section("Income", "1", "Sales", "1000.00"),
                    section("Tax", "2", "Income tax", amount),
                    {
                        "group": "NetIncome",
                        "Summary": {"ColData": [{"value": "Net Income"}, {"value": net}]},
                    },
                ]
            },
        }
    )
    if refused:
        with pytest.raises(IncompleteRead, match="a group that we do not know"):
            books_of("a", "Ash", "USD", table, {})
    else:
        assert len(books_of("a", "Ash", "USD", table, {}).entries) == 2
