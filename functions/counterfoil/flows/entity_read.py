"""An entity read page by page: COUNT, pages in parallel, what changed since, nothing lost or
doubled."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from counterfoil.core import line_pages, looks, paging
from counterfoil.core.bookmarks import Bookmark, Bookmarks, packed, unpacked
from counterfoil.core.datasets import Column
from counterfoil.core.errors import (
    ConnectionBusy,
    IncompleteRead,
    QuickBooksBusy,
    QuickBooksRejected,
)
from counterfoil.core.operations import NO_ROWS, EncodedRows
from counterfoil.core.order import Ordered
from counterfoil.core.pages import Body, Page, is_home
from counterfoil.core.proof import Proof, Total, Totals, Verdict
from counterfoil.core.seen import SeenIds
from counterfoil.core.tally import Every
from counterfoil.flows.choices import Choice, EntityChoice
from counterfoil.flows.closing import Back, Closing
from counterfoil.flows.entity_pages import EntityPages
from counterfoil.flows.estimates import check_size
from counterfoil.flows.names import Names
from counterfoil.flows.pace import Waiting
from counterfoil.flows.page_size import PageSize, damaged
from counterfoil.flows.parts import Parts
from counterfoil.flows.ports import Company
from counterfoil.flows.table import Table, checked


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once, and how much at all."""

    max_cells: int = 1_000_000  # of one export: what Apps Script can write in its time
    cells_per_step: int = 100_000  # about 2 MB of JSON
    # Of one export whose rows are put in order, which travel in one step: about 6 MB.
    cells_in_order: int = 300_000
    page: int = paging.PAGE
    # Fewer leave the network idle; more only wait for the ten a second that Intuit allows.
    in_flight: int = 8
    reconcile: timedelta = timedelta(days=7)  # so often an update reads everything

    def calls_per_step(self, choice: Choice) -> int:
        """How many answers one step carries, as a rule."""
        if not isinstance(choice, EntityChoice):
            return self.in_flight
        if choice.order is not None:
            return self.cells_in_order
        return max(1, self.cells_per_step // len(choice.columns) // self.page)


class _Shifted(Exception):
    """A page does not begin with the row that the one before ended with."""


class EntityRead:
    """A reading that can stop after any page and go on from `position()` in another process."""

    def __init__(
        self,
        choice: EntityChoice,
        table: Table,
        limits: Limits,
        home_currency: str,
        read_page: Callable[[Body], Page],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._choice = choice
        self._limits = limits
        self._home_currency = home_currency
        self._at_home = {column.key for column in choice.columns if is_home(column)}
        self._pages = EntityPages(choice, read_page, limits.in_flight)
        self._monotonic = monotonic
        self.table = table
        self._base = table.mark()  # where its own rows begin
        self._ordered = Ordered(choice.order) if choice.order else None
        self._seen = SeenIds()
        self.records = 0  # of QuickBooks, read so far; each may have several rows in the table
        self._count_keys()
        self._names = Names()
        self._totals = Totals()
        self._next = 1  # STARTPOSITION of the first page that was not read
        self.counted: int | None = None
        self._last_id = ""  # of the last row that was read
        self._bookmarks = Bookmarks()
        self._closing = Closing(choice, monotonic)
        self._page_size = PageSize(limits.page)

    def go_on_from(self, position: Mapping[str, Any]) -> None:
        """`table` and everything else as `position()` told it."""
        self._base = position["base"]
        if self._choice.order and position["ordered"] is not None:
            self._ordered = Ordered.from_state(self._choice.order, position["ordered"])
        self._seen = SeenIds.from_state(position["seen"])
        self.records = position["records"]
        self._count_keys()
        self._totals = Totals.from_state(position["totals"])
        self._next = position["next"]
        self.counted = position["counted"]
        self._last_id = position["last_id"]
        self._bookmarks = Bookmarks.from_state(position["bookmarks"])
        self._closing.go_on_from(unpacked(position["closing"]))
        self._page_size.go_on_from(position["page"])

    def position(self) -> dict[str, Any]:
        """What a sealed cursor keeps beside the table. Holds totals; raises ExportTooLarge."""
        return {
            "base": self._base,
            "ordered": checked(self._ordered) if self._ordered and self._ordered.seen else None,
            "seen": self._seen.state(),
            "records": self.records,
            "totals": self._totals.state(),
            "next": self._next,
            "counted": self.counted,
            "last_id": self._last_id,
            "bookmarks": self._bookmarks.state(),
            "closing": packed(self._closing.state()),
            "page": self._page_size.state(),
        }

    def advance(self, company: Company, parts: Parts) -> tuple[Proof | None, float]:
        """Reads on into `parts` until the step is full, its time is over, or everything was read:
        then the proof is there. The seconds are those to wait before the next step.

        Raises Waiting, QuickBooksBusy or ConnectionBusy only when nothing new was read; raises
        IncompleteRead when what was read is not what QuickBooks counts, ExportTooLarge, and
        QuickBooksRejected with the range of Ids in which a record cannot be read.
        """
        counted, size, readings = self.counted, self._page_size.size, self._closing.readings
        proof: Proof | None = None
        wait_s: float = 0
        while True:
            try:
                if self._read(company, parts):
                    back = self._moved(company)
                    if back is None:
                        proof = self._proof()
                    else:
                        self._go_back(back, parts)
                        if not back.wait_s:
                            continue
                        wait_s = back.wait_s
            except _Shifted:
                back = self._closing.overtaken()
                self._go_back(back, parts)
                wait_s = back.wait_s
            except Waiting as waiting:
                if not self._is_further(parts, counted, size, readings):
                    raise
                wait_s = waiting.whole_s
            except (QuickBooksBusy, QuickBooksRejected) as error:
                if self._page_size.shrink(error, self._next):
                    continue
                if damaged(error):
                    size = self._page_size.size
                    raise self._pages.unreadable(company, error, self._next, size) from error
                further = self._is_further(parts, counted, size, readings)
                if isinstance(error, QuickBooksRejected) or not further:
                    raise
                wait_s = float(error.details.get("wait_s") or 0)
            except ConnectionBusy as busy:
                if not self._is_further(parts, counted, size, readings):
                    raise
                wait_s = float(busy.details.get("wait_s") or 0)
            if proof and self._ordered is not None and self.table.ordered is not None:
                self.table.ordered.join(self._ordered)
            return proof, wait_s

    @property
    def complete_since(self) -> datetime | None:
        """Of the whole table, once it is read: see Closing."""
        return self._closing.complete_since

    def _is_further(self, parts: Parts, counted: int | None, size: int, readings: int) -> bool:
        """Whether the step learned anything, be it only a count, that pages must be smaller, or
        that some have to be read again: lost, the next step would spend its time on the same.
        """
        known = (self.counted, self._page_size.size, self._closing.readings)
        return bool(parts) or known != (counted, size, readings)

    def _read(self, company: Company, parts: Parts) -> bool:
        """Pages into `parts`; True when there are no more."""
        if self._next == 1 and self.counted is None:
            asked = self._size
            began = self._monotonic()
            page = self._pages.page(company, 1, asked)
            more = paging.needs_count(len(page.ids), asked)
            took = self._monotonic() - began
            self._closing.asked(page.time, took)
            if more:
                self._closing.began(page.time, took)
            parts.add(self._taken(company, page, 1))
            if not more:
                self._check_size(self._rows)
                return True
        if self.counted is None:
            self.counted = self._pages.count(company)
            if not self._choice.local:
                self._check_size(self.counted)
        while self._next <= self.counted:
            starts = paging.starts(self.counted, self._next - 1, self._size, self._overlap)
            now = starts[: self._room(parts.rows)]
            if not now:
                return False
            now = now[:1] if self._page_size.searching else now
            pages = self._pages.several(company, now, self._size)
            for start, page in zip(now, pages, strict=True):
                parts.add(self._taken(company, page, start))
        return True

    @property
    def _overlap(self) -> int:
        """By how many rows pages overlap: where nothing else tells that they shifted."""
        return 0 if self._closing.has_cdc else 1

    @property
    def _size(self) -> int:
        return max(self._page_size.size, 1 + self._overlap)

    def _moved(self, company: Company) -> Back | None:
        if self.counted is None:  # one page, one answer: nothing can have come in between
            return None
        return self._closing.moved(company, self._seen, self._bookmarks, self.counted, self.records)

    @property
    def _rows(self) -> int:
        """Of this reading, whether or not they wait for their order."""
        base: int = self._base["tally"]["rows"]
        return self._ordered.seen if self._ordered else self.table.tally.rows - base

    def _go_back(self, back: Back, parts: Parts) -> None:
        """To a bookmark, or to the beginning: what was made of the rows behind it is forgotten."""
        self.counted = None
        bookmark = back.bookmark
        self.records = bookmark.records if bookmark else 0
        if bookmark is None:
            self._seen = SeenIds()
            self._bookmarks.clear()
            self.table.back_to(self._base)
            self._totals = Totals()
            self._ordered = Ordered(self._choice.order) if self._choice.order else None
            self._last_id = ""
        else:
            self._seen.back_to(bookmark.last, bookmark.records)
            self._bookmarks.back_to(bookmark)
            now = self.table.mark()["tally"]
            tally = {**now, "rows": bookmark.rows, "sums": bookmark.sums}
            self.table.back_to({"digest": bookmark.digest, "tally": tally})
            self._totals = Totals.from_state(bookmark.totals)
            self._last_id = bookmark.last_id
        self._count_keys()
        self._next = self.records + 1
        parts.cut(self.table.tally.rows)

    def _count_keys(self) -> None:
        """Of what the rows are keyed by: a record's Id, or that with its line's."""
        apart = self._keys_apart
        self.table.tally.distinct = Every(self.table.tally.rows) if apart else self._seen

    @property
    def _keys_apart(self) -> bool:
        """Whether the rows in the sheet do not tell which records were read: each can have several
        of them, or none; they wait for their order, or are counted by their company.
        """
        choice = self._choice
        return bool(choice.lines or choice.local or choice.order or self.table.tally.key)

    def _proof(self) -> Proof:
        proof = paging.proof(
            sent=self.records,
            distinct=len(self._seen),
            counted=self.counted,
            edited=self._closing.edited,
            rows=self._rows,
            totals=tuple(
                _with_cents(total)
                for total in self._totals.of(self._total_columns)
                # Blank where a company knows one currency only.
                if total.amount or total.key not in self._at_home
            ),
            unbalanced=int(self._totals.sum_of(line_pages.UNBALANCED)),
            is_filtered=bool(self._choice.local),
            largest_page=max(self._limits.page, 1 + self._overlap),
        )
        if proof.verdict is not Verdict.PASS:
            raise IncompleteRead(
                f"{proof.why} Nothing was written. Please export again.",
                sent=proof.sent,
                counted=proof.counted,
                distinct=proof.distinct,
            )
        return proof

    @property
    def _total_columns(self) -> list[Column]:
        """Whose sums stand in the proof. What the lines leave of a total is said only if it is
        anything.
        """
        of_lines = [line_pages.LINES, line_pages.LEFT_OVER][: 1 + self._is_unbalanced]
        return [*self._choice.columns, *(of_lines if self._choice.lines else ())]

    @property
    def _is_unbalanced(self) -> bool:
        return self._totals.sum_of(line_pages.UNBALANCED) > 0

    def _taken(self, company: Company, page: Page, start: int) -> EncodedRows:
        """The page's rows, each once: a page may repeat the end of the one before.

        Raises _Shifted.
        """
        ids = page.ids
        if self._overlap and start < self._next:
            if not ids or ids[0] != self._last_id:
                raise _Shifted
            page = page.only(range(1, len(ids)))
        size = self._size
        sent = self._without_repeated(page)
        page = self._names.filled(self._names.matching(sent, company), company)
        ids = sent.ids
        rows = NO_ROWS
        if self._ordered is not None:
            self._ordered.add(page.rows)
        else:
            rows = self.table.take(page)
        if self._keys_apart:
            self._seen.add(ids)
            self._check_size(self._rows)
        self.records += len(ids)
        currencies = Counter(page.currencies)
        for key, amounts in page.amounts.items():
            if key in self._at_home:
                self._totals.add(key, self._home_currency, amounts)
                continue
            for currency in currencies:
                mine = (
                    amounts
                    if len(currencies) == 1
                    else [a for a, c in zip(amounts, page.currencies, strict=True) if c == currency]
                )
                self._totals.add(key, currency or self._home_currency, mine)
        if ids:
            self._last_id = str(ids[-1])
        self._bookmark()
        self._next = start + size
        self._page_size.passed(self._next)
        return rows

    def _bookmark(self) -> None:
        last = self._seen.last()
        if last is None or self._ordered is not None:
            # In no order that is known: only the beginning is sure. And of the first rows only some
            # are held: none can be told to have been among them before the last page came.
            self._bookmarks.clear()
        if last is not None and self.records:
            self._bookmarks.add(
                Bookmark(
                    records=self.records,
                    rows=self.table.tally.rows,
                    last_id=self._last_id,
                    last=last,
                    digest=self.table.digest.as_json(with_key=False),
                    sums=self.table.tally.sums(),
                    totals=self._totals.state(),
                )
            )

    def _without_repeated(self, page: Page) -> Page:
        seen = self._seen
        ids = page.ids
        if seen.are_new(ids):
            return page
        first: dict[Any, int] = {}
        for place, id in enumerate(ids):
            if id not in seen:
                first.setdefault(id, place)
        return page.only(list(first.values()))

    def _room(self, taken: int) -> int:
        """How many more pages this step may carry after so many rows; one page is carried
        whatever its size.
        """
        if self._ordered is not None:
            return self._limits.cells_in_order  # nothing travels before all has come
        whole = self._limits.cells_per_step // len(self._choice.columns)
        each = max(1, -(-self._rows // max(1, self.records)))  # rows of a record, so far
        return max(0 if taken else 1, (whole - taken) // (self._size * each))

    def _check_size(self, rows: int) -> None:
        waiting = self.table.ordered
        before = waiting.seen if waiting else self._base["tally"]["rows"]
        check_size(self._choice, before + rows, self._limits.max_cells, self._limits.cells_in_order)


def _with_cents(total: Total) -> Total:
    """3.1 dollars are 3.10; nothing is ever rounded."""
    cent = Decimal(1).scaleb(-looks.decimals(total.currency))
    exact = total.amount + cent - cent
    return replace(total, amount=exact)
