"""A report beside earlier periods of it, from as few calls as that takes: docs/reports.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from counterfoil.core import comparison, ties
from counterfoil.core.compared_days import Comparison, Span, by_month, spans
from counterfoil.core.journal import along
from counterfoil.core.report_cuts import OF_A_PERIOD
from counterfoil.core.reports import ReportTable
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.ports import Company
from counterfoil.flows.report_options import span_of
from counterfoil.flows.report_parts import Joined, Narrower, answer, report_table
from counterfoil.flows.report_quiet import Quiet

# Their amounts of months add up, or are those of their last day, and each month has one column:
# income by customer has several, under which no days are told.
_BY_MONTH = OF_A_PERIOD - {"CustomerIncome"} | {"BalanceSheet"}


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
        # Held to its totals month by month: those of names are not looked at in a comparison.
        return replace(
            joined,
            table=comparison.from_months(joined.table, found),
            proofs=(ties.proof(joined.table),),
        )
    read = _read(company, [_asked(choice, span) for span in found], position, in_flight)
    tables = [each.table for each in read]
    cut = [each for each in read if each.parts > 1]
    return Joined(
        comparison.from_reports(tables, found),
        parts=sum(each.parts for each in read) if cut else 1,
        quiet=next((each.quiet for each in cut if each.quiet is not Quiet.YES), Quiet.YES),
        proofs=tuple(map(ties.proof, tables)),
    )


def compared_at_once(
    company: Company, choice: ReportChoice, compare: Comparison
) -> ReportTable | None:
    """The comparison from one answer; None, and nothing is asked, where it takes several."""
    found = spans(span_of(choice.report, choice.parameters), compare)
    months = _monthly(choice, found)
    if months is None:
        return None
    return comparison.from_months(answer(company, months), found)


def _read(
    company: Company,
    asked: Sequence[ReportChoice],
    position: Mapping[str, Any] | None,
    in_flight: int,
) -> list[Joined]:
    """All periods at once. Raises Narrower with where each of them is."""
    at: list[Mapping[str, Any] | None] = (position or {}).get("periods", [None] * len(asked))

    def read(one: tuple[ReportChoice, Mapping[str, Any] | None]) -> Joined | Narrower:
        try:
            return report_table(company, one[0], one[1], in_flight=in_flight)
        except Narrower as narrower:
            return narrower

    with ThreadPoolExecutor(min(len(asked), in_flight)) as pool:
        found = list(pool.map(along(read), zip(asked, at, strict=True)))
    if ended := [each for each in found if isinstance(each, Narrower)]:
        told = [
            each.position if isinstance(each, Narrower) else before
            for each, before in zip(found, at, strict=True)
        ]
        raise Narrower({"periods": told}, max(each.wait_s for each in ended))
    return [each for each in found if isinstance(each, Joined)]


def calls_to_compare(choice: ReportChoice, compare: Comparison) -> int:
    """How many answers it takes, unless QuickBooks refuses one as too large."""
    found = spans(span_of(choice.report, choice.parameters), compare)
    return 1 if _monthly(choice, found) else len(found)


def _monthly(choice: ReportChoice, found: list[Span]) -> ReportChoice | None:
    """The one report by month that holds all of it; None where there is none."""
    days = by_month(found) if choice.report.report in _BY_MONTH else None
    if days is None or _gains_of_months(choice, found):
        return None
    start, end = (day.isoformat() for day in days)
    asked = {"start_date": start, "end_date": end, "summarize_column_by": "Month"}
    return replace(choice, parameters={**choice.parameters, **asked})


def _gains_of_months(choice: ReportChoice, found: Sequence[Span]) -> bool:
    """Gains and losses of rates are worked out for a last day: those of months do not add up."""
    gains = choice.parameters.get("adjusted_gain_loss") == "true"
    return gains and any(
        span.start and (span.start.year, span.start.month) != (span.end.year, span.end.month)
        for span in found
    )


def _asked(choice: ReportChoice, span: Span) -> ReportChoice:
    report = choice.report
    last = {report.as_of or "end_date": span.end.isoformat()}
    # The first day of a state decides nothing but where its columns begin.
    first = span.start or span.end.replace(month=1, day=1)
    named = {parameter.key for parameter in report.parameters}
    days = {**({"start_date": first.isoformat()} if "start_date" in named else {}), **last}
    return replace(choice, parameters={**choice.parameters, **days})
