"""Our export in one process on one core: from the first call to the last encoded operation."""

from __future__ import annotations

import json
import pathlib
import tempfile
import time
from datetime import UTC, datetime
from typing import Any

from bench import machine
from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.people import Connection, ConnectionState, Role, Sheet, User
from counterfoil.flows.export import Exports
from counterfoil.flows.limits import Limits

ANA = User("ana", "ana@example.com")
SHEET = Sheet("sheet", "0" * 64, "America/New_York", "en_US")


class OneToken:
    """An access token that is good for the whole benchmark."""

    def __init__(self, token: str) -> None:
        self._token = token

    def for_connection(self, connection_id: str) -> str:
        return self._token

    def after_refusal(self, connection_id: str, refused: str) -> str:
        raise AssertionError("the token was refused")

    def after_denial(self, connection_id: str, token: str) -> bool:
        raise AssertionError("the rights were lost")

    def after_read(self, connection_id: str, token: str) -> None:
        """Nobody was denied."""


class OneCompany:
    def __init__(self, realm_id: str) -> None:
        self._realm_id = realm_id

    def reachable(self, user: User, connection_id: str, needed: Role) -> Connection:
        return Connection(
            id=connection_id,
            realm_id=self._realm_id,
            name="Large Company",
            country="US",
            currency="USD",
            fiscal_month=1,
            state=ConnectionState.CONNECTED,
            role=Role.OWNER,
            connected_by=ANA.email,
            expires=None,
            expires_in_days=None,
            health="good",
        )


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    with tempfile.TemporaryDirectory() as folder:
        machine.tell(measured(exports_of(what, folder, Limits())))


def exports_of(what: dict[str, Any], folder: str, limits: Limits) -> Exports:
    """Without budgets: nothing slows them down."""
    return Exports(
        records=SqliteRecords(pathlib.Path(folder) / "records.db"),
        sealer=AesSealer(bytes(32), purpose="bench"),
        connections=OneCompany(what["realm_id"]),
        tokens=OneToken(what["access_token"]),
        quickbooks=QuickBooksApi(what["api_url"], clock=lambda: datetime.now(UTC)),
        page_reader=page_reader,
        clock=lambda: datetime.now(UTC),
        budgets=None,
        limits=limits,
    )


def measured(exports: Exports) -> dict[str, Any]:
    """Only making steps and their text is timed; looking into them is not."""
    entity = catalog.entity("invoices")
    ids: set[str] = set()
    seconds, steps, cells, largest = 0.0, 0, 0, 0
    cursor: str | None = None
    used = machine.cpu_s()
    while True:
        began = time.perf_counter()
        step = (
            exports.resume(ANA, SHEET, cursor)
            if cursor
            else exports.start(
                ANA, SHEET, connection_id="con_large", dataset=entity, options={}, tab=None
            )
        )
        text = step.json()
        seconds += time.perf_counter() - began
        steps += 1
        largest = max(largest, len(text))
        peak = machine.peak_rss_mb()  # before our own look into it costs memory
        for operation in json.loads(text)["operations"]:
            rows = operation.get("rows")
            if operation["op"] in ("stage", "commit") and isinstance(rows, list):
                data = rows[operation["header_rows"] :]
                ids.update(row[0] for row in data)
                cells += sum(map(len, data))
        cursor = step.cursor
        if cursor is None:
            break
    assert step.proof is not None
    assert len(ids) == step.proof.counted == step.proof.rows
    return {
        "rows": len(ids),
        "columns": cells // len(ids),
        "calls": step.calls,
        "steps": steps,
        "seconds": round(seconds, 3),
        "cpu_s": round(machine.cpu_s() - used, 2),
        "peak_rss_mb": peak,
        "largest_step_mb": round(largest / machine.MEGABYTE, 2),
        "verdict": step.proof.verdict.value,
    }


if __name__ == "__main__":
    main()
