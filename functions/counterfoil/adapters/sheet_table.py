"""The rows of a table: onto a hidden tab, into the block, and read back from there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counterfoil.adapters import sheet_bytes
from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import (
    Book,
    Stopped,
    Tab,
    block_of,
    grown,
    new_tab,
    stage_title,
    staged,
)
from counterfoil.adapters.sheet_bytes import bytes_of, size_of
from counterfoil.adapters.sheet_calls import SheetCalls
from counterfoil.adapters.sheet_compare import compared, differs, padded
from counterfoil.adapters.sheet_lay import Span
from counterfoil.adapters.sheet_replaced import replaced
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core import marks
from counterfoil.core.canonical import Cell


def is_small(op: Mapping[str, Any]) -> bool:
    """Whether what a `commit` writes fits into one call with the operations around it."""
    if "rows" not in op or op.get("patched"):
        return False
    return bytes_of(op["rows"], enough=sheet_bytes.SMALL) <= sheet_bytes.SMALL


def is_large(book: Book, op: Mapping[str, Any]) -> bool:
    """Whether a `commit` does not fit into one call, and has to be laid out before. Not where a
    filter hides rows: there it goes as values, and in several.
    """
    hides = book.tab(block_of(book).sheet_id).filtered
    return "rows" in op and not hides and _size(book, op, op["rows"]) > sheet_bytes.LARGEST_CELLS


class SheetTable:
    def __init__(self, calls: SheetCalls) -> None:
        self._calls = calls

    def stage(self, book: Book, at: int, op: Mapping[str, Any]) -> None:
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
        self._calls.pour(book, at, sheet_bytes.values(area, rows))
        self._calls.send(book)

    def laid_out(self, book: Book, at: int, op: Mapping[str, Any], run: str) -> Json:
        """The same commit, from a hidden tab on which its rows stand now: a table is written in one
        call, which must not be as large as these are.
        """
        rows, made = op["rows"], {name: value for name, value in op.items() if name != "rows"}
        self.stage(book, at, {**made, "run": run, "row": 0, "rows": rows})
        kinds = [column["kind"] for column in op["columns"]]
        book.odd[run] = requests.odd_cells(rows, kinds, op["header_rows"])
        book.lay.titles = list(rows[op["header_rows"] - 1]) if op["header_rows"] else []
        return {**made, "run": run, "stage_rows": len(rows)}

    def commit(self, book: Book, at: int, op: Mapping[str, Any]) -> None:
        """Over the union of the old and the new rectangle: pending afterwards, for one call that
        writes all of it. Formats that do not fit into that one go before, and of a tab with a
        filter the values that do not.
        """
        stage = None if op.get("run") is None else staged(book, op["run"])
        rows = op["rows"] if stage is None else self._behind_a_filter(book, op, stage)
        book.pending += [(at, look) for look in self._looks(book, op, rows, stage)]
        parts = _pasted(book, op, stage) if stage and rows is None else _laid(book, op, rows or ())
        cells = 0 if rows is None else _size(book, op, rows)
        if cells > sheet_bytes.LARGEST_CELLS:
            self._calls.pour(book, at, parts)
        else:
            if size_of(request for _, request in book.pending) + cells > sheet_bytes.LARGEST_CALL:
                self._calls.send(book)
            book.pending += [(at, part) for part in parts]
        for column, title in book.lay.renamed.items():
            row, place = op["header_rows"] - 1, book.lay.of(column + 1)[-1]
            book.pending.append(
                (at, requests.values(block_of(book).at(row, place, 1, 1), [[title]]))
            )

    def _behind_a_filter(
        self, book: Book, op: Mapping[str, Any], stage: Tab
    ) -> list[list[Cell]] | None:
        """Nobody says that a paste reaches the rows that a filter hides. Values do."""
        if not book.tab(block_of(book).sheet_id).filtered:
            return None
        wide = len(op["columns"])
        source = Rect(stage.id, 0, 0, op["stage_rows"], wide)
        return [padded(row, wide) for row in self._calls.read(source, stage.title)]

    def _looks(
        self,
        book: Book,
        op: Mapping[str, Any],
        rows: Sequence[Sequence[Cell]] | None,
        stage: Tab | None,
    ) -> Iterator[Json]:
        old, columns, header = block_of(book), op["columns"], op["header_rows"]
        kinds = [column["kind"] for column in columns]
        high = op["stage_rows"] if rows is None else len(rows)
        if rows is not None:
            book.lay.titles = list(rows[header - 1]) if header else []
            book.odd[""] = requests.odd_cells(rows, kinds, header)
        elif stage is not None and op["run"] not in book.odd:
            source = Rect(stage.id, 0, 0, high, len(columns))
            read = self._calls.read(source, stage.title)
            book.odd[op["run"]] = requests.odd_cells(read, kinds, header)
        odd_cells = book.odd["" if rows is not None else op["run"]]
        for span, last in _spans(book, op):
            odd = [(row, at - span.first) for row, at in odd_cells if span.first <= at < last]
            place = old.at(0, span.at, high, last - span.first)
            if place.columns:
                yield from requests.patterns(place, columns[span.first : last], header, odd)

    def expect(self, book: Book, op: Mapping[str, Any]) -> Json:
        height, wide, header = op["rows"], op["columns"], op["header_rows"]
        places = list(range(wide))
        if op["on"] == "stage":
            tab = staged(book, op["run"])
            area = Rect(tab.id, 0, 0, tab.rows, tab.columns)
        else:
            area = block_of(book)
            tab = book.tab(area.sheet_id)
            places = book.lay.of(wide)
        rows = self._read(op, area, tab.title, places)
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
        if "changes" in op:
            book.replaced = replaced(book.old, book.lay, op, whole[header:])
        if book.replaced:
            seen |= book.replaced.seen()
        if op.get("marks"):
            titles = book.lay.titles or whole[header - 1]
            key = op["digest"]["key"]
            book.lay.marks = marks.of(key, whole[: header - 1], titles, whole[header:], wide)
        return seen

    def _read(
        self, op: Mapping[str, Any], area: Rect, title: str, places: Sequence[int]
    ) -> list[list[Cell]]:
        if op["on"] == "block":
            return self._calls.read(area, title, places)
        try:
            return self._calls.read(area, title)
        except Stopped as stop:
            if stop.code != "differs_formula":
                raise
            raise differs(op, [("formula", "a formula")]) from None


def _laid(book: Book, op: Mapping[str, Any], rows: Sequence[Sequence[Cell]]) -> Iterator[Json]:
    old = block_of(book)
    for span, last in _spans(book, op):
        union = old.at(0, span.at, max(old.rows, len(rows)), span.width)
        yield from sheet_bytes.values(union, [row[span.first : last] for row in rows])


def _pasted(book: Book, op: Mapping[str, Any], stage: Tab) -> Iterator[Json]:
    old, high = block_of(book), op["stage_rows"]
    for span, last in _spans(book, op):
        ours = last - span.first
        union = old.at(0, span.at, max(old.rows, high), span.width)
        if ours:
            source = Rect(stage.id, 0, span.first, high, ours)
            yield requests.pasted_values(source, union.sized(high, ours))
        yield from requests.blanks(union.at(high, 0, union.rows - high, span.width))
        yield from requests.blanks(union.at(0, ours, high, span.width - ours))


def _spans(book: Book, op: Mapping[str, Any]) -> list[tuple[Span, int]]:
    """With the first of our columns that is not in it: the rest of its width is to be blanked."""
    wide = len(op["columns"])
    spans = book.lay.spans(wide, block_of(book).columns)
    return [(span, max(span.first, min(span.first + span.width, wide))) for span in spans]


def _size(book: Book, op: Mapping[str, Any], rows: Sequence[Sequence[Cell]]) -> int:
    return bytes_of(rows, len(_spans(book, op)))
