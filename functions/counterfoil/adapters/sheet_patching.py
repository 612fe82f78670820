"""`patch`, the copy of rows that leave, and `expect` on "patched": docs/operations.md ("Patches").

The add-on's half is addon/Patch.js.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.adapters import sheet_patch
from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_beside import runs
from counterfoil.adapters.sheet_book import Book, Stopped, block_of, dropped_stage, staged
from counterfoil.adapters.sheet_compare import differs, padded
from counterfoil.adapters.sheet_formulas import warning_taken
from counterfoil.adapters.sheet_hands import Cells, Hands
from counterfoil.adapters.sheet_log import copied, log_tab
from counterfoil.adapters.sheet_order import may_be_ordered, ordered
from counterfoil.adapters.sheet_patch import plan_of
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.adapters.sheet_room import room
from counterfoil.adapters.sheet_rows import beside, fitted, laid, rows_are_open, rows_are_ours
from counterfoil.adapters.sheet_table import is_large
from counterfoil.core import marks
from counterfoil.core.canonical import Cell


def patch(book: Book, block: str, at: int, op: Mapping[str, Any], hands: Hands) -> None:
    """Lays the rows in memory over the block that was looked at. Raises Stopped, and then nothing
    of the block has changed.
    """
    area = block_of(book)
    sent = op["rows"] if "rows" in op else _from_stage(book, op, hands)
    book.plan = sheet_patch.planned(
        book, op, sent, lambda rows: beside(book, op["header_rows"], rows, hands)
    )
    rows_are_ours(book, area, book.plan)
    rows_are_open(book, op["header_rows"], book.plan, hands.entered)
    may_be_ordered(book, book.plan)
    size = {"rows": area.rows, "columns": len(op["columns"])}
    book.pending += [(at, request) for request in room(book, block, size, hands.entered)]


def laid_out(book: Book, at: int, hands: Hands) -> Json | None:
    """What is to be committed where all was sent: its rows, or where they stand once they were too
    much for one call. None where only what changed was sent.
    """
    plan, op = plan_of(book), plan_of(book).op
    if op["departed"] != "others":
        return None
    rows = [*op["header"], *plan.rows]
    asked = {"header_rows": op["header_rows"], "columns": op["columns"], "rows": rows}
    return hands.laid_out(book, at, asked, op["run"]) if is_large(book, asked) else asked


def patched(book: Book, block: str, at: int, whole: Json | None, hands: Hands) -> None:
    """What was laid becomes the block; `whole` is what was laid out where all of it was sent. Sent
    as one call, if one carries it.
    """
    plan = plan_of(book)
    if len(book.old.cells if book.old else []) != block_of(book).rows:
        raise Stopped("other_run", sheet_patch.OTHER_RUN)
    header = plan.op["header_rows"]
    wanted = list(fitted(book, block, header, plan, hands.entered))
    if whole is None:
        wanted += [*warning_taken(book), *laid(book, plan)]
    book.pending += [(at, request) for request in wanted]
    if whole is not None:
        hands.commit(book, at, whole)
    wanted = list(ordered(book, plan))
    if whole is not None and "run" in whole and "stage_rows" not in plan.op:
        wanted += dropped_stage(book, whole["run"])
    book.pending += [(at, request) for request in wanted]
    hands.send(book)


def copied_leaving(book: Book, at: int, title: str, hands: Hands) -> None:
    """Of the rows that leave, those with something of a person's."""
    plan = plan_of(book)
    header = plan.op["header_rows"]
    leaving = sorted(beside(book, header, plan.removed, hands))
    if leaving:
        copied_rows(book, at, title, header, leaving, hands)


def copied_rows(
    book: Book, at: int, title: str, header: int, rows: Sequence[int], hands: Hands
) -> None:
    """Whole rows of the tab, people's cells and notes included, as values below what is in that
    tab.
    """
    area = block_of(book)
    wide = book.tab(area.sheet_id).columns
    places = [header + row for row in rows]
    tab, made = log_tab(book, title)
    book.pending += [(at, request) for request in made]
    hands.send(book)
    whole = Rect(tab.id, 0, 0, tab.rows, tab.columns)
    last = 0 if made else _height(hands.entered(whole))
    if not last:  # the titles first, so that the rows can be read
        places.insert(0, header - 1)
    # In one call of each kind, however many runs of rows there are.
    seen = hands.plain(area.at(places[0], -area.column, places[-1] - places[0] + 1, wide))
    cells = [seen[place - places[0]] for place in places]
    notes = hands.notes([area.at(row, -area.column, high, wide) for row, high in runs(places)])
    if not last:
        notes[0] = [""] * wide  # ours, and what people wrote on titles, which stay
    both: list[Sequence[Cell]] = [*cells, *notes]
    used = max((c + 1 for line in both for c, cell in enumerate(line) if cell != ""), default=1)
    pieces = [area.at(row, -area.column, high, used) for row, high in runs(places)]
    formats = hands.formats(pieces)
    room, parts = copied(book, tab, last, [line[:used] for line in cells], formats)
    book.pending += [(at, request) for request in room]
    hands.pour(book, at, parts)
    for r, line in enumerate(notes, last):
        for c, text in enumerate(line):
            if text:
                book.pending.append((at, requests.note(Rect(tab.id, r, c, 1, 1), text)))
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


def _from_stage(book: Book, op: Mapping[str, Any], hands: Hands) -> Cells:
    """The data rows; the header rows of a stage are those that the operation brings along."""
    tab = staged(book, op["run"])
    high, wide = op["stage_rows"], len(op["columns"])
    return hands.plain(Rect(tab.id, 0, 0, high, wide))[op["header_rows"] :]


def _height(cells: Cells) -> int:
    return max(
        (r + 1 for r, line in enumerate(cells) if any(cell != "" for cell in line)), default=0
    )
