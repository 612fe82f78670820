"""Whether a report's own totals add up, to the cent. Pure.

A report has no COUNT to hold it against; but a line lost on the way leaves a total that its
lines no longer give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from counterfoil.core.comparison import is_of_before
from counterfoil.core.line_ties import GRAND_TOTAL, grand_ties, line_ties
from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.core.reports import (
    COMPARED_WITH,
    LineKind,
    ReportLine,
    ReportSection,
    ReportTable,
)
from counterfoil.core.totals import Tie, added, amount, contribution, inside, sections
from counterfoil.core.two_sided import TRIAL_BALANCES, pairs
from counterfoil.core.whole_columns import is_share, is_whole

# Where a total is known to be the sum of the lines above it. Elsewhere (opening balances, cash
# flows with unlisted parts) nothing is claimed.
_TIED = frozenset(("ProfitAndLoss", "BalanceSheet"))

# One line a customer or vendor, and a grand total of all.
_BY_NAME = frozenset(("AgedReceivables", "AgedPayables", "CustomerBalance", "VendorBalance"))

# Totals that stand alone, as sums of other groups: (added, subtracted).
PROFIT_AND_LOSS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "GrossProfit": (("Income",), ("COGS",)),
    "NetOperatingIncome": (("GrossProfit",), ("Expenses",)),
    "NetOtherIncome": (("OtherIncome",), ("OtherExpenses",)),
    "NetIncome": (("NetOperatingIncome", "NetOtherIncome"), ()),
}
_INCOME_GROUPS = frozenset(("Income", "COGS", "Expenses", "OtherIncome", "OtherExpenses"))
_BALANCE_GROUPS = frozenset(("TotalAssets", "TotalLiabilitiesAndEquity"))


def proof(table: ReportTable) -> Proof:
    """The report's proof: PASS when every total that can be checked adds up, FAIL when one does
    not that surely is to. What is held against nothing is counted.
    """
    lines = table.lines
    met = list(_met(table))
    verdict, why = _judged(lines, met)
    return Proof(
        verdict=verdict,
        why=why,
        sent=len(lines),
        counted=None,
        distinct=len({line.key for line in lines}),
        rows=len(lines),
        totals=_bottom_line(table),
        apart=_apart(table, met, verdict),
    )


def _met(table: ReportTable) -> Iterator[Tie]:
    if table.name in _TIED:
        yield from _ties(table)
    yield from _two_sided_ties(table)
    if COMPARED_WITH in table.header:
        return
    if table.name in _BY_NAME:
        yield from _grand_ties(table)
    yield from line_ties(table)


def _judged(lines: Sequence[ReportLine], met: Sequence[Tie]) -> tuple[Verdict, str]:
    """In words that hold nothing of the report: they may become an error's."""
    told = [tie for tie in met if tie.can_be_told]
    apart = [tie for tie in told if not tie.holds]
    if broken := [tie for tie in apart if tie.sure]:
        return Verdict.FAIL, (
            f"{len(broken):,} of {len(told):,} totals of this report are not the sum of their "
            "lines."
        )
    whole, held = len(met) + _unmet(lines, met), len(told) - len(apart)
    if not whole:
        return Verdict.NOT_CHECKED, "The report has no totals that could be added up."
    if not told:
        counted = "Its total was" if whole == 1 else f"Its {whole:,} totals were"
        return Verdict.NOT_CHECKED, f"{counted} not checked."
    if held == whole:
        every = f"All {whole:,} totals are the sums of their lines."
        return Verdict.PASS, "Its total is the sum of its lines." if whole == 1 else every
    why = f"{held:,} of {whole:,} totals are the sums of their lines"
    if apart:
        not_so = "1 is not" if len(apart) == 1 else f"{len(apart):,} are not"
        return Verdict.NOT_CHECKED, f"{why}; {not_so}, which may be as it should."
    others = "the other was" if whole - held == 1 else "the others were"
    return Verdict.PASS, f"{why}; {others} not checked."


def _apart(table: ReportTable, met: Sequence[Tie], verdict: Verdict) -> str:
    """The first total that does not hold, in words: for whoever looks, and the spreadsheet."""
    found = [tie for tie in met if tie.can_be_told and not tie.holds]
    if verdict is Verdict.FAIL:
        found = [tie for tie in found if tie.sure]
    if not found:
        return ""
    tie = found[0]
    many = sum(column.is_amount for column in table.columns) > 1
    column = f' in "{table.columns[tie.place].title}"' if many else ""
    which = "It is" if len(found) == 1 else "The first is"
    return f'{which} "{tie.line.label}"{column}: {tie.said:,}, and {tie.by} come to {tie.found:,}.'


def _unmet(lines: Sequence[ReportLine], met: Sequence[Tie]) -> int:
    """How many totals with amounts are held against nothing."""
    known = {id(tie.line) for tie in met}
    return sum(
        line.kind is LineKind.TOTAL
        and id(line) not in known
        and any(isinstance(value, Decimal) for value in line.values)
        for line in lines
    )


