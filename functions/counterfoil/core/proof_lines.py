"""What a run's proof says in the tab "Counterfoil log", beside its title. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from counterfoil.core.operations import LOG_TAB, Operation
from counterfoil.core.proof import Proof


def logged(proof: Proof) -> str:
    """How many rows QuickBooks sent, how many match and are in the sheet, the totals by currency,
    and why that is all; the add-on's line for a run that nobody looked at has the same words.
    """
    counted = "" if proof.counted is None else f"QuickBooks counts {proof.counted:,}"
    matching = "" if proof.of is None else f"{proof.of:,} match"
    held = "" if proof.rows is None else f"{proof.rows:,} in the sheet"
    numbers = [f"{proof.sent:,} sent", counted, matching, held]
    totals = [f"{it.title} {_grouped(it.amount)} {it.currency}".strip() for it in proof.totals]
    return " · ".join(filter(None, [*numbers, *totals, proof.why]))


def with_proof(made: Iterable[Operation], proof: Proof) -> tuple[Operation, ...]:
    """The last step's operations, whose list of what changed begins with the proof."""
    return tuple(_proven(each, logged(proof)) if _is_list(each) else each for each in made)


def _is_list(made: Operation) -> bool:
    return made.fields.get("title") == LOG_TAB and bool(made.fields.get("changes"))


def _proven(made: Operation, told: str) -> Operation:
    (first, *others) = made.fields["rows"]
    return replace(made, fields={**made.fields, "rows": [[*first, told], *others]})


def _grouped(amount: Decimal) -> str:
    return f"{amount:,f}"
