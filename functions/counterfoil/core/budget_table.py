"""Budget against actual, by account and period, as a table of lines. Pure.

What was posted comes from a Profit and Loss by month, what was planned from a budget. Accounts that
are in one of them only are there as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterfoil.core.budget_lines import (
    GROUPS,
    Pair,
    Row,
    Shown,
    added,
    negative,
    summed,
)
from counterfoil.core.budget_plans import Plan
from counterfoil.core.compared_days import Span
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.reports import (
    COMPARED_WITH,
    LineKind,
    ReportLine,
    ReportSection,
    ReportTable,
)
from counterfoil.core.ties import PROFIT_AND_LOSS

REPORT = "BudgetAgainstActual"
Part = ReportSection | ReportLine
_ZERO = Decimal(0)

GROUP_OF: Mapping[str, str] = {
    "Income": "Income",
    "Cost of Goods Sold": "COGS",
    "Expense": "Expenses",
    "Other Income": "OtherIncome",
    "Other Expense": "OtherExpenses",
}
"""By the type of an account."""

UNPLACED = "Unplaced"
_ORDER = (
    *("Income", "COGS", "GrossProfit", "Expenses", "NetOperatingIncome"),
    *("OtherIncome", "OtherExpenses", "NetOtherIncome", "NetIncome"),
)
_SUMS = {
    "GrossProfit": "Gross Profit",
    "NetOperatingIncome": "Net Operating Income",
    "NetOtherIncome": "Net Other Income",
    "NetIncome": "Net Income",
}


@dataclass(frozen=True, slots=True)
class Account:
    """As a budget names it that has nothing posted: `kind` is its type, "" where it is gone."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Against:
    """The table, the groups in which QuickBooks' own totals are other ones, and how many accounts
    are in the books only and in the budget only, and which of these belong to no group.
    """

    table: ReportTable
    checked: int
    broken: tuple[str, ...]
    unplanned: int
    unposted: int
    unplaced: tuple[str, ...]


def against(
    actual: ReportTable,
    plan: Plan,
    spans: Sequence[Span],
    accounts: Mapping[str, Account],
    *,
    by_period: bool,
) -> Against:
    """`accounts` are those of the budget in which nothing was posted.

    Raises IncompleteRead where the Profit and Loss lacks a month.
    """
    places = [_months(actual, span) for span in spans]
    rows: dict[str, list[Row]] = {group: [] for group in (*GROUPS, UNPLACED)}
    for group, lines in _posted(actual, places).items():
        for label, line, amounts in lines:
            id = line.ids[0]
            planned = [plan.amount(id, span) if id else None for span in spans]
            if not any(amounts) and not any(planned):
                continue
            key = f"{group}/{id}" if id else line.key
            rows[group].append(Row(key, id, label, tuple(zip(amounts, planned, strict=True))))
    known = {row.id for each in rows.values() for row in each}
    for id in sorted(plan.amounts.keys() - known, key=lambda each: (len(each), each)):
        planned = [plan.amount(id, span) for span in spans]
        if any(planned):
            account = accounts.get(id, Account(plan.names.get(id, ""), ""))
            pairs: tuple[Pair, ...] = tuple((None, amount) for amount in planned)
            group = GROUP_OF.get(account.kind, UNPLACED)
            rows[group].append(Row(f"{group}/{id}", id, account.name or id, pairs))
    shown = Shown(spans, by_period)
    tree, sums = _tree(rows, shown, len(spans))
    checked, broken = _checked(actual, places, sums)
    every = [row for group in GROUPS for row in rows[group]]
    return Against(
        table=ReportTable(REPORT, _header(actual, plan, spans), (), shown.columns, tuple(tree)),
        checked=checked,
        broken=broken,
        unplanned=sum(all(budget is None for _, budget in row.pairs) for row in every),
        unposted=sum(all(actual is None for actual, _ in row.pairs) for row in every),
        unplaced=tuple(row.label for row in rows[UNPLACED]),
    )


def posted_ids(actual: ReportTable) -> set[str]:
    return {line.ids[0] for line in actual.lines if line.ids and line.ids[0]}


