"""The proof of one company's rows, once nothing moves any more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from counterfoil.core import line_pages, looks, paging
from counterfoil.core.datasets import Column
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.gathered import Gathered


def proven(
    choice: EntityChoice,
    read: Gathered,
    *,
    counted: int | None,
    edited: int,
    largest_page: int,
) -> Proof:
    """Raises IncompleteRead when what was read is not what QuickBooks counts."""
    proof = paging.proof(
        sent=read.records,
        distinct=len(read.seen),
        counted=counted,
        edited=edited,
        rows=read.rows,
        totals=_totals(choice, read),
        unbalanced=_unbalanced(read),
        is_filtered=bool(choice.local),
        largest_page=largest_page,
    )
    if proof.verdict is not Verdict.PASS:
        raise IncompleteRead(
            f"{proof.why} Nothing was written. Please export again.",
            sent=proof.sent,
            counted=proof.counted,
            distinct=proof.distinct,
        )
    return proof


def _totals(choice: EntityChoice, read: Gathered) -> tuple[Total, ...]:
    """Blank ones are left out where a company knows one currency only. What the lines leave of a
    total is said only if it is anything.
    """
    of_lines = [line_pages.LINES, line_pages.LEFT_OVER][: 1 + bool(_unbalanced(read))]
    columns: list[Column] = [*choice.columns, *(of_lines if choice.lines else ())]
    at_home = read.columns_at_home
    beside = [[it, *([at_home[it.key]] if it.key in at_home else [])] for it in columns]
    return tuple(
        _with_cents(total)
        for total in read.totals.of([each for some in beside for each in some])
        if total.amount or not read.is_home(total.key)
    )


def _unbalanced(read: Gathered) -> int:
    """Records whose lines do not add up to their total."""
    return int(read.totals.sum_of(line_pages.UNBALANCED))


def _with_cents(total: Total) -> Total:
    """3.1 dollars are 3.10; nothing is ever rounded."""
    cent = Decimal(1).scaleb(-looks.decimals(total.currency))
    exact = total.amount + cent - cent
    return replace(total, amount=exact)
