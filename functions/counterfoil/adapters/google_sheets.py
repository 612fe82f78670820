"""Applies operations through the Sheets API: docs/operations.md, beside addon/Interpreter.js.

Knows no invoice and no report. One instance serves one spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import (
    Book,
    Old,
    Stopped,
    block_of,
    cell_name,
    dropped_stage,
    ensured_tab,
    named,
)
from counterfoil.adapters.sheet_calls import RETRIES, SheetCalls
from counterfoil.adapters.sheet_charts import chart
from counterfoil.adapters.sheet_compare import OLD_WORDS, squared
from counterfoil.adapters.sheet_formulas import our_formulas, set_formulas
from counterfoil.adapters.sheet_hands import Hands
from counterfoil.adapters.sheet_lines import LINES, check_lines, lines
from counterfoil.adapters.sheet_live import is_ours
from counterfoil.adapters.sheet_log import (
    appended_texts,
    check_complete,
    copied,
    headed,
    log_tab,
    padlocked,
)
from counterfoil.adapters.sheet_looks import formatted
from counterfoil.adapters.sheet_news import aged, aged_lines, is_line
from counterfoil.adapters.sheet_old import old_block
from counterfoil.adapters.sheet_patch import plan_of, told
from counterfoil.adapters.sheet_patching import (
    copied_leaving,
    expected_patched,
    laid_out,
    patch,
    patched,
)
from counterfoil.adapters.sheet_receipt import keep_turn, receipt, receipt_of, unsigned
from counterfoil.adapters.sheet_requests import Json, quoted
from counterfoil.adapters.sheet_room import room
from counterfoil.adapters.sheet_rows import dimension
from counterfoil.adapters.sheet_state import block_state
from counterfoil.adapters.sheet_table import SheetTable, is_large, is_small
from counterfoil.adapters.sheet_written import Written, after_it, written
from counterfoil.core import marks


class SheetsWriter:
    """`spreadsheets` is google-api-python-client's `build("sheets", "v4", …).spreadsheets()`."""

    def __init__(self, spreadsheets: Any, spreadsheet_id: str, *, retries: int = RETRIES) -> None:
        self._calls = calls = SheetCalls(spreadsheets, spreadsheet_id, retries=retries)
        self._table = table = SheetTable(calls)
        self._hands = Hands(
            calls.send,
            calls.pour,
            calls.entered,
            calls.plain,
            calls.formats,
            calls.notes,
            table.laid_out,
            table.commit,
            calls.fields,
        )

    def apply(self, block: str, operations: Sequence[Mapping[str, Any]]) -> Json:
        """Applies a step in order and reports as docs/operations.md says.

        Raises nothing for what Google answers. What comes before a `commit` or an `expect` is
        sent in one call, all or nothing.
        """
        book, seen, code, at = Book([]), None, None, 0
        book.receipts = [op for op in operations if op["op"] == "receipt"]
        book.lines = [op for op in operations if op["op"] in LINES]
        book.right = next((op["right"] for op in operations if "right" in op), None)
        book.formulas = our_formulas(operations)
        book.fence = next((op["fence"] for op in operations if "fence" in op), None)
        try:
            self._calls.looked(block, book)
            before = written(book, block, operations)
            if before:
                asked, operations = operations, before.left
                seen, code = self._seen_again(book, block, before)
                if code is None:
                    operations = [*operations, *after_it(book, block, asked, self._calls.entered)]
            for at, op in enumerate(operations):
                seen = self._applied(book, block, at, op) or seen
            self._calls.send(book)
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
        return block_state(self._calls.looked(block, book), block, columns, self._calls.plain)

    def _applied(self, book: Book, block: str, at: int, op: Mapping[str, Any]) -> Json | None:
        match op["op"]:
            case "expect":
                self._calls.send(book)
                self._calls.looked(block, book)
                if op["on"] == "old":
                    self._old(book, block, at, op)
                    return None
                if op["on"] == "patched":
                    return expected_patched(book, op, self._hands)
                return self._table.expect(book, op)
            case "commit" if is_small(op) and book.block is not None:
                # With what is pending in one call, all or nothing: the receipt's "writing" too.
                keep_turn(book, block)
                self._table.commit(book, at, op)
                return None
            case "commit":
                self._calls.send(book)  # the receipt must say "writing" before any cell changes
                commit = self._patched if op.get("patched") else self._committed
                commit(book, block, at, op)
                return None
            case "patch":
                self._calls.send(book)
                patch(self._calls.looked(block, book), block, at, op, self._hands)
                return None
            case "stage":
                self._table.stage(book, at, op)
                return None
            case "sort" | "insert_rows" | "insert_columns" | "delete_rows" | "delete_columns":
                self._calls.send(book)
                wanted = lines(self._calls.looked(block, book), block, op, self._hands)
            case "formula":
                set_formulas(book, at, op, self._hands)
                return None
            case "chart":
                chart(book, block, at, op, self._hands)
                return None
            case "ensure_tab":
                wanted = ensured_tab(book, block, op)
            case "ensure_grid":
                wanted = room(book, block, op, self._calls.entered)
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
                    check_lines(book, self._hands)
                wanted = receipt(book, block, op)
            case "copy_values" if op.get("leaving"):
                copied_leaving(book, at, op["title"], self._hands)
                return None
            case "append_log" | "copy_values":
                self._logged(book, block, at, op)
                return None
            case "padlock":
                wanted = padlocked(book, op["locked"], op.get("frozen", ()))
            case "drop_stage":
                wanted = dropped_stage(book, op["run"])
            case _:
                self._calls.send(book)
                raise Stopped("unknown_operation", "This writer is older than its server.")
        book.pending += [(at, request) for request in wanted]
        return None

    def _committed(self, book: Book, block: str, at: int, op: Mapping[str, Any]) -> None:
        run = None
        if book.receipts and is_large(book, op):
            run = str(book.receipts[0]["run"])
            op = self._table.laid_out(book, at, op, run)
        self._look_again(book, block)
        self._table.commit(book, at, op)
        if run:
            book.pending += [(at, request) for request in dropped_stage(book, run)]
        self._calls.send(book)

    def _patched(self, book: Book, block: str, at: int, _: Mapping[str, Any]) -> None:
        whole = laid_out(book, at, self._hands)
        self._look_again(book, block)
        patched(book, block, at, whole, self._hands)

    def _look_again(self, book: Book, block: str) -> None:
        """People may have inserted rows meanwhile: where is the block now?"""
        self._calls.looked(block, book)
        keep_turn(book, block)

    def _old(self, book: Book, block: str, at: int, op: Mapping[str, Any]) -> None:
        """The block as the last run left it, before anything changes."""
        if book.block is None:
            return
        keep_turn(book, block)
        area, tab = book.block, book.tab(book.block.sheet_id)
        entered = self._calls.rendered(area.a1(tab.title), "FORMULA")
        cells = entered
        if any(isinstance(cell, str) and cell[:1] == "=" for row in entered for cell in row):
            cells = self._calls.rendered(area.a1(tab.title), "UNFORMATTED_VALUE")
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
        book.old = Old(
            plain,
            left,
            marks.cut(op["keys"], marks.KEY_MARK),
            list(op["titles"]),
            bool(op["replace"]),
            as_left=found is None,
        )
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
            self._logged(book, block, at, op)
        self._calls.send(book)

    def _logged(self, book: Book, block: str, at: int, op: Mapping[str, Any]) -> None:
        """Texts, or the block's values as they are, below what is in a tab of the log's kind; sends
        what was pending before.
        """
        rows = op.get("rows", ())
        if op.get("changes"):
            news = _news(book)
            if not news:
                return
            rows = [*_with_totals(book, op), *news]
        self._calls.send(book)
        if not op.get("changes"):  # these come right behind an `expect`, which has looked
            self._calls.looked(block, book)
        if op["op"] == "copy_values" and book.block is None:
            return
        if op.get("fresh"):
            check_complete(receipt_of(book, block))
        tab, made = log_tab(book, op["title"], fresh=bool(op.get("fresh")))
        log = [] if made else self._calls.rendered(quoted(tab.title), "FORMULA")
        last = len(log)
        if is_line(op) and log and list(log[-1]) == list(rows[0]):
            return  # it came, and only the answer was lost: told again it is not written twice
        wanted = list(made)
        if "head" in op and not log:
            wanted += headed(book, tab, op["head"])
            last = 1
        gone = aged_lines if is_line(op) else aged
        for first, count in reversed(gone(log, op["most"]) if "most" in op else []):
            wanted.append(dimension("deleteDimension", tab.id, "ROWS", first, count))
            tab.rows, last = tab.rows - count, last - count
        parts: Iterator[Json] = iter(())
        if op["op"] == "append_log":
            wanted += appended_texts(book, tab, last + (last > 0 and not is_line(op)), rows)
        else:
            area = block_of(book)
            cells, formats = self._calls.plain(area), self._calls.formats([area])
            room, parts = copied(book, tab, last, cells, formats)
            wanted += room
        book.pending += [(at, request) for request in wanted]
        self._calls.pour(book, at, parts)


def _with_totals(book: Book, op: Mapping[str, Any]) -> list[list[str]]:
    """The rows of the log, the first of which ends with the totals as they were read back, where
    the backend does not know them.
    """
    (first, *others) = op["rows"]
    told = plan_of(book).totals if op.get("totals") and book.plan is not None else []
    return [[*first[:-1], " · ".join([first[-1], *told])], *others]


def _news(book: Book) -> list[list[str]]:
    """For the log tab: what the step's patch did, or its replacement as far as that can be told."""
    if book.plan is None and book.replaced is None:
        return []
    return told(plan_of(book)) if book.replaced is None else book.replaced.told()
