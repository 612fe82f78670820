"""A report whose company a cell names: ids mean something in one company only."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from counterfoil import catalog
from counterfoil.adapters.google_sheets import SheetsWriter
from counterfoil.core.operations import encode
from counterfoil.flows.steps import Step
from sandbox.google.cells import Value
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import workbook_of
from tests.direct_sheets import Line, client_of
from tests.flows.consolidated_books import DAYS, Group
from tests.flows.export_fakes import ANA, SHEET
from tests.flows.several_books import ACME, BIRCH, FIRST_CELL
from tests.keyed_reports import state


class Named:
    """A report of the company that the cell names, written again and again into one sheet."""

    def __init__(self, google: GoogleSandbox, report: str) -> None:
        self.group, self.report = Group(), report
        self.workbook: Workbook = workbook_of({"tabs": [{"title": "Mine"}]})
        self.google = google
        self.writer = SheetsWriter(client_of(Line(google.sheets)), self.workbook.id, retries=0)
        self.last: Step | None = None

    def run(self, company: str) -> list[list[Value]]:
        """The rows below the titles."""
        exports, cells = self.group.exports, {FIRST_CELL: company}
        if self.last is None:
            step = exports.start(
                *(ANA, SHEET),
                connection_id=ACME,
                others=[BIRCH],
                dataset=catalog.report(self.report),
                options={"parameters": DAYS, "cells": {"company": FIRST_CELL}},
                tab=None,
                cells=cells,
            )
        else:
            told = state(self.workbook, self.last.block)
            step = exports.again(ANA, SHEET, self.last.exporter_id, cells=cells, block=told)
        self.google.workbooks.clear()
        self.google.workbooks[self.workbook.id] = self.workbook
        self.writer.apply(step.block, json.loads(encode(step.operations)))
        exports.acknowledge(ANA, SHEET, step.run_id, applied=True)
        self.last = step
        found = self.table()
        assert found[0][0] == company
        return found[5:]

    @property
    def proof(self) -> str:
        assert self.last is not None
        assert self.last.proof is not None
        return self.last.proof.why

    def table(self) -> list[list[Value]]:
        assert self.last is not None
        named = self.workbook.named_range(self.last.block)
        assert named is not None
        assert named.rect is not None
        tab = self.workbook.tab_by_id(named.sheet_id)
        assert tab is not None
        return tab.values(named.rect)

    def refer_to(self, row: int, label: str) -> None:
        """A formula of a person, in their own tab, to the amount of a line."""
        at = [each[0] for each in self.table()].index(label)
        title = self.workbook.tabs[1].title
        self.workbook.tabs[0].set_formula(row, 0, f"='{title}'!B{at + 1}")

    def referred(self, row: int) -> Value:
        return self.workbook.tabs[0].value(row, 0)


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("report", "line", "bottom", "left"),
    [
        ("sales-by-customer", "Eastgate Tennis Club", "TOTAL", 32),
        ("profit-and-loss", "4200 Snow Clearing", "Net Income", 50),
    ],
)
def test_lines_of_one_company_are_not_those_of_another_with_the_same_ids(
    google: GoogleSandbox, report: str, line: str, bottom: str, left: int
) -> None:
    named = Named(google, report)
    acme = named.run("Acme")
    alone = Named(google, report).run("Birch")
    named.refer_to(0, line)
    named.refer_to(1, bottom)
    both = named.run("Birch")
    assert all(row in both for row in alone)
    gone = [row for row in both if row not in alone]
    assert len(gone) == left
    assert f"Gone, and at 0 until somebody tidies up: {left} lines." in named.proof
    assert {cell for row in gone for cell in row[1:]} <= {0, ""}
    assert (named.referred(0), named.referred(1)) == (0, amount(alone, bottom))
    again = named.run("Acme")
    assert all(row in again for row in acme)
    assert (named.referred(0), named.referred(1)) == (amount(acme, line), amount(acme, bottom))


def amount(rows: list[list[Value]], label: str) -> Value:
    return next(row[1] for row in rows if row[0] == label)
