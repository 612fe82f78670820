"""Another run of an exporter: may it, what does it need to be told, what is it to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core.consolidation_tabs import Tabs
from counterfoil.core.dates import zone
from counterfoil.core.errors import (
    AppError,
    BlockNeeded,
    BudgetSpent,
    CellsNeeded,
    ExporterFrozen,
    RunInProgress,
    TabsNeeded,
)
from counterfoil.core.people import Connection, Sheet, User
from counterfoil.flows.asking import Asking
from counterfoil.flows.beginning import Beginning, Wish
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.chosen import Choice, ReportChoice
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.frozen import check_thawed
from counterfoil.flows.given_tabs import tabs_for
from counterfoil.flows.moving import given_cells
from counterfoil.flows.ports import Reach, Records
from counterfoil.flows.saved import dataset_of, may_run
from counterfoil.flows.schedules import Schedules
from counterfoil.flows.steps import Step
from counterfoil.flows.updates import begun, of_company


@dataclass(frozen=True, slots=True)
class FromSheet:
    """What came along from the spreadsheet: cells that options name, what stands in the table, and
    the tabs that people fill in.
    """

    cells: Mapping[str, str | None]
    block: Mapping[str, Any] | None
    tabs: Tabs | None


@dataclass(frozen=True, slots=True)
class Rerun:
    """`budgets` is None where nothing is limited."""

    records: Records
    connections: Reach
    asking: Asking
    beginning: Beginning
    schedules: Schedules
    budgets: Budgets | None

    def run(
        self, user: User, sheet: Sheet, exporter: Exporter, wish: Wish, told: FromSheet
    ) -> Step:
        """The first step. What stops a scheduled one is noted with its schedule. Raises as
        `Exports.again`.
        """
        if not wish.scheduled:
            return self._run(user, sheet, exporter, wish, told)
        try:
            return self._run(user, sheet, exporter, wish, told)
        except (CellsNeeded, BlockNeeded, TabsNeeded, ExporterFrozen, RunInProgress):
            # Whoever runs it asks once more, with what stands there; frozen is no failure, nor is
            # somebody else's run.
            raise
        except AppError as error:
            if not error.details.get("ended"):
                self.schedules.missed(exporter, error.code)
            raise

    def _run(
        self, user: User, sheet: Sheet, exporter: Exporter, wish: Wish, told: FromSheet
    ) -> Step:
        zone(sheet.zone)
        connections = may_run(user, exporter, self.connections, self.beginning.stepper.exporters)
        # Only a member is told who froze it.
        check_thawed(self.records, exporter, sheet)
        given = given_cells(exporter.options, told.cells)
        dataset = dataset_of(exporter)
        parts, occasion = self.asking.parts(sheet, connections, dataset, exporter.options, given)
        choice = parts[0].choice
        held = tabs_for(parts, told.tabs)
        check_block(exporter, choice, told.block)
        update = begun(exporter, choice, told.block)
        if update and update.told:
            read = self.beginning.stepper.runs.companies_of(exporter, update.told.run)
            of_company(choice, read, parts[0].connection.id)
        if wish.scheduled:
            self._within_budget(user, [part.connection for part in parts])
        alone = update is not None and len(parts) == 1
        shared = self.beginning.shared(user, sheet, parts[0].connection, wish) if alone else None
        return self.beginning.begin(
            user, sheet, parts, exporter, occasion, wish, told.block, update, shared, held
        )

    def _within_budget(self, user: User, connections: Sequence[Connection]) -> None:
        budgets = self.budgets
        if budgets and not all(
            budgets.schedules_may_run(each.realm_id, user.sub) for each in connections
        ):
            raise BudgetSpent(
                "Nine tenths of this month's calls of QuickBooks are used up, so schedules wait "
                "until next month. You can still run exports yourself."
            )


def check_block(exporter: Exporter, choice: Choice, block: Mapping[str, Any] | None) -> None:
    """Raises BlockNeeded where lines are to keep their places in a block that was not told of."""
    if block is not None or exporter.is_new:
        return
    if isinstance(choice, ReportChoice) and choice.is_keyed:
        raise BlockNeeded(
            "This export keeps to the lines that are in the sheet. Please reload the sidebar, and "
            "run it again.",
            block=exporter.block,
            lines=True,
        )
