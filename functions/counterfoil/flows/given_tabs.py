"""The tabs that people fill in for a report of several companies, as they came along."""

from __future__ import annotations

from collections.abc import Sequence

from counterfoil.core.consolidation_tabs import Tabs
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.several import Part


def tabs_for(parts: Sequence[Part], tabs: Tabs | None) -> Tabs:
    """The tabs that a run of these reads, of those that were sent along.

    Raises TabsNeeded where one was not, RatesNeeded, and BadRequest that names what is wrong.
    """
    first = parts[0].choice
    chosen = first.shape.group if isinstance(first, ReportChoice) else None
    if chosen is None:
        return {}
    from counterfoil.flows.consolidated_read import checked_tabs  # all others do without

    return checked_tabs(parts, chosen, tabs)
