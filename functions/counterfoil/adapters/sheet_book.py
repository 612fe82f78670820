"""The spreadsheet as the writer last saw it, and what operations ask of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_lay import Lay
from counterfoil.adapters.sheet_news import Replaced
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell

# What `looked` needs of spreadsheets.get.
LOOK = (
    "namedRanges,sheets(properties(sheetId,title,gridProperties(rowCount,columnCount,"
    "frozenRowCount,frozenColumnCount)),merges,basicFilter(range),protectedRanges(range,warningOnly,requestingUserCanEdit,"
    "unprotectedRanges),"
    "developerMetadata(metadataId,metadataKey,metadataValue))"
)


class Stopped(Exception):
    """An operation cannot be done: a code for the log, a sentence for the person.

    `op` is the operation that failed; None for the one at hand. `cell` is where the trouble is.
    """

    def __init__(self, code: str, why: str, op: int | None = None, cell: str | None = None) -> None:
        super().__init__(code)
        self.code, self.why, self.op, self.cell = code, why, op, cell


@dataclass(slots=True, eq=False)
class Item:
    """One developer metadata of a tab."""

    id: int
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Cells that this writer may not edit, but for what lies wholly in one of `open`."""

    rect: Rect
    open: tuple[Rect, ...] = ()

    def closes(self, area: Rect) -> bool:
        return self.rect.meets(area) and not any(area.lies_in(each) for each in self.open)


@dataclass(slots=True, eq=False)
class Tab:
    id: int
    title: str
    rows: int
    columns: int
    metadata: list[Item] = field(default_factory=list)  # oldest first
    merges: list[Rect] = field(default_factory=list)
    protected: list[Closed] = field(default_factory=list)
    filtered: bool = False
    frozen: int = 0  # rows
    frozen_columns: int = 0
    is_new: bool = False  # made in this step, so that nothing of a person's is there


@dataclass(frozen=True, slots=True)
class Old:
    """The block as `expect` on "old" found it."""

    cells: list[list[Cell]]  # the whole block, people's columns included
    receipt: dict[str, Any] | None
    keys: list[str]  # of the columns to come
    titles: list[Cell]  # theirs
    replace: bool = False  # whatever people did to it
    as_left: bool = False  # nobody changed it since the last run


@dataclass(slots=True)
class Book:
    """The spreadsheet as it was last seen, and what was sent since."""

    tabs: list[Tab]
    name_id: str | None = None
    block: Rect | None = None
    pending: list[tuple[int, Json]] = field(default_factory=list)  # (op, request)
    odd: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # by run
    others: dict[str, Rect] = field(default_factory=dict)  # the other blocks, by name
    lay: Lay = field(default_factory=Lay)
    old: Old | None = None
    plan: Any = None  # of the step's patch, a sheet_patch.Plan
    digest: Any = None  # of the rows that were read back after it
    replaced: Replaced | None = None  # what a replacement did to the rows, where it can be told
    receipts: Sequence[Mapping[str, Any]] = ()  # that the step is going to leave
    lines: Sequence[Mapping[str, Any]] = ()  # its operations on rows and columns that come and go
    right: Sequence[int] | None = None  # columns whose titles its `format` sets at the right
    formulas: Sequence[Sequence[Any]] = ()  # of ours that the step leaves
    fence: int | None = None  # of the run that writes: it counts the export's runs

    def tab(self, sheet_id: int) -> Tab:
        return next(tab for tab in self.tabs if tab.id == sheet_id)

    def titled(self, title: str) -> Tab | None:
        return next((tab for tab in self.tabs if tab.title.lower() == title.lower()), None)


def ensured_tab(book: Book, block: str, op: Mapping[str, Any]) -> Iterator[Json]:
    # The add-on makes a tab under the block's own name and may have died before it gave another.
    tab = book.titled(block)
    if book.block is not None and (tab is None or tab.id != book.block.sheet_id):
        return
    title, n = op["title"], 2
    while book.titled(title):
        title, n = f"{op['title']} {n}", n + 1
    if tab is None:
        tab, request = new_tab(book, title, hidden=False)
        yield request
    else:
        # Here it keeps its title until that was sent: it may be read before.
        yield requests.renamed_tab(tab.id, title)
    if book.block is None:
        yield from named(book, block, Rect(tab.id, 0, 0, 1, 1))


