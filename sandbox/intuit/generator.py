"""A company of any size: invoices and customers are made when they are asked for.

Nothing is kept but the pages that were served, compressed and ready to be sent again. Queries know
everything that QuickBooks' do; what is asked by id, date or time, or only counted, is found without
looking at every record. Invoices can be added, changed and deleted while somebody reads.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sandbox.intuit import generated_rows as rows
from sandbox.intuit.answers import JSON, ApiRefused, answer, answer_time, fault, not_found
from sandbox.intuit.batch import batch_answer
from sandbox.intuit.books import DemoBooks, KeptRows, count_answer, numbered, read_answer, statement
from sandbox.intuit.cdc import Deletion, cdc_answer
from sandbox.intuit.companies_api import ApiRequest, ApiResponse, CompanyCard
from sandbox.intuit.generated_edits import Edits
from sandbox.intuit.generated_lists import RECEIVABLE, TAX, LazyCompany, generated_profile
from sandbox.intuit.grammar import LARGEST_PAGE, Condition, Order, Query, Today, parse
from sandbox.intuit.ledger import Posting
from sandbox.intuit.prepared import Prepared, prepared
from sandbox.intuit.store import Row, matcher, natural, rank
from sandbox.intuit.vocabulary import Entity, entity

SPAN_DAYS = 720
"""Over how many days the invoices are spread unless it is said how many a day has."""

_STEADY = ("Id", "DocNumber", "TxnDate", "DueDate", "MetaData.CreateTime",
           "MetaData.LastUpdatedTime")  # fmt: skip
"""Properties by which invoices lie in the order of their ids."""

Key = tuple[Any, ...]


class GeneratedCompany:
    """One company for DemoBooks, by shape a Bookkeeper."""

    def __init__(
        self,
        realm_id: str,
        name: str,
        invoices: int = 50_000,
        customers: int = 1_000,
        *,
        per_day: int | None = None,
        most_lines: int = 5,
        keep_pages: int = 256,
    ) -> None:
        self._company = LazyCompany(generated_profile(realm_id, name), self._postings)
        self._lists = KeptRows(self._company)
        self.plan = rows.Plan(
            customers, per_day or max(1, -(-invoices // SPAN_DAYS)), most_lines=most_lines
        )
        self._lock = threading.RLock()
        self._numbers: list[int] = list(range(invoices))
        """Which records there are, in the order of their ids."""
        self._made = invoices
        self._pages: OrderedDict[Key, tuple[Prepared, int]] = OrderedDict()
        self._keep_pages = keep_pages
        self._found: dict[Key, Sequence[int]] = {}
        self._owed: dict[int, int] | None = None
        self._edits = Edits()
        self.before_answer: Callable[[ApiRequest], None] | None = None
        """Called before each answer, in the middle of whatever a client is doing: to edit."""

    @property
    def card(self) -> CompanyCard:
        return self._company.card

    def prepare(self, size: int = LARGEST_PAGE) -> int:
        """Render every page of `SELECT * FROM Invoice ORDERBY Id` ahead; how many there are."""
        order = (Order("Id"),)
        starts = range(1, len(self._numbers) + 1, size)
        self._keep_pages = max(self._keep_pages, len(starts))
        for start in starts:
            page = Query("Invoice", order=order, start=start, size=size)
            self._page(page, datetime.now(UTC))
        return len(starts)

    def add(self, now: datetime | None = None, **changes: Any) -> str:
        """One more invoice at the end, written at `now`; its id."""
        now = now or datetime.now(UTC)
        with self._lock:
            number = self._made
            self._numbers.append(number)
            self._made += 1
            self._edits.written("Invoice", number, now)
            if changes:
                self._edits.changed("Invoice", number, now, changes)
            self._moved(number, now)
            return str(number + 1)

    def change(self, id: str, now: datetime | None = None, **changes: Any) -> None:
        """Fields of an invoice get other values; customers' balances and reports stay.

        Raises ApiRefused when there is no such invoice.
        """
        now = now or datetime.now(UTC)
        with self._lock:
            self._text("Invoice", int(id) - 1)
            self._edits.changed("Invoice", int(id) - 1, now, changes)
            self._forget()

    def delete(self, id: str, now: datetime | None = None) -> None:
        """Raises ValueError when there is no such invoice."""
        now = now or datetime.now(UTC)
        with self._lock:
            self._numbers.remove(int(id) - 1)
            self._edits.deleted("Invoice", int(id) - 1, id, now)
            self._moved(int(id) - 1, now)

    def live(self, kind: Entity, since: datetime) -> list[Row]:
        if kind.name not in ("Invoice", "Customer"):
            return self._company.live(kind, since)
        after = Condition("MetaData.LastUpdatedTime", ">=", (since.isoformat(),))
        with self._lock:
            found = self._matching(Query(kind.name, where=(after,)), since)
            return [
                json.loads(self._text(kind.name, number), parse_float=Decimal) for number in found
            ]

    def deleted(self, kind: Entity, since: datetime) -> list[Deletion]:
        if kind.name == "Invoice":
            return self._edits.gone(since)
        return self._company.deleted(kind, since)

    def handle(self, request: ApiRequest) -> ApiResponse:
        try:
            if self.before_answer is not None:
                with self._lock:
                    self.before_answer(request)
            return self._answer(request)
        except ApiRefused as refused:
            return fault(refused, request.now)

    def _answer(self, request: ApiRequest) -> ApiResponse:
        kind, _, id = request.path_after_realm.strip("/").partition("/")
        if kind == "query":
            query = parse(statement(request))
            if entity(query.entity).name in ("Invoice", "Customer"):
                return self._queried(query, request)
        if kind == "batch" and request.method == "POST":
            return answer(batch_answer(request, self._item))
        if kind == "cdc" and request.method == "GET":
            return answer(cdc_answer(request.args, self, request.now))
        if request.method == "GET" and kind in ("invoice", "customer") and "/" not in id:
            numbered(id)
            name = "Invoice" if kind == "invoice" else "Customer"
            row = json.loads(self._text(name, int(id) - 1), parse_float=Decimal)
            return answer(read_answer(name, row, request.now))
        return self._lists.handle(request)

    def _item(self, request: ApiRequest) -> ApiResponse:
        try:
            return self._answer(request)
        except ApiRefused as refused:
            return fault(refused, request.now)

    def _queried(self, query: Query, request: ApiRequest) -> ApiResponse:
        if query.count:
            return answer(count_answer(len(self._matching(query, request.now)), request.now))
        page, many = self._page(query, request.now)
        asked = entity(query.entity)
        end = f'],"startPosition":{query.start},"maxResults":{many}'
        if asked.says_total:
            end += f',"totalCount":{many}'
        end += f'}},"time":"{answer_time(request.now)}"}}'
        if not many:
            return answer({"QueryResponse": {}, "time": answer_time(request.now)})
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = {**JSON, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            return ApiResponse(200, headers, page.gzipped(end.encode()))
        return ApiResponse(200, {**JSON, "Vary": "Accept-Encoding"}, page.plain(end.encode()))

    def _page(self, query: Query, now: datetime) -> tuple[Prepared, int]:
        """The page without its end, and how many rows it has."""
        asked = entity(query.entity)
        order = tuple(Order(asked.property(it.property), it.descending) for it in query.order)
        key = (asked.name, _where(query, now), order, query.start, query.size)
        with self._lock:
            if key not in self._pages:
                first = query.start - 1
                matching = self._matching(query, now)
                ordered = self._ordered(asked, matching, order or (natural(asked),))
                wanted = ordered[first : first + query.size]
                texts = ",".join(self._text(asked.name, number) for number in wanted)
                beginning = f'{{"QueryResponse":{{"{asked.name}":[{texts}'
                self._pages[key] = prepared(beginning.encode()), len(wanted)
            self._pages.move_to_end(key)
            while len(self._pages) > self._keep_pages:
                self._pages.popitem(last=False)
            return self._pages[key]

    def _text(self, kind: str, number: int) -> str:
        """Raises ApiRefused when there is no such record."""
        if kind == "Customer":
            if not 0 <= number < self.plan.customers:
                raise not_found()
            made = rows.customer(number + 1, self._owing().get(number + 1, 0))
            return self._edits.text(kind, number, made)
        at = bisect_left(self._numbers, number)
        if at == len(self._numbers) or self._numbers[at] != number:
            raise not_found()
        return self._edits.text(kind, number, rows.invoice(self.plan, number))

    def _matching(self, query: Query, now: datetime) -> Sequence[int]:
        """The numbers of the records that the conditions hold for, in the order of their ids."""
        asked = entity(query.entity)
        every: Sequence[int] = (
            self._numbers if asked.name == "Invoice" else range(self.plan.customers)
        )
        if not query.where:
            return every
        key = (asked.name, _where(query, now))
        with self._lock:
            if key not in self._found:
                self._found[key] = self._sifted(asked, every, query.where, now)
            return self._found[key]

    def _sifted(
        self, asked: Entity, numbers: Sequence[int], where: Iterable[Condition], now: datetime
    ) -> Sequence[int]:
        for condition in where:
            test = matcher(asked, condition, now)
            holds = partial(self._holds, asked, test)
            steady = asked.property(condition.property) in self._steady(asked)
            if steady and condition.operator in (">", ">="):
                numbers = numbers[_first(numbers, holds) :]
            elif steady and condition.operator in ("<", "<="):
                numbers = numbers[: _first(numbers, partial(self._fails, asked, test))]
            else:
                numbers = [number for number in numbers if holds(number)]
        return numbers

    def _holds(self, asked: Entity, test: Callable[[Row], bool], number: int) -> bool:
        return test(self._facts(asked, number))

    def _fails(self, asked: Entity, test: Callable[[Row], bool], number: int) -> bool:
        return not self._holds(asked, test, number)

    def _facts(self, asked: Entity, number: int) -> Row:
        if asked.name == "Customer":
            row: Row = json.loads(self._text("Customer", number), parse_float=Decimal)
            return row
        known = rows.facts(self.plan, number)
        for name in ("TotalAmt", "Balance"):
            known[name] = Decimal(known[name]) / 100
        return self._edits.laid_over(asked.name, number, known)

    def _steady(self, asked: Entity) -> tuple[str, ...]:
        """Properties by which records lie in the order of their ids; ids are compared by "="."""
        if asked.name != "Invoice":
            return ()
        return ("Id",) if self._edits.any_of("Invoice") else _STEADY

    def _ordered(
        self, asked: Entity, numbers: Sequence[int], order: Sequence[Order]
    ) -> Sequence[int]:
        first = order[0]
        steady = (
            self._steady(asked)
            if asked.name == "Invoice"
            else ("Id", "DisplayName", "FullyQualifiedName")
        )
        if not self._edits.any_of(asked.name):
            steady = (*steady, "MetaData.LastUpdatedTime")
        if first.property in ("Id", *steady) and (
            not first.descending or first.property in ("Id", "MetaData.LastUpdatedTime")
        ):
            return numbers[::-1] if first.descending else numbers
        known = {number: self._facts(asked, number) for number in numbers}
        ordered = sorted(numbers)
        for it in reversed(order):
            ordered.sort(key=lambda n, at=it: rank(known[n], at.property), reverse=it.descending)  # type: ignore[misc]
        return ordered

    def _owing(self) -> Mapping[int, int]:
        """Cents by customer."""
        with self._lock:
            if self._owed is None:
                owed: dict[int, int] = defaultdict(int)
                for number in self._numbers:
                    subtotal, _, tax = rows.totals(self.plan.sold(number))
                    owed[self.plan.customer(number)] += subtotal + tax
                self._owed = owed
            return self._owed

    def _postings(self) -> list[Posting]:
        """Summed up by day and account, as nothing but invoices posts."""
        sums: dict[tuple[date, str], int] = defaultdict(int)
        for number in self._numbers:
            day = self.plan.day(number)
            sold = self.plan.sold(number)
            subtotal, _, tax = rows.totals(sold)
            sums[day, RECEIVABLE] += subtotal + tax
            sums[day, TAX] -= tax
            for line in sold:
                sums[day, rows.ACCOUNTS[line.item % 2][0]] -= line.cents
        return [
            Posting(day, account, Decimal(cents) / 100, "Invoice", "")
            for (day, account), cents in sums.items()
            if cents
        ]

    def _moved(self, number: int, now: datetime) -> None:
        """An invoice came or went: its customer owes more or less."""
        self._edits.moved("Customer", self.plan.customer(number) - 1, now)
        self._forget()

    def _forget(self) -> None:
        self._pages.clear()
        self._found.clear()
        self._owed = None
        self._company.store.version += 1


class GeneratedBooks(DemoBooks):
    """Books of one generated company."""

    def __init__(
        self,
        realm_id: str,
        name: str,
        invoices: int = 50_000,
        customers: int = 1_000,
        *,
        per_day: int | None = None,
        most_lines: int = 5,
    ) -> None:
        self.generated = GeneratedCompany(
            realm_id, name, invoices, customers, per_day=per_day, most_lines=most_lines
        )
        super().__init__([self.generated])

    def prepare(self, size: int = LARGEST_PAGE) -> int:
        return self.generated.prepare(size)


def _where(query: Query, now: datetime) -> Key:
    """The conditions, with the day where they speak of today."""
    if any(isinstance(value, Today) for it in query.where for value in it.values):
        return (*query.where, now.date())
    return query.where


def _first(numbers: Sequence[int], holds: Callable[[int], bool]) -> int:
    """Where a condition begins to hold that holds to the end from there."""
    return bisect_right(numbers, False, key=holds)
