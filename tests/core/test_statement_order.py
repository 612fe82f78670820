from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from counterfoil.core.reports import ReportLine, ReportSection, ReportTable, parse
from counterfoil.core.statement_order import in_order

Part = ReportSection | ReportLine


def statement(name: str, groups: Sequence[str | tuple[str, Sequence[str]]]) -> ReportTable:
    """Of sections, some with others inside."""

    def row(group: str | tuple[str, Sequence[str]]) -> dict[str, Any]:
        own, inside = group if isinstance(group, tuple) else (group, ())
        return {
            "group": own,
            "Header": {"ColData": [{"value": own}]},
            "Rows": {"Row": [row(each) for each in inside]},
        }

    columns = {"Column": [{"ColTitle": ""}, {"ColTitle": "Total", "ColType": "Money"}]}
    header = {"ReportName": name, "SummarizeColumnsBy": "Total"}
    return parse({"Header": header, "Columns": columns, "Rows": {"Row": list(map(row, groups))}})


def turned(parts: Sequence[Part]) -> tuple[Part, ...]:
    return tuple(
        part if isinstance(part, ReportLine) else replace(part, inside=turned(part.inside))
        for part in reversed(parts)
    )


def groups_of(parts: Sequence[Part]) -> Iterator[str | None]:
    for part in parts:
        yield part.group
        if isinstance(part, ReportSection):
            yield from groups_of(part.inside)


PROFIT = statement(
    "ProfitAndLoss",
    (
        *("Income", "COGS", "GrossProfit", "Expenses", "NetOperatingIncome"),
        *("OtherIncome", "OtherExpenses", "NetOtherIncome", "NetIncome"),
    ),
)
BALANCES = statement(
    "BalanceSheet",
    (
        (
            "TotalAssets",
            (("CurrentAssets", ("BankAccounts", "AR", "OtherCurrentAssets")), "FixedAssets"),
        ),
        (
            "TotalLiabilitiesAndEquity",
            (("Liabilities", (("CurrentLiabilities", ("AP", "CreditCards")),)), "Equity"),
        ),
    ),
)
CASH = statement(
    "CashFlow",
    (
        ("OperatingActivities", ("NetIncome", "OperatingAdjustments")),
        *("InvestingActivities", "FinancingActivities"),
        *("CashIncrease", "BeginningCash", "EndingCash"),
    ),
)


@pytest.mark.parametrize("right", [PROFIT, BALANCES, CASH], ids=lambda table: table.name)
def test_a_statement_that_comes_upside_down_stands_as_one(right: ReportTable) -> None:
    assert in_order(replace(right, tree=turned(right.tree))) == right


@pytest.mark.parametrize("right", [PROFIT, CASH], ids=lambda table: table.name)
@pytest.mark.parametrize("seed", range(5))
def test_so_does_one_in_any_order(right: ReportTable, seed: int) -> None:
    parts = list(right.tree)
    random.Random(seed).shuffle(parts)
    assert in_order(replace(right, tree=tuple(parts))).tree == right.tree


def test_what_came_in_order_stays_as_it_came() -> None:
    assert in_order(PROFIT) is PROFIT
    of_another_country = statement(
        "BalanceSheet",
        (("TotalAssets", ("FixedAssets", "CurrentAssets")), "TotalLiabilitiesAndEquity"),
    )
    assert in_order(of_another_country) is of_another_country
    assert (
        in_order(replace(PROFIT, name="Budget", tree=turned(PROFIT.tree))).tree[0]
        == (PROFIT.tree[-1])
    )


def test_unknown_groups_stand_where_they_came() -> None:
    sent = statement("ProfitAndLoss", ("NetIncome", "Tips", "Expenses", "Income"))
    assert list(groups_of(in_order(sent).tree)) == ["Income", "Tips", "Expenses", "NetIncome"]
