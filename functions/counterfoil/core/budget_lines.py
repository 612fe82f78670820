"""The lines and columns of budget against actual: what is shown of a pair of amounts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from counterfoil.core.compared_days import Span
from counterfoil.core.report_columns import ReportColumn
from counterfoil.core.reports import LineKind, ReportLine, Value

_ZERO = Decimal(0)
_PERCENT = Decimal("0.000001")

# Groups of accounts: their titles, and 1 where more than planned is favourable.
GROUPS: Mapping[str, tuple[str, int]] = {
    "Income": ("Income", 1),
    "COGS": ("Cost of Goods Sold", -1),
    "Expenses": ("Expenses", -1),
    "OtherIncome": ("Other Income", 1),
    "OtherExpenses": ("Other Expenses", -1),
}
Pair = tuple[Decimal | None, Decimal | None]
"""Actual and budget; None where there is none."""


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    id: str | None
    label: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """How amounts of periods become cells."""

    spans: Sequence[Span]
    by_period: bool

    @property
    def columns(self) -> tuple[ReportColumn, ...]:
        found = [ReportColumn("account", "", "Account", ())]
        if self.by_period:
            for span in self.spans:
                found += _columns(f"{span.start}", f"{span.title} ", span)
        whole = Span(self.spans[0].start, self.spans[-1].end)
        found += _columns("total", "Total " if self.by_period else "", whole)
        return tuple(found)

    def values(self, pairs: Sequence[Pair], sign: int) -> list[Value]:
        found: list[Value] = []
        if self.by_period:
            for pair in pairs:
                found += _values(pair, sign)
        return [*found, *_values(added_pairs(pairs), sign)]

    def line(self, key: str, kind: LineKind, depth: int, group: str | None, row: Row) -> ReportLine:
        sign = GROUPS[group][1] if group and group in GROUPS else 1
        values = self.values(row.pairs, sign)
        return _line(key, kind, depth, group, row, values)

    def head(self, group: str, title: str) -> ReportLine:
        blank: list[Value] = [None] * (len(self.columns) - 1)
        return _line(group, LineKind.SECTION, 0, group, Row(group, None, title, ()), blank)


def _columns(key: str, title: str, span: Span) -> list[ReportColumn]:
    def amount(name: str, words: str) -> ReportColumn:
        return ReportColumn(
            key=f"{key}/{name}",
            title=title + words,
            type="Money",
            meta=(),
            is_amount=True,
            has_own_sign=name == "favourable",
            start=span.start,
            end=span.end,
        )

    return [
        amount("actual", "Actual"),
        amount("budget", "Budget"),
        amount("variance", "Variance"),
        ReportColumn(f"{key}/percent", f"{title}Variance %", "Percent", (), is_percent=True),
        amount("favourable", "Favourable (unfavourable)"),
    ]


def _values(pair: Pair, sign: int) -> list[Value]:
    """Actual, budget, variance, variance in parts of the budget, and favourable or not."""
    actual, budget = pair
    if actual is None and budget is None:
        return [None] * 5
    variance = (actual or _ZERO) - (budget or _ZERO)
    percent = (variance / abs(budget)).quantize(_PERCENT) if budget else None
    return [actual, budget, variance, percent, sign * variance]


def _line(
    key: str, kind: LineKind, depth: int, group: str | None, row: Row, values: Sequence[Value]
) -> ReportLine:
    blank = (None,) * len(values)
    return ReportLine(
        key=key,
        kind=kind,
        depth=depth,
        group=group,
        values=(row.label or None, *values),
        texts=(row.label, *("" if value is None else str(value) for value in values)),
        ids=(row.id, *blank),
        links=(None, *blank),
    )


def summed(every: Sequence[Sequence[Pair]], width: int) -> list[Pair]:
    """Period by period; None where no part has an amount."""
    return [added_pairs([pairs[at] for pairs in every]) for at in range(width)]


def added_pairs(pairs: Sequence[Pair]) -> Pair:
    return added([actual for actual, _ in pairs]), added([budget for _, budget in pairs])


def negative(pairs: Sequence[Pair]) -> list[Pair]:
    return [
        (None if actual is None else -actual, None if budget is None else -budget)
        for actual, budget in pairs
    ]


def added(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, _ZERO) if known else None
