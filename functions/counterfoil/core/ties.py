"""Whether a report's own totals add up, to the cent. Pure.

A report has no COUNT to hold it against; but a line lost on the way leaves a total that its
lines no longer give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from counterfoil.core.comparison import is_of_before
from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.core.reports import (
    COMPARED_WITH,
    LineKind,
    ReportLine,
    ReportSection,
    ReportTable,
)
from counterfoil.core.two_sided import TRIAL_BALANCES, pairs

Part = ReportSection | ReportLine

# Where a total is known to be the sum of the lines above it. Elsewhere (opening balances, cash
# flows with unlisted parts) nothing is claimed.
_TIED = frozenset(("ProfitAndLoss", "BalanceSheet"))

# One line a customer or vendor, and a grand total of all.
_BY_NAME = frozenset(("AgedReceivables", "AgedPayables", "CustomerBalance", "VendorBalance"))
_GRAND_TOTAL = "GrandTotal"

# Totals that stand alone, as sums of other groups: (added, subtracted).
PROFIT_AND_LOSS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "GrossProfit": (("Income",), ("COGS",)),
    "NetOperatingIncome": (("GrossProfit",), ("Expenses",)),
    "NetOtherIncome": (("OtherIncome",), ("OtherExpenses",)),
    "NetIncome": (("NetOperatingIncome", "NetOtherIncome"), ()),
}
_INCOME_GROUPS = frozenset(("Income", "COGS", "Expenses", "OtherIncome", "OtherExpenses"))
_BALANCE_GROUPS = frozenset(("TotalAssets", "TotalLiabilitiesAndEquity"))


@dataclass(frozen=True, slots=True)
class _Tie:
    """A total and what its parts give; None on either side is a text, which nobody can add."""

    line: ReportLine
    said: Decimal | None
    found: Decimal | None


def proof(table: ReportTable) -> Proof:
    """The report's proof: PASS when every total that can be checked adds up."""
    lines = table.lines
    met = [
        *(_ties(table) if table.name in _TIED else ()),
        *_two_sided_ties(table),
        *(_grand_ties(table) if table.name in _BY_NAME else ()),
    ]
    ties = [tie for tie in met if tie.said is not None and tie.found is not None]
    broken = [tie for tie in ties if tie.said != tie.found]
    if broken:
        place = 1 + lines.index(broken[0].line)
        verdict, why = (
            Verdict.FAIL,
            (
                f"{len(broken):,} of {len(ties):,} totals of this report are not the sum of their "
                f"lines; the first is line {place:,}."
            ),
        )
    elif ties:
        of = f"{len(ties):,} of {len(met):,}" if len(ties) < len(met) else f"All {len(met):,}"
        verdict, why = Verdict.PASS, f"{of} totals are the sums of their lines."
        if len(met) == 1:
            why = "Its total is the sum of its lines."
    else:
        verdict, why = Verdict.NOT_CHECKED, "The report has no totals that could be added up."
    return Proof(
        verdict=verdict,
        why=why,
        sent=len(lines),
        counted=None,
        distinct=len({line.key for line in lines}),
        rows=len(lines),
        totals=_bottom_line(table),
    )


def _ties(table: ReportTable) -> Iterator[_Tie]:
    for place, column in enumerate(table.columns):
        if not column.is_amount:
            continue
        for section in _sections(table.tree):
            yield from _section_ties(section, place)
        yield from _formula_ties(table, place)


def _grand_ties(table: ReportTable) -> Iterator[_Tie]:
    """Each column of the grand total against the lines, and its last one against the others."""
    places = [place for place, column in enumerate(table.columns) if column.is_amount]
    grand = next((part for part in table.tree if part.group == _GRAND_TOTAL), None)
    total = grand.total if isinstance(grand, ReportSection) else grand
    if total is None or COMPARED_WITH in table.header:
        return
    parts = [part for part in table.tree if part is not grand]
    for place in places:
        found = _sum([_contribution(part, place) for part in parts])
        yield _Tie(total, _amount(total, place), found)
    if table.name.startswith("Aged") and len(places) > 1:
        ages = _sum([_amount(total, place) for place in places[:-1]])
        yield _Tie(total, _amount(total, places[-1]), ages)


def _two_sided_ties(table: ReportTable) -> Iterator[_Tie]:
    """Debits against credits, and each side of a trial balance against its lines.

    Not so a journal: whether a total of all transactions ends it is not certain.
    """
    if table.name in TRIAL_BALANCES:
        yield from _trial_ties(table)
        return
    for debit, credit in pairs(table):
        for total in (line for line in table.lines if line.kind is LineKind.TOTAL):
            yield _Tie(total, _amount(total, debit), _amount(total, credit))