def new_tab(book: Book, title: str, *, hidden: bool) -> tuple[Tab, Json]:
    # The id is ours to choose, so that the same call can go on with the tab that it makes.
    taken = {tab.id for tab in book.tabs}
    sheet_id = next(id for id in iter(lambda: secrets.randbelow(2**31 - 1), 0) if id not in taken)
    tab = Tab(sheet_id, title, 1000, 26, is_new=True)  # the size that Google gives a new tab
    request = requests.added_tab(sheet_id, title, len(book.tabs), hidden)
    book.tabs.append(tab)
    return tab, request


def grown(book: Book, area: Rect, rows: int, columns: int) -> Iterator[Json]:
    """Blank rows and columns at the tab's end until the rectangle fits."""
    tab = book.tab(area.sheet_id)
    more, wider = area.row + rows - tab.rows, area.column + columns - tab.columns
    if more > 0:
        tab.rows += more
        yield requests.appended(tab.id, "ROWS", more)
    if wider > 0:
        tab.columns += wider
        yield requests.appended(tab.id, "COLUMNS", wider)


def named(book: Book, block: str, area: Rect) -> Iterator[Json]:
    book.block = area
    if book.name_id is None:
        book.name_id = f"cf{secrets.token_hex(8)}"
        named: Json = {"namedRangeId": book.name_id, "name": block, "range": area.json()}
        yield {"addNamedRange": {"namedRange": named}}
    else:
        named = {"namedRangeId": book.name_id, "range": area.json()}
        yield {"updateNamedRange": {"namedRange": named, "fields": "range"}}


def was_done(receipt: Mapping[str, Any]) -> bool:
    """Whether a run of this export was ever done."""
    return receipt.get("state") == "done" or bool(receipt.get("once"))


def dropped_stage(book: Book, run: str) -> Iterator[Json]:
    tab = book.titled(stage_title(run))
    if tab is not None:
        book.tabs.remove(tab)
        yield {"deleteSheet": {"sheetId": tab.id}}


def cell_name(book: Book, area: Rect) -> str:
    """For the person: 'My tab'!C7, or C7:C9."""
    text = area.a1(book.tab(area.sheet_id).title)
    return text.rpartition(":")[0] if area.rows == area.columns == 1 else text


def block_of(book: Book) -> Rect:
    if book.block is None:
        raise Stopped("block_gone", "The table was deleted during the run. Run it again.")
    return book.block


def staged(book: Book, run: str) -> Tab:
    tab = book.titled(stage_title(run))
    if tab is None:
        why = "The hidden tab with what had arrived is gone. Nothing was changed. Run it again."
        raise Stopped("no_stage", why)
    return tab


def stage_title(run: str) -> str:
    return f"CF stage {run}"


def seen_tab(sheet: Mapping[str, Any]) -> Tab:
    properties = sheet["properties"]
    grid = properties["gridProperties"]
    closed = [
        p
        for p in sheet.get("protectedRanges", [])
        if not p.get("warningOnly") and not p.get("requestingUserCanEdit")
    ]
    size = grid["rowCount"], grid["columnCount"]
    return Tab(
        properties["sheetId"],
        properties["title"],
        *size,
        metadata=[
            Item(found["metadataId"], found["metadataKey"], found.get("metadataValue", ""))
            for found in sheet.get("developerMetadata", [])
        ],
        merges=[_open_rect(found, size) for found in sheet.get("merges", [])],
        protected=[
            Closed(
                _open_rect(found.get("range", {}), size),
                tuple(_open_rect(each, size) for each in found.get("unprotectedRanges", ())),
            )
            for found in closed
        ],
        filtered="basicFilter" in sheet,
        frozen=grid.get("frozenRowCount", 0),
        frozen_columns=grid.get("frozenColumnCount", 0),
    )


def _open_rect(found: Mapping[str, Any], size: tuple[int, int]) -> Rect:
    """Of a range that may be open at its ends, as that of a whole protected tab."""
    row, column = int(found.get("startRowIndex", 0)), int(found.get("startColumnIndex", 0))
    end_row, end_column = found.get("endRowIndex", size[0]), found.get("endColumnIndex", size[1])
    sheet_id = int(found.get("sheetId", 0))
    return Rect(sheet_id, row, column, int(end_row) - row, int(end_column) - column)
