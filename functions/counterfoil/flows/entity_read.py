"""An entity read page by page: COUNT, pages in parallel, COUNT again, nothing lost or doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from counterfoil.core import looks, paging, query
from counterfoil.core.blocks import Layout
from counterfoil.core.canonical import canonical
from counterfoil.core.digest import Digest
from counterfoil.core.errors import (
    AppError,
    ConnectionBusy,
    ExportTooLarge,
    IncompleteRead,
    QuickBooksBusy,
    QuickBooksRejected,
)
from counterfoil.core.operations import EncodedRows
from counterfoil.core.pages import Page, count_of
from counterfoil.core.proof import Proof, Total, Totals, Verdict
from counterfoil.core.seen import SeenIds
from counterfoil.core.tally import Distinct, Tally
from counterfoil.flows.choices import EntityChoice
from counterfoil.flows.pace import Waiting
from counterfoil.flows.page_size import PageSize, damaged
from counterfoil.flows.ports import Company


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once, and how much at all."""

    max_cells: int = 1_000_000  # of one export: what Apps Script can write in its time
    cells_per_step: int = 100_000  # about 2 MB of JSON
    page: int = paging.PAGE
    # Fewer leave the network idle; more only wait for the ten a second that Intuit allows.
    in_flight: int = 8


@dataclass(frozen=True, slots=True)
class Advance:
    """What one step read. `proof` is there when that was all."""

    rows: EncodedRows
    proof: Proof | None
    wait_s: float


