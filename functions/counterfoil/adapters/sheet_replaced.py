"""What a replacement did to the rows: the block before against what was read back, by key. Pure.

docs/operations.md ("What a replacement changed") binds this and addon/Replaced.js.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from counterfoil.adapters.sheet_book import Old
from counterfoil.adapters.sheet_lay import Lay
from counterfoil.adapters.sheet_news import MOST_LISTED, Replaced, in_closed_books
from counterfoil.core.canonical import Cell, canonical

Row = Sequence[Cell]


def replaced(
    old: Old | None, lay: Lay, op: Mapping[str, Any], rows: Sequence[Row]
) -> Replaced | None:
    """`op` is an `expect` with `changes`, `rows` the data rows that it found.

    None where it cannot be told: nothing is known of the rows before, somebody changed them, they
    are of other companies, or two have one key.
    """
    asked = op["changes"]
    receipt = old.receipt if old is not None and old.as_left else None
    if old is None or receipt is None or not _is_before(receipt, op):
        return None
    places = [lay.was.get(key) for key in old.keys]
    if any(places[at] is None for at in asked["key_columns"]):
        return None
    before = _by_key(_lines(old, receipt, places), asked["key_columns"])
    now = _by_key(rows, asked["key_columns"])
    if before is None or now is None:
        return None
    same_columns = None not in places and len(lay.was) == len(places)
    # Each as it is, and as it was.
    news: dict[str, list[tuple[Row, Row]]] = {
        "new": [(row, row) for key, row in now.items() if key not in before],
        "changed": [
            (row, before[key])
            for key, row in now.items()
            if key in before and not _same(row, before[key])
        ],
        "gone": [(row, row) for key, row in before.items() if key not in now],
    }
    if not same_columns:
        del news["changed"]
    listed = [
        [what, *(str(row[at]) for at in asked["labels"])]
        for what, some in news.items()
        for row, _ in some[:MOST_LISTED]
    ]
    closed = asked.get("closed")
    return Replaced(
        {what: len(some) for what, some in news.items()},
        listed[:MOST_LISTED],
        closed
        and sum(in_closed_books(closed, row, was) for some in news.values() for row, was in some),
    )


def _is_before(receipt: Mapping[str, Any], op: Mapping[str, Any]) -> bool:
    """Whether that of another run, which was done, of the same companies."""
    other = receipt["state"] == "done" and receipt["run"] != op["run"]
    return other and bool(receipt.get("whose") == op["changes"]["whose"])


def _lines(old: Old, receipt: Mapping[str, Any], places: Sequence[int | None]) -> Iterator[Row]:
    """The data rows before, in the columns to come."""
    high = receipt["rows"]
    first = max(1, high - sum(size * times for size, times in receipt["digest"]["chunks"]))
    for line in old.cells[first:high]:
        yield ["" if at is None else line[at] for at in places]


def _by_key(rows: Iterable[Row], columns: Sequence[int]) -> dict[str, Row] | None:
    """None where two have one key."""
    found: dict[str, Row] = {}
    for row in rows:
        key = canonical([[row[column] for column in columns]])
        if key in found:
            return None
        found[key] = row
    return found


def _same(one: Row, other: Row) -> bool:
    """As their canonical texts are: true is not 1."""
    return one == other and all(
        isinstance(a, bool) is isinstance(b, bool) for a, b in zip(one, other, strict=True)
    )
