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
        notes.append(
            f"{count:,} accounts are not matched and have lines of their own."
            if count > 1
            else "1 account is not matched and has a line of its own."
        )
    if made.apart:
        is_one, rows = _rows(made.apart)
        verb = "is" if is_one else "are"
        notes.append(f"{rows} {verb} of companies that are not in this table.")
    if made.idle:
        is_one, rows = _rows(made.idle)
        verb = "names" if is_one else "name"
        notes.append(f"{rows} {verb} no account that this report shows.")
    if made.lone:
        rows = _rows(made.lone)[1]
        notes.append(
            f"Of {rows[0].lower()}{rows[1:]} this report shows one account only: is the other one "
            "written as in QuickBooks?"
        )
    return notes


def _rows(found: Sequence[int]) -> tuple[bool, str]:
    """Whether it is one, and "Row 2 of the eliminations"."""
    is_one = len(found) == 1
    return is_one, f"Row{'' if is_one else 's'} {', '.join(map(str, found))} of the eliminations"


def _sum(values: Sequence[object]) -> Decimal:
    return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
