"""Made-up stories of an update block: what QuickBooks sends and what a person does in between."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from counterfoil.core import blocks, operations, patches
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.canonical import Cell, canonical
from counterfoil.core.digest import Digest
from counterfoil.core.operations import EncodedRows, SheetColumn
from counterfoil.core.order import Order, in_order
from counterfoil.core.patches import Leaving
from sandbox.google import pasting
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.tab import Tab

KEY = "0f" * 32
BLOCK = "CF_test"
AT = "2026-01-31T12:00:00Z"
LAYOUT = Layout(
    keys=("id", "name", "date", "balance"),
    columns=(
        SheetColumn("text", "@"),
        SheetColumn("text", "@"),
        SheetColumn("date", "yyyy-mm-dd"),
        SheetColumn("number", "#,##0.00;(#,##0.00)"),
    ),
    header=EncodedRows.of([["Id", "Name", "Date", "Balance"]]),
    widths=(80, 160, 100, 110),
    sums=((3, 2),),
)

Row = list[Cell]
Books = dict[str, Row]
PERSON = ("nothing", "sorts", "writes beside", "puts a column in", "renames", "writes below")

_ids = st.integers(1, 9).map(str)
_names = st.sampled_from(
    ["Ann", "=1+1", "'x", "0012", "No 9", "No 10", "TRUE", "", "ünal 中", "ß", "ΣΑΣ", "2026-01-02"]
)
_rows = st.tuples(
    _names,
    st.one_of(st.just(""), st.integers(45_000, 47_000)),
    st.one_of(st.just("none"), st.integers(-10_000, 10_000).map(lambda cents: cents / 100)),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One update: `sent` is laid over the books, `gone` leaves them; `whole` is a full read."""

    person: str
    sent: Books
    gone: frozenset[str]
    whole: bool
    order: Order | None = None


@dataclass
class Story:
    books: Books = field(default_factory=dict)
    runs: int = 0
    notes: dict[str, str] = field(default_factory=dict)  # key → what stands beside the record

    def first(self, books: Books) -> list[dict[str, Any]]:
        self.books, self.runs = dict(books), 1
        rows = list(self.books.values())
        digest, tally = Digest(KEY), LAYOUT.tally()
        digest.add(canonical(rows), len(rows))
        tally.add(rows)
        target = Target("run_1", 1, "Customers", "a note", AT, new=True)
        made = blocks.direct(LAYOUT, EncodedRows.of(rows), target, digest, tally)
        return told(made)

    def update(self, turn: Turn) -> list[dict[str, Any]]:
        base, self.runs = f"run_{self.runs}", self.runs + 1
        gone = [id for id in turn.gone if id in self.books and id not in turn.sent]
        self.books = {id: row for id, row in self.books.items() if id not in gone} | turn.sent
        rows = list((self.books if turn.whole else turn.sent).values())
        tally = LAYOUT.tally()
        tally.add(rows)
        target = Target(f"run_{self.runs}", self.runs, "Customers", "a note", AT, new=False)
        by = turn.order
        order = {"column": by.column, "descending": by.descending} if by else None
        leaving = Leaving(gone="Customers – gone", order=order)
        if turn.whole:
            made = patches.whole(
                LAYOUT,
                target,
                key=KEY,
                key_columns=[0],
                rows=EncodedRows.of(rows),
                tally=tally,
                leaving=leaving,
            )
        else:
            made = patches.changes(
                LAYOUT,
                target,
                key=KEY,
                base=base,
                key_columns=[0],
                rows=EncodedRows.of(rows),
                departed=[[id] for id in sorted(gone)],
                tally=tally,
                leaving=leaving,
                rows_after=len(self.books),
            )
        return told(made)


def told(made: tuple[operations.Operation, ...]) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = json.loads(operations.encode(made))
    return plain


def books() -> st.SearchStrategy[Books]:
    rows = st.dictionaries(_ids, _rows, max_size=6)
    return rows.map(lambda found: {id: [id, *row] for id, row in found.items()})


def turns() -> st.SearchStrategy[list[Turn]]:
    orders = st.one_of(st.none(), st.builds(Order, st.sampled_from([1, 3]), st.booleans()))
    turn = st.builds(
        Turn, st.sampled_from(PERSON), books(), st.frozensets(_ids), st.booleans(), orders
    )
    return st.lists(turn, min_size=1, max_size=5)


def meddle(workbook: Workbook, story: Story, what: str) -> None:
    """What the person does before the next run."""
    tab, rect = place(workbook)
    data = Rect(rect.row + 1, 0, rect.rows - 1, tab.column_count)
    match what:
        case "sorts" if rect.rows > 1:
            with workbook.editing():
                pasting.sort(tab, data, [pasting.Order(columns(tab, rect)[1], descending=True)])
        case "writes beside":
            ids, balances = columns(tab, rect)[0], columns(tab, rect)[3]
            for row in range(rect.row + 1, rect.end_row):
                id = str(tab.value(row, ids))
                story.notes[id] = f"mine of {id}"
                tab.write(row, 20, [[story.notes[id]]])
                tab.set_formula(row, 21, f"={Rect(row, balances).a1()}")
        case "puts a column in" if rect.columns < 6:
            tab.insert_columns(rect.column + 1, 1)
        case "renames":
            tab.write(rect.row, columns(tab, rect)[1], [["My title"]])
        case "writes below":
            tab.write(rect.end_row + 1, 0, [["below", "this", "table"]])


def place(workbook: Workbook) -> tuple[Tab, Rect]:
    named = workbook.named_range(BLOCK)
    tab = workbook.tab_by_id(named.sheet_id) if named else None
    if named is None or named.rect is None or tab is None:
        raise AssertionError("the block is gone")
    return tab, named.rect


def is_in_order(rows: list[Row], order: Order) -> bool:
    return rows == in_order(rows, order)


def columns(tab: Tab, rect: Rect) -> list[int]:
    """Where ours are: a person's columns in this story have no title."""
    titles = tab.values(Rect(rect.row, rect.column, 1, rect.columns))[0]
    return [rect.column + at for at, title in enumerate(titles) if title != ""]


def table(workbook: Workbook) -> list[Row]:
    """Our cells of the block's data rows."""
    tab, rect = place(workbook)
    ours = columns(tab, rect)
    return [
        [_plain(tab, row, column) for column in ours] for row in range(rect.row + 1, rect.end_row)
    ]


def _plain(tab: Tab, row: int, column: int) -> Cell:
    value = tab.value(row, column)
    if not isinstance(value, str | int | float | bool):
        raise TypeError(f"an error in {Rect(row, column).a1()}")
    return value
