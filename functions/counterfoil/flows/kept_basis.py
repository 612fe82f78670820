"""The accounting basis of a report for which nobody chose one: the company's own, then kept.

Where a report is asked for without a basis QuickBooks takes that of the company's preferences, and
says which it was. Later runs ask for the same, so that no report turns from accrual to cash on the
day on which somebody changes the preference.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/profitandloss
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from counterfoil.flows.chosen import Choice, ReportChoice
from counterfoil.flows.moving import BASIS

Bases = Mapping[str, str]
"""By connection: an export may read one company today and another tomorrow."""


def on_basis(choice: ReportChoice, kept: str | None) -> ReportChoice:
    """The choice with the basis that was kept, where it has none of its own."""
    if kept is None or choice.parameters.get(BASIS):
        return choice
    return replace(choice, parameters={**choice.parameters, BASIS: kept})


def told_basis(choice: ReportChoice, told: str) -> str | None:
    """What is to be kept of the basis that an answer names; None where one was asked for, or the
    report takes none.
    """
    if choice.parameters.get(BASIS):
        return None
    offered = (each.choices for each in choice.report.parameters if each.key == BASIS)
    return told if told in next(offered, ()) else None


def still_kept(bases: Bases, choice: Choice, connection_ids: Collection[str]) -> Bases:
    """Those of companies that a changed export still reads; none where it has a basis of its own
    now, so that whoever takes it away again gets the company's own of that day.
    """
    if isinstance(choice, ReportChoice) and choice.parameters.get(BASIS):
        return {}
    return {id: basis for id, basis in bases.items() if id in connection_ids}
