"""What an export would bring and cost, before it is one: its estimate and its preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from counterfoil.core.custom_fields import FieldNames
from counterfoil.core.occasions import Occasion
from counterfoil.core.people import User
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.estimates import Estimate, added, of_entity
from counterfoil.flows.filter_names import calls_to_look_up, ids_of, looked_up, with_ids
from counterfoil.flows.limits import Limits
from counterfoil.flows.pace import in_a_minute
from counterfoil.flows.previews import Look, Preview, look, preview_of, shown_of
from counterfoil.flows.several import Part
from counterfoil.flows.stepper import Stepper


@dataclass(frozen=True, slots=True)
class LookingAhead:
    stepper: Stepper
    limits: Limits

    def estimate(self, user: User, parts: Sequence[Part]) -> Estimate:
        choice = parts[0].choice
        if isinstance(choice, ReportChoice):
            # A cold start for records does without.
            from counterfoil.flows.report_estimates import of_reports

            return of_reports(parts, choice)
        limits = self.limits
        found: list[Estimate] = []
        for part in self._named(user, parts):
            with self.stepper.once(user, part.connection) as company:
                estimate = of_entity(
                    company,
                    part.entity,
                    max_cells=limits.max_cells,
                    in_order=limits.cells_in_order,
                    page=limits.page,
                )
            calls = estimate.calls + calls_to_look_up(part.entity)
            found.append(replace(estimate, calls=calls))
        return added(found, parts[0].entity)

    def preview(self, user: User, parts: Sequence[Part], occasion: Occasion) -> Preview:
        """Raises BadRequest for a report that is made of several."""
        first = parts[0]
        if isinstance(first.choice, ReportChoice):
            from counterfoil.flows.report_previews import (  # as above
                check_previewed,
                report_preview,
            )

            check_previewed(first.choice)
            with self.stepper.once(user, first.connection) as company:
                return report_preview(company, first.choice, first.connection.name)
        parts = self._named(user, parts)
        names = FieldNames(shown_of(first.entity).columns)
        return preview_of([self._look(user, part, names, occasion) for part in parts], names)

    def _named(self, user: User, parts: Sequence[Part]) -> Sequence[Part]:
        """With the ids of the names that filters compare."""
        if not parts[0].entity.named:
            return parts
        found = []
        for part in parts:
            with self.stepper.once(user, part.connection) as company, in_a_minute():
                found.append(looked_up(company, part.entity.named))
        return with_ids(parts, ids_of(parts, found))

    def _look(self, user: User, part: Part, names: FieldNames, occasion: Occasion) -> Look:
        shown, stepper = shown_of(part.entity), self.stepper
        with stepper.once(user, part.connection) as company:
            read = stepper.reader(shown, occasion.zone)
            return look(company, shown, read, names, page=self.limits.page)
