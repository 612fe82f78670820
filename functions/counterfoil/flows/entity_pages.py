"""Pages of an entity asked for, several on their way at once, and decoded in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from counterfoil.collector import at_rest
from counterfoil.core import query
from counterfoil.core.errors import AppError, QuickBooksRejected
from counterfoil.core.journal import along
from counterfoil.core.pages import Body, Page, count_of
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.ports import Company

# Pages on their way or waiting to be decoded, for each that may be on its way.
_WAITING = 2

Answer = TypeVar("Answer")


class Behind(Generic[Answer]):
    """A question that is asked once others have been answered, or at the latest when somebody
    wants to know.
    """

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._coming: Future[Answer] | None = None

    def begin(self, pool: ThreadPoolExecutor, others: Sequence[Future[Any]]) -> None:
        """Without waiting. It is not asked where one of the others fails."""

        def ask() -> Answer:
            for each in others:
                each.result()
            return self._ask()

        self._coming = pool.submit(along(ask))

    def answer(self) -> Answer:
        """Raises what asking raises."""
        return self._coming.result() if self._coming else self._ask()


class EntityPages:
    """What a choice asks QuickBooks for. Raises whatever a call raises."""

    def __init__(
        self, choice: EntityChoice, read_page: Callable[[Body], Page], in_flight: int
    ) -> None:
        self._choice = choice
        self._read_page = read_page
        self._in_flight = in_flight
        # Pages take turns in it. New megabytes for each would come from the kernel, which clears
        # them first.
        self._room = bytearray()

    def count(self, company: Company) -> int:
        return count_of(
            company.query(query.count(self._choice.entity.query_name, self._choice.where))
        )

    def page(self, company: Company, start: int, size: int) -> Page:
        return self._read(self._asked(company, start, size))

    def several(
        self, company: Company, starts: Sequence[int], size: int, behind: Behind[Any] | None = None
    ) -> Iterator[Page]:
        """Only this thread unpacks and decodes them, one by one, in memory that is used again. If
        each did where it was read, a burst of answers would keep the threads that read the next
        ones waiting, and these would seem to have come late.

        `behind` is asked when all have come, be they decoded or not.
        """
        if len(starts) < 2:
            yield from (self.page(company, start, size) for start in starts)
            return
        pool = ThreadPoolExecutor(min(len(starts), self._in_flight))
        try:
            coming: deque[Future[Callable[[bytearray], Body]]] = deque()
            for start in starts:
                coming.append(pool.submit(along(self._asked), company, start, size))
                # Few wait for their turn, and each is let go behind it.
                if len(coming) == _WAITING * self._in_flight:
                    yield self._read(coming.popleft().result())
            if behind is not None:
                behind.begin(pool, list(coming))
            while coming:
                yield self._read(coming.popleft().result())
            pool.shutdown(wait=True)
        finally:
            # After a failure the pages behind it are of no use: those not begun never begin.
            pool.shutdown(wait=True, cancel_futures=True)

    def unreadable(
        self, company: Company, error: AppError, start: int, size: int
    ) -> QuickBooksRejected:
        """Says between which Ids the record lies that QuickBooks cannot read."""
        ids: list[str | None] = []
        for at in (start - 1, start + size):
            found = self.page(company, at, 1).ids if at else []
            ids.append(str(found[0]) if found else None)
        after, before = ids
        edges = [f"after Id {after}"] * bool(after) + [f"before Id {before}"] * bool(before)
        where = " and ".join(edges) or f"among the first {size}"
        return QuickBooksRejected(
            "QuickBooks could not read one of this company's records, so nothing was written: "
            f"{self._choice.entity.title}, {where}. Open the records there in QuickBooks, save "
            "the one that complains again, and export once more.",
            **{**error.details, "smaller_page": None, "after_id": after, "before_id": before},
        )

    def _read(self, body: Callable[[bytearray], Body]) -> Page:
        # The collector would look at what each of ten thousands of values is, page after page.
        with at_rest():
            return self._read_page(body(self._room))

    def _asked(self, company: Company, start: int, size: int) -> Callable[[bytearray], Body]:
        statement = query.select(
            self._choice.entity.query_name,
            self._choice.where,
            order_by=self._choice.entity.order_by,
            start=start,
            size=size,
        )
        # Asked for only with a column that shows them: what the answer costs is not known.
        custom_fields = any("CustomField[" in it.path for it in self._choice.columns)
        return company.page(statement, custom_fields=custom_fields)
