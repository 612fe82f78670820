"""Which pages a run reads, and whether they were all. Pure."""

from __future__ import annotations

from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.core.query import LARGEST_PAGE

PAGE = LARGEST_PAGE
"""Every call is metered: the largest page is the cheapest."""


def needs_count(rows: int, size: int = PAGE) -> bool:
    """Whether a first page of so many rows leaves open if there are more."""
    return rows >= size


def starts(count: int, done: int = 0, size: int = PAGE) -> list[int]:
    """The STARTPOSITIONs still to read when `done` rows were read of `count`."""
    return list(range(done + 1, count + 1, size))


def proof(
    *,
    sent: int,
    distinct: int,
    counted: int | None,
    counted_after: int | None = None,
    rows: int | None = None,
    totals: tuple[Total, ...] = (),
    largest_page: int = PAGE,
) -> Proof:
    """The verdict over a whole run.

    `counted` is QuickBooks' COUNT before the pages, `counted_after` the one after them; both
    are None when the first page was not full and so was all there is. `rows` is how many go to
    the sheet, where that is not what was sent.
    """
    verdict, why = _verdict(sent, distinct, counted, counted_after, largest_page)
    return Proof(verdict, why, sent, counted, distinct, sent if rows is None else rows, totals)


def _verdict(
    sent: int, distinct: int, counted: int | None, counted_after: int | None, largest_page: int
) -> tuple[Verdict, str]:
    if distinct != sent:
        return Verdict.FAIL, (
            f"QuickBooks sent {_rows(sent)} but only {distinct:,} different ids: its rows changed "
            "while they were read."
        )
    if counted is None:
        if sent < largest_page:
            return Verdict.PASS, f"QuickBooks sent all its {_rows(sent)} in one page."
        return Verdict.NOT_CHECKED, (
            f"QuickBooks sent {_rows(sent)} and was not asked how many there are."
        )
    if counted_after is not None and counted_after != counted:
        return Verdict.FAIL, (
            f"QuickBooks counted {counted:,} before and {counted_after:,} after the reading: its "
            "rows changed meanwhile."
        )
    if counted != sent:
        return Verdict.FAIL, f"QuickBooks counted {_rows(counted)} but sent {sent:,}."
    return Verdict.PASS, f"QuickBooks counted {_rows(counted)} and sent each of them once."


def _rows(number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}"
