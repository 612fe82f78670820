"""A QuickBooks company in memory, and everything around an export."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from counterfoil import catalog
from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.budgets import Caps
from counterfoil.core.datasets import Entity
from counterfoil.core.digest import matches
from counterfoil.core.errors import AppError, NotFound
from counterfoil.core.people import Connection, ConnectionState, Role, Sheet, User
from counterfoil.core.reports import ReportTable, plain_report
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.export import Exports
from counterfoil.flows.limits import Limits
from counterfoil.flows.ports import Meter
from counterfoil.flows.steps import Step
from tests.fakes import MemoryRecords

ANA = User("ana-sub", "ana@example.com")
BEN = User("ben-sub", "ben@example.com")
SHEET = Sheet("sheet-1", "d1" * 32, "America/New_York", "en_US")
OTHER_SHEET = replace(SHEET, id="sheet-2", digest="d2" * 32)
CONNECTION = "con_acme1234"
REALM = "9130347596842110"

_PAGE = re.compile(r"STARTPOSITION (\d+) MAXRESULTS (\d+)$")


class CountedRecords(MemoryRecords):
    """Counts what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.before_write = self._count

    def only(self, collection: str) -> Mapping[str, Any]:
        """The data of the one record there."""
        (data,) = self.all(collection).values()
        return data

    def text(self) -> str:
        """Everything kept, to search for what must not be."""
        return repr(self._kept)

    def _count(self, collection: str, id: str) -> None:
        self.writes += 1


