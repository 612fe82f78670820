"""An entity read page by page: COUNT, pages in parallel, what changed since, nothing lost or
doubled."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from counterfoil.core import paging
from counterfoil.core.bookmarks import packed, unpacked
from counterfoil.core.errors import ConnectionBusy, QuickBooksBusy, QuickBooksRejected
from counterfoil.core.operations import EncodedRows
from counterfoil.core.pages import Body, Page
from counterfoil.core.proof import Proof
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.closing import Back, Changed, Closing
from counterfoil.flows.entity_pages import Behind, EntityPages
from counterfoil.flows.entity_proofs import proven
from counterfoil.flows.estimates import check_size
from counterfoil.flows.gathered import Gathered
from counterfoil.flows.limits import Limits
from counterfoil.flows.names import Names
from counterfoil.flows.pace import Waiting
from counterfoil.flows.page_size import PageSize, damaged
from counterfoil.flows.parts import Parts
from counterfoil.flows.ports import Company
from counterfoil.flows.table import Table


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
        self._pages = EntityPages(choice, read_page, limits.in_flight)
        self._monotonic = monotonic
        self._gathered = Gathered(choice, table, home_currency)
        self._names = Names()
        self._next = 1  # STARTPOSITION of the first page that was not read
        self.counted: int | None = None
        self._closing = Closing(choice, monotonic)
        self._changed: Behind[Changed] | None = None  # meanwhile, once the last pages have come
        self._page_size = PageSize(limits.page)

    def go_on_from(self, position: Mapping[str, Any]) -> None:
        """The table and everything else as `position()` told it."""
        self._gathered.go_on_from(position)
        self._next = position["next"]
        self.counted = position["counted"]
        self._closing.go_on_from(unpacked(position["closing"]))
        self._page_size.go_on_from(position["page"])

    def position(self) -> dict[str, Any]:
        """What a sealed cursor keeps beside the table. Holds totals; raises ExportTooLarge."""
        return {
            **self._gathered.position(),
            "next": self._next,
            "counted": self.counted,
            "closing": packed(self._closing.state()),
            "page": self._page_size.state(),
        }

    @property
    def records(self) -> int:
        """Of QuickBooks, read so far."""
        return self._gathered.records

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
            if proof:
                self._gathered.join()
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
        self._changed = None
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
                self._check_size(self._gathered.rows)
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
            if now == starts and self._closing.has_cdc:  # all that is left
                self._changed = Behind(self._closing.question(company))
            pages = self._pages.several(company, now, self._size, self._changed)
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
        read, changed = self._gathered, self._changed or Behind(self._closing.question(company))
        return self._closing.moved(
            company, changed.answer, read.seen, read.bookmarks, self.counted, self.records
        )

    def _go_back(self, back: Back, parts: Parts) -> None:
        """To a bookmark, or to the beginning."""
        self.counted = None
        if back.bookmark is None:
            self._gathered.forget()
        else:
            self._gathered.back_to(back.bookmark)
        self._next = self.records + 1
        parts.cut(self._gathered.table.tally.rows)

    def _proof(self) -> Proof:
        """Raises IncompleteRead."""
        return proven(
            self._choice,
            self._gathered,
            counted=self.counted,
            edited=self._closing.edited,
            largest_page=max(self._limits.page, 1 + self._overlap),
        )

    def _taken(self, company: Company, page: Page, start: int) -> EncodedRows:
        """The page's rows, each once. Raises _Shifted."""
        read = self._gathered
        if self._overlap and start < self._next:
            ids = page.ids
            if not ids or ids[0] != read.last_id:
                raise _Shifted
            page = page.only(range(1, len(ids)))
        size = self._size
        sent = read.new_of(page)
        rows = read.take(self._names.filled(sent.matching(), company), sent.ids)
        if read.keys_apart:
            self._check_size(read.rows)
        self._next = start + size
        self._page_size.passed(self._next)
        return rows

    def _room(self, taken: int) -> int:
        """How many more pages this step may carry after so many rows; one page is carried
        whatever its size.
        """
        read = self._gathered
        if read.ordered is not None:
            return self._limits.cells_in_order  # nothing travels before all has come
        whole = self._limits.cells_per_step // len(self._choice.columns)
        each = max(1, -(-read.rows // max(1, read.records)))  # rows of a record, so far
        return max(0 if taken else 1, (whole - taken) // (self._size * each))

    def _check_size(self, rows: int) -> None:
        most, in_order = self._limits.max_cells, self._limits.cells_in_order
        check_size(self._choice, self._gathered.rows_before + rows, most, in_order)
