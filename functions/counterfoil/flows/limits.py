"""How much one export may carry, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from counterfoil.core import paging
from counterfoil.flows.chosen import Choice, EntityChoice


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once, and how much at all."""

    max_cells: int = 1_000_000  # of one export: what Apps Script can write in its time
    cells_per_step: int = 100_000  # about 2 MB of JSON
    # Of one export whose rows are put in order, which travel in one step: about 6 MB.
    cells_in_order: int = 300_000
    page: int = paging.PAGE
    # Fewer leave the network idle; more only wait for the ten a second that Intuit allows.
    in_flight: int = 8
    reconcile: timedelta = timedelta(days=7)  # so often an update reads everything

    def calls_per_step(self, choice: Choice) -> int:
        """How many answers one step carries, as a rule."""
        if not isinstance(choice, EntityChoice):
            return self.in_flight
        if choice.order is not None:
            return self.cells_in_order
        return max(1, self.cells_per_step // len(choice.columns) // self.page)
