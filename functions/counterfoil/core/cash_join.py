"""A Statement of Cash Flows made of those of consecutive periods. Pure.

What came and went adds up; cash at the beginning is that of the first part, cash at the end that of
the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from counterfoil.core.report_join import Part, misfit
from counterfoil.core.report_sums import summed
from counterfoil.core.reports import ReportLine, ReportSection, ReportTable

_INCREASE, _BEGINNING, _ENDING = "CashIncrease", "BeginningCash", "EndingCash"
_ADDED = frozenset(
    (
        *("OperatingActivities", "InvestingActivities", "FinancingActivities"),
        *("FinancingActivites", _INCREASE),  # as one version of the service spells it
    )
)
_BALANCES = frozenset((_BEGINNING, _ENDING))


def summed_cash(parts: Sequence[ReportTable]) -> ReportTable:
    """Raises IncompleteRead where the parts do not fit together, or hold what is not known here."""
    for part in parts:
        if any(each.group not in _ADDED | _BALANCES for each in part.tree):
            raise misfit()
    table = summed([_without_balances(part) for part in parts])
    first, last = _group(parts[0], _BEGINNING), _group(parts[-1], _ENDING)
    increase = _amounts(_group(table, _INCREASE))
    ends = [a + b for a, b in zip(_amounts(first, like=increase), increase, strict=True)]
    if not increase or ends != _amounts(last, like=increase):
        raise misfit()
    moved = [each for each in map(_moved, table.tree) if each is not None]
    balances = [each for each in (first, last) if each is not None]
    return replace(table, tree=(*moved, *balances))


def _moved(part: Part) -> Part | None:
    """Without accounts that came back to where they were, which QuickBooks leaves out."""
    if isinstance(part, ReportLine):
        return part if any(_amounts(part)) or part.ids[0] is None else None
    inside = tuple(each for each in map(_moved, part.inside) if each is not None)
    if part.inside and not inside and not any(_amounts(part)):
        return None
    return replace(part, inside=inside)


def _without_balances(part: ReportTable) -> ReportTable:
    return replace(part, tree=tuple(each for each in part.tree if each.group not in _BALANCES))


def _group(table: ReportTable, name: str) -> Part | None:
    return next((each for each in table.tree if each.group == name), None)


def _amounts(part: Part | None, *, like: Sequence[Decimal] = ()) -> list[Decimal]:
    """As many as there are; as many noughts as in `like` where it is not there."""
    line = part.total if isinstance(part, ReportSection) else part
    if line is None:
        return [Decimal(0) for _ in like]
    found = [Decimal(0) if value is None else value for value in line.values[1:]]
    return [value for value in found if isinstance(value, Decimal)]
