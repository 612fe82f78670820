"""Totals of reports beside Profit and Loss, Balance Sheet and trial balances. Pure.

Some are surely the sums of what stands above them; others are as a rule, and are told as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from counterfoil.core.reports import ReportColumn, ReportLine, ReportSection, ReportTable
from counterfoil.core.totals import Part, Tie, added, amount, contribution, inside, sections
from counterfoil.core.whole_columns import is_whole

GRAND_TOTAL = "GrandTotal"

# One line a customer, a class …, and a grand total of all, in every column of amounts.
_SUMMED = frozenset(
    (
        *("CustomerSales", "ClassSales", "DepartmentSales"),
        *("CustomerIncome", "VendorExpenses"),
    )
)
# Some of whose columns are prices and shares, and have no keys that would tell which.
_SUMMED_IN_PART = frozenset(("ItemSales", "InventoryValuationSummary"))

# Reports of transactions whose sections end with the totals of their lines: surely, or as a rule.
_LISTS = {
    **dict.fromkeys(("GeneralLedger", "GeneralLedgerFR", "ProfitAndLossDetail"), True),
    **dict.fromkeys(("CustomerBalanceDetail", "VendorBalanceDetail"), True),
    **dict.fromkeys(("AgedReceivableDetail", "AgedPayableDetail"), False),
    **dict.fromkeys(("TransactionListByCustomer", "TransactionListByVendor"), False),
    "InventoryValuationDetail": False,
}
# By keys: amounts that are added up, not balances that run, nor prices.
_ADDED = ("subt_", "debt_", "credit_", "tax_amount", "net_amount", "home_amount", "quantity")

_CASH_FLOW, _INCREASE, _BEGINNING, _ENDING = (
    *("CashFlow", "CashIncrease"),
    *("BeginningCash", "EndingCash"),
)


def line_ties(table: ReportTable) -> Iterator[Tie]:
    """What is known of the totals of such a report; nothing of one that we do not know."""
    places = [place for place, column in enumerate(table.columns) if column.is_amount]
    if table.name in _SUMMED:
        yield from grand_ties(table, places)
        yield from _section_ties(table, places)
    if table.name in _SUMMED_IN_PART:
        met = [tie for tie in grand_ties(table, places) if tie.can_be_told]
        # Where a line was lost nothing comes out; what does is what is added up.
        yield from [tie for tie in met if tie.holds] or met
    if table.name in _LISTS:
        yield from _list_ties(table, sure=_LISTS[table.name])
    if table.name == _CASH_FLOW:
        # QuickBooks does not list all that it adds up in them.
        yield from _section_ties(table, places)
        for place in places:
            yield from _cash_ties(table, place, alone=len(places) == 1)


def grand_ties(table: ReportTable, places: Sequence[int]) -> Iterator[Tie]:
    """Each column of the grand total that has an amount, against the lines."""
    grand = next((part for part in table.tree if part.group == GRAND_TOTAL), None)
    total = grand.total if isinstance(grand, ReportSection) else grand
    if total is None:
        return
    parts = [part for part in table.tree if part is not grand]
    for place in places:
        if total.values[place] is not None or table.name not in _SUMMED_IN_PART:
            found = added([contribution(part, place) for part in parts])
            yield Tie(total, place, found)


def _section_ties(table: ReportTable, places: Sequence[int]) -> Iterator[Tie]:
    """As a rule a section comes to its head's own amount and what stands below it."""
    for section in sections(table.tree):
        total = section.total
        if total is None or not (section.head or section.inside):
            continue
        for place in places:
            if total.values[place] is not None:
                yield Tie(total, place, inside(section, place), sure=False)


def _list_ties(table: ReportTable, *, sure: bool) -> Iterator[Tie]:
    places = [place for place, column in enumerate(table.columns) if _is_added(column)]
    held = [each for each in sections(table.tree) if _lines(each.inside)]
    totals = _apart(table.tree)
    for section in held:
        head = section.head.label.casefold() if section.head else ""
        total = section.total or (totals.get(head) if head else None)
        for place in places:
            if total is not None and total.values[place] is not None:
                yield _section_tie(section, total, place, sure=sure)


def _section_tie(section: ReportSection, total: ReportLine, place: int, *, sure: bool) -> Tie:
    """Of the lines of the section itself, or of those of its sub-accounts as well."""
    own = added([amount(line, place) for line in _lines(section.inside)])
    if own == amount(total, place):
        return Tie(total, place, own, sure)
    # A total that stands alone is that of its own lines once more.
    below = [part for part in section.inside if isinstance(part, ReportSection) and part.inside]
    every = added([own, *(contribution(part, place) for part in below)])
    return Tie(total, place, every, sure)


def _apart(parts: Sequence[Part]) -> dict[str, ReportLine]:
    """Totals in sections of their own ("Total for 1 - 30 days past due"), by the ends of their
    names: the names of what they are the totals of, whatever the language.
    """
    heads = [part.head for part in parts if isinstance(part, ReportSection) and part.head]
    names = {head.label.casefold() for head in heads}
    return {
        name: head
        for head in heads
        for name in names
        if head.label.casefold() != name and head.label.casefold().endswith(f" {name}")
    }


def _cash_ties(table: ReportTable, place: int, *, alone: bool) -> Iterator[Tie]:
    groups = {part.group: part for part in table.tree}
    standing = {group: _total(part) for group, part in groups.items()}
    activities = [
        part
        for part in table.tree
        if isinstance(part, ReportSection) and (part.head or part.inside) and part.total
    ]
    increase, ending = standing.get(_INCREASE), standing.get(_ENDING)
    if increase and increase.values[place] is not None:
        whole = added([contribution(part, place) for part in activities])
        same = whole == amount(increase, place)
        found = whole if same else _all_lines(activities, place)
        yield Tie(increase, place, found, sure=is_whole(table, place), by="the activities")
    if alone and increase and ending:
        begun = standing.get(_BEGINNING)
        parts = [amount(line, place) for line in (begun, increase) if line]
        yield Tie(ending, place, added(parts), sure=False, by="beginning and change")


def _all_lines(activities: Sequence[ReportSection], place: int) -> Decimal | None:
    lines = (line for each in activities for line in _every(each))
    return added([amount(line, place) for line in lines])


def _every(section: ReportSection) -> Iterator[ReportLine]:
    yield from _lines(section.inside)
    for inner in sections(section.inside):
        yield from _lines(inner.inside)


def _total(part: Part) -> ReportLine | None:
    return part.total if isinstance(part, ReportSection) else part


def _lines(parts: Sequence[Part]) -> list[ReportLine]:
    return [part for part in parts if isinstance(part, ReportLine)]


def _is_added(column: ReportColumn) -> bool:
    return column.is_amount and column.plain_key.startswith(_ADDED)