class EntityRead:
    """A reading that can stop after any page and go on from `position()` in another process."""

    def __init__(
        self,
        choice: EntityChoice,
        layout: Layout,
        digest: Digest,
        limits: Limits,
        home_currency: str,
        read_page: Callable[[bytes], Page],
    ) -> None:
        self._choice = choice
        self._limits = limits
        self._home_currency = home_currency
        self._read_page = read_page
        self.layout = layout
        self.digest = digest
        self.tally: Tally = layout.tally()
        self.tally.distinct = SeenIds()
        self._totals = Totals()
        self._next = 1  # STARTPOSITION of the first page that was not read
        self.counted: int | None = None
        self._count_is_last = False  # no page was read since the count
        self._page_size = PageSize(limits.page)

    def go_on_from(self, position: Mapping[str, Any]) -> None:
        """`digest` and everything else as `position()` told it."""
        self.tally = Tally.from_state({**position["tally"], "distinct": Distinct().state()})
        self.tally.distinct = SeenIds.from_state(position["tally"]["distinct"])
        self.digest = Digest.from_state({**position["digest"], "key": self.digest.state()["key"]})
        self._totals = Totals.from_state(position["totals"])
        self._next = position["next"]
        self.counted = position["counted"]
        self._count_is_last = position["count_is_last"]
        self._page_size.go_on_from(position["page"])

    def position(self) -> dict[str, Any]:
        """What a sealed cursor keeps. Holds totals, but not the digest's key."""
        return {
            "tally": self.tally.state(),
            "digest": self.digest.as_json(with_key=False),
            "totals": self._totals.state(),
            "next": self._next,
            "counted": self.counted,
            "count_is_last": self._count_is_last,
            "page": self._page_size.state(),
        }

    def advance(self, company: Company) -> Advance:
        """Reads on until the step is full, its time is over, or everything was read.

        Raises Waiting, QuickBooksBusy or ConnectionBusy only when nothing new was read; raises
        IncompleteRead when what was read is not what QuickBooks counts, ExportTooLarge, and
        QuickBooksRejected with the range of Ids in which a record cannot be read.
        """
        parts: list[EncodedRows] = []
        counted, size = self.counted, self._page_size.size
        while True:
            try:
                finished = self._read(company, parts)
                proof = self._proof(company) if finished else None
                return Advance(EncodedRows.joined(parts), proof, 0)
            except Waiting as waiting:
                if not self._is_further(parts, counted, size):
                    raise
                wait_s = waiting.wait_s
            except (QuickBooksBusy, QuickBooksRejected) as error:
                if self._page_size.shrink(error, self._next):
                    continue
                if damaged(error):
                    raise self._unreadable(company, error) from error
                further = self._is_further(parts, counted, size)
                if isinstance(error, QuickBooksRejected) or not further:
                    raise
                wait_s = float(error.details.get("wait_s") or 0)
            except ConnectionBusy as busy:
                if not self._is_further(parts, counted, size):
                    raise
                wait_s = float(busy.details.get("wait_s") or 0)
            return Advance(EncodedRows.joined(parts), None, wait_s)

    def _is_further(self, parts: list[EncodedRows], counted: int | None, size: int) -> bool:
        """Whether the step learned anything, be it only a count or that pages must be smaller:
        lost, the next step would spend its time on the same.
        """
        return bool(parts) or self.counted != counted or self._page_size.size != size

    def _read(self, company: Company, parts: list[EncodedRows]) -> bool:
        """Pages into `parts`; True when there are no more."""
        if self._next == 1 and self.counted is None:
            asked = self._page_size.size
            page = self._page(company, 1)
            parts.append(self._taken(page))
            if not paging.needs_count(len(page.rows), asked):
                self._check_size(len(page.rows))
                return True
        if self.counted is None:
            self.counted = self._count(company)
            self._count_is_last = True
            self._check_size(self.counted)
        while self._next <= self.counted:
            starts = paging.starts(self.counted, self._next - 1, self._page_size.size)
            now = starts[: self._room(sum(part.rows for part in parts))]
            if not now:
                return False
            for page in self._pages(company, now[:1] if self._page_size.searching else now):
                parts.append(self._taken(page))
                self._count_is_last = False
        return True

    def _proof(self, company: Company) -> Proof:
        after = None
        if self.counted is not None and not self._count_is_last:
            after = self._count(company)
        proof = paging.proof(
            sent=self.tally.rows,
            distinct=len(self.tally.distinct),
            counted=self.counted,
            counted_after=after,
            totals=tuple(map(_with_cents, self._totals.of(self._choice.columns))),
            largest_page=self._limits.page,
        )
        if proof.verdict is not Verdict.PASS:
            raise IncompleteRead(
                f"{proof.why} Nothing was written. Please export again.",
                sent=proof.sent,
                counted=proof.counted,
                distinct=proof.distinct,
            )
        return proof

    def _taken(self, page: Page) -> EncodedRows:
        """The page's rows, each once: a page may repeat the end of the one before."""
        page = self._without_repeated(page)
        text = canonical(page.rows)
        self.digest.add(text, len(page.rows))
        self.tally.add(page.rows)
        currencies = Counter(page.currencies)
        for key, amounts in page.amounts.items():
            for currency in currencies:
                mine = (
                    amounts
                    if len(currencies) == 1
                    else [a for a, c in zip(amounts, page.currencies, strict=True) if c == currency]
                )
                self._totals.add(key, currency or self._home_currency, mine)
        self._next += self._page_size.size
        self._page_size.passed(self._next)
        return EncodedRows(text, len(page.rows))

    def _without_repeated(self, page: Page) -> Page:
        seen = self.tally.distinct
        ids = [row[0] for row in page.rows]
        if len(set(ids)) == len(ids) and not any(id in seen for id in ids):
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
        whole = self._limits.cells_per_step // len(self._choice.columns)
        return max(0 if taken else 1, (whole - taken) // self._page_size.size)

    def _check_size(self, rows: int) -> None:
        width = len(self._choice.columns)
        cells = (rows + self.layout.header_rows) * width
        if cells > self._limits.max_cells:
            raise ExportTooLarge(
                f"{self._choice.entity.title} would be {rows:,} rows of {width} columns, "
                f"{cells:,} cells; one export may have {self._limits.max_cells:,}. "
                "Narrow the dates or leave columns out.",
                rows=rows,
                columns=width,
                cells=cells,
                most=self._limits.max_cells,
            )

    def _pages(self, company: Company, starts: list[int]) -> Iterator[Page]:
        """The pages in their order, several on their way at once."""
        if len(starts) < 2:
            yield from (self._page(company, start) for start in starts)
            return
        pool = ThreadPoolExecutor(min(len(starts), self._limits.in_flight))
        try:
            coming: list[Future[Page]] = [
                pool.submit(self._page, company, start) for start in starts
            ]
            # Handed over one by one and let go: a page is megabytes.
            while coming:
                yield coming.pop(0).result()
        finally:
            # After a failure the pages behind it are of no use: those not begun never begin.
            pool.shutdown(wait=True, cancel_futures=True)

    def _page(self, company: Company, start: int) -> Page:
        return self._records(company, start, self._page_size.size)

    def _records(self, company: Company, start: int, size: int) -> Page:
        statement = query.select(
            self._choice.entity.entity, self._choice.where, start=start, size=size
        )
        return self._read_page(company.query(statement))

    def _unreadable(self, company: Company, error: AppError) -> QuickBooksRejected:
        """Says between which Ids the record lies that QuickBooks cannot read."""
        size = self._page_size.size
        ids: list[str | None] = []
        for start in (self._next - 1, self._next + size):
            rows = self._records(company, start, 1).rows if start else ()
            ids.append(str(rows[0][0]) if rows else None)
        after, before = ids
        edges = [f"after Id {after}"] * bool(after) + [f"before Id {before}"] * bool(before)
        where = " and ".join(edges) or f"among the first {size}"
        return QuickBooksRejected(
            "QuickBooks could not read one of this company's records, so nothing was written: "
            f"{self._choice.entity.title}, {where}. Open the records there in QuickBooks, save "
            "the one that complains again, and export once more.",
            **{**error.details, "smaller_page": None, "after_id": after, "before_id": before},
        )

    def _count(self, company: Company) -> int:
        return count_of(company.query(query.count(self._choice.entity.entity, self._choice.where)))


def _with_cents(total: Total) -> Total:
    """3.1 dollars are 3.10; nothing is ever rounded."""
    cent = Decimal(1).scaleb(-looks.decimals(total.currency))
    exact = total.amount + cent - cent
    return replace(total, amount=exact)
