"""Our export under QuickBooks' limits, in one process on one core, paced as it is deployed: by
the budget records of an SQLite file. The sleep between two steps counts.
"""

from __future__ import annotations

import pathlib
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from bench import machine
from bench.spine_parts.ours import ANA, SHEET, OneCompany, OneToken
from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.stores import Document
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.company_pace import BUDGETS
from counterfoil.flows.export import Exports
from counterfoil.flows.limits import Limits
from counterfoil.wiring import wall_clock


class Counted(SqliteRecords):
    """Counts how often a company's pace was written."""

    writes = 0

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document:
        self._count(collection, id)
        return super().create(collection, id, data)

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        self._count(document.collection, document.id)
        return super().replace(document, data)

    def _count(self, collection: str, id: str) -> None:
        # The other budgets' ids begin with whose they are.
        self.writes += collection == BUDGETS and id.isdigit()


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    with tempfile.TemporaryDirectory() as folder:
        records = Counted(pathlib.Path(folder) / "records.sqlite")
        exports = Exports(
            records=records,
            sealer=AesSealer(bytes(32), purpose="bench"),
            connections=OneCompany(what["realm_id"]),
            tokens=OneToken(what["access_token"]),
            quickbooks=QuickBooksApi(what["api_url"], clock=wall_clock),
            page_reader=page_reader,
            clock=wall_clock,
            budgets=Budgets(records, wall_clock),
            limits=Limits(page=what["page"], cells_per_step=what["cells_per_step"]),
        )
        machine.tell(measured(exports) | {"store_writes": records.writes})


def measured(exports: Exports) -> dict[str, Any]:
    """From the first call to the text of the last step, on the wall's clock."""
    began = time.perf_counter()
    step = exports.start(
        ANA,
        SHEET,
        connection_id="con_large",
        dataset=catalog.entity("invoices"),
        options={},
        tab=None,
    )
    step.json()
    steps, waited = 1, 0
    while step.cursor is not None:
        time.sleep(step.wait_s)
        waited += step.wait_s
        step = exports.resume(ANA, SHEET, step.cursor)
        step.json()
        steps += 1
    seconds = time.perf_counter() - began
    assert step.proof is not None
    return {
        "columns": sum(column.default for column in catalog.entity("invoices").columns),
        "rows": step.proof.rows,
        "calls": step.calls,
        "steps": steps,
        "seconds": round(seconds, 3),
        "waited_s": waited,
        "cpu_s": machine.cpu_s(),
        "verdict": step.proof.verdict.value,
    }


if __name__ == "__main__":
    main()
