"""What was read of an entity so far: its rows, Ids and totals, and the places to go back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.core.bookmarks import Bookmark, Bookmarks
from counterfoil.core.datasets import Column
from counterfoil.core.home_totals import ABROAD, twins_of
from counterfoil.core.operations import NO_ROWS, EncodedRows
from counterfoil.core.order import Ordered
from counterfoil.core.pages import Page, identified, is_home
from counterfoil.core.proof import Totals
from counterfoil.core.seen import SeenIds
from counterfoil.core.tally import Every
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.table import Table, checked


class Gathered:
    """Adds one company's rows to `table`, behind those that are there."""

    def __init__(self, choice: EntityChoice, table: Table, home_currency: str) -> None:
        self._choice = choice
        self._home_currency = home_currency
        self._at_home = {column.key for column in choice.columns if is_home(column)}
        self._twins = twins_of(choice.entity, choice.columns, choice.lines)
        self.table = table
        self._base = table.mark()  # where its own rows begin
        self.bookmarks = Bookmarks()
        self._begin()

    def forget(self) -> None:
        """All that was read."""
        self.table.back_to(self._base)
        self.bookmarks.clear()
        self._begin()

    def _begin(self) -> None:
        self.seen = SeenIds()
        self.totals = Totals()
        self.ordered = Ordered(self._choice.order) if self._choice.order else None
        self.records = 0  # of QuickBooks; each may have several rows in the table
        self.last_id = ""  # of the last row that was read
        self._count_keys()

    def back_to(self, bookmark: Bookmark) -> None:
        """What was made of the rows behind it is forgotten."""
        self.records = bookmark.records
        self.seen.back_to(bookmark.last, bookmark.records)
        self.bookmarks.back_to(bookmark)
        now = self.table.mark()["tally"]
        tally = {**now, "rows": bookmark.rows, "sums": bookmark.sums}
        self.table.back_to({"digest": bookmark.digest, "tally": tally})
        self.totals = Totals.from_state(bookmark.totals)
        self.last_id = bookmark.last_id
        self._count_keys()

    def go_on_from(self, position: Mapping[str, Any]) -> None:
        """`table` and everything else as `position()` told it."""
        self._base = position["base"]
        if self._choice.order and position["ordered"] is not None:
            self.ordered = Ordered.from_state(self._choice.order, position["ordered"])
        self.seen = SeenIds.from_state(position["seen"])
        self.records = position["records"]
        self._count_keys()
        self.totals = Totals.from_state(position["totals"])
        self.last_id = position["last_id"]
        self.bookmarks = Bookmarks.from_state(position["bookmarks"])

    def position(self) -> dict[str, Any]:
        """Holds totals; raises ExportTooLarge."""
        return {
            "base": self._base,
            "ordered": checked(self.ordered) if self.ordered and self.ordered.seen else None,
            "seen": self.seen.state(),
            "records": self.records,
            "totals": self.totals.state(),
            "last_id": self.last_id,
            "bookmarks": self.bookmarks.state(),
        }

    @property
    def rows(self) -> int:
        """Of this reading, whether or not they wait for their order."""
        base: int = self._base["tally"]["rows"]
        return self.ordered.seen if self.ordered else self.table.tally.rows - base

    @property
    def rows_before(self) -> int:
        """Of the companies that were read before this one."""
        waiting = self.table.ordered
        before: int = waiting.seen if waiting else self._base["tally"]["rows"]
        return before

    @property
    def keys_apart(self) -> bool:
        """Whether the rows in the sheet do not tell which records were read: each can have several
        of them, or none; they wait for their order, or are counted by their company.
        """
        choice = self._choice
        return bool(choice.lines or choice.local or choice.order or self.table.tally.key)

    @property
    def columns_at_home(self) -> Mapping[str, Column]:
        """What totals are called that nobody chose, by those that were: only where there were
        several currencies, or may be in another company, and of every record it is known what it
        comes to at home.
        """
        if not (self.totals.sum_of(ABROAD) or self.table.tally.key):
            return {}
        return {it.total: it.home for it in self._twins if not self.totals.sum_of(it.unknown)}

    def is_home(self, key: str) -> bool:
        """Whether a total is in the company's own currency."""
        return key in self._at_home

    def new_of(self, page: Page) -> Page:
        """Each record once: a page may repeat the end of the one before. Raises IncompleteRead for
        records without an Id: of these nobody could tell which was sent before.
        """
        ids = identified(page)
        if self.seen.are_new(ids):
            return page
        first: dict[Any, int] = {}
        for place, id in enumerate(ids):
            if id not in self.seen:
                first.setdefault(id, place)
        return page.only(list(first.values()))

    def take(self, page: Page, ids: Sequence[Any]) -> EncodedRows:
        """The page's rows, as they travel; `ids` are those of all records that came with it."""
        rows = NO_ROWS
        if self.ordered is not None:
            self.ordered.add(page.rows)
        else:
            rows = self.table.take(page)
        if self.keys_apart:
            self.seen.add(ids)
        self.records += len(ids)
        self._add_totals(page)
        if ids:
            self.last_id = str(ids[-1])
        self._bookmark()
        return rows

    def join(self) -> None:
        """Rows that wait for their order wait with those of the other companies."""
        if self.ordered is not None and self.table.ordered is not None:
            self.table.ordered.join(self.ordered)

    def _add_totals(self, page: Page) -> None:
        currencies = dict.fromkeys(page.currencies)
        for key, amounts in page.amounts.items():
            if self.is_home(key):
                self.totals.add(key, self._home_currency, amounts)
                continue
            for currency in currencies:
                mine = (
                    amounts
                    if len(currencies) == 1
                    else [a for a, c in zip(amounts, page.currencies, strict=True) if c == currency]
                )
                self.totals.add(key, currency or self._home_currency, mine)
        self._add_at_home(page)

    def _add_at_home(self, page: Page) -> None:
        """What nobody chose; of a page in the home currency the amounts are those at home."""
        for twin in self._twins:
            told = page.at_home.get(twin.total)
            if told is not None and None in told:
                self.totals.add(twin.unknown, "", [list(told).count(None)])
            amounts = page.amounts.get(twin.total, ()) if told is None else told
            self.totals.add(twin.home.key, self._home_currency, amounts)
        if page.at_home:
            self.totals.add(ABROAD, "", [1])

    def _bookmark(self) -> None:
        last = self.seen.last()
        if last is None or self.ordered is not None:
            # In no order that is known: only the beginning is sure. And of the first rows only some
            # are held: none can be told to have been among them before the last page came.
            self.bookmarks.clear()
        if last is not None and self.records:
            self.bookmarks.add(
                Bookmark(
                    records=self.records,
                    rows=self.table.tally.rows,
                    last_id=self.last_id,
                    last=last,
                    digest=self.table.digest.as_json(with_key=False),
                    sums=self.table.tally.sums(),
                    totals=self.totals.state(),
                )
            )

    def _count_keys(self) -> None:
        """Of what the rows are keyed by: a record's Id, or that with its line's."""
        rows = self.table.tally.rows
        self.table.tally.distinct = Every(rows) if self.keys_apart else self.seen
