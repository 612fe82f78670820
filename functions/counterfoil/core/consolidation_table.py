"""The table of merged lines, as a report that is laid out like any of QuickBooks'. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from counterfoil.core.consolidation_books import (
    BEGINNING,
    CASH_FLOW,
    ENDING,
    INCREASE,
    PROFIT_AND_LOSS,
    RATE_EFFECT,
    Place,
)
from counterfoil.core.consolidation_lines import ELIMINATED, Line, Merged
from counterfoil.core.report_columns import COMPANY
from counterfoil.core.reports import (
    TRANSLATED_AT,
    LineKind,
    ReportColumn,
    ReportLine,
    ReportSection,
    ReportTable,
    Value,
)
from counterfoil.core.statement_order import ORDER
from counterfoil.core.ties import PROFIT_AND_LOSS as FORMULAS

# What a consolidated trial balance is called: one amount a company, not a debit and a credit.
TRIAL_BALANCE = "ConsolidatedTrialBalance"

_WORDS: Mapping[str, tuple[str, str]] = {
    "GrossProfit": ("", "Gross Profit"),
    "NetOperatingIncome": ("", "Net Operating Income"),
    "NetOtherIncome": ("", "Net Other Income"),
    "NetIncome": ("", "Net Income"),
    "OtherIncome": ("Other Income", "Total Other Income"),
    "Equity": ("Equity", "Total Equity"),
    "TotalLiabilitiesAndEquity": ("Liabilities and Equity", "Total Liabilities and Equity"),
    "OperatingActivities": ("Operating Activities", "Net cash provided by operating activities"),
    INCREASE: ("", "Net cash increase for period"),
    RATE_EFFECT: ("", "Effect of exchange rates on cash"),
    BEGINNING: ("", "Cash at beginning of period"),
    ENDING: ("", "Cash at end of period"),
}


def table_of(
    merged: Merged, first: ReportTable, *, titles: Mapping[str, str], basis: str, rates: str
) -> ReportTable:
    """`first` is the report of one company, for its days; `titles` of columns are by company;
    `rates` says at which amounts were translated.
    """
    making = _Making(merged)
    name = merged.report if merged.report in ORDER else TRIAL_BALANCE
    columns = (
        ReportColumn("account", "", "Account", ()),
        *(
            ReportColumn(f"company/{id}", titles[id], "Money", ((COMPANY, id),), is_amount=True)
            for id in making.ids
        ),
        ReportColumn(ELIMINATED, "Eliminations", "Money", (), is_amount=True),
        ReportColumn("total", "Total", "Money", (), is_amount=True),
    )
    kept = {"StartPeriod", "EndPeriod"}
    header = {key: value for key, value in first.header.items() if key in kept}
    header |= {"ReportName": name, "Currency": merged.currency, "ReportBasis": basis}
    if rates:
        header[TRANSLATED_AT] = rates
    return ReportTable(name, header, (), columns, tuple(making.tree()))


class _Making:
    def __init__(self, merged: Merged) -> None:
        self._merged = merged
        self._order = {name: at for at, name in enumerate(ORDER.get(merged.report, ()))}
        self.ids = [member.books.id for member in merged.members]
        places = (
            place[:width]
            for place in (*merged.words, *merged.lines)
            for width in range(1, len(place) + 1)
        )
        self._groups = [
            each
            for each in dict.fromkeys(places)
            if any(held[: len(each)] == each for held in merged.lines)
        ]

    def tree(self) -> Iterator[ReportSection | ReportLine]:
        report = self._merged.report
        if report == PROFIT_AND_LOSS:
            yield from self._profit_and_loss()
        elif report == CASH_FLOW:
            yield from self._inside((), "", 0)
            for name in (INCREASE, RATE_EFFECT, BEGINNING, ENDING):
                own = self._merged.sums[name]
                if name == RATE_EFFECT and not any(own.values()):
                    continue
                yield self._alone(name, own)
        else:
            inside = tuple(self._inside((), "", 0))
            yield from inside
            if report not in ORDER:
                yield self._alone("GrandTotal", _sum(map(self._own, inside)), "Total")

    def _profit_and_loss(self) -> Iterator[ReportSection | ReportLine]:
        """With the lines between the groups that are sums of them."""
        found = {
            part.group: part for part in self._inside((), "", 0) if isinstance(part, ReportSection)
        }
        sums = {str(group): self._own(part) for group, part in found.items()}
        known = ORDER[PROFIT_AND_LOSS]
        for group in known:
            if group in found:
                yield found[group]
            if group not in FORMULAS:
                continue
            added, subtracted = FORMULAS[group]
            own = _sum(
                [
                    *(sums.get(each, {}) for each in added),
                    *(_negative(sums.get(each, {})) for each in subtracted),
                ]
            )
            sums[group] = own
            if group != "NetOtherIncome" or {"OtherIncome", "OtherExpenses"} & found.keys():
                yield self._alone(group, own)
        for name, part in found.items():
            if name not in known:
                yield part

    def _inside(self, place: Place, above: str, depth: int) -> Iterator[ReportSection | ReportLine]:
        for line in self._merged.lines.get(place, ()):
            yield self._part(line, above, depth)
        inner = [each for each in self._groups if each[:-1] == place]
        for each in sorted(inner, key=self._place):
            yield self._group(each, above, depth)

    def _place(self, place: Place) -> int:
        return self._order.get(place[-1], len(self._order))

    def _group(self, place: Place, above: str, depth: int) -> ReportSection:
        group = place[-1]
        key = f"{above}/{group}" if above else group
        head, total = self._words(place)
        inside = tuple(self._inside(place, key, depth + 1))
        own = _sum(map(self._own, inside))
        return ReportSection(
            key,
            group,
            self._line(key, LineKind.SECTION, depth, group, head, {}),
            inside,
            self._line(f"{key}:total", LineKind.TOTAL, depth, group, total, own),
        )

    def _part(self, line: Line, above: str, depth: int) -> ReportSection | ReportLine:
        key = f"{above}/{line.key}" if above else line.key
        own = self._line(key, LineKind.DATA, depth, None, line.label, line.own)
        if not line.inside:
            return own
        inside = tuple(self._part(each, key, depth + 1) for each in line.inside)
        own = own._replace(kind=LineKind.SECTION)
        sums = _sum([line.own, *map(self._own, inside)])
        words = line.total or f"Total {line.label}"
        total = self._line(f"{key}:total", LineKind.TOTAL, depth, None, words, sums)
        return ReportSection(key, None, own, inside, total)

    def _alone(self, group: str, own: Mapping[str, Decimal], words: str = "") -> ReportSection:
        label = words or self._words((group,))[1]
        total = self._line(f"{group}:total", LineKind.TOTAL, 0, group, label, own)
        return ReportSection(group, group, None, (), total)

    def _own(self, part: ReportSection | ReportLine) -> dict[str, Decimal]:
        """What it adds to the section around it, by company."""
        line = part.total if isinstance(part, ReportSection) else part
        amounts = line.values[1:] if line is not None else ()
        return {
            whose: amount
            for whose, amount in zip((*self.ids, ELIMINATED), amounts, strict=False)
            if isinstance(amount, Decimal)
        }

    def _words(self, place: Place) -> tuple[str, str]:
        head, total = self._merged.words.get(place, ("", ""))
        ours = _WORDS.get(place[-1], (place[-1], f"Total {place[-1]}"))
        return head or ours[0], total or ours[1]

    def _line(
        self,
        key: str,
        kind: LineKind,
        depth: int,
        group: str | None,
        label: str,
        own: Mapping[str, Decimal],
    ) -> ReportLine:
        amounts = [own.get(whose) for whose in (*self.ids, ELIMINATED)]
        there = [amount for amount in amounts if amount is not None]
        values: tuple[Value, ...] = (
            label,
            *amounts,
            sum(there, Decimal(0)) if there else None,
        )
        width = len(values)
        texts = tuple("" if value is None else str(value) for value in values)
        blank: tuple[None, ...] = (None,) * width
        return ReportLine(key, kind, depth, group, values, texts, blank, blank)


def _sum(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    added: dict[str, Decimal] = {}
    for part in parts:
        for whose, amount in part.items():
            added[whose] = added.get(whose, Decimal(0)) + amount
    return added


def _negative(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {whose: -amount for whose, amount in amounts.items()}
