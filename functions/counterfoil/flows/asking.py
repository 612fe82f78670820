"""What is asked for, checked against the catalog and the companies before anything outside is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counterfoil.core.authority import NEEDS, Action
from counterfoil.core.datasets import Dataset
from counterfoil.core.dates import zone
from counterfoil.core.occasions import Occasion
from counterfoil.core.people import Connection, Sheet, User
from counterfoil.flows.choices import allowed, checked, chosen
from counterfoil.flows.moving import given_cells
from counterfoil.flows.ports import Clock, Reach
from counterfoil.flows.saved import check_country
from counterfoil.flows.several import (
    Part,
    check_ids,
    check_several,
    chosen_companies,
    one_calendar,
    parts_of,
    told_apart,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An export that nobody has kept: what, of which companies, and the cells that it names."""

    connection_ids: tuple[str, ...]
    dataset: Dataset
    options: Mapping[str, Any]
    cells: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asking:
    connections: Reach
    clock: Clock

    def new(self, user: User, sheet: Sheet, asked: Asked) -> tuple[tuple[Part, ...], Occasion]:
        """What nobody has kept yet. Raises BadRequest, CellsNeeded, NotFound, Forbidden."""
        day = self.clock().astimezone(zone(sheet.zone)).date()
        choice = checked(asked.dataset, asked.options, day)
        check_ids(asked.connection_ids)
        check_several(choice, len(asked.connection_ids))
        given = given_cells(choice.options, asked.cells)
        connections = [
            self.connections.reachable(user, id, NEEDS[Action.EXPORT])
            for id in asked.connection_ids
        ]
        for connection in connections:
            check_country(asked.dataset, connection)
            allowed(choice, connection.role)
        return self.parts(sheet, connections, asked.dataset, choice.options, given)

    def parts(
        self,
        sheet: Sheet,
        connections: Sequence[Connection],
        dataset: Dataset,
        options: Mapping[str, Any],
        given: Mapping[str, str | None],
    ) -> tuple[tuple[Part, ...], Occasion]:
        """What each company brings, and the occasion of the first."""
        now, where = self.clock(), zone(sheet.zone)
        occasion = Occasion.at(now, where, connections[0].fiscal_month, given)
        read = chosen_companies(connections, options, occasion)
        own = [Occasion.at(now, where, each.fiscal_month, given) for each in read]
        occasions = one_calendar(options, own)
        choices = [chosen(dataset, options, each) for each in occasions]
        return parts_of(read, choices, told_apart(read)), occasions[0]