def _trial_ties(table: ReportTable) -> Iterator[_Tie]:
    """Only all accounts together are even; one with sub-accounts is the sum of them and its own."""
    totals = [line for line in table.lines if line.kind is LineKind.TOTAL]
    whole = next((line for line in totals if line.group == _GRAND_TOTAL), (*totals, None)[-1])
    if whole is None:
        return
    own = [line for line in table.lines if line.kind is not LineKind.TOTAL]
    for debit, credit in pairs(table):
        yield _Tie(whole, _amount(whole, debit), _amount(whole, credit))
        for place in (debit, credit):
            yield _Tie(whole, _amount(whole, place), _sum([_amount(line, place) for line in own]))
            for section in _sections(table.tree):
                yield from _section_ties(section, place)


def _sections(parts: Sequence[Part]) -> Iterator[ReportSection]:
    for part in parts:
        if isinstance(part, ReportSection):
            yield part
            yield from _sections(part.inside)


def _section_ties(section: ReportSection, place: int) -> Iterator[_Tie]:
    if section.total is None or not (section.head or section.inside):
        return
    if all(line.values[place] is None for line in section.lines()):
        return  # a skeleton, or a column in which nothing happened
    yield _Tie(section.total, _amount(section.total, place), _inside(section, place))


def _formula_ties(table: ReportTable, place: int) -> Iterator[_Tie]:
    """The totals that stand alone, where every group of the report is one that we know."""
    groups = {part.group: part for part in table.tree if isinstance(part, ReportSection)}
    known = groups.keys()
    if table.name == "ProfitAndLoss" and known <= _INCOME_GROUPS | PROFIT_AND_LOSS.keys():
        for group, formula in PROFIT_AND_LOSS.items():
            total = groups[group].total if group in groups else None
            if total is not None and total.values[place] is not None:
                yield _Tie(total, _amount(total, place), _formula(groups, formula, place))
    if table.name == "BalanceSheet" and known == _BALANCE_GROUPS:
        assets, claims = (groups[group].total for group in sorted(_BALANCE_GROUPS))
        if assets and claims and claims.values[place] is not None:
            yield _Tie(claims, _amount(claims, place), _amount(assets, place))


def _formula(
    groups: Mapping[str | None, ReportSection],
    formula: tuple[tuple[str, ...], tuple[str, ...]],
    place: int,
) -> Decimal | None:
    added, subtracted = formula
    amounts = [
        *(_group(groups, group, place) for group in added),
        *(_negative(_group(groups, group, place)) for group in subtracted),
    ]
    return _sum(amounts)


def _group(groups: Mapping[str | None, ReportSection], group: str, place: int) -> Decimal | None:
    if group in groups:
        return _contribution(groups[group], place)
    # QuickBooks leaves out a total that equals the one above it.
    formula = PROFIT_AND_LOSS.get(group)
    return Decimal(0) if formula is None else _formula(groups, formula, place)


def _contribution(part: Part, place: int) -> Decimal | None:
    """What a line or a section adds to the section around it."""
    if isinstance(part, ReportLine):
        return Decimal(0) if part.kind is LineKind.TOTAL else _amount(part, place)
    if part.total is not None:
        return _amount(part.total, place)
    return _inside(part, place)


def _inside(section: ReportSection, place: int) -> Decimal | None:
    # An account with postings of its own carries them in the head of its section.
    own = Decimal(0) if section.head is None else _amount(section.head, place)
    return _sum([own, *(_contribution(part, place) for part in section.inside)])


def _amount(line: ReportLine, place: int) -> Decimal | None:
    value = line.values[place]
    if value is None:
        return Decimal(0)  # zero shows as nothing in newer answers
    return value if isinstance(value, Decimal) else None


def _negative(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _bottom_line(table: ReportTable) -> tuple[Total, ...]:
    """The last total of the report ("Net Income"), from its total column or its last one."""
    places = [place for place, column in enumerate(table.columns) if column.is_amount]
    ends = [part.total for part in table.tree if isinstance(part, ReportSection) and part.total]
    if not places or not ends:
        return ()
    place = next((p for p in places if table.columns[p].key == "total"), places[-1])
    if table.name.startswith("Aged"):  # older answers call each of the ages so
        place = [p for p in places if not is_of_before(table.columns[p].key)][-1]
    value = ends[-1].values[place]
    if not isinstance(value, Decimal):
        return ()
    return (Total(ends[-1].key, ends[-1].label, table.currency, value),)
