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
    what came of checks against other reports, and why that is all.
    """
    counted = "" if proof.counted is None else f"QuickBooks counts {proof.counted:,}"
    matching = "" if proof.of is None else f"{proof.of:,} match"
    held = "" if proof.rows is None else f"{proof.rows:,} in the sheet"
    numbers = [f"{proof.sent:,} sent", counted, matching, held]
    totals = [f"{it.title} {_grouped(it.amount)} {it.currency}".strip() for it in proof.totals]
    return " · ".join(
        filter(None, [*numbers, *totals, *_checks(proof.ties), proof.why, proof.apart])
    )


def unlooked(proof: Proof, seen: Mapping[str, Any], made: Iterable[Operation] = ()) -> str:
    """The line of a run that nobody looked at, of which no list tells; `seen` is what the writer
    read back after the operations `made`. The add-on's line has the same words
    (addon/RunLog.js, tests/data/log_lines.json).
    """
    there: int | None = seen.get("rows")
    rows = there if proof.rows is None else proof.rows
    many = "" if rows is None else f"{rows:,} {'row' if rows == 1 else 'rows'}, "
    told = many + _VERDICTS.get(proof.verdict, "not checked")
    read_back = replace(proof, rows=there, totals=proof.totals or sheet_totals(made, seen))
    return " · ".join(filter(None, (told, logged(read_back), _unchanged(seen))))


_CHANGES = ("new", "changed", "removed", "left", "gone", "marked")


def _unchanged(seen: Mapping[str, Any]) -> str:
    """Of a table that is new nobody can tell, nor of changed rows under other columns."""
    if "new" not in seen or any(seen.get(kind) for kind in _CHANGES):
        return ""
    return "Nothing changed." if "changed" in seen else _OTHER_COLUMNS


_OTHER_COLUMNS = (
    "No row is new or gone. The columns are others than before, so changes are not told."
)


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
