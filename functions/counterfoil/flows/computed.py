"""Reports that are none of QuickBooks': how each is made of what it has, and what that costs.

One entry for each that the catalog calls `computed`, by its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from counterfoil.catalog.budgets import BUDGET_AGAINST_ACTUAL
from counterfoil.flows import budget_actual
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.fetched import Fetched
from counterfoil.flows.ports import Company


class Made(Protocol):
    def __call__(self, company: Company, choice: ReportChoice, *, in_flight: int) -> Fetched:
        """The report as a table of lines, and its proof. Raises as a report's own reading."""
        ...


class Cost(Protocol):
    def __call__(self, choice: ReportChoice) -> int:
        """How many answers of QuickBooks it takes, unless one is refused as too large."""
        ...


@dataclass(frozen=True, slots=True)
class Maker:
    made: Made
    calls: Cost


MAKERS: Mapping[str, Maker] = {
    BUDGET_AGAINST_ACTUAL.key: Maker(budget_actual.made, budget_actual.calls),
}