def _tree(
    rows: Mapping[str, Sequence[Row]], shown: Shown, width: int
) -> tuple[list[Part], Mapping[str, Sequence[Pair]]]:
    """The groups with their lines and totals, and the sums over groups between them."""
    sums = {group: summed([row.pairs for row in rows[group]], width) for group in GROUPS}
    for group in PROFIT_AND_LOSS:
        added, subtracted = PROFIT_AND_LOSS[group]
        taken = [negative(sums[each]) for each in subtracted]
        sums[group] = summed([*(sums[each] for each in added), *taken], width)
    parts: list[Part] = []
    for group in _ORDER:
        if group in _SUMS:
            row = Row(group, None, _SUMS[group], tuple(sums[group]))
            total = shown.line(f"{group}:total", LineKind.TOTAL, 0, group, row)
            parts.append(ReportSection(group, group, None, (), total))
        elif rows[group]:
            title, _ = GROUPS[group]
            parts.append(_section(group, title, rows[group], sums[group], shown))
    if rows[UNPLACED]:
        words = "Budgeted for accounts that are none of income or costs"
        lost = summed([row.pairs for row in rows[UNPLACED]], width)
        parts.append(_section(UNPLACED, words, rows[UNPLACED], lost, shown))
    return parts, sums


def _section(
    group: str, title: str, rows: Sequence[Row], sums: Sequence[Pair], shown: Shown
) -> ReportSection:
    foot = Row(group, None, f"Total {title}", tuple(sums))
    return ReportSection(
        key=group,
        group=group,
        head=shown.head(group, title),
        inside=tuple(shown.line(row.key, LineKind.DATA, 1, group, row) for row in rows),
        total=shown.line(f"{group}:total", LineKind.TOTAL, 0, group, foot),
    )


def _posted(
    actual: ReportTable, places: Sequence[Sequence[int]]
) -> dict[str, list[tuple[str, ReportLine, list[Decimal | None]]]]:
    """The accounts of each group with their own amounts by period: (full name, line, amounts)."""
    found: dict[str, list[tuple[str, ReportLine, list[Decimal | None]]]] = {}
    for part in actual.tree:
        if isinstance(part, ReportSection) and part.group and part.group in GROUPS:
            for label, line in _own(part, ()):
                amounts = [added([_amount(line, place) for place in each]) for each in places]
                found.setdefault(part.group, []).append((label, line, amounts))
    return found


def _own(section: ReportSection, above: tuple[str, ...]) -> Iterator[tuple[str, ReportLine]]:
    """Lines with amounts of their own: data, and the heads of accounts that have others below;
    each with the names from the top account down.
    """
    for part in section.inside:
        if isinstance(part, ReportLine):
            if part.kind is LineKind.DATA:
                yield ":".join((*above, part.label)), part
            continue
        names = above if part.head is None else (*above, part.head.label)
        if part.head is not None:
            yield ":".join(names), part.head
        yield from _own(part, names)


def _checked(
    actual: ReportTable, places: Sequence[Sequence[int]], sums: Mapping[str, Sequence[Pair]]
) -> tuple[int, tuple[str, ...]]:
    """How many of QuickBooks' totals were compared, and those that ours are not, in words."""
    checked = 0
    broken: list[str] = []
    for part in actual.tree:
        if not isinstance(part, ReportSection) or part.total is None or part.group is None:
            continue
        if part.group not in sums:
            continue
        checked += len(places)
        said = [added([_amount(part.total, place) for place in each]) for each in places]
        ours = [posted for posted, _ in sums[part.group]]
        for each, told, found in zip(places, said, ours, strict=True):
            if (told or _ZERO) != (found or _ZERO):
                column = f' in "{actual.columns[each[0]].title}"' if len(each) == 1 else ""
                broken.append(
                    f'"{part.total.label}"{column}: {told or _ZERO:,}, and its accounts come to '
                    f"{found or _ZERO:,}."
                )
    return checked, tuple(broken)


def _months(actual: ReportTable, span: Span) -> list[int]:
    found = [
        place
        for place, column in enumerate(actual.columns)
        if column.start and column.end and span.start
        if span.start <= column.start and column.end <= span.end
    ]
    if span.start is None or len(found) != 1 + _months_between(span):
        raise IncompleteRead(
            "QuickBooks' Profit and Loss lacks a month of the budget. Nothing was written. Please "
            "try again."
        )
    return found


def _months_between(span: Span) -> int:
    start = span.start or span.end
    return (span.end.year - start.year) * 12 + span.end.month - start.month


def _header(actual: ReportTable, plan: Plan, spans: Sequence[Span]) -> dict[str, str]:
    return {
        "ReportName": REPORT,
        "ReportBasis": actual.basis,
        "Currency": actual.currency,
        "StartPeriod": str(spans[0].start),
        "EndPeriod": str(spans[-1].end),
        COMPARED_WITH: plan.name,
    }


def _amount(line: ReportLine, place: int) -> Decimal | None:
    value: Any = line.values[place]
    if value is None or (line.kind is LineKind.SECTION and isinstance(value, str)):
        return None
    if not isinstance(value, Decimal):
        raise IncompleteRead(
            "QuickBooks sent a text where an amount was to be. Nothing was written. Please try "
            "again."
        )
    return value
