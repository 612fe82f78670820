"""Which pages a run reads, and whether they were all. Pure."""

from __future__ import annotations

from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.core.query import LARGEST_PAGE

PAGE = LARGEST_PAGE
"""Every call is metered: the largest page is the cheapest."""


def needs_count(rows: int, size: int = PAGE) -> bool:
    """Whether a first page of so many rows leaves open if there are more."""
    return rows >= size


def calls(rows: int, size: int = PAGE) -> int:
    """How many calls so many rows take, if nobody edits them meanwhile: the pages, and where one is
    not all, COUNT and what has changed.
    """
    return 1 if rows < size else -(-rows // size) + 2


def starts(count: int, done: int = 0, size: int = PAGE, overlap: int = 0) -> list[int]:
    """The STARTPOSITIONs still to read when `done` rows were read of `count`; each page repeats
    the last `overlap` rows of the one before.
    """
    overlap = min(overlap, done)
    return list(range(done + 1 - overlap, count + 1 - overlap, size - overlap))


def proof(
    *,
    sent: int,
    distinct: int,
    counted: int | None,
    edited: int = 0,
    rows: int | None = None,
    totals: tuple[Total, ...] = (),
    unbalanced: int = 0,
    is_filtered: bool = False,
    largest_page: int = PAGE,
) -> Proof:
    """The verdict over a whole run, once nothing moves any more.

    `sent` is how many came, each counted once however often it was sent, and `distinct` how many
    ids that makes. `counted` is QuickBooks' COUNT, None when the first page was not full and so was
    all there is. `edited` is how many rows changed during the run and were read again. `rows` is
    how many go to the sheet, where that is not what was sent. `unbalanced` is how many have lines
    that do not add up to their total.
    """
    verdict, why = _verdict(sent, distinct, counted, largest_page)
    if is_filtered and rows is not None:
        why += f" {_rows(rows).capitalize()} of them match{'es' * (rows == 1)} your filters."
    if edited:
        why += f" Edited during the run: {edited:,}, included."
    if unbalanced:
        why += (
            f" Lines that do not add up to their total: of {unbalanced:,}, see what is left over."
        )
    return Proof(
        verdict, why, sent, counted, distinct, sent if rows is None else rows, totals, edited
    )


def _verdict(
    sent: int, distinct: int, counted: int | None, largest_page: int
) -> tuple[Verdict, str]:
    if distinct != sent:
        # What QuickBooks repeats is kept once, so this is not about QuickBooks: both are our own
        # counts, which part only where parking or going back in a run has mixed them up.
        return Verdict.FAIL, f"Counterfoil kept {_rows(sent)}, but of {distinct:,} different ids."
    if counted is None:
        if sent < largest_page:
            return Verdict.PASS, f"QuickBooks sent all its {_rows(sent)} in one page."
        return Verdict.NOT_CHECKED, (
            f"QuickBooks sent {_rows(sent)} and was not asked how many there are."
        )
    if counted != sent:
        return Verdict.FAIL, f"QuickBooks counted {_rows(counted)} but sent {sent:,}."
    return Verdict.PASS, f"QuickBooks counted {_rows(counted)} and sent each of them once."


def _rows(number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}"
