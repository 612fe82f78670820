"""Tabs that only grow at their end: the log, and copies of what a run is about to replace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counterfoil.adapters import sheet_bytes
from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import Book, Stopped, Tab, grown, new_tab
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.adapters.sheet_room import check_cells
from counterfoil.core.canonical import Cell

PADLOCK = "🔒 "
LONGEST_TITLE = 100  # as Google has it
INCOMPLETE = "A run that broke off left the table incomplete. Run it again, and copy it then."


def check_complete(receipt: Mapping[str, Any] | None) -> None:
    """Raises Stopped where a run died in the block."""
    if receipt is not None and receipt["state"] != "done":
        raise Stopped("incomplete", INCOMPLETE)


def padlocked(book: Book, locked: bool, frozen: Sequence[str]) -> Iterator[Json]:
    """Whether the title of the block's tab begins with a padlock; nothing where it is gone, or to
    take it away where one of the other blocks that are `frozen` stands there too.
    """
    if book.block is None:
        return
    tab = book.tab(book.block.sheet_id)
    if not locked and any(
        block in frozen and place.sheet_id == tab.id for block, place in book.others.items()
    ):
        return
    if tab.title.startswith(PADLOCK) is locked:
        return
    wished = PADLOCK + tab.title if locked else tab.title.removeprefix(PADLOCK)
    title, n = wished[:LONGEST_TITLE], 2
    while book.titled(title):
        end = f" {n}"
        title, n = wished[: LONGEST_TITLE - len(end)] + end, n + 1
    yield requests.renamed_tab(tab.id, title)


def log_tab(book: Book, title: str, *, fresh: bool = False) -> tuple[Tab, list[Json]]:
    """The tab, and the request that makes it where it is not there. A `fresh` one is always made,
    as "title 2" where the title is taken.
    """
    tab = book.titled(title)
    if tab is not None and not fresh:
        return tab, []
    wished, n = title, 2
    while book.titled(title):
        title, n = f"{wished} {n}", n + 1
    tab, request = new_tab(book, title, hidden=False)
    return tab, [request]


def headed(book: Book, tab: Tab, head: Mapping[str, Any]) -> Iterator[Json]:
    """Titles in bold in the first row, which is frozen, and the columns' widths in pixels."""
    place = Rect(tab.id, 0, 0, 1, len(head["titles"]))
    yield from _room(book, place.sized(2, place.columns))  # not all rows of a tab can be frozen
    yield from appended_texts(book, tab, 0, [head["titles"]])
    yield requests.bold(place, True)
    yield requests.frozen_rows(tab.id, 1)
    for column, pixels in enumerate(head["widths"]):
        yield requests.width(place, column, pixels)


def appended_texts(
    book: Book, tab: Tab, first: int, rows: Sequence[Sequence[Cell]]
) -> Iterator[Json]:
    """Texts from that row on."""
    place = Rect(tab.id, first, 0, len(rows), max(map(len, rows)))
    yield from _room(book, place)
    yield requests.number_format(place, requests.TEXT)
    yield from sheet_bytes.values(place, rows)


def copied(
    book: Book,
    tab: Tab,
    last_row: int,
    rows: Sequence[Sequence[Cell]],
    formats: Sequence[Sequence[Mapping[str, Any]]],
) -> tuple[list[Json], Iterator[Json]]:
    """Values with their number formats, directly below what is there, texts as text: what makes
    room for them, and they, cut to what a call carries.
    """
    place = Rect(tab.id, last_row, 0, len(rows), max(map(len, rows)))
    room = list(_room(book, place))
    return room, sheet_bytes.formatted_values(place, rows, formats)


def _room(book: Book, place: Rect) -> Iterator[Json]:
    tab = book.tab(place.sheet_id)
    high = max(tab.rows, place.row + place.rows)
    wide = max(tab.columns, place.columns)
    check_cells(book, high * wide - tab.rows * tab.columns)
    yield from grown(book, Rect(tab.id, 0, 0, 1, 1), high, wide)
