"""The order in which a statement has its groups, whatever order they came in. Pure.

QuickBooks' migrated service promises none. Groups that it does not tell, and accounts, whose order
is the company's, stand as they came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from counterfoil.core.reports import ReportLine, ReportSection, ReportTable

Part = ReportSection | ReportLine

ORDER: Mapping[str, Sequence[str]] = {
    "ProfitAndLoss": (
        *("Income", "COGS", "GrossProfit", "Expenses", "NetOperatingIncome"),
        *("OtherIncome", "OtherExpenses", "NetOtherIncome", "NetIncome"),
    ),
    "BalanceSheet": (
        *("TotalAssets", "CurrentAssets", "BankAccounts", "AR", "OtherCurrentAssets"),
        *("FixedAssets", "OtherAssets", "TotalLiabilitiesAndEquity", "Liabilities"),
        *("CurrentLiabilities", "AP", "CreditCards", "OtherCurrentLiabilities"),
        *("LongTermLiabilities", "Equity"),
    ),
    "CashFlow": (
        *("NetIncome", "OperatingAdjustments", "OperatingActivities", "InvestingActivities"),
        # As one version of the service spells it, and the others.
        *("FinancingActivites", "FinancingActivities"),
        *("CashIncrease", "RateEffect", "BeginningCash", "EndingCash"),
    ),
}
# Not every country's balance sheet begins with what is current; only one that is the wrong way
# round at its top is taken to have come in no order.
_TOPS: Mapping[str, Sequence[str]] = {
    **ORDER,
    "BalanceSheet": ("TotalAssets", "TotalLiabilitiesAndEquity"),
}


def in_order(table: ReportTable) -> ReportTable:
    """The same lines, with known groups in a statement's order where they did not come so."""
    tops = _TOPS.get(table.name, ())
    ranks = [tops.index(part.group) for part in table.tree if part.group in tops]
    if ranks == sorted(ranks):
        return table
    rank = {group: at for at, group in enumerate(ORDER[table.name])}
    return replace(table, tree=_ordered(table.tree, rank))


def _ordered(parts: Sequence[Part], rank: Mapping[str, int]) -> tuple[Part, ...]:
    """Known groups in the places of known groups."""
    known = sorted(
        (part for part in parts if part.group in rank), key=lambda part: rank[part.group or ""]
    )
    turn = iter(known)
    placed = [next(turn) if part.group in rank else part for part in parts]
    return tuple(
        part if isinstance(part, ReportLine) else replace(part, inside=_ordered(part.inside, rank))
        for part in placed
    )
