"""The export as a person has it: HTTP steps from a backend of its own process, with the stores
and limits that are deployed, written into the stand-in of Google Sheets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from bench import machine
from bench.spine_parts.books import REALM
from sandbox import check
from sandbox.intuit.generator import GeneratedBooks
from sandbox.world import World


def main() -> None:
    machine.tell(measured(machine.given()))


def measured(what: dict[str, Any]) -> dict[str, Any]:
    """From the first step's request to the answer to the acknowledgement."""
    books = GeneratedBooks(REALM, "Large Company", invoices=what["rows"])
    books.prepare()
    with World(books) as world:
        usual = check.sidebar(world, "ana@example.com")
        writer = _Timed(usual.apply)
        sidebar = _Counting(usual.backend_url, usual.spreadsheet_id, usual.id_token, writer.apply)
        connection = check.connect(sidebar, REALM)
        world.intuit.latency_ms = what["latency_ms"]
        world.intuit.throttle.on = True
        before = len(world.intuit.calls.accounting(REALM))
        began = time.perf_counter()
        last = sidebar.export(
            "entities/invoices",
            connection_id=connection["id"],
            options={},
            target={"tab": "Invoices"},
        )
        seconds = time.perf_counter() - began
        asked = world.intuit.calls.accounting(REALM)[before:]
    assert check.proven(last), "the sheet does not hold what was sent"
    return {
        "rows": last["seen"]["rows"],
        "cells": writer.cells,
        "calls": len(asked),
        "refused": sum(call.status == 429 for call in asked),
        "steps": sidebar.steps,
        "seconds": round(seconds, 2),
        "writing_s": round(writer.seconds, 2),
    }


class _Counting(check.Sidebar):
    """Counts the steps of exports."""

    steps = 0

    def call(self, path: str, **body: Any) -> dict[str, Any]:
        answer = super().call(path, **body)
        self.steps += "operations" in answer
        return answer


class _Timed:
    """The Python writer, on the clock."""

    def __init__(self, apply: Callable[[str, list[Mapping[str, Any]]], Mapping[str, Any]]) -> None:
        self._apply = apply
        self.seconds = 0.0
        self.cells = 0

    def apply(self, block: str, operations: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        began = time.perf_counter()
        report = self._apply(block, operations)
        self.seconds += time.perf_counter() - began
        for operation in operations:
            if operation["op"] == "name_block":
                self.cells = operation["rows"] * operation["columns"]
        return report


if __name__ == "__main__":
    main()