class Time:
    """A clock that only sleeping and tests move."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 20, 30, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.seconds += seconds


class Tokens:
    """Counts how often it was asked, and how often for another one."""

    def __init__(self) -> None:
        self.asked = 0
        self.refused: list[str] = []
        self.denied: list[str] = []
        self.read: list[str] = []  # with which QuickBooks let read
        self.spare = False
        self.trouble: AppError | None = None

    def for_connection(self, connection_id: str) -> str:
        self.asked += 1
        if self.trouble:
            raise self.trouble
        return "access-1"

    def after_refusal(self, connection_id: str, refused: str) -> str:
        self.refused.append(refused)
        return f"access-{len(self.refused) + 1}"

    def after_denial(self, connection_id: str, token: str) -> bool:
        self.denied.append(token)
        return self.spare

    def after_read(self, connection_id: str, token: str) -> None:
        self.read.append(token)


class OneConnection:
    """Acme, of which Ana is an owner; Ben is whatever a test says."""

    def __init__(self) -> None:
        self.roles = {ANA.sub: Role.OWNER}

    def reachable(self, user: User, connection_id: str, needed: Role) -> Connection:
        role = self.roles.get(user.sub)
        if connection_id != CONNECTION or role is None or not role.covers(needed):
            raise NotFound("This company is not among yours.")
        return Connection(
            id=CONNECTION,
            realm_id=REALM,
            name="Acme Landscaping",
            country="US",
            currency="USD",
            fiscal_month=1,
            state=ConnectionState.CONNECTED,
            role=role,
            connected_by=ANA.email,
            expires=None,
            expires_in_days=None,
            health="good",
        )


Behaviour = Callable[[str, int], "bytes | AppError | None"]


@dataclass
class FakeQuickBooks:
    """Answers queries over `records` in their order; `behave` may answer a call otherwise.

    `pages` lets a test lay out the answers: the rows sent for (start, size).
    """

    records: list[dict[str, Any]] = field(default_factory=list)
    entity: str = "Invoice"
    reports: dict[str, bytes] = field(default_factory=dict)
    behave: Behaviour | None = None
    pages: Callable[[int, int], list[dict[str, Any]]] | None = None
    asked: list[str] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)  # what CDC tells
    report_params: list[dict[str, str]] = field(default_factory=list)
    seconds_per_call: float = 0.0
    time: Time | None = None

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def company(
        self,
        realm_id: str,
        token: Callable[[], str],
        refused: Callable[[str], str],
        meter: Meter,
    ) -> FakeCompany:
        assert realm_id == REALM
        return FakeCompany(self, token, refused, meter)

    def answer(self, call: str) -> bytes | None:
        with self._lock:
            self.asked.append(call)
            number = len(self.asked)
            if self.time:
                self.time.seconds += self.seconds_per_call
        found = self.behave(call, number) if self.behave else None
        if isinstance(found, AppError):
            raise found
        return found

    @property
    def counts(self) -> int:
        return sum("COUNT(*)" in call for call in self.asked)


@dataclass
class FakeCompany:
    quickbooks: FakeQuickBooks
    token: Callable[[], str]
    refused: Callable[[str], str]
    meter: Meter

    def arrived(self) -> None:
        turn = self.meter.admit()
        turn.left()
        turn.answered()

    def query(self, statement: str, *, custom_fields: bool = False) -> bytes:
        self.token()
        self.arrived()
        given = self.quickbooks.answer(statement)
        if given is not None:
            return given
        if "COUNT(*)" in statement:
            return encoded({"totalCount": len(self.quickbooks.records)})
        found = _PAGE.search(statement)
        assert found
        start, size = int(found[1]), int(found[2])
        rows = (
            self.quickbooks.pages(start, size)
            if self.quickbooks.pages
            else self.quickbooks.records[start - 1 : start - 1 + size]
        )
        known = self.quickbooks.entity
        asked = f"FROM {known.removesuffix('Txn')} "
        return encoded({known: rows} if rows and asked in statement else {})

    def page(self, statement: str, *, custom_fields: bool = False) -> Callable[[bytearray], bytes]:
        body = self.query(statement, custom_fields=custom_fields)
        return lambda room: body

    def cdc(self, entities: Sequence[str], since: datetime) -> bytes:
        self.token()
        self.arrived()
        assert list(entities) == [self.quickbooks.entity]
        given = self.quickbooks.answer(f"CDC {since.isoformat()}")
        if given is not None:
            return given
        changed = self.quickbooks.changed
        part = {self.quickbooks.entity: changed} if changed else {}
        answer = {"CDCResponse": [{"QueryResponse": [part]}], "time": "2026-11-22T12:30:10-08:00"}
        return json.dumps(answer, default=float).encode()

    def report(self, name: str, params: Mapping[str, str]) -> ReportTable:
        self.token()
        self.arrived()
        self.quickbooks.report_params.append(dict(params))
        given = self.quickbooks.answer(name)
        return plain_report(self.quickbooks.reports[name] if given is None else given)


def encoded(held: Mapping[str, Any]) -> bytes:
    answer = {"QueryResponse": held, "time": "2026-11-22T12:30:00-08:00"}
    return json.dumps(answer, default=float).encode()


def invoices(count: int, first: int = 1) -> list[dict[str, Any]]:
    """Invoices of 1.10, 2.10, … dollars, every third one in euros."""
    return [
        {
            "Id": str(id),
            "DocNumber": f"{id:05}",
            "TxnDate": "2026-04-07",
            "TotalAmt": Decimal(id) + Decimal("0.10"),
            "Balance": 0,
            "CurrencyRef": {"value": "EUR" if id % 3 == 0 else "USD"},
        }
        for id in range(first, first + count)
    ]


@dataclass
class World:
    """An `Exports` and everything that it was made from."""

    quickbooks: FakeQuickBooks
    limits: Limits = field(default_factory=Limits)
    paced: bool = False
    records: CountedRecords = field(default_factory=CountedRecords)
    connections: OneConnection = field(default_factory=OneConnection)
    tokens: Tokens = field(default_factory=Tokens)
    time: Time = field(default_factory=Time)
    caps: Caps = field(default_factory=Caps)

    def __post_init__(self) -> None:
        self.budgets = Budgets(
            self.records, self.time.now, caps=self.caps, sleep=self.time.sleep, jitter=lambda: 0.5
        )
        self.exports = Exports(
            records=self.records,
            sealer=AesSealer(bytes(range(32)), purpose="tests"),
            connections=self.connections,
            tokens=self.tokens,
            quickbooks=self.quickbooks,
            page_reader=page_reader,
            clock=self.time.now,
            budgets=self.budgets if self.paced else None,
            limits=self.limits,
            monotonic=self.time,
            sleep=self.time.sleep,
        )

    def steps(self, first: Step, most: int = 200) -> Iterator[Step]:
        """The step and all that follow it."""
        yield first
        while first.cursor is not None:
            most -= 1
            assert most, "the run does not end"
            first = self.exports.resume(ANA, SHEET, first.cursor)
            yield first


@dataclass
class Grid:
    """What a writer would have: the stage and the block, by the operations' own rules."""

    stage: list[list[Any]] = field(default_factory=list)
    block: list[list[Any]] | None = None
    applied: list[str] = field(default_factory=list)
    expected: list[dict[str, Any]] = field(default_factory=list)

    def apply(self, step: Step) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(step.json())
        for operation in answer["operations"]:
            self.applied.append(operation["op"])
            match operation["op"]:
                case "stage":
                    row = operation["row"]
                    assert row <= len(self.stage), "a gap in the stage"
                    self.stage[row : row + len(operation["rows"])] = operation["rows"]
                case "commit":
                    assert ("run" in operation) is not ("rows" in operation)
                    self.block = (
                        operation["rows"]
                        if "rows" in operation
                        else self.stage[: operation["stage_rows"]]
                    )
                case "expect" if operation["on"] != "old":
                    self._compare(operation)
                case "drop_stage":
                    self.stage = []
        return answer

    def _compare(self, operation: dict[str, Any]) -> None:
        self.expected.append(operation)
        rows = self.stage if operation["on"] == "stage" else self.block
        assert rows is not None
        if operation["on"] == "stage":
            # What is blank at the end of a stage is nothing, as both writers see it.
            while len(rows) > operation["rows"] and not any(cell != "" for cell in rows[-1]):
                rows.pop()
        assert len(rows) == operation["rows"]
        assert {len(row) for row in rows} == {operation["columns"]}
        data = rows[operation["header_rows"] :]
        key = operation["distinct"]
        assert len({row[key["column"]] for row in data}) == key["count"]
        assert matches(operation["digest"], data)


@contextmanager
def nothing_asked(world: World) -> Iterator[None]:
    """Neither QuickBooks nor the store hears of what happens inside."""
    writes, asked = world.records.writes, list(world.quickbooks.asked)
    yield
    assert world.records.writes == writes
    assert world.quickbooks.asked == asked


INVOICES = catalog.entity("invoices")
COLUMNS = ["number", "date", "currency", "total"]  # and the Id before them
# Two pages of five columns a step.
SMALL = Limits(page=10, cells_per_step=100, max_cells=100_000)


def start(
    world: World,
    *,
    user: User = ANA,
    sheet: Sheet = SHEET,
    connection_id: str = CONNECTION,
    dataset: Entity = INVOICES,
    tab: str | None = None,
    **options: Any,
) -> Step:
    """The first step of an export, of invoices as a rule."""
    return world.exports.start(
        user,
        sheet,
        connection_id=connection_id,
        dataset=dataset,
        options={"columns": COLUMNS} | options,
        tab=tab,
    )


def whole(world: World, grid: Grid | None = None) -> tuple[Grid, Step]:
    """A whole run, applied."""
    grid = grid or Grid()
    for step in world.steps(start(world)):
        grid.apply(step)
    return grid, step
