"""A General Ledger of any size, read to operations in both layouts; run in a process of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from bench import machine
from counterfoil import catalog
from counterfoil.adapters.typed_reports import report_table
from counterfoil.core.blocks import Target
from counterfoil.core.digest import Digest
from counterfoil.core.operations import encode
from counterfoil.core.reports import ReportTable
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.fetched import Fetched
from counterfoil.flows.report_read import fetched, laid_out

_Made = TypeVar("_Made")
LINES_PER_ACCOUNT = 500
COLUMNS = (
    ("tx_date", "Date"),
    ("txn_type", "Transaction Type"),
    ("doc_num", "Num"),
    ("name", "Name"),
    ("memo", "Memo/Description"),
    ("split_acc", "Split"),
    ("subt_nat_amount", "Amount"),
    ("rbal_nat_amount", "Balance"),
)
TARGET = Target(
    run="run_1", fence=1, title="General Ledger", note="", at="2026-11-28T12:00:00", new=True
)


class OneReport:
    """A company that answers every report with the same body."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.calls = 0

    def report(self, name: str, params: Any) -> ReportTable:
        self.calls += 1
        return report_table(self._body)


def ledger(lines: int) -> bytes:
    accounts = [_account(at) for at in range(lines // LINES_PER_ACCOUNT)]
    return json.dumps(
        {
            "Header": {
                "ReportName": "GeneralLedger",
                "ReportBasis": "Accrual",
                "StartPeriod": "2026-01-01",
                "EndPeriod": "2026-12-31",
                "Currency": "USD",
                "Option": [{"Name": "NoReportData", "Value": "false"}],
            },
            "Columns": {"Column": [{"ColTitle": t, "ColType": key} for key, t in COLUMNS]},
            "Rows": {"Row": accounts},
        }
    ).encode()


def _account(at: int) -> dict[str, Any]:
    blanks = [{"value": ""}] * (len(COLUMNS) - 1)
    first = at * LINES_PER_ACCOUNT
    return {
        "Header": {"ColData": [{"value": f"Account {at}", "id": str(at + 1)}, *blanks]},
        "Rows": {"Row": list(_lines(first))},
        "Summary": {"ColData": [{"value": f"Total for Account {at}"}, *blanks]},
        "type": "Section",
    }


def _lines(first: int) -> Iterator[dict[str, Any]]:
    for n in range(first + 1, first + LINES_PER_ACCOUNT + 1):
        cells = [
            {"value": f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}"},
            {"value": "Invoice", "id": str(n)},
            {"value": str(1000 + n)},
            {"value": f"Customer {n % 300}", "id": str(n % 300 + 1)},
            {"value": "Pruning by a certified arborist, per hour"},
            {"value": "-Split-", "id": ""},
            {"value": f"{n % 1000}.{n % 100:02}"},
            {"value": f"{n}.{n % 100:02}"},
        ]
        yield {"ColData": cells, "type": "Data"}


def measured(lines: int) -> dict[str, Any]:
    """One reading, and each of the layouts from it to encoded operations."""
    company = OneReport(ledger(lines))
    used = machine.cpu_s()
    seconds, found = _timed(lambda: fetched(company, _choice("printed"), in_flight=1))  # type: ignore[arg-type]
    took, cells = {"read": seconds}, 0
    for layout in ("printed", "tidy"):
        took[layout], cells_of = _timed(lambda layout=layout: _operations(found, layout))
        cells += cells_of
    return {
        "lines": lines,
        "cells": cells,
        "seconds": took,
        "cpu_s": machine.cpu_s() - used,
        "calls": company.calls,
        "peak_rss_mb": machine.peak_rss_mb(),
    }


def _choice(layout: str) -> ReportChoice:
    days = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
    choice = chosen(catalog.report("general-ledger"), {"parameters": days, "layout": layout})
    assert isinstance(choice, ReportChoice)
    return choice


def _operations(found: Fetched, layout: str) -> int:
    """The cells of the block, once its operations are encoded."""
    read = laid_out(
        found, _choice(layout), Digest("00" * 32), company_name="Acme", max_cells=10_000_000
    )
    encode(read.operations(TARGET))
    return read.rows.rows * len(read.layout.columns)


def _timed(work: Callable[[], _Made]) -> tuple[float, _Made]:
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


if __name__ == "__main__":
    what = machine.given()
    machine.pin(what["core"])
    machine.tell(measured(what["lines"]))
