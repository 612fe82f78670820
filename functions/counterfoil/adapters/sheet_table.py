"""The rows of a table: onto a hidden tab, into the block, and read back from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring_ascii as escaped
from typing import Any

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import Book, block_of, grown, new_tab, stage_title, staged
from counterfoil.adapters.sheet_calls import SheetCalls
from counterfoil.adapters.sheet_compare import compared, differs, padded
from counterfoil.adapters.sheet_replaced import replaced
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core import marks
from counterfoil.core.canonical import Cell

# Google recommends bodies of at most 2 MB
# (https://developers.google.com/workspace/sheets/api/limits). What is around the cells is small.
LARGEST_CALL = 1_800_000
# A typed cell without what stands in it, and a number at its longest.
_CELL, _NUMBER = 44, 24


# A table of so much goes in one call with everything around it.
SMALL = 400_000


def is_small(op: Mapping[str, Any]) -> bool:
    """Whether what a `commit` writes fits into one call with the operations around it."""
    return "rows" in op and not op.get("patched") and bytes_of(op["rows"], SMALL) <= SMALL


def is_large(op: Mapping[str, Any]) -> bool:
    """Whether it does not fit into one call at all, and has to be laid out somewhere before."""
    return "rows" in op and not op.get("patched") and bytes_of(op["rows"]) > LARGEST_CALL


def bytes_of(rows: Iterable[Sequence[Cell]], enough: int = LARGEST_CALL) -> int:
    """Of a call that writes them, at the most; no further than `enough`."""
    size = 0
    for row in rows:
        size += sum(
            _CELL + (len(escaped(cell)) if isinstance(cell, str) else _NUMBER) for cell in row
        )
        if size > enough:
            break
    return size


def parts_of(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, Sequence[Sequence[Cell]]]]:
    """With where each begins, such that each fits into a call; one row goes whole."""
    first, size = 0, 0
    for at, row in enumerate(rows):
        more = bytes_of([row])
        if at > first and size + more > LARGEST_CALL:
            yield first, rows[first:at]
            first, size = at, 0
        size += more
    if rows:
        yield first, rows[first:]


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
        for first, part in parts_of(rows):
            place = area.at(first, 0, len(part), len(columns))
            book.pending.append((at, requests.values(place, part)))
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

    def commit(self, book: Book, op: Mapping[str, Any]) -> Iterator[Json]:
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
            rows = [padded(row, len(columns)) for row in self._calls.read(source, stage.title)]
        if rows is not None:
            book.lay.titles = list(rows[header - 1]) if header else []
            book.odd[""] = requests.odd_cells(rows, kinds, header)
        elif stage is not None and op["run"] not in book.odd:
            source = Rect(stage.id, 0, 0, high, len(columns))
            read = self._calls.read(source, stage.title)
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
        rows = self._calls.read(area, tab.title, places if op["on"] == "block" else None)
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
