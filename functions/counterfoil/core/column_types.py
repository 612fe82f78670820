"""Which columns of a report of sums say again what others say: totals and changes. Pure."""

from __future__ import annotations

import enum

from counterfoil.core.comparison import is_change, is_of_before, of_now
from counterfoil.core.reports import ReportTable


class ColumnKind(enum.StrEnum):
    AMOUNT = "amount"
    TOTAL = "total"  # of the other columns beside it
    CHANGE = "change"  # between two others


_TOTAL = "total"
# Their last column is what the others come to; older answers give none of them a key.
_LAST_IS_TOTAL = frozenset(("AgedReceivables", "AgedPayables", "CustomerIncome"))
# Of a budget held against actual amounts.
_DIFFERENCES = ("/variance", "/favourable")


def column_types(table: ReportTable) -> tuple[ColumnKind, ...]:
    """One for each column, whatever it holds."""
    own = [each.key for each in table.columns if each.is_amount and not is_of_before(each.key)]
    totals = _totals(table.name, own)
    return tuple(_kind(column.key, totals) for column in table.columns)


def _totals(report: str, keys: list[str]) -> frozenset[str]:
    if report in _LAST_IS_TOTAL:
        return frozenset(keys[-1:] if len(keys) > 1 else ())
    found = frozenset(key for key in keys if _says_total(key))
    return found if len(found) < len(keys) else frozenset()


def _says_total(key: str) -> bool:
    """Also one of several below a title "Total", and one that is numbered for want of a key."""
    return any(part.partition("#")[0] == _TOTAL for part in key.split("/"))


def _kind(key: str, totals: frozenset[str]) -> ColumnKind:
    if is_change(key) or key.endswith(_DIFFERENCES):
        return ColumnKind.CHANGE
    return ColumnKind.TOTAL if of_now(key) in totals else ColumnKind.AMOUNT
