"""A report beside earlier periods of it, from as few calls as that takes: docs/reports.md."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from counterfoil.core import comparison, ties
from counterfoil.core.compared_days import Comparison, Span, by_month, spans
from counterfoil.core.reports import ReportTable
from counterfoil.flows.choices import ReportChoice
from counterfoil.flows.ports import Company
from counterfoil.flows.report_options import span_of
from counterfoil.flows.report_parts import Joined, report_table

# Their amounts of months add up, or are those of their last day.
_BY_MONTH = frozenset(("ProfitAndLoss", "BalanceSheet"))


def compared_table(
    company: Company,
    choice: ReportChoice,
    compare: Comparison,
    position: Mapping[str, Any] | None,
    *,
    in_flight: int,
) -> Joined:
    """Raises as `report_table`, and IncompleteRead where the periods do not fit together."""
    found = spans(span_of(choice.report, choice.parameters), compare)
    months = _monthly(choice, found)
    if months is not None:
        joined = report_table(company, months, position, in_flight=in_flight)
        return replace(joined, table=comparison.from_months(joined.table, found))
    with ThreadPoolExecutor(min(len(found), in_flight)) as pool:
        tables = list(pool.map(lambda span: _one(company, choice, span), found))
    proofs = tuple(map(ties.proof, tables))
    return Joined(comparison.from_reports(tables, found), proofs=proofs)


def calls_to_compare(choice: ReportChoice, compare: Comparison) -> int:
    """How many answers it takes, unless QuickBooks refuses one as too large."""
    found = spans(span_of(choice.report, choice.parameters), compare)
    return 1 if _monthly(choice, found) else len(found)


def _monthly(choice: ReportChoice, found: list[Span]) -> ReportChoice | None:
    """The one report by month that holds all of it; None where there is none."""
    days = by_month(found) if choice.report.report in _BY_MONTH else None
    if days is None:
        return None
    start, end = (day.isoformat() for day in days)
    asked = {"start_date": start, "end_date": end, "summarize_column_by": "Month"}
    return replace(choice, parameters={**choice.parameters, **asked})


def _one(company: Company, choice: ReportChoice, span: Span) -> ReportTable:
    report = choice.report
    last = {report.as_of or "end_date": span.end.isoformat()}
    # The first day of a state decides nothing but where its columns begin.
    first = span.start or span.end.replace(month=1, day=1)
    named = {parameter.key for parameter in report.parameters}
    days = {**({"start_date": first.isoformat()} if "start_date" in named else {}), **last}
    return company.report(report.report, {**choice.parameters, **days})
