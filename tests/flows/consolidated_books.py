"""Three companies of the sandbox behind the flows' port, to be consolidated."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from counterfoil import catalog
from counterfoil.core.consolidation_tabs import ELIMINATIONS, MAPPING, RATES
from counterfoil.core.errors import AppError, ReportTooLarge
from counterfoil.core.people import Role
from counterfoil.core.reports import ReportTable, plain_report
from counterfoil.flows.ports import Meter
from counterfoil.flows.steps import Step
from sandbox.intuit import acme, birch, cedar
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from tests.flows.export_fakes import ANA, SHEET, Grid, World
from tests.flows.several_books import ACME, BIRCH, CEDAR, Companies
from tests.sandbox.book_answers import request

REALMS = {ACME: acme.REALM_ID, BIRCH: birch.REALM_ID, CEDAR: cedar.REALM_ID}
DAYS = {"start_date": "2025-01-01", "end_date": "2025-12-31"}
NO_TABS: dict[str, None] = {MAPPING: None, RATES: None, ELIMINATIONS: None}
RATE_HEADINGS = ["Currency", "Into", "Kind", "From", "To", "Account", "Rate"]
YEAR_RATE = ["EUR", "USD", "average", "2025-01-01", "2025-12-31", "", "1.1"]
WITH_RATE = {**NO_TABS, RATES: [RATE_HEADINGS, YEAR_RATE]}


class QuickBooks:
    """Answers of the books; `refused` ends whatever is asked of that company, `once` the first,
    `too_large` so many of its reports.
    """

    def __init__(self, books: DemoBooks) -> None:
        self.books = books
        self.asked: list[tuple[str, str]] = []
        self.refused: dict[str, AppError] = {}
        self.once: dict[str, AppError] = {}
        self.too_large: dict[str, int] = {}
        self.untold: AppError | None = None  # what changed
        self.between: Callable[[], object] = lambda: None  # before each answer of a report

    def company(
        self, realm_id: str, token: Callable[[], str], refused: Callable[[str], str], meter: Meter
    ) -> OneCompany:
        return OneCompany(self, realm_id, meter)


class OneCompany:
    def __init__(self, quickbooks: QuickBooks, realm_id: str, meter: Meter) -> None:
        self._quickbooks = quickbooks
        self._realm_id = realm_id
        self._meter = meter

    def query(self, statement: str, *, custom_fields: bool = False) -> bytes:
        return self._answer(statement, request("POST", "query", statement))

    def report(self, name: str, params: Mapping[str, str]) -> ReportTable:
        left = self._quickbooks.too_large.get(self._realm_id, 0)
        self._quickbooks.too_large[self._realm_id] = max(0, left - 1)
        self._quickbooks.between()
        body = self._answer(name, request("GET", f"reports/{name}", **params))
        if left:
            raise ReportTooLarge("Unable to display more data.")
        return plain_report(body)

    def cdc(self, entities: Sequence[str], since: datetime) -> bytes:
        if self._quickbooks.untold:
            raise self._quickbooks.untold
        told = {"entities": ",".join(entities), "changedSince": since.isoformat()}
        return self._answer("cdc", request("GET", "cdc", **told))

    def _answer(self, call: str, asked: Any) -> bytes:
        turn = self._meter.admit()
        turn.left()
        turn.answered()
        self._quickbooks.asked.append((self._realm_id, call))
        if self._realm_id in self._quickbooks.refused:
            raise self._quickbooks.refused[self._realm_id]
        if self._realm_id in self._quickbooks.once:
            raise self._quickbooks.once.pop(self._realm_id)
        response = self._quickbooks.books.handle(self._realm_id, asked)
        assert response.status == 200, response.body
        return response.body


class Group:
    """Acme in dollars, Birch in euros, Cedar in Canadian dollars; Ana owns them all."""

    def __init__(self, *, paced: bool = False) -> None:
        self.quickbooks = QuickBooks(demo_books())
        self.world = World(self.quickbooks, paced=paced)  # type: ignore[arg-type]
        self.companies = Companies()
        for id, currency in ((ACME, "USD"), (BIRCH, "EUR"), (CEDAR, "CAD")):
            self.companies.held[id] = replace(
                self.companies.held[id], realm_id=REALMS[id], currency=currency
            )
        self.companies.roles[ANA.sub] = dict.fromkeys(REALMS, Role.OWNER)
        self.exports = replace(self.world.exports, connections=self.companies)
        self.world.exports = self.exports

    def asked_for(
        self,
        *ids: str,
        report: str = "profit-and-loss",
        options: Mapping[str, Any] | None = None,
        **consolidate: str,
    ) -> dict[str, Any]:
        first, *others = ids or (ACME, BIRCH)
        known = catalog.report(report)
        days = {"end_date": "2025-12-31"} if known.as_of else DAYS
        return {
            "connection_id": first,
            "others": others,
            "dataset": known,
            "options": {
                "parameters": days,
                "consolidate": {"currency": "USD", **consolidate},
                **(options or {}),
            },
        }

    def start(self, *ids: str, tabs: Mapping[str, Any] | None = None, **chosen: Any) -> Step:
        asked = self.asked_for(*ids, **chosen)
        return self.exports.start(ANA, SHEET, tab=None, tabs=tabs, **asked)


def operations(step: Step) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(step.json())["operations"]
    return found


def block(step: Step) -> list[list[Any]]:
    grid = Grid()
    grid.apply(step)
    assert grid.block is not None
    return grid.block


def line(step: Step, label: str) -> list[Any]:
    return next(row for row in block(step) if row[0] == label)
