"""Whether a block is as the last run left it. Pure.

What was read comes in, what is to be done comes out. The add-on's half of it is addon/OldBlock.js;
docs/operations.md ("The block before the run") binds both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.adapters.sheet_lay import (
    Formulas,
    Found,
    Lay,
    Rows,
    extent,
    first_formula,
    is_as_sent,
    lay_over,
)
from counterfoil.adapters.sheet_repair import left_block
from counterfoil.core import marks
from counterfoil.core.canonical import Cell
from counterfoil.core.tally import rounded


def old_block(
    asked: Mapping[str, Any],
    receipt: Mapping[str, Any] | None,
    cells: Rows,
    formulas: Formulas,
) -> tuple[Lay, Found | None]:
    """`asked` is the `expect`; `cells` is the whole block, with as many columns in each row."""
    lay = Lay(known=[marks.title_mark(asked["key"], title) for title in asked["titles"]])
    if receipt is None:
        return lay, _unsigned(cells, formulas)
    cells, formulas = without_ours(receipt, cells, formulas)
    key, width = asked["key"], len(cells[0])
    old_keys = _keys(asked, receipt, width)
    header = max(1, receipt["rows"] - sum(r * n for r, n in receipt["digest"]["chunks"]))
    if len(cells) < header:
        return lay, Found("differs_size", 0, 0, len(cells), width)
    lay.known = list(dict.fromkeys([*lay.known, *marks.cut(receipt.get("titles", ""))]))
    if receipt["state"] != "done":
        return lay, left_block(lay, asked, receipt, old_keys, header, cells, formulas)
    kept = marks.kept(receipt)
    now: list[int] | None = list(receipt.get("places") or range(len(old_keys)))
    if now and max(now) >= width:
        now = None
    body = cells[header : receipt["rows"]]
    # Where there are no rows, their digest says nothing of where the columns are.
    sure = bool(body) and now is not None and is_as_sent(key, receipt["digest"], body, now)
    if kept and not sure:
        titles = [marks.title_mark(key, title) for title in cells[header - 1]]
        columns = [marks.column_mark(key, [row[j] for row in body]) for j in range(width)]
        now = marks.places(kept, titles, columns, marks.title_mark(key, ""))
    if now is None:
        return lay, Found("differs_columns", header - 1, 0, 1, width)
    lay_over(lay, asked, old_keys, now, [])
    _name_titles(lay, asked, old_keys, now, cells[header - 1], kept)
    lay.before = extent(receipt, now)
    found = first_formula(formulas, now)
    return lay, found or _changed(asked, receipt, cells, header, now, sure)


def _keys(asked: Mapping[str, Any], receipt: Mapping[str, Any], width: int) -> list[str]:
    """Of the columns that are there; a run that died while it made room may have got on with it."""
    asked_for = marks.cut(asked["keys"], marks.KEY_MARK)
    midway = receipt["state"] != "done" and "to_come" in receipt and "places" not in receipt
    if midway and len(asked_for) == width:
        return asked_for
    return marks.cut(receipt["keys"], marks.KEY_MARK)


def _unsigned(cells: Rows, formulas: Formulas) -> Found | None:
    """All of a block that holds something and has no receipt: nobody can tell whose it is."""
    filled = any(cell != "" for row in cells for cell in row) or any(map(any, formulas))
    return Found("no_receipt", 0, 0, len(cells), len(cells[0])) if filled else None


def without_ours(
    receipt: Mapping[str, Any], cells: Rows, formulas: Formulas
) -> tuple[list[list[Cell]], list[list[str]]]:
    """The block with the values that our own formulas stand for; one in the header is blank."""
    plain, found = [list(row) for row in cells], [list(row) for row in formulas]
    places = receipt.get("places")
    for row, first, columns, scale in receipt.get("formulas", ()):
        for column in range(first, first + columns):
            at = places[column] if places else column
            if row >= len(plain) or at >= len(plain[row]) or not found[row][at]:
                continue
            plain[row][at] = "" if scale is None else rounded(plain[row][at], scale)
            found[row][at] = ""
    return plain, found


def _name_titles(
    lay: Lay,
    asked: Mapping[str, Any],
    old_keys: Sequence[str],
    now: Sequence[int],
    titles: Sequence[Cell],
    kept: Mapping[str, Any] | None,
) -> None:
    """A title that a person gave goes with its key."""
    new_keys = marks.cut(asked["keys"], marks.KEY_MARK)
    ours = list(dict.fromkeys([*lay.known, *(kept["titles"] if kept else [])]))
    for i, old_key in enumerate(old_keys):
        title = titles[now[i]]
        seen = marks.title_mark(asked["key"], title)
        is_ours = seen == kept["titles"][i] if kept else seen in ours
        if title != "" and not is_ours and old_key in new_keys:
            lay.renamed[new_keys.index(old_key)] = title
            lay.given[new_keys.index(old_key)] = seen
        elif title != "" and not is_ours:
            ours.append(seen)  # goes with its column, but may still stand there after a kill
    lay.known = ours


def _changed(
    asked: Mapping[str, Any],
    receipt: Mapping[str, Any],
    cells: Rows,
    header: int,
    places: Sequence[int],
    sure: bool,
) -> Found | None:
    key, kept = asked["key"], marks.kept(receipt)
    high = receipt["rows"]
    for r, row in enumerate(cells[high:], high):
        at = next((at for at in places if row[at] != ""), None)
        if at is not None:
            return Found("differs_size", r, at)
    if len(cells) < high:
        return Found("differs_size", 0, 0, len(cells), len(cells[0]))
    if kept:
        head = [[row[at] for at in places] for row in cells[: header - 1]]
        if marks.head_mark(key, head) != kept["head"]:
            return Found("differs_cell", 0, 0, header - 1, len(cells[0]))
    if sure:
        return None
    body = [[row[at] for at in places] for row in cells[header:high]]
    if is_as_sent(key, receipt["digest"], body, range(len(places))):
        return None
    if not kept:
        return Found("differs_cell", header, 0, len(body), len(cells[0]))
    ordered = marks.order(body)
    if marks.row_marks(key, ordered) == kept["rows"]:
        return None  # the same rows in another order: somebody sorted them
    changed = marks.changed_row(key, kept["rows"], ordered)
    column = next(
        (
            at
            for i, at in enumerate(places)
            if marks.column_mark(key, [line[i] for line in body]) != kept["columns"][i]
        ),
        None,
    )
    first, high = (header, len(body)) if changed is None else (header + changed, 1)
    if column is None:
        return Found("differs_cell", first, 0, high, len(cells[0]))
    return Found("differs_cell", first, column, high, 1)
