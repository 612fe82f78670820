"""Consolidation of books that are known: whatever they hold, nothing is lost and all adds up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.core import consolidation_proof
from counterfoil.core.consolidation import Match, merged
from counterfoil.core.consolidation_books import Account, Books, books_of, signed
from counterfoil.core.consolidation_lines import Member, Merged
from counterfoil.core.consolidation_rates import Need, Span, month_ends, needs
from counterfoil.core.consolidation_table import table_of
from counterfoil.core.consolidation_tabs import Pair, Side
from counterfoil.core.errors import BadRequest, IncompleteRead
from counterfoil.core.periods import fiscal_year_start
from counterfoil.core.proof import Verdict
from counterfoil.core.reports import LineKind, ReportLine, ReportTable, parse
from sandbox.intuit import birch
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.company import Company
from tests.flows.generated_books import EVENTS, FISCAL_MONTHS, LAST, company
from tests.sandbox.book_answers import request

START = date(2025, 3, 1)
REPORTS = ("ProfitAndLoss", "BalanceSheet", "CashFlow", "TrialBalance")
CURRENCIES = ("USD", "EUR", "JPY")


@dataclass(frozen=True)
class Firm:
    """A company with its books; all of them have the chart of Birch."""

    name: str
    currency: str
    company: Company
    month: int
    basis: str = "Accrual"

    @property
    def accounts(self) -> dict[str, Account]:
        rows = self.company.store.all("Account")
        return {
            row["Id"]: Account(
                row["Id"], row["FullyQualifiedName"], "", row.get("Classification", "")
            )
            for row in rows
        }

    @property
    def span(self) -> Span:
        return Span(START, LAST, fiscal_year_start(LAST, self.month))

    def table(self, report: str) -> ReportTable:
        days = {"start_date": START.isoformat(), "end_date": LAST.isoformat()}
        basis = {} if report == "CashFlow" else {"accounting_method": self.basis}
        asked = request("GET", f"reports/{report}", **days, **basis)
        answer = DemoBooks([self.company]).handle(birch.REALM_ID, asked)
        return parse(json.loads(answer.body))

    def member(self, report: str) -> Member:
        table = self.table(report)
        return Member(
            books_of(self.name, self.name, self.currency, table, self.accounts), self.span
        )


@st.composite
def firms(draw: st.DrawFn, *, currencies: Sequence[str] = CURRENCIES) -> list[Firm]:
    """On one basis; each written by the Reports service as it was, or since its migration."""
    found, basis = [], draw(st.sampled_from(("Accrual", "Cash")))
    for name in ("Ash", "Beech", "Cherry")[: draw(st.integers(2, 3))]:
        month = draw(FISCAL_MONTHS)
        events, currency = draw(EVENTS), draw(st.sampled_from(currencies))
        made = company(events, month)
        made.new_reports = draw(st.booleans())
        found.append(Firm(name, currency, made, month, basis))
    return found


RATES = st.decimals(min_value="0.01", max_value="99", places=4)
ELIMINATED = (Pair(2, (Side("Ash", "Debtors"), Side("Beech", "Creditors"))),)


class Consolidated:
    def __init__(
        self,
        report: str,
        those: Sequence[Firm],
        rates: Sequence[Decimal] = (),
        match: Match = Match.NAME,
        mapping: Mapping[tuple[str, str], str] | None = None,
        pairs: Sequence[Pair] = ELIMINATED,
    ) -> None:
        self.members = [firm.member(report) for firm in those]
        wanted = sorted(
            {
                need
                for member in self.members
                if member.books.currency != "USD"
                for need in needs(report, member.books, member.span)
            },
            key=lambda need: need.words,
        )
        self.rates: dict[Need, Decimal] = {
            need: rates[at % len(rates)] for at, need in enumerate(wanted)
        }
        self.made: Merged = merged(
            report,
            self.members,
            currency="USD",
            rates=self.rates,
            match=match,
            mapping=mapping or {},
            pairs=pairs,
        )
        names = {firm.name: firm.name for firm in those}
        self.table = table_of(
            self.made, those[0].table(report), titles=names, basis="Accrual", rates=""
        )

    def line(self, key: str) -> ReportLine:
        return next(line for line in self.table.lines if line.key == key)

    def amounts(self, key: str) -> list[Decimal]:
        return [_number(value) for value in self.line(key).values[1:]]


def _number(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


@pytest.mark.parametrize("report", REPORTS)
@settings(max_examples=15, deadline=None)
@given(those=firms(), rates=st.lists(RATES, min_size=1, max_size=7), match=st.sampled_from(Match))
def test_every_line_is_its_companies_and_eliminations_and_every_total_its_lines(
    report: str, those: list[Firm], rates: list[Decimal], match: Match
) -> None:
    found = Consolidated(report, those, rates, match)
    for line in found.table.lines:
        *parts, total = map(_number, line.values[1:])
        assert sum(parts) == total
    proof = consolidation_proof.proof(found.table, found.made)
    assert proof.verdict is Verdict.PASS, proof.why


@settings(max_examples=25, deadline=None)
@given(those=firms(), rates=st.lists(RATES, min_size=1, max_size=7), match=st.sampled_from(Match))
def test_the_balance_sheet_balances_in_every_column_whatever_the_rates(
    those: list[Firm], rates: list[Decimal], match: Match
) -> None:
    found = Consolidated("BalanceSheet", those, rates, match)
    sums = {
        group: [
            sum(
                (
                    _number(line.values[place])
                    for line in found.table.lines
                    if line.group == group and line.kind is LineKind.TOTAL
                ),
                Decimal(0),
            )
            for place in range(1, len(found.table.columns))
        ]
        for group in ("TotalAssets", "TotalLiabilitiesAndEquity")
    }
    assert sums["TotalAssets"] == sums["TotalLiabilitiesAndEquity"]


@pytest.mark.parametrize("report", ["BalanceSheet", "TrialBalance"])
@settings(max_examples=10, deadline=None)
@given(those=firms(currencies=("USD",)))
def test_companies_of_one_currency_have_no_translation_difference_and_their_own_amounts(
    report: str, those: list[Firm]
) -> None:
    found = Consolidated(report, those)
    assert not [line for line in found.table.lines if "!translation" in line.key]
    for place, member in enumerate(found.members, 1):
        shown = sum(
            (
                _number(line.values[place])
                for line in found.table.lines
                if line.kind is not LineKind.TOTAL
            ),
            Decimal(0),
        )
        own = sum((each.amount or Decimal(0) for each in member.books.entries), Decimal(0))
        assert shown == own


@pytest.mark.parametrize("report", REPORTS)
@settings(max_examples=12, deadline=None)
@given(those=firms(currencies=("USD",)), data=st.data())
def test_an_account_that_nobody_mapped_has_a_line_of_its_own_and_counts(
    report: str, those: list[Firm], data: st.DataObject
) -> None:
    held = [
        (member.books.name, entry.account.id)
        for member in (firm.member(report) for firm in those)
        for entry in member.books.entries
        if entry.account is not None
    ]
    chosen = data.draw(st.lists(st.sampled_from(held), unique=True)) if held else []
    mapping = {(name.casefold(), id): "Together" for name, id in chosen}
    found = Consolidated(report, those, match=Match.MAPPING, mapping=mapping, pairs=())
    plain = Consolidated(report, those, pairs=())

    assert {(name, account.id) for name, account in found.made.unmapped} == set(held) - set(chosen)
    labels = [line.label for line in found.table.lines]
    for name, account in found.made.unmapped:
        assert f"Not mapped: {account.name} ({name})" in labels
    for group in ("NetIncome", "TotalAssets", "CashIncrease", "EndingCash", "GrandTotal"):
        key = f"{group}:total"
        if key in {line.key for line in plain.table.lines}:
            assert found.amounts(key) == plain.amounts(key)


def books(name: str, currency: str, **amounts: str) -> Books:
    """A profit and loss of accounts by name, income first."""
    table = parse(
        {
            "Header": {"ReportName": "ProfitAndLoss", "SummarizeColumnsBy": "Total"},
            "Columns": {"Column": [{"ColType": "Account"}, {"ColType": "Money"}]},
            "Rows": {
                "Row": [
                    _section("Income", amounts.get("sales", "0"), "1", "Sales"),
                    _section("Expenses", amounts.get("fees", "0"), "2", "Fees"),
                ]
            },
        }
    )
    accounts = {
        "1": Account("1", "Sales", "4000", "Revenue"),
        "2": Account("2", "Fees", "6000", "Expense"),
    }
    return books_of(name, name, currency, table, accounts)


def _section(group: str, amount: str, id: str, name: str) -> dict[str, object]:
    return {
        "group": group,
        "Header": {"ColData": [{"value": group}, {"value": ""}]},
        "Rows": {"Row": [{"ColData": [{"value": name, "id": id}, {"value": amount}]}]},
        "Summary": {"ColData": [{"value": f"Total {group}"}, {"value": amount}]},
    }


YEAR = Span(date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 1))
FEES = Pair(2, (Side("Ash", "Sales"), Side("beech", "6000")))


def together(*pairs: Pair, match: Match = Match.NAME) -> Merged:
    members = [
        Member(books("Ash", "USD", sales="1000", fees="10.5"), YEAR),
        Member(books("Beech", "USD", sales="70", fees="950"), YEAR),
    ]
    return merged(
        "ProfitAndLoss", members, currency="USD", rates={}, match=match, mapping={}, pairs=pairs
    )


def lines(made: Merged) -> list[tuple[str, ...]]:
    any_table = parse(
        {
            "Header": {"ReportName": "ProfitAndLoss", "SummarizeColumnsBy": "Total"},
            "Columns": {"Column": [{"ColType": "Account"}]},
            "Rows": {},
        }
    )
    table = table_of(
        made, any_table, titles={"Ash": "Ash", "Beech": "Beech"}, basis="Cash", rates=""
    )
    return [line.texts for line in table.lines]


def test_dealings_of_two_companies_leave_both_lines_and_show_what_they_differ_by() -> None:
    assert lines(together(FEES)) == [
        ("Income", "", "", "", ""),
        ("Sales", "1000", "70", "-1000", "70"),
        ("Total Income", "1000", "70", "-1000", "70"),
        ("Gross Profit", "1000", "70", "-1000", "70"),
        ("Expenses", "", "", "", ""),
        ("Fees", "10.5", "950", "-950", "10.5"),
        ("Total Expenses", "10.5", "950", "-950", "10.5"),
        ("Net Operating Income", "989.5", "-880", "-50", "59.5"),
        ("Other Income", "", "", "", ""),
        ("Intercompany difference: Ash / beech", "", "", "50", "50"),
        ("Total Other Income", "", "", "50", "50"),
        ("Net Other Income", "", "", "50", "50"),
        ("Net Income", "989.5", "-880", "0", "109.5"),
    ]


def test_accounts_are_one_line_by_number_too() -> None:
    assert [texts[0] for texts in lines(together(match=Match.NUMBER))][1::4] == [
        "4000 Sales",
        "6000 Fees",
    ]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ((FEES, replace(FEES, row=3)), "an earlier row eliminates already"),
    ],
)
def test_an_account_is_eliminated_once(pairs: tuple[Pair, ...], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        together(*pairs)


def test_an_elimination_of_a_company_that_is_not_in_the_table_is_told_of() -> None:
    made = together(Pair(7, (Side("Ash", "Sales"), Side("Elm", "Fees"))))
    assert made.apart == [7]
    assert not any("eliminated" in line.own for held in made.lines.values() for line in held)


def test_a_report_whose_lines_do_not_give_its_net_income_is_not_added_up() -> None:
    row = {"group": "NetIncome", "Summary": {"ColData": [{"value": "Net"}, {"value": "5"}]}}
    table = parse(
        {
            "Header": {"ReportName": "ProfitAndLoss", "SummarizeColumnsBy": "Total"},
            "Columns": {"Column": [{"ColType": "Account"}, {"ColType": "Money"}]},
            "Rows": {"Row": [_section("Income", "4", "1", "Sales"), row]},
        }
    )
    with pytest.raises(IncompleteRead):
        books_of("Ash", "Ash", "USD", table, {})


def test_a_debit_is_positive_whatever_side_its_group_shows() -> None:
    one = Decimal(1)
    assert signed("ProfitAndLoss", ("Income",), one) == -1
    assert signed("ProfitAndLoss", ("Expenses",), one) == 1
    assert signed("BalanceSheet", ("TotalAssets", "AR"), one) == 1
    assert signed("BalanceSheet", ("TotalLiabilitiesAndEquity", "Equity"), one) == -1
    assert signed("TrialBalance", (), one) == 1


def test_an_average_is_asked_for_at_the_ends_of_months() -> None:
    assert month_ends(date(2025, 11, 15), date(2026, 2, 28)) == (
        date(2025, 11, 30),
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
    )
    assert month_ends(date(2026, 2, 3), date(2026, 2, 9)) == (date(2026, 2, 9),)