def _ties(table: ReportTable) -> Iterator[Tie]:
    for place, column in enumerate(table.columns):
        if not column.is_amount:
            continue
        for section in sections(table.tree):
            yield from _section_ties(section, place)
        yield from _formula_ties(table, place)


def _grand_ties(table: ReportTable) -> Iterator[Tie]:
    """Each column of the grand total against the lines, and its last one against the others."""
    places = [place for place, column in enumerate(table.columns) if column.is_amount]
    found = list(grand_ties(table, places))
    yield from found
    if found and table.name.startswith("Aged") and len(places) > 1:
        total = found[0].line
        ages = added([amount(total, place) for place in places[:-1]])
        yield Tie(total, places[-1], ages, by="its ages")


def _two_sided_ties(table: ReportTable) -> Iterator[Tie]:
    """Debits against credits, and each side of a trial balance against its lines.

    Not so a journal: whether a total of all transactions ends it is not certain.
    """
    if table.name in TRIAL_BALANCES:
        yield from _trial_ties(table)
        return
    for debit, credit in pairs(table):
        for total in (line for line in table.lines if line.kind is LineKind.TOTAL):
            yield Tie(total, debit, amount(total, credit), by="the credits")


def _trial_ties(table: ReportTable) -> Iterator[Tie]:
    """Only all accounts together are even; one with sub-accounts is the sum of them and its own."""
    totals = [line for line in table.lines if line.kind is LineKind.TOTAL]
    whole = next((line for line in totals if line.group == GRAND_TOTAL), (*totals, None)[-1])
    if whole is None:
        return
    own = [line for line in table.lines if line.kind is not LineKind.TOTAL]
    for debit, credit in pairs(table):
        yield Tie(whole, debit, amount(whole, credit), by="the credits")
        for place in (debit, credit):
            yield Tie(whole, place, added([amount(line, place) for line in own]))
            for section in sections(table.tree):
                yield from _section_ties(section, place)


def _section_ties(section: ReportSection, place: int) -> Iterator[Tie]:
    if section.total is None or not (section.head or section.inside):
        return
    if all(line.values[place] is None for line in section.lines()):
        return  # a skeleton, or a column in which nothing happened
    yield Tie(section.total, place, inside(section, place))


def _formula_ties(table: ReportTable, place: int) -> Iterator[Tie]:
    """The totals that stand alone, where every group of the report is one that we know."""
    groups = {part.group: part for part in table.tree if isinstance(part, ReportSection)}
    known = groups.keys()
    if table.name == "ProfitAndLoss" and known <= _INCOME_GROUPS | PROFIT_AND_LOSS.keys():
        for group, formula in PROFIT_AND_LOSS.items():
            total = groups[group].total if group in groups else None
            if total is not None and total.values[place] is not None:
                yield Tie(total, place, _formula(groups, formula, place), by="its groups")
    if table.name == "BalanceSheet" and known == _BALANCE_GROUPS and is_whole(table, place):
        assets, claims = (groups[group].total for group in sorted(_BALANCE_GROUPS))
        if assets and claims and claims.values[place] is not None:
            yield Tie(claims, place, amount(assets, place), by="the assets")


def _formula(
    groups: Mapping[str | None, ReportSection],
    formula: tuple[tuple[str, ...], tuple[str, ...]],
    place: int,
) -> Decimal | None:
    plus, minus = formula
    amounts = [
        *(_group(groups, group, place) for group in plus),
        *(_negative(_group(groups, group, place)) for group in minus),
    ]
    return added(amounts)


def _group(groups: Mapping[str | None, ReportSection], group: str, place: int) -> Decimal | None:
    if group in groups:
        return contribution(groups[group], place)
    # QuickBooks leaves out a total that equals the one above it.
    formula = PROFIT_AND_LOSS.get(group)
    return Decimal(0) if formula is None else _formula(groups, formula, place)


def _negative(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


# What a report comes to, whatever the order of its lines; the first of them that it has.
_BOTTOM = ("NetIncome", "TotalLiabilitiesAndEquity", "TotalAssets", "EndingCash", GRAND_TOTAL)


def _bottom_line(table: ReportTable) -> tuple[Total, ...]:
    """What the report comes to ("Net Income"), from its total column or its last one."""
    places = [
        place
        for place, column in enumerate(table.columns)
        if column.is_amount and not is_share(table, place)
    ]
    line = _bottom(table)
    if not places or line is None:
        return ()
    place = next((p for p in places if table.columns[p].key == "total"), places[-1])
    if table.name.startswith("Aged"):  # older answers call each of the ages so
        place = [p for p in places if not is_of_before(table.columns[p].key)][-1]
    value = line.values[place]
    if not isinstance(value, Decimal):
        return ()
    return (Total(line.key, line.label, table.currency, value),)


def _bottom(table: ReportTable) -> ReportLine | None:
    """By its group; where none is named, the last total that stands alone."""
    ends = [part.total for part in table.tree if isinstance(part, ReportSection) and part.total]
    by_group = {line.group: line for line in ends}
    return next((by_group[group] for group in _BOTTOM if group in by_group), (None, *ends)[-1])
