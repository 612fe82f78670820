"""A block that a killed run left: where our columns are, and whether somebody typed into it since.
Pure.

docs/operations.md ("After a kill") binds this and addon/Repair.js.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from counterfoil.adapters.sheet_lay import (
    START,
    Formulas,
    Found,
    Lay,
    Rows,
    extent,
    first_formula,
    lay_over,
)
from counterfoil.core import marks
from counterfoil.core.canonical import Cell
from counterfoil.core.digest import last_link


def left_block(
    lay: Lay,
    asked: Mapping[str, Any],
    receipt: Mapping[str, Any],
    keys: Sequence[str],
    header: int,
    cells: Rows,
    formulas: Formulas,
) -> Found | None:
    """Learns where our columns are, and whether what is there can be told; `keys` are theirs."""
    key, titles = asked["key"], cells[header - 1]
    may_be = {*lay.known, *(mark for _, mark in receipt.get("given", ()))}

    def is_known(title: Cell) -> bool:
        return marks.title_mark(key, title) in may_be

    stop = Found("differs_columns", header - 1, 0, 1, len(titles))
    places = _places(receipt, keys, cells, titles, is_known)
    if places is None:
        return stop
    now, left = places
    shown = [*now, *left]
    # The run that was killed left no marks to find our columns by: one that somebody put in since
    # cannot be told from one that was renamed, and must not be written over.
    if any(titles[at] != "" and not is_known(titles[at]) for at in shown):
        return stop
    written, was = extent(receipt, now), receipt.get("was")
    is_new = _is_table(key, cells, shown, written)
    lay.before = written if is_new else was
    is_old = was is not None and _is_table(key, cells, shown, was)
    lay.doubt = not is_new and not is_old and not _is_blank(cells, shown)
    lay_over(lay, asked, keys, now, left)
    _name_again(lay, asked, receipt, [titles[at] for at in shown])
    return first_formula(formulas, shown)


def _places(
    receipt: Mapping[str, Any],
    keys: Sequence[str],
    cells: Rows,
    titles: Sequence[Cell],
    is_known: Callable[[Cell], bool],
) -> tuple[list[int], list[int]] | None:
    """Where our columns are, and those that were not needed any more; None where it cannot be
    told.
    """
    width = len(titles)
    now, stale = list(receipt.get("places") or range(len(keys))), list(receipt.get("stale", ()))
    short, long = max(now, default=-1) + 1, max([*now, *stale], default=-1) + 1
    if width in (short, long):
        return now, [at for at in stale if at < width]
    # It died while columns came or went: ours are those with our titles, and those that nobody has
    # filled.
    here = [
        at
        for at, title in enumerate(titles)
        if (_is_blank(cells, [at]) if title == "" else is_known(title))
    ]
    people = long - len(now) - len(stale)
    return (here, []) if here and width - len(here) == people else None


def _is_table(key: str, cells: Rows, ours: Sequence[int], table: Sequence[Any]) -> bool:
    """Whether all that is ours is that table, and blank beside and below it."""
    rows, columns, chunks, start, *moved = table
    places = list(moved[0] if moved else range(columns))
    if not start or len(cells) < rows or max(places, default=-1) >= len(cells[0]):
        return False
    header = rows - sum(size * times for size, times in chunks)
    body = [[row[at] for at in places] for row in cells[header:rows]]
    return (
        (last_link(key, chunks, body) or "")[:START] == start
        and _is_blank(cells[header:], [at for at in ours if at not in places])
        and _is_blank(cells[rows:], places)
    )


def _is_blank(rows: Rows, places: Sequence[int]) -> bool:
    return all(row[at] == "" for row in rows for at in places)


def _name_again(
    lay: Lay, asked: Mapping[str, Any], receipt: Mapping[str, Any], titles: Sequence[Cell]
) -> None:
    """The titles that people gave before the run that was killed, wherever they stand now."""
    old_keys = marks.cut(receipt["keys"], marks.KEY_MARK)
    new_keys = marks.cut(asked["keys"], marks.KEY_MARK)
    found = {marks.title_mark(asked["key"], title): title for title in titles}
    for column, mark in receipt.get("given", ()):
        if mark not in found:
            continue
        # Older releases left the places of columns that had meanwhile moved, or gone.
        old_key = old_keys[column] if column < len(old_keys) else None
        if old_key in new_keys:
            lay.renamed[new_keys.index(old_key)] = found[mark]
            lay.given[new_keys.index(old_key)] = mark
        elif mark not in lay.known:
            lay.known.append(mark)
