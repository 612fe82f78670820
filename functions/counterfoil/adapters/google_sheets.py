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
    Old,
    Stopped,
    Tab,
    block_of,
    cell_name,
    dropped_stage,
    ensured_tab,
    formatted,
    grown,
    named,
    new_tab,
    seen_tab,
    stage_title,
    staged,
)
from counterfoil.adapters.sheet_charts import chart
from counterfoil.adapters.sheet_compare import OLD_WORDS, compared, differs, padded, squared
from counterfoil.adapters.sheet_formulas import our_formulas, set_formulas
from counterfoil.adapters.sheet_hands import Hands
from counterfoil.adapters.sheet_lines import LINES, check_lines, lines
from counterfoil.adapters.sheet_live import is_ours
from counterfoil.adapters.sheet_log import (
    appended_copy,
    appended_texts,
    check_complete,
    log_tab,
    padlocked,
)
from counterfoil.adapters.sheet_old import old_block
from counterfoil.adapters.sheet_patch import plan_of, told
from counterfoil.adapters.sheet_patching import copied_leaving, expected_patched, patch, patched
from counterfoil.adapters.sheet_receipt import keep_turn, receipt, receipt_of, unsigned
from counterfoil.adapters.sheet_requests import Json, Rect, quoted
from counterfoil.adapters.sheet_room import FULL, room
from counterfoil.adapters.sheet_state import block_state
from counterfoil.adapters.sheet_written import Written, after_it, written
from counterfoil.core import marks
from counterfoil.core.canonical import Cell

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
        self._tabs: list[Tab] = []
        self._hands = Hands(
            self._send,
            self._entered,
            self._plain,
            self._formats,
            self._stage,
            self._commit,
            self._fields,
        )

    def apply(self, block: str, operations: Sequence[Mapping[str, Any]]) -> Json:
        """Applies a step in order and reports as docs/operations.md says.

        Raises nothing for what Google answers. What comes before a `commit` or an `expect` is
        sent in one call, all or nothing.
        """
        book, seen, code, at = Book([]), None, None, 0
        book.receipts = [op for op in operations if op["op"] == "receipt"]
        book.lines = [op for op in operations if op["op"] in LINES]
        book.formulas = our_formulas(operations)
        book.fence = next((op["fence"] for op in operations if "fence" in op), None)
        try:
            self._looked(block, book)
            before = written(book, block, operations)
            if before:
                asked, operations = operations, before.left
                seen, code = self._seen_again(book, block, before)
                if code is None:
                    operations = [*operations, *after_it(book, block, asked, self._entered)]
            for at, op in enumerate(operations):
                seen = self._applied(book, block, at, op) or seen
            self._send(book)
        except Stopped as stop:
            where = at if stop.op is None else stop.op
            stop = unsigned(stop, operations[where])
            report = {"applied": False, "op": where, "why": stop.why, "code": stop.code}
            return report | ({"cell": stop.cell} if stop.cell else {})
        report = {"applied": True, "seen": seen}
        return report | ({"code": code} if code else {})

    def _seen_again(
        self, book: Book, block: str, before: Written
    ) -> tuple[Json | None, str | None]:
        """What is in a block that this very run has completed; no proof where it was changed."""
        seen = None
        try:
            for op in before.looks:
                seen = self._applied(book, block, 0, op)
        except Stopped as stop:
            if not stop.code.startswith("differs_"):
                raise
            return None, "written_before"
        return seen or before.seen, before.code

    def state(self, block: str, columns: str) -> Json:
        """What an update asks of its table before it is run. Raises Stopped."""
        book = Book([])
        return block_state(self._looked(block, book), block, columns, self._plain)

    def _applied(self, book: Book, block: str, at: int, op: Mapping[str, Any]) -> Json | None:
        match op["op"]:
            case "expect":
                self._send(book)
                self._looked(block, book)
                if op["on"] == "old":
                    self._old(book, block, at, op)
                    return None
                if op["on"] == "patched":
                    return expected_patched(book, op, self._hands)
                return self._expect(book, op)
            case "commit":
                self._send(book)  # the receipt must say "writing" before any cell changes
                # People may have inserted rows meanwhile: where is the block now?
                self._looked(block, book)
                keep_turn(book, block)
                if op.get("patched"):
                    patched(book, block, at, self._hands)
                    return None
                wanted = self._commit(book, op)
            case "patch":
                self._send(book)
                patch(self._looked(block, book), block, at, op, self._hands)
                return None
            case "stage":
                self._stage(book, at, op)
                return None
            case "sort" | "insert_rows" | "insert_columns" | "delete_rows" | "delete_columns":
                self._send(book)
                wanted = lines(self._looked(block, book), block, op, self._entered)
            case "formula":
                set_formulas(book, at, op, self._hands)
                return None
            case "chart":
                chart(book, block, at, op, self._hands)
                return None
            case "ensure_tab":
                wanted = ensured_tab(book, block, op)
            case "ensure_grid":
                wanted = room(book, block, op, self._entered)
            case "name_block":
                size = op["rows"], book.lay.width(op["columns"])
                wanted = named(book, block, block_of(book).sized(*size))
            case "format":
                wanted = formatted(book, op)
            case "note":
                at_column = book.lay.of(op["column"] + 1)[-1]
                cell = block_of(book).at(op["row"], at_column, 1, 1)
                wanted = iter([requests.note(cell, op["text"])])
            case "receipt":
                if op.get("patched") and op["state"] == "writing" and book.lines:
                    check_lines(book, self._entered)
                wanted = receipt(book, block, op)
            case "copy_values" if op.get("leaving"):
                copied_leaving(book, at, op["title"], self._hands)
                return None
            case "append_log" | "copy_values":
                wanted = iter(list(self._logged(book, block, op)))  # sends what is pending
            case "padlock":
                wanted = padlocked(book, op["locked"])
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
        corner, end = Rect(tab.id, 0, 0, 1, 1), op["row"] + len(rows)
        if not tab.is_new:
            # Of this step as it came before, with more rows: parts come in their order.
            surplus = requests.blanks(corner.at(end, 0, tab.rows - end, tab.columns))
            book.pending += [(at, request) for request in surplus]
        growth = grown(book, corner, end, len(columns))
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
        rows: list[list[Cell]] | None = None if run is not None else op["rows"]
        stage = None if run is None else staged(book, run)
        high = op["stage_rows"] if rows is None else len(rows)
        if stage is not None and book.tab(old.sheet_id).filtered:
            # Nobody says that a paste reaches the rows that a filter hides. Values do.
            source = Rect(stage.id, 0, 0, high, len(columns))
            rows = [padded(row, len(columns)) for row in self._read(source, stage.title)]
        if rows is not None:
            book.lay.titles = list(rows[header - 1]) if header else []
            book.odd[""] = requests.odd_cells(rows, kinds, header)
        elif stage is not None and op["run"] not in book.odd:
            source = Rect(stage.id, 0, 0, high, len(columns))
            read = self._read(source, stage.title)
            book.odd[op["run"]] = requests.odd_cells(read, kinds, header)
        odd_cells = book.odd["" if rows is not None else op["run"]]
        for span in book.lay.spans(len(columns), old.columns):
            ours = max(0, min(span.width, len(columns) - span.first))
            last = span.first + ours
            place = old.at(0, span.at, high, ours)
            odd = [
                (row, column - span.first)
                for row, column in odd_cells
                if span.first <= column < last
            ]
            if ours:
                yield from requests.patterns(place, columns[span.first : last], header, odd)
            union = old.at(0, span.at, max(old.rows, high), span.width)
            if rows is not None:
                yield requests.values(union, [row[span.first : last] for row in rows])
                continue
            if stage is not None and ours:
                yield requests.pasted_values(Rect(stage.id, 0, span.first, high, ours), place)
            yield from requests.blanks(union.at(high, 0, union.rows - high, span.width))
            yield from requests.blanks(union.at(0, ours, high, span.width - ours))
        for column, title in book.lay.renamed.items():
            cell = old.at(header - 1, book.lay.of(column + 1)[-1], 1, 1)
            yield requests.values(cell, [[title]])

    def _expect(self, book: Book, op: Mapping[str, Any]) -> Json:
        height, wide, header = op["rows"], op["columns"], op["header_rows"]
        places = list(range(wide))
        if op["on"] == "stage":
            tab = staged(book, op["run"])
            area = Rect(tab.id, 0, 0, tab.rows, tab.columns)
        else:
            area = block_of(book)
            tab = book.tab(area.sheet_id)
            places = book.lay.of(wide)
        rows = self._read(area, tab.title, places if op["on"] == "block" else None)
        found = len(rows), max(map(len, rows), default=0)
        if op["on"] == "block":
            found = area.rows, area.columns
            if area.columns == max(places) + 1:
                found = area.rows, wide
        elif found[0] <= height <= tab.rows and found[1] <= wide <= tab.columns:
            found = height, wide  # the last rows and columns of a stage may rightly be blank
        if found != (height, wide):
            size = f"{found[0]} by {found[1]} cells instead of {height} by {wide}"
            raise differs(op, [("size", size)])
        lines = [padded(row, max(places) + 1) for row in rows]
        whole: list[list[Cell]] = [[row[at] for at in places] for row in lines]
        whole += [[""] * wide] * (height - len(rows))
        if op["on"] == "stage":
            book.odd[op["run"]] = requests.odd_cells(whole, op["kinds"], header)
            book.lay.titles = whole[header - 1] if header else []
        seen = compared(op, whole[header:])
        if op.get("marks"):
            titles = book.lay.titles or whole[header - 1]
            key = op["digest"]["key"]
            book.lay.marks = marks.of(key, whole[: header - 1], titles, whole[header:], wide)
        return seen

    def _old(self, book: Book, block: str, at: int, op: Mapping[str, Any]) -> None:
        """The block as the last run left it, before anything changes."""
        if book.block is None:
            return
        keep_turn(book, block)
        area, tab = book.block, book.tab(book.block.sheet_id)
        entered = self._rendered(area.a1(tab.title), "FORMULA")
        cells = entered
        if any(isinstance(cell, str) and cell[:1] == "=" for row in entered for cell in row):
            cells = self._rendered(area.a1(tab.title), "UNFORMATTED_VALUE")
        whole, plain = squared(entered, area), squared(cells, area)
        left = receipt_of(book, block)
        formulas = [
            [
                a if isinstance(a, str) and a[:1] == "=" and a != b and not is_ours(left, a) else ""
                for a, b in zip(one, other, strict=True)
            ]
            for one, other in zip(whole, plain, strict=True)
        ]
        titles = book.lay.titles  # of the stage that was looked at before
        book.lay, found = old_block(op, left, plain, formulas)
        book.lay.titles = titles
        book.old = Old(plain, left, marks.cut(op["keys"], marks.KEY_MARK), list(op["titles"]))
        if book.lay.doubt and found is None and op.get("log"):
            self._keep(book, block, at, op["log"])
        if found is None or op.get("replace"):
            return
        where = cell_name(book, area.at(found.row, found.column, found.rows, found.columns))
        raise Stopped(found.code, OLD_WORDS[found.code].format(cell=where), cell=where)

    def _keep(self, book: Book, block: str, at: int, log: Mapping[str, Any]) -> None:
        """A copy of what was found, before it is written over."""
        for op in (
            {"op": "append_log", "title": log["title"], "rows": [log["row"]]},
            {"op": "copy_values", "title": log["title"]},
        ):
            wanted = list(self._logged(book, block, op))  # sends what is pending
            book.pending += [(at, request) for request in wanted]
        self._send(book)

    def _logged(self, book: Book, block: str, op: Mapping[str, Any]) -> Iterator[Json]:
        """Texts, or the block's values as they are, below what is in a tab of the log's kind."""
        self._send(book)
        self._looked(block, book)
        rows = op.get("rows", ())
        if op.get("changes"):
            news = told(plan_of(book))
            if not news:
                return
            rows = [*rows, *news]
        if op["op"] == "copy_values" and book.block is None:
            return
        if op.get("fresh"):
            check_complete(receipt_of(book, block))
        tab, made = log_tab(book, op["title"], fresh=bool(op.get("fresh")))
        last = 0 if made else len(self._rendered(quoted(tab.title), "FORMULA"))
        yield from made
        if op["op"] == "append_log":
            yield from appended_texts(book, tab, last, rows)
            return
        area = block_of(book)
        yield from appended_copy(book, tab, last, self._plain(area), self._formats([area]))

    def _entered(self, area: Rect) -> list[list[Cell]]:
        """What was entered into those cells, formulas as texts."""
        return self._rendered(self._name(area), "FORMULA")

    def _plain(self, area: Rect) -> list[list[Cell]]:
        """What is in those cells, all of them, formulas as their values."""
        return squared(self._rendered(self._name(area), "UNFORMATTED_VALUE"), area)

    def _formats(self, areas: Sequence[Rect]) -> list[list[Json]]:
        """The number format of each cell, row by row of areas of one tab that are as wide."""
        fields = "sheets(data(rowData(values(userEnteredFormat(numberFormat)))))"
        places = [self._name(area) for area in areas]
        call = self._spreadsheets.get(spreadsheetId=self._id, ranges=places, fields=fields)
        data = self._executed(call)["sheets"][0].get("data", [])
        formats: list[list[Json]] = []
        for i, area in enumerate(areas):
            part: list[list[Json]] = [[{}] * area.columns for _ in range(area.rows)]
            for r, row in enumerate(data[i].get("rowData", []) if i < len(data) else []):
                for c, cell in enumerate(row.get("values", [])):
                    part[r][c] = cell.get("userEnteredFormat", {}).get("numberFormat", {})
            formats += part
        return formats

    def _name(self, area: Rect) -> str:
        return area.a1(next(tab.title for tab in self._tabs if tab.id == area.sheet_id))

    def _read(
        self, area: Rect, title: str, places: Sequence[int] | None = None
    ) -> list[list[Cell]]:
        """Typed values, without what is blank at the ends.

        Raises when a formula is among them, or among those at `places`.
        """
        where = area.a1(title)
        rows = self._rendered(where, "FORMULA")
        suspect = any(isinstance(cell, str) and cell[:1] == "=" for row in rows for cell in row)
        if not suspect:
            return rows
        # A text that begins with "=" reads the same both ways, a formula does not.
        plain = self._rendered(where, "UNFORMATTED_VALUE")
        pairs = list(zip(squared(rows, area), squared(plain, area), strict=True))
        for at in places if places is not None else range(area.columns):
            if any(one[at] != other[at] for one, other in pairs):
                why = "There is a formula where only data should be."
                raise Stopped("differs_formula", why)
        return plain

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
        found = self._fields(LOOK)
        book.tabs = self._tabs = [seen_tab(sheet) for sheet in found["sheets"]]
        book.name_id = book.block = None
        book.others = {}
        for name in found.get("namedRanges", ()):
            area = requests.from_grid_range(name.get("range", {}))
            if name["name"].lower() == block.lower():
                book.name_id = name["namedRangeId"]
                book.block = area
            elif name["name"].startswith("CF_") and area is not None:
                book.others[name["name"]] = area
        return book

    def _fields(self, fields: str) -> Json:
        return self._executed(self._spreadsheets.get(spreadsheetId=self._id, fields=fields))

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
        return Stopped("spreadsheet_full", FULL, op)
    why = (
        "Google Sheets did not accept the change. If cells there are protected, ask whoever "
        "protected them; then run it again."
    )
    return Stopped("refused", why, op)
