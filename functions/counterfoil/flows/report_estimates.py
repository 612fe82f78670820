"""What a report would cost, before it is run."""

from __future__ import annotations

from collections.abc import Sequence

from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.computed import MAKERS
from counterfoil.flows.consolidated_rates import check_source
from counterfoil.flows.consolidated_read import calls_to_consolidate
from counterfoil.flows.estimates import Estimate
from counterfoil.flows.report_compare import calls_to_compare
from counterfoil.flows.report_names import calls_to_name
from counterfoil.flows.report_parts import calls_to_read
from counterfoil.flows.several import Part
from counterfoil.flows.tie_outs import calls_to_tie


def of_reports(parts: Sequence[Part], choice: ReportChoice) -> Estimate:
    """Of one company's, or a consolidated one of all."""
    group = choice.shape.group
    if group is None:
        return of_report(choice)
    check_source(group, [part.connection for part in parts])
    return Estimate(calls_to_consolidate(parts, group))


def of_report(choice: ReportChoice) -> Estimate:
    """Unless QuickBooks refuses it as too large and it is read by period."""
    if choice.report.computed:
        return Estimate(calls=MAKERS[choice.report.key].calls(choice))
    compare, named = choice.shape.compare, choice.shape.asks_numbers(choice.report)
    calls = calls_to_read(choice) if compare is None else calls_to_compare(choice, compare)
    return Estimate(calls=calls + named + calls_to_name(choice) + calls_to_tie(choice))
