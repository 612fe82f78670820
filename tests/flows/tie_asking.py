"""A company of the sandbox that is asked for reports and documents, and a report's choice with ties."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from counterfoil.catalog.ties import Side, Span, Tie
from counterfoil.core.datasets import Report
from counterfoil.core.periods import Today, fiscal_year_start
from counterfoil.core.reports import ReportTable, plain_report
from counterfoil.core.tie_out import TieOut
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.report_read import fetched
from sandbox.intuit.books import DemoBooks
from tests.flows.generated_books import LAST
from tests.sandbox.book_answers import request

END = "2026-03-31"
Change = Callable[[str, Any], None]


@dataclass
class Asking:
    """A company of the flows' port; `change` may spoil an answer on its way."""

    books: DemoBooks
    realm: str
    change: Change | None = None
    fails: Mapping[str, Exception] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def report(self, name: str, params: Mapping[str, str]) -> ReportTable:
        return plain_report(self.answer(name, params))

    def answer(self, name: str, params: Mapping[str, str]) -> bytes:
        self.asked.append((name, dict(params)))
        if name in self.fails:
            raise self.fails[name]
        response = self.books.handle(self.realm, request("GET", f"reports/{name}", **params))
        assert response.status == 200, response.body
        if self.change is None:
            return response.body
        answer = json.loads(response.body)
        self.change(name, answer)
        return json.dumps(answer).encode()

    def query(self, statement: str) -> bytes:
        entity = statement.split()[3]
        self.asked.append((entity, {"query": statement}))
        response = self.books.handle(self.realm, request("GET", "query", query=statement))
        assert response.status == 200, response.body
        if self.change is None:
            return response.body
        answer = json.loads(response.body)
        self.change(entity, answer)
        return json.dumps(answer).encode()


def options(
    report: Report, end: str, *, month: int = 1, ties: Any = True, **more: Any
) -> dict[str, Any]:
    """The fiscal year up to a day, of a state its day."""
    start = fiscal_year_start(date.fromisoformat(end), month).isoformat()
    days = {"start_date": start, "end_date": end, "report_date": end}
    takes = {parameter.key for parameter in report.parameters}
    given = {key: day for key, day in days.items() if key in takes}
    if report.as_of:
        given.pop("start_date", None)
    parameters = {**given, **more.pop("parameters", {})}
    return {"parameters": parameters, "tie_out": ties, **more}


def choice_of(report: Report, end: str = END, **more: Any) -> ReportChoice:
    choice = chosen(report, options(report, end, **more))
    assert isinstance(choice, ReportChoice)
    return choice


def tied(
    asking: Asking, choice: ReportChoice, month: int = 1, day: date = LAST
) -> tuple[TieOut, ...]:
    today = Today(day, month)
    return fetched(asking, choice, in_flight=2, today=today).proof.ties  # type: ignore[arg-type]


def one(asking: Asking, choice: ReportChoice, month: int = 1, day: date = LAST) -> TieOut:
    (found,) = tied(asking, choice, month, day)
    return found


def accrual(report: Report, basis: str = "Accrual") -> dict[str, Any]:
    takes = any(parameter.key == "accounting_method" for parameter in report.parameters)
    return {"parameters": {"accounting_method": basis}} if takes else {}


def whole_sides(tie: Tie) -> tuple[Side, ...]:
    """Those from which the other is found without more: not a detail of some days only."""
    return tie.sides[:1] if tie.span is Span.EVER else tie.sides
