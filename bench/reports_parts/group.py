"""Ten companies consolidated over HTTP, each within its limits; run in a process of its own."""

from __future__ import annotations

import pathlib
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bench import machine
from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.consolidation_tabs import ELIMINATIONS, HEADINGS, RATES
from counterfoil.core.people import Connection, ConnectionState, Role, Sheet, User
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.export import Exports
from counterfoil.flows.steps import Step

ANA = User("ana", "ana@example.com")
SHEET = Sheet("sheet", "0" * 64, "America/New_York", "en_US")
RATE = ["EUR", "USD", "average", "2025-01-01", "2025-12-31", "", "1.0845"]
TABS = {ELIMINATIONS: [list(HEADINGS[ELIMINATIONS])], RATES: [list(HEADINGS[RATES]), RATE]}


class Tokens:
    """Access tokens that are good for the whole benchmark, by company."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._tokens = tokens

    def for_connection(self, connection_id: str) -> str:
        return self._tokens[connection_id]

    def after_refusal(self, connection_id: str, refused: str) -> str:
        raise AssertionError("the token was refused")

    def after_denial(self, connection_id: str, token: str) -> bool:
        raise AssertionError("the rights were lost")

    def after_read(self, connection_id: str, token: str) -> None:
        """Nobody was denied."""


class Companies:
    """Every other one in euros."""

    def reachable(self, user: User, connection_id: str, needed: Role) -> Connection:
        return Connection(
            id=connection_id,
            realm_id=connection_id,
            name=f"Company {connection_id[-2:]}",
            country="US",
            currency="EUR" if int(connection_id) % 2 else "USD",
            fiscal_month=1,
            state=ConnectionState.CONNECTED,
            role=Role.OWNER,
            connected_by=ANA.email,
            expires=None,
            expires_in_days=None,
            health="good",
        )


def measured(what: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The median of runs, each a new export, after one that fills the other side's memory."""
    records = SqliteRecords(pathlib.Path(folder) / "records.db")

    def now() -> datetime:
        return datetime.now(UTC)

    exports = Exports(
        records=records,
        sealer=AesSealer(bytes(32), purpose="bench"),
        connections=Companies(),
        tokens=Tokens(what["tokens"]),
        quickbooks=QuickBooksApi(what["api_url"], clock=now),
        page_reader=page_reader,
        clock=now,
        budgets=Budgets(records, now),
    )
    _run(exports, what)
    took = [_run(exports, what) for _ in range(what["rounds"])]
    step = took[-1][1]
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    return {
        "companies": len(what["tokens"]),
        "calls": step.calls,
        "lines": step.proof.rows,
        "seconds": statistics.median(seconds for seconds, _ in took),
    }


def _run(exports: Exports, what: Mapping[str, Any]) -> tuple[float, Step]:
    first, *others = what["tokens"]
    began = time.perf_counter()
    step = exports.start(
        ANA,
        SHEET,
        connection_id=first,
        others=others,
        dataset=catalog.report("profit-and-loss"),
        options={
            "parameters": {"start_date": "2025-01-01", "end_date": "2025-12-31"},
            "consolidate": {"currency": "USD"},
        },
        tab=None,
        tabs=TABS,
    )
    step.json()
    return time.perf_counter() - began, step


if __name__ == "__main__":
    given = machine.given()
    machine.pin(given["core"])
    with tempfile.TemporaryDirectory() as home:
        machine.tell(measured(given, home))
