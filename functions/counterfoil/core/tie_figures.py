"""The figures of a report that another report has too, by groups, keys and ids. Pure.

Each raises NotApplicable where the report, as it was asked for, does not say them.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from counterfoil.core.comparison import is_of_before
from counterfoil.core.reports import (
    LineKind,
    ReportLine,
    ReportSection,
    ReportTable,
)
from counterfoil.core.tie_out import Figure, Item, NotApplicable
from counterfoil.core.two_sided import own_pair
from counterfoil.core.whole_columns import is_share

Part = ReportSection | ReportLine
_ZERO = Decimal(0)
_AMOUNT, _BALANCE = "subt_nat_amount", "rbal_nat_amount"
_OPEN = ("subt_open_bal", "subt_neg_open_bal")
_WORTH = "home_asset_value"


class Measure(enum.Enum):
    """What is taken from a report."""

    NET_INCOME = "its net income"
    RECEIVABLE = "its accounts receivable"
    PAYABLE = "its accounts payable"
    TOTAL = "its grand total"
    OPEN = "the open balances of its lines"
    BOTTOM = "its last total"
    BALANCES = "the balance of each account on its side"
    CLOSING = "the balance of each account after its last line"
    STOCK = "the value of what is in stock"
    STOCK_LEFT = "the value of what each item's moves leave in stock"


def wanted_columns(measure: Measure, offered: Sequence[str]) -> tuple[str, ...]:
    """The columns of a report of transactions that tell a figure, a text first; () for all."""
    wanted = {
        Measure.OPEN: _OPEN,
        Measure.BOTTOM: (_AMOUNT,),
        Measure.CLOSING: (_AMOUNT, _BALANCE),
        Measure.STOCK_LEFT: (_WORTH,),
    }.get(measure, ())
    found = tuple(key for key in wanted if key in offered)
    return (offered[0], *found) if found else ()


def figure(table: ReportTable, measure: Measure) -> Figure:
    """Raises NotApplicable."""
    return _MEASURED[measure](table)


def _net_income(table: ReportTable) -> Decimal:
    return _said(table, "NetIncome")


def _open_total(table: ReportTable) -> Decimal:
    return _said(table, "GrandTotal")


def _said(table: ReportTable, group: str) -> Decimal:
    """The amount of a group that every report of that kind has, unless it is empty."""
    found = _of_group(table, group)
    if found is None and any(line.kind is LineKind.DATA for line in table.lines):
        raise NotApplicable("QuickBooks sent the report without the total that is compared.")
    return found or _ZERO


def _owed(table: ReportTable, group: str) -> Decimal:
    """The amount of a group that is left out where nothing is owed."""
    return _of_group(table, group) or _ZERO


def _of_group(table: ReportTable, group: str) -> Decimal | None:
    place = _last_amount(table)
    for part in _parts(table.tree):
        if part.group == group:
            line = part.total if isinstance(part, ReportSection) else part
            return None if line is None else _amount(line, place)
    return None


def _open_lines(table: ReportTable) -> Decimal:
    place = next((at for at, it in enumerate(table.columns) if it.plain_key in _OPEN), None)
    if place is None:
        raise NotApplicable("The column of open balances was left out of the report.")
    data = (line for line in table.lines if line.kind is LineKind.DATA)
    return sum((_amount(line, place) for line in data), _ZERO)


def _bottom(table: ReportTable) -> Decimal:
    """Of a report of transactions, which names no groups: the total of the one section in which
    all of it lies, or what stands alone at its end.
    """
    place = _place_of(table, _AMOUNT)
    if not table.tree:
        return _ZERO
    last = table.tree[-1]
    total = last.total if isinstance(last, ReportSection) else None
    alone = isinstance(last, ReportSection) and not last.head and not last.inside
    if total is None or not (alone or len(table.tree) == 1):
        raise NotApplicable("The report does not end with a total of all of it.")
    return _amount(total, place)


def _sides(table: ReportTable) -> Mapping[str, Item]:
    """Of a trial balance; which side an amount stands on the other report does not tell."""
    sides = own_pair(table)
    if sides is None:
        raise NotApplicable(
            "The Trial Balance has columns by something else than debit and credit."
        )
    debit, credit = sides
    found = {}
    for line in table.lines:
        # An account with sub-accounts has its own amount in the head above them.
        if line.kind is not LineKind.TOTAL:
            id = line.ids[0]
            if id is None:
                raise NotApplicable(
                    "QuickBooks sent an account of the Trial Balance without its id."
                )
            found[id] = Item(line.label, abs(_amount(line, debit) - _amount(line, credit)))
    return {id: item for id, item in found.items() if item.amount}


def _closing(table: ReportTable) -> Mapping[str, Item]:
    moved, balance = _place_of(table, _AMOUNT), _place_of(table, _BALANCE)
    found: dict[str, Item] = {}
    for part in _parts(table.tree):
        if not isinstance(part, ReportSection) or part.head is None:
            continue
        own = [line for line in part.inside if isinstance(line, ReportLine)]
        if not own:
            continue
        id = part.head.ids[0]
        if id is None:
            raise NotApplicable("QuickBooks sent an account of the General Ledger without its id.")
        # What it begins with has a balance and moves nothing.
        carried = _amount(own[0], balance) if own[0].values[moved] is None else _ZERO
        total = sum((_amount(line, moved) for line in own), carried)
        found[id] = Item(part.head.label, abs(total))
    return {id: item for id, item in found.items() if item.amount}


def _stock(table: ReportTable) -> Decimal:
    """Pieces and prices have no total: what has one is the value."""
    grand = next((part for part in table.tree if part.group == "GrandTotal"), None)
    line = grand.total if isinstance(grand, ReportSection) else grand
    amounts = [value for value in line.values if isinstance(value, Decimal)] if line else []
    if not amounts and not any(line.kind is LineKind.DATA for line in table.lines):
        return _ZERO
    if len(amounts) != 1:
        raise NotApplicable("The report does not tell one value of all that is in stock.")
    return amounts[0]


def _stock_left(table: ReportTable) -> Decimal:
    place = _place_of(table, _WORTH)
    items = [part for part in _parts(table.tree) if isinstance(part, ReportSection)]
    ends = [part.total for part in items if any(isinstance(it, ReportLine) for it in part.inside)]
    return sum((_amount(line, place) for line in ends if line), _ZERO)


_MEASURED: Mapping[Measure, Callable[[ReportTable], Figure]] = {
    Measure.NET_INCOME: _net_income,
    Measure.RECEIVABLE: lambda table: _owed(table, "AR"),
    Measure.PAYABLE: lambda table: _owed(table, "AP"),
    Measure.TOTAL: _open_total,
    Measure.OPEN: _open_lines,
    Measure.BOTTOM: _bottom,
    Measure.BALANCES: _sides,
    Measure.CLOSING: _closing,
    Measure.STOCK: _stock,
    Measure.STOCK_LEFT: _stock_left,
}


def _parts(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, ReportSection):
            yield from _parts(part.inside)


def _last_amount(table: ReportTable) -> int:
    """The column of the whole: the last one, which is a total or the last day's; of a comparison
    that of the period asked for.
    """
    places = [
        at
        for at, column in enumerate(table.columns)
        if column.is_amount and not is_of_before(column.key) and not is_share(table, at)
    ]
    if not places:
        raise NotApplicable("The report has no column of the whole company.")
    return places[-1]


def _place_of(table: ReportTable, key: str) -> int:
    for place, column in enumerate(table.columns):
        if column.plain_key == key:
            return place
    raise NotApplicable("A column that the check needs was left out of the report.")


def _amount(line: ReportLine, place: int) -> Decimal:
    value = line.values[place]
    if value is None:
        return _ZERO
    if not isinstance(value, Decimal):
        raise NotApplicable("QuickBooks sent a text where an amount was to be.")
    return value
