"""Whether a consolidated table adds up, in every column. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from counterfoil.core import ties
from counterfoil.core.consolidation_books import BEGINNING, CASH_FLOW, ENDING, INCREASE, RATE_EFFECT
from counterfoil.core.consolidation_lines import Merged
from counterfoil.core.consolidation_table import TRIAL_BALANCE
from counterfoil.core.proof import Proof, Verdict
from counterfoil.core.reports import LineKind, ReportLine, ReportTable


def proof(table: ReportTable, made: Merged) -> Proof:
    """By the ties of the report itself, and by what the whole must be: the companies and the
    eliminations together.
    """
    found = ties.proof(table)
    broken = [line for line in table.lines if not _adds_up(line)]
    if found.verdict is Verdict.FAIL:
        return found
    if broken or not _closes(table):
        which = f'"{broken[0].label}" is not the sum of its companies.' if broken else ""
        why = "This table does not add up."
        return replace(found, verdict=Verdict.FAIL, why=why, apart=which)
    words = [
        found.why if found.verdict is Verdict.PASS else "",
        "Every line is the sum of its companies and eliminations.",
        *_notes(made),
    ]
    return replace(found, verdict=Verdict.PASS, why=" ".join(filter(None, words)), apart="")


def _adds_up(line: ReportLine) -> bool:
    *parts, total = line.values[1:]
    return _sum(parts) == _sum([total])


def _closes(table: ReportTable) -> bool:
    """Debits are credits; cash at the end is that of the beginning and what came in."""
    last = {line.group: line for line in table.lines if line.group}
    for place in range(1, len(table.columns)):
        if table.name == TRIAL_BALANCE:
            own = [line.values[place] for line in table.lines if line.kind is not LineKind.TOTAL]
            if _sum(own) or _sum([last["GrandTotal"].values[place]]):
                return False
        elif table.name == CASH_FLOW:
            own = [last[name].values[place] for name in (INCREASE, BEGINNING)]
            effect = last[RATE_EFFECT].values[place] if RATE_EFFECT in last else None
            if _sum([*own, effect]) != _sum([last[ENDING].values[place]]):
                return False
    return True


def _notes(made: Merged) -> list[str]:
    notes: list[str] = []
    if made.unmapped:
        count = len({(whose, account.id) for whose, account in made.unmapped})
        notes.append(f"{count:,} accounts are not matched and have lines of their own.")
    if made.apart:
        rows = ", ".join(map(str, made.apart))
        notes.append(
            f"Rows {rows} of the eliminations are of companies that are not in this table."
        )
    if made.idle:
        rows = ", ".join(map(str, made.idle))
        notes.append(f"Rows {rows} of the eliminations name no account that this report shows.")
    if made.lone:
        rows = ", ".join(map(str, made.lone))
        notes.append(
            f"Of rows {rows} of the eliminations this report shows one account only: is the other "
            "one written as in QuickBooks?"
        )
    return notes


def _sum(values: Sequence[object]) -> Decimal:
    return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
