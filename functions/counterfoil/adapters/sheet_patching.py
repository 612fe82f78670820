"""`patch`, the copy of rows that leave, and `expect` on "patched": docs/operations.md ("Patches").

The add-on's half is addon/Patch.js.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from counterfoil.adapters import sheet_patch
from counterfoil.adapters.sheet_book import Book, Stopped, block_of, staged
from counterfoil.adapters.sheet_compare import differs, padded
from counterfoil.adapters.sheet_formulas import warning_taken
from counterfoil.adapters.sheet_hands import Cells, Hands
from counterfoil.adapters.sheet_log import appended_copy, log_tab
from counterfoil.adapters.sheet_order import may_be_ordered, ordered
from counterfoil.adapters.sheet_patch import plan_of
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.adapters.sheet_room import room
from counterfoil.adapters.sheet_rows import beside, fitted, laid, rows_are_open, rows_are_ours, runs
from counterfoil.core import marks

# Google recommends bodies of at most 2 MB; a typed cell is about 50 bytes.
CELLS_PER_CALL = 40_000


def patch(book: Book, block: str, at: int, op: Mapping[str, Any], hands: Hands) -> None:
    """Lays the rows in memory over the block that was looked at. Raises Stopped, and then nothing
    of the block has changed.
    """
    area = block_of(book)
    apart = cache(lambda: beside(book, op["header_rows"], hands.entered))
    sent = op["rows"] if "rows" in op else _from_stage(book, op, hands)
    book.plan = sheet_patch.planned(book, op, sent, apart)
    rows_are_ours(book, area, book.plan)
    rows_are_open(book, op["header_rows"], book.plan, hands.entered)
    may_be_ordered(book, book.plan)
    size = {"rows": area.rows, "columns": len(op["columns"])}
    book.pending += [(at, request) for request in room(book, block, size, hands.entered)]


def patched(book: Book, block: str, at: int, hands: Hands) -> None:
    """What was laid becomes the block: sent as one call."""
    plan = plan_of(book)
    if len(book.old.cells if book.old else []) != block_of(book).rows:
        raise Stopped("other_run", sheet_patch.OTHER_RUN)
    header = plan.op["header_rows"]
    wanted = list(fitted(book, block, header, plan, hands.entered))
    if plan.op["departed"] == "others":
        wanted += _whole(book, at, plan.op, [*plan.op["header"], *plan.rows], hands)
    else:
        wanted += [*warning_taken(book), *laid(book, plan)]
    wanted += ordered(book, plan)
    book.pending += [(at, request) for request in wanted]
    hands.send(book)


def copied_leaving(book: Book, at: int, title: str, hands: Hands) -> None:
    """Of the rows that leave, those that a person's cells stand beside."""
    plan = plan_of(book)
    header = plan.op["header_rows"]
    apart = beside(book, header, hands.entered) if plan.removed else set()
    leaving = [row for row in plan.removed if row in apart]
    if leaving:
        copied_rows(book, at, title, header, leaving, hands)


def copied_rows(
    book: Book, at: int, title: str, header: int, rows: Sequence[int], hands: Hands
) -> None:
    """Whole rows of the tab, people's cells included, as values below what is in that tab."""
    area = block_of(book)
    wide = book.tab(area.sheet_id).columns
    pieces = [area.at(header + row, -area.column, high, wide) for row, high in runs(rows)]
    tab, made = log_tab(book, title)
    book.pending += [(at, request) for request in made]
    hands.send(book)
    whole = Rect(tab.id, 0, 0, tab.rows, tab.columns)
    last = 0 if made else _height(hands.entered(whole))
    if not last:  # the titles first, so that the rows can be read
        pieces.insert(0, area.at(header - 1, -area.column, 1, wide))
    cells = [line for piece in pieces for line in hands.plain(piece)]
    used = max((c + 1 for line in cells for c, cell in enumerate(line) if cell != ""), default=1)
    formats = [line[:used] for line in hands.formats(pieces)]
    copied = appended_copy(book, tab, last, [line[:used] for line in cells], formats)
    book.pending += [(at, request) for request in copied]
    hands.send(book)


def expected_patched(book: Book, op: Mapping[str, Any], hands: Hands) -> Json:
    """Reads the block back and compares it with what the patch laid. Raises Stopped."""
    area, wide, header = block_of(book), op["columns"], op["header_rows"]
    places = book.lay.of(wide)
    read = hands.entered(area)
    if any(isinstance(cell, str) and cell[:1] == "=" for line in read for cell in line):
        plain = hands.plain(area)
        for r, line in enumerate(read):
            if any(at < len(line) and line[at] != plain[r][at] for at in places):
                why = "There is a formula where only data should be."
                raise Stopped("differs_formula", why)
        read = plain
    lines = [padded(list(line), area.columns) for line in read]
    lines += [[""] * area.columns] * (area.rows - len(read))
    rows = [[line[at] for at in places] for line in lines[header:]]
    found = sheet_patch.compared(plan_of(book), op, rows)
    if found.what:
        raise differs(op, found.what)
    book.digest = sheet_patch.receipt_of_rows(op["key"], rows)
    head = [[line[at] for at in places] for line in lines[: header - 1]]
    receipt = book.old.receipt if book.old else None
    kept = marks.kept(receipt) if receipt else None
    before = kept["titles"] if kept else ()
    book.lay.marks = marks.of(op["key"], head, op["titles"], rows, wide, before)
    return found.seen


def _whole(book: Book, at: int, op: Mapping[str, Any], rows: Cells, hands: Hands) -> list[Json]:
    columns = op["columns"]
    asked = {"header_rows": op["header_rows"], "columns": columns, "rows": rows}
    if "stage_rows" in op and len(rows) * len(columns) > CELLS_PER_CALL:
        # Too much for one call to carry: in its new order it goes by the stage.
        hands.stage(book, at, asked | {"run": op["run"], "row": 0})
        asked |= {"run": op["run"], "stage_rows": len(rows)}
        book.odd.pop(op["run"], None)
    return list(hands.commit(book, asked))


def _from_stage(book: Book, op: Mapping[str, Any], hands: Hands) -> Cells:
    """The data rows; the header rows of a stage are those that the operation brings along."""
    tab = staged(book, op["run"])
    high, wide = op["stage_rows"], len(op["columns"])
    return hands.plain(Rect(tab.id, 0, 0, high, wide))[op["header_rows"] :]


def _height(cells: Cells) -> int:
    return max(
        (r + 1 for r, line in enumerate(cells) if any(cell != "" for cell in line)), default=0
    )
