"""What to choose where a report is too large, and why it is not put together from parts."""

from __future__ import annotations

from counterfoil.catalog.report_filters import report_filters
from counterfoil.core import line_join
from counterfoil.core.errors import ReportTooLarge
from counterfoil.core.filters import Kind
from counterfoil.flows.chosen import ReportChoice

_GAINS = "adjusted_gain_loss"


def too_large_for(choice: ReportChoice, *, cut: bool) -> ReportTooLarge:
    """`cut`: it was asked for in parts, and these are too large as well, or too many."""
    pieces = "even in parts" if cut and not _why(choice) else "in one piece"
    return ReportTooLarge(
        f"QuickBooks cannot show {choice.report.title} {pieces}{_why(choice)}. "
        f"Choose {', or '.join(_instead(choice))}."
    )


def _why(choice: ReportChoice) -> str:
    report = choice.report
    if report.report == "ItemSales":
        return (
            ", and of its parts average prices and percentages cannot be made: how QuickBooks "
            "rounds them it does not say"
        )
    if report.report in line_join.LISTS and not line_join.follow_each_other(choice.parameters):
        return ", and parts do not follow each other in this order or in sections by time"
    if report.as_of:
        return ", and balances of parts do not add up"
    if _GAINS in choice.parameters:
        return ", and gains and losses worked out for its last day do not add up"
    return ""


def _instead(choice: ReportChoice) -> list[str]:
    report, given = choice.report, choice.parameters
    ways = [] if report.as_of else ["a shorter range of dates"]
    if given.get("summarize_column_by", "Total") != "Total":
        ways.append("columns of the total")
    if report.is_detail:
        ways.append("fewer columns")
    if report.report in line_join.LISTS and not line_join.follow_each_other(given):
        ways.append("the order by day without such sections")
    if _GAINS in given:
        ways.append("no adjustment for exchange gain or loss")
    names = [each.title.casefold() for each in report_filters(report) if each.kind is Kind.NAMES]
    return [*ways, *(f"some {each} only" for each in names[:1])] or ["another day"]
