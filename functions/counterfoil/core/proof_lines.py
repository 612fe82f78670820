"""What a run's proof says in the tab "Counterfoil log", beside its title. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from counterfoil.core.operations import LOG_TAB, Operation
from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.core.tie_out import Outcome, TieOut

_VERDICTS = {Verdict.PASS: "complete", Verdict.FAIL: "not complete"}
_OUTCOMES = {Outcome.FAIL: "differs", Outcome.NOT_APPLICABLE: "not compared"}


def logged(proof: Proof) -> str:
    """How many rows QuickBooks sent, how many match and are in the sheet, the totals by currency,
    what came of checks against other reports, and why that is all; the add-on's line for a run that
    nobody looked at has the same words.
    """
    counted = "" if proof.counted is None else f"QuickBooks counts {proof.counted:,}"
    matching = "" if proof.of is None else f"{proof.of:,} match"
    held = "" if proof.rows is None else f"{proof.rows:,} in the sheet"
    numbers = [f"{proof.sent:,} sent", counted, matching, held]
    totals = [f"{it.title} {_grouped(it.amount)} {it.currency}".strip() for it in proof.totals]
    return " · ".join(
        filter(None, [*numbers, *totals, *_checks(proof.ties), proof.why, proof.apart])
    )


def unlooked(proof: Proof, seen: Mapping[str, Any]) -> str:
    """The line of a run that nobody looked at, of which no list tells; `seen` is what the writer
    read back.
    """
    rows: int | None = seen.get("rows") if proof.rows is None else proof.rows
    many = "" if rows is None else f"{rows:,} {'row' if rows == 1 else 'rows'}, "
    told = [many + _VERDICTS.get(proof.verdict, "not checked"), logged(replace(proof, rows=rows))]
    return " · ".join([*told, "Nothing changed."] if _is_same(seen) else told)


_CHANGES = ("new", "changed", "removed", "left", "gone", "marked")


def _is_same(seen: Mapping[str, Any]) -> bool:
    """Of a table that is new, or under other columns than before, nobody can tell."""
    return "changed" in seen and not any(seen.get(kind) for kind in _CHANGES)


def _checks(ties: Sequence[TieOut]) -> list[str]:
    """How many agree; what differs or was not compared, in full."""
    count = Counter(tie.outcome for tie in ties)
    differ, agree, apart = (count[each] for each in _ORDER)
    told = [
        "1 check differs" if differ == 1 else f"{differ} checks differ" if differ else "",
        "1 check agrees" if agree == 1 else f"{agree} checks agree" if agree else "",
        f"not compared: {apart}" if apart else "",
    ]
    whys = [
        f"{it.title}: {_OUTCOMES[it.outcome]}. {it.why}" for it in ties if it.outcome in _OUTCOMES
    ]
    return [*told, *whys]


_ORDER = (Outcome.FAIL, Outcome.PASS, Outcome.NOT_APPLICABLE)


def with_proof(made: Iterable[Operation], proof: Proof) -> tuple[Operation, ...]:
    """The last step's operations, whose list of what changed begins with the proof; of a table of
    which only the sheet knows the totals, the writer adds them.
    """
    told, totals = logged(proof), bool(proof.totals)
    return tuple(_proven(it, told, totals=totals) if _is_list(it) else it for it in made)


def sheet_totals(made: Iterable[Operation], seen: Mapping[str, Any]) -> tuple[Total, ...]:
    """By currency, as the writer has read them back; nothing where it was not asked to."""
    looks = [it.fields for it in made if it.name == "expect" and "currency" in it.fields]
    return tuple(
        Total("", title, currency, Decimal(sums[currency]).scaleb(-each["scale"]))
        for look in looks[-1:]
        for each, sums in zip(look["sums"], seen.get("by_currency", ()), strict=False)
        if (title := look["titles"][each["column"]]) is not None
        for currency in sorted(sums)
    )


def _is_list(made: Operation) -> bool:
    return made.fields.get("title") == LOG_TAB and bool(made.fields.get("changes"))


def _proven(made: Operation, told: str, *, totals: bool) -> Operation:
    (first, *others) = made.fields["rows"]
    fields = {**made.fields, "rows": [[*first, told], *others]}
    return replace(made, fields=fields | ({} if totals else {"totals": True}))


def _grouped(amount: Decimal) -> str:
    return f"{amount:,f}"
