"""Debits and credits that stand in columns of their own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from counterfoil.core.comparison import is_of_before, of_now
from counterfoil.core.reports import ReportColumn, ReportLine, ReportTable, Value

TRIAL_BALANCES = frozenset(("TrialBalance", "TrialBalanceFR"))
_JOURNALS = frozenset(("JournalReport", "JournalReportFR"))
_DEBIT, _CREDIT = "debt_amt", "credit_amt"
# What is left of a document, on the side of what is owed.
_OPEN = ("subt_open_bal", "subt_neg_open_bal")
_OWED = {
    **dict.fromkeys(("AgedReceivableDetail", "CustomerBalanceDetail"), 1),
    **dict.fromkeys(("AgedPayableDetail", "VendorBalanceDetail"), -1),
}
_ZERO = Decimal(0)

Pair = tuple[int, int]
"""The places of a debit and of the credit that goes with it."""


def pairs(table: ReportTable) -> tuple[Pair, ...]:
    """Those of each period, earlier one and change; () where nobody knows which is which."""
    if table.name not in TRIAL_BALANCES | _JOURNALS:
        return ()
    keys = [column.plain_key for column in table.columns]
    if _DEBIT in keys and _CREDIT in keys:
        return ((keys.index(_DEBIT), keys.index(_CREDIT)),)
    return _by_order(table.columns) if table.name in TRIAL_BALANCES else ()


def own_pair(table: ReportTable) -> Pair | None:
    """The one of the period asked for; None where there are several, or none."""
    now = [pair for pair in pairs(table) if not is_of_before(table.columns[pair[0]].key)]
    return now[0] if len(now) == 1 else None


def sides(table: ReportTable) -> dict[int, int]:
    """1 for the place of a debit, -1 for that of a credit."""
    found = pairs(table)
    return {place: side for pair in found for place, side in zip(pair, (1, -1), strict=True)}


def debits(table: ReportTable, lines: Sequence[ReportLine]) -> list[Decimal | None]:
    """What each line of a report of transactions debits, a credit being negative: less its credit,
    where both have columns, or what is open of what customers owe or vendors are owed. Else, as
    where amounts stand on the side of an account that the report does not tell, None.
    """
    places = {column.plain_key: place for place, column in enumerate(table.columns)}
    if _DEBIT in places and _CREDIT in places:
        debit, credit = places[_DEBIT], places[_CREDIT]
        return [_less(line.values[debit], line.values[credit]) for line in lines]
    open_at = next((places[key] for key in _OPEN if key in places), None)
    side = _OWED.get(table.name)
    if open_at is None or side is None:
        return [None] * len(lines)
    amounts = (line.values[open_at] for line in lines)
    return [side * each if isinstance(each, Decimal) else None for each in amounts]


def _less(debit: Value, credit: Value) -> Decimal | None:
    one, other = (each if isinstance(each, Decimal) else None for each in (debit, credit))
    return None if one is None and other is None else (one or _ZERO) - (other or _ZERO)


def _by_order(columns: Sequence[ReportColumn]) -> tuple[Pair, ...]:
    """A trial balance names its columns by titles only; that debit comes before credit is fixed."""
    held: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        if column.is_amount:
            held.setdefault(of_now(column.key), []).append(place)
    groups = list(held.values())
    both = list(zip(groups[::2], groups[1::2], strict=False))
    if len(groups) % 2 or not all(_go_together(columns, pair, len(both)) for pair in both):
        return ()
    return tuple(pair for one, other in both for pair in zip(one, other, strict=True))


def _go_together(
    columns: Sequence[ReportColumn], pair: tuple[Sequence[int], Sequence[int]], pairs: int
) -> bool:
    """Not so two columns of periods, which would be balances and not sides."""
    first, second = (columns[places[0]] for places in pair)
    around = first.title.rpartition(" / ")[0]
    if len(pair[0]) != len(pair[1]) or around != second.title.rpartition(" / ")[0]:
        return False
    return bool(around) or (pairs == 1 and (first.start, first.end) == (second.start, second.end))
