"""A step of a report: one of QuickBooks', or a consolidated one of several companies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from counterfoil.core.digest import Digest
from counterfoil.core.report_standing import standing_of
from counterfoil.flows.all_turns import AllTurns, StepTurns
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.consolidated_read import consolidated, titled
from counterfoil.flows.consolidating import Consolidation
from counterfoil.flows.kept_basis import on_basis, told_basis
from counterfoil.flows.limits import Limits
from counterfoil.flows.ports import Clock
from counterfoil.flows.report_parts import Narrower
from counterfoil.flows.report_read import laid_out, report_read
from counterfoil.flows.several import named
from counterfoil.flows.step_ends import StepEnds
from counterfoil.flows.step_targets import target_of
from counterfoil.flows.steps import Going, Step


@dataclass(frozen=True, slots=True)
class ReportSteps:
    ends: StepEnds
    clock: Clock
    limits: Limits

    def step(self, going: Going, choice: ReportChoice, turns: StepTurns) -> Step:
        """Raises as report_read and consolidated do, and Waiting."""
        try:
            if going.group is not None and isinstance(turns, AllTurns):
                return self._consolidated(going, choice, going.group, turns)
            return self._read(going, choice, turns)
        except Narrower as found:
            narrower = replace(going.cursor, setbacks=0, pauses=0, position=found.position)
            return self.ends.paused(going, turns, found.wait_s, narrower)

    def _consolidated(
        self, going: Going, choice: ReportChoice, chosen: Consolidation, turns: AllTurns
    ) -> Step:
        made = consolidated(
            going.parts,
            chosen,
            going.tabs,
            turns,
            going.cursor.position,
            in_flight=self.limits.in_flight,
        )
        read = laid_out(
            made.found,
            titled(choice),
            Digest(going.exporter.digest_key),
            company_name=named([part.connection for part in going.parts]),
            max_cells=self.limits.max_cells,
            standing=standing_of(going.block, going.exporter.digest_key) if going.block else None,
            tidy_up=going.cursor.tidy_up,
        )
        end = (*read.operations(target_of(going, self.clock(), read.rows.rows)), *made.tabs)
        return self.ends.finished(going, end, read.proof, turns)

    def _read(self, going: Going, choice: ReportChoice, turns: StepTurns) -> Step:
        connection = going.connection
        choice = on_basis(choice, going.exporter.bases.get(connection.id))
        read = report_read(
            turns.of(connection),
            choice,
            Digest(going.exporter.digest_key),
            company_name=connection.name,
            whose=connection.realm_id,
            max_cells=self.limits.max_cells,
            in_flight=self.limits.in_flight,
            position=going.cursor.position,
            standing=standing_of(going.block, going.exporter.digest_key) if going.block else None,
            tidy_up=going.cursor.tidy_up,
            today=going.cursor.occasions[0].today,
        )
        end = read.operations(target_of(going, self.clock(), read.rows.rows))
        told = told_basis(choice, read.basis)
        bases = {connection.id: told} if told else None
        return self.ends.finished(going, end, read.proof, turns, bases=bases)
