"""The simulated QuickBooks in process, in which somebody works while we read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from counterfoil.core import faults
from counterfoil.flows.ports import Meter
from sandbox.intuit.companies_api import ApiRequest, Books
from sandbox.intuit.generator import GeneratedCompany
from tests.flows.export_fakes import REALM, Time

Edit = Callable[[], object]


class TextOrder(GeneratedCompany):
    """Ids ordered as texts, as nobody says that they are not."""

    def _ordered(self, *args: Any) -> Sequence[int]:
        return sorted(super()._ordered(*args), key=lambda number: str(number + 1))


class NoOrder(GeneratedCompany):
    """Ids in an order of QuickBooks' own."""

    def _ordered(self, *args: Any) -> Sequence[int]:
        return sorted(super()._ordered(*args), key=lambda number: (number * 7919 + 13) % 10_007)


@dataclass
class MovingBooks:
    """By shape a QuickBooks. `edits` happen just before the call of that number, from 1."""

    books: Books
    time: Time
    edits: dict[int, list[Edit]] = field(default_factory=dict)
    seconds_per_call: float = 0.4
    refuses: str = "-"  # a path that answers "not supported"
    asked: list[str] = field(default_factory=list)
    before_edits: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def company(
        self,
        realm_id: str,
        token: Callable[[], str],
        refused: Callable[[str], str],
        meter: Meter,
    ) -> MovingCompany:
        assert realm_id == REALM
        return MovingCompany(self, meter)

    def at_rest(self, statement: str) -> bytes:
        """What a query finds, without counting as a call."""
        headers = {"content-type": "application/text"}
        body = statement.encode()
        return self.books.handle(
            REALM, ApiRequest("POST", "query", {}, body, headers, self.time.now())
        ).body

    def answer(self, method: str, path: str, args: Mapping[str, str], body: bytes) -> bytes:
        with self._lock:
            self.asked.append(body.decode() or path)
            edits = self.edits.pop(len(self.asked), ())
            if edits:
                self.before_edits()
            for edit in edits:
                edit()
                self.time.seconds += 0.1
            now = self.time.now()
            self.time.seconds += self.seconds_per_call
            headers = {"content-type": "application/text"}
            given = self.books.handle(REALM, ApiRequest(method, path, args, body, headers, now))
        if path == self.refuses:
            raise faults.error(400, faults.Fault("500", "ValidationFault"))
        if given.status != 200:
            raise faults.error(given.status, faults.fault_in(given.body))
        return given.body


@dataclass
class MovingCompany:
    moving: MovingBooks
    meter: Meter

    def query(self, statement: str, *, custom_fields: bool = False) -> bytes:
        self.meter.admit()
        return self.moving.answer("POST", "query", {}, statement.encode())

    def page(self, statement: str, *, custom_fields: bool = False) -> Callable[[bytearray], bytes]:
        body = self.query(statement, custom_fields=custom_fields)
        return lambda room: body

    def cdc(self, entities: Sequence[str], since: datetime) -> bytes:
        self.meter.admit()
        assert since > self.moving.time.now() - timedelta(days=30)
        args = {"entities": ",".join(entities), "changedSince": since.isoformat()}
        return self.moving.answer("GET", "cdc", args, b"")

    def report(self, name: str, params: Mapping[str, str]) -> bytes:
        raise AssertionError(f"{name}: these books have lists only")
