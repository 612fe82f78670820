"""Applies operations through the Sheets API: docs/operations.md, beside addon/Interpreter.js.

Knows no invoice and no report. One instance serves one spreadsheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httplib2
from google.auth.exceptions import GoogleAuthError
from googleapiclient.errors import HttpError

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import (
    LOOK,
    Book,
    Stopped,
    block_of,
    dropped_stage,
    ensured_tab,
    formatted,
    grown,
    named,
    new_tab,
    receipt,
    seen_tab,
    stage_title,
    staged,
)
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell
from counterfoil.core.digest import matches
from counterfoil.core.tally import column_sum

# 429 and 5xx, with the client's own back-off: about half a minute in all, and the quota of
# 60 writes a minute refills each minute.
RETRIES = 5
# Google recommends bodies of at most 2 MB; a typed cell is about 50 bytes.
CELLS_PER_CALL = 40_000


class SheetsWriter:
    """`service` is google-api-python-client's `build("sheets", "v4", …)`."""

    def __init__(self, service: Any, spreadsheet_id: str, *, retries: int = RETRIES) -> None:
        self._id = spreadsheet_id
        self._retries = retries
        # Kept: the client builds each of these anew when asked, which takes 18 ms.
        self._spreadsheets = service.spreadsheets()
        self._values = self._spreadsheets.values()

    def apply(self, block: str, operations: Sequence[Mapping[str, Any]]) -> Json:
        """Applies a step in order and reports as docs/operations.md says.

        Raises nothing for what Google answers. What comes before a `commit` or an `expect` is
        sent in one call, all or nothing.
        """
        book, seen, at = Book([]), None, 0
        try:
            self._looked(block, book)
            for at, op in enumerate(operations):
                seen = self._applied(book, block, at, op) or seen
            self._send(book)
        except Stopped as stop:
            where = at if stop.op is None else stop.op
            return {"applied": False, "op": where, "why": stop.why, "code": stop.code}
        return {"applied": True, "seen": seen}

    def _applied(self, book: Book, block: str, at: int, op: Mapping[str, Any]) -> Json | None:
        match op["op"]:
            case "expect":
                self._send(book)
                return self._expect(self._looked(block, book), op)
            case "commit":
                self._send(book)  # the receipt must say "writing" before any cell changes
                # People may have inserted rows meanwhile: where is the block now?
                wanted = self._commit(self._looked(block, book), op)
            case "stage":
                self._stage(book, at, op)
                return None
            case "ensure_tab":
                wanted = ensured_tab(book, block, op)
            case "ensure_grid":
                wanted = grown(book, block_of(book), op["rows"], op["columns"])
            case "name_block":
                wanted = named(book, block, block_of(book).sized(op["rows"], op["columns"]))
            case "format":
                wanted = formatted(block_of(book), op)
            case "note":
                cell = block_of(book).at(op["row"], op["column"], 1, 1)
                wanted = iter([requests.note(cell, op["text"])])
            case "receipt":
                wanted = receipt(book, block, op)
            case "drop_stage":
                wanted = dropped_stage(book, op["run"])
            case _:
                self._send(book)
                raise Stopped("unknown_operation", "This writer is older than its server.")
        book.pending += [(at, request) for request in wanted]
        if op["op"] == "commit":
            self._send(book)
        return None

    def _stage(self, book: Book, at: int, op: Mapping[str, Any]) -> None:
        rows, columns, title = op["rows"], op["columns"], stage_title(op["run"])
        tab = book.titled(title)
        if tab is None:
            tab, request = new_tab(book, title, hidden=True)
            book.pending.append((at, request))
        corner = Rect(tab.id, 0, 0, 1, 1)
        growth = grown(book, corner, op["row"] + len(rows), len(columns))
        book.pending += [(at, request) for request in growth]
        header = op["header_rows"]
        area = corner.at(op["row"], 0, len(rows), len(columns))
        odd = requests.odd_cells(rows, [column["kind"] for column in columns], header)
        looks = requests.patterns(area, columns, header, odd)
        book.pending += [(at, request) for request in looks]
        at_once = max(1, CELLS_PER_CALL // len(columns))
        for first in range(0, len(rows), at_once):
            part = rows[first : first + at_once]
            place = area.at(first, 0, len(part), len(columns))
            book.pending.append((at, requests.values(place, part)))
            self._send(book)

    def _commit(self, book: Book, op: Mapping[str, Any]) -> Iterator[Json]:
        """Over the union of the old and the new rectangle; sent as one call."""
        old, columns, header = block_of(book), op["columns"], op["header_rows"]
        kinds = [column["kind"] for column in columns]
        run = op.get("run")
        height = len(op["rows"]) if run is None else op["stage_rows"]
        new = old.sized(height, len(columns))
        high, wide = max(old.rows, new.rows), max(old.columns, new.columns)
        if run is None:
            odd = requests.odd_cells(op["rows"], kinds, header)
            yield from requests.patterns(new, columns, header, odd)
            yield requests.values(old.sized(high, wide), op["rows"])
            return
        stage = staged(book, run)
        source = Rect(stage.id, 0, 0, new.rows, new.columns)
        if run not in book.odd:
            book.odd[run] = requests.odd_cells(self._read(source, stage.title), kinds, header)
        yield from requests.patterns(new, columns, header, book.odd[run])
        yield requests.pasted_values(source, new)
        yield from requests.blanks(old.at(new.rows, 0, high - new.rows, wide))
        yield from requests.blanks(old.at(0, new.columns, new.rows, wide - new.columns))

    def _expect(self, book: Book, op: Mapping[str, Any]) -> Json:
        height, wide, header = op["rows"], op["columns"], op["header_rows"]
        if op["on"] == "stage":
            tab = staged(book, op["run"])
            area = Rect(tab.id, 0, 0, tab.rows, tab.columns)
        else:
            area = block_of(book)
            tab = book.tab(area.sheet_id)
        rows = self._read(area, tab.title)
        found = len(rows), max(map(len, rows), default=0)
        if op["on"] == "block":
            found = area.rows, area.columns
        elif found[0] <= height <= tab.rows and found[1] <= wide <= tab.columns:
            found = height, wide  # the last rows and columns of a stage may rightly be blank
        if found != (height, wide):
            size = f"{found[0]} by {found[1]} cells instead of {height} by {wide}"
            raise _differs(op, [("size", size)])
        whole = [_padded(row, wide) for row in rows] + [[""] * wide] * (height - len(rows))
        if op["on"] == "stage":
            book.odd[op["run"]] = requests.odd_cells(whole, op["kinds"], header)
        return _compared(op, whole[header:])

    def _read(self, area: Rect, title: str) -> list[list[Cell]]:
        """Typed values, without what is blank at the ends. Raises when a formula is among them."""
        where = area.a1(title)
        rows = self._rendered(where, "FORMULA")
        suspect = any(isinstance(cell, str) and cell[:1] == "=" for row in rows for cell in row)
        # A text that begins with "=" reads the same both ways, a formula does not.
        if suspect and rows != self._rendered(where, "UNFORMATTED_VALUE"):
            raise Stopped("differs_formula", "There is a formula where only data should be.")
        return rows

    def _rendered(self, where: str, render: str) -> list[list[Cell]]:
        call = self._values.get(
            spreadsheetId=self._id,
            range=where,
            valueRenderOption=render,
            dateTimeRenderOption="SERIAL_NUMBER",
        )
        rows: list[list[Cell]] = self._executed(call).get("values", [])
        return rows

    def _looked(self, block: str, book: Book) -> Book:
        """Where everything is now; what was learnt about stages stays."""
        call = self._spreadsheets.get(spreadsheetId=self._id, fields=LOOK)
        found = self._executed(call)
        book.tabs = [seen_tab(sheet) for sheet in found["sheets"]]
        book.name_id = book.block = None
        for name in found.get("namedRanges", ()):
            if name["name"].lower() == block.lower():
                book.name_id = name["namedRangeId"]
                book.block = requests.from_grid_range(name.get("range", {}))
        return book

    def _send(self, book: Book) -> None:
        if not book.pending:
            return
        pending, book.pending = book.pending, []
        body = {"requests": [request for _, request in pending]}
        call = self._spreadsheets.batchUpdate(spreadsheetId=self._id, body=body)
        self._executed(call, [op for op, _ in pending])

    def _executed(self, call: Any, ops: Sequence[int] = ()) -> Json:
        try:
            answer: Json = call.execute(num_retries=self._retries)
        except HttpError as refusal:
            raise _refused(refusal, ops) from refusal
        except (OSError, httplib2.HttpLib2Error, GoogleAuthError) as trouble:
            why = "Google Sheets cannot be reached. Run it again in a minute."
            raise Stopped("unreachable", why, ops[0] if ops else None) from trouble
        return answer


def _padded(row: list[Cell], wide: int) -> list[Cell]:
    return row + [""] * (wide - len(row))


def _compared(op: Mapping[str, Any], rows: list[list[Cell]]) -> Json:
    """What `expect` saw in the data rows. Raises when it is not what was sent."""
    wanted = op["distinct"]
    seen: Json = {
        "rows": len(rows),
        "distinct": len({row[wanted["column"]] for row in rows}) if wanted else None,
        "sums": [str(column_sum(rows, s["column"], s["scale"])) for s in op["sums"]],
        "digest": matches(op["digest"], rows),
    }
    what = []
    if wanted and seen["distinct"] != wanted["count"]:
        what.append(("distinct", f"{seen['distinct']} different ids instead of {wanted['count']}"))
    for one, total in zip(op["sums"], seen["sums"], strict=True):
        if total != one["sum"]:
            what.append(("sum", f"the total of column {one['column'] + 1}"))
    if not seen["digest"]:
        what.append(("digest", "some cells"))
    if what:
        raise _differs(op, what)
    return seen


def _differs(op: Mapping[str, Any], what: list[tuple[str, str]]) -> Stopped:
    words = ", ".join(each for _, each in what)
    why = f"What is in the table differs from what Counterfoil wrote ({words})."
    if op["on"] == "stage":
        why = (
            f"What arrived in the sheet differs from what QuickBooks sent ({words}). "
            "Your table was not changed. Run it again."
        )
    return Stopped(f"differs_{what[0][0]}", why)


def _refused(refusal: HttpError, ops: Sequence[int]) -> Stopped:
    """Google's refusal for the person. Its own words may hold data and are not passed on."""
    status, said = refusal.resp.status, str(refusal.reason)
    place = re.search(r"requests\[(\d+)\]", said)
    op = None
    if ops:
        op = ops[int(place[1])] if place and int(place[1]) < len(ops) else ops[0]
    if status in (401, 403):
        return Stopped("not_shared", "This spreadsheet is not shared with Counterfoil.", op)
    if status == 404:
        return Stopped("spreadsheet_gone", "This spreadsheet is not there any more.", op)
    if status == 429 or status >= 500:
        return Stopped("sheet_busy", "Google Sheets is busy. Run it again in a minute.", op)
    if "10000000" in said:
        why = (
            "This spreadsheet is full: Google allows 10 million cells in all tabs together. "
            "Delete rows, columns or tabs that nobody needs, or use a new spreadsheet."
        )
        return Stopped("spreadsheet_full", why, op)
    why = (
        "Google Sheets did not accept the change. If cells there are protected, ask whoever "
        "protected them; then run it again."
    )
    return Stopped("refused", why, op)
