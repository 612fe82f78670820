"""Frozen tables: nothing writes them until an editor lets it; and copies of tables as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.core import line_operations, operations
from counterfoil.core.authority import NEEDS, Action
from counterfoil.core.dates import wall_clock, zone
from counterfoil.core.errors import RunInProgress
from counterfoil.core.operations import Operation
from counterfoil.core.people import Sheet, User
from counterfoil.core.tab_titles import TITLE_LIMIT, safe_title
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.exporters_listed import Listed
from counterfoil.flows.frozen import address, said
from counterfoil.flows.ports import Clock, Reach, Records, Sealer
from counterfoil.flows.rewriting import rewritten
from counterfoil.flows.run_leases import RunLeases
from counterfoil.flows.saved import dataset_of


@dataclass(frozen=True, slots=True)
class ForSheet:
    """What the add-on is to do with a table; QuickBooks is not asked."""

    block: str
    operations: tuple[Operation, ...]

    def json(self) -> str:
        return f'{{"block":"{self.block}","operations":{operations.encode(self.operations)}}}'


@dataclass(frozen=True, slots=True)
class Freezing:
    records: Records
    sealer: Sealer
    clock: Clock
    connections: Reach

    def freeze(self, user: User, sheet: Sheet, id: str) -> ForSheet:
        """No run writes the table from now on, whoever asks. Freezing twice changes nothing.

        Raises NotFound, Forbidden for who is no editor, RunInProgress while a run is alive.
        """
        exporter = self._reached(user, sheet, id, Action.FREEZE)
        if exporter.frozen_at is None:
            now = self.clock()
            # A run takes its lease before it looks whether the table is frozen: one of both sees
            # the other.
            self._marked(exporter, {"frozen_at": now, "frozen_by": user.sub})
            try:
                self._check_idle(exporter, user, sheet)
            except RunInProgress:
                self._marked(exporter, {"frozen_at": None, "frozen_by": None})
                raise
            exporter = self._exporters.again(exporter)
        words = said(self.records, exporter, sheet)
        return _for_sheet(exporter, line_operations.padlock(True), f"🔒 {words}")

    def unfreeze(self, user: User, sheet: Sheet, id: str) -> ForSheet:
        """Runs write the table again. Raises NotFound, Forbidden for who is no editor."""
        exporter = self._reached(user, sheet, id, Action.FREEZE)
        self._marked(exporter, {"frozen_at": None, "frozen_by": None})
        when = wall_clock(self.clock(), zone(sheet.zone))
        words = f"{user.email} unfroze this table at {when}."
        others = [each.block for each in self._exporters.in_sheet(sheet) if each.frozen_at]
        return _for_sheet(exporter, line_operations.padlock(False, others), words)

    def snapshot(self, user: User, sheet: Sheet, id: str) -> ForSheet:
        """The table's values in a tab of their own, with the day in its title. Also of a frozen
        one: it stays as it is. Raises NotFound.
        """
        exporter = self._reached(user, sheet, id, Action.COPY)
        today = self.clock().astimezone(zone(sheet.zone)).date().isoformat()
        name = exporter.name or dataset_of(exporter).title
        room = TITLE_LIMIT - len(today) - 1
        title = f"{safe_title(name)[:room].strip()} {today}"
        return ForSheet(exporter.block, (line_operations.copy_snapshot(title),))

    def shown(self, listed: Listed) -> dict[str, Any] | None:
        """Who froze it and when, for the sidebar."""
        if listed.frozen_at is None:
            return None
        by = address(self.records, listed.connection_id, listed.frozen_by)
        return {"by": by, "at": listed.frozen_at.isoformat(timespec="seconds")}

    def _check_idle(self, exporter: Exporter, user: User, sheet: Sheet) -> None:
        alive = RunLeases(self.records, self.clock).alive(exporter.id)
        if alive is not None:
            raise RunInProgress(
                f"{alive['by']} is running this export. Wait until it is done, or end that run, "
                "and freeze the table then."
            )

    def _reached(self, user: User, sheet: Sheet, id: str, action: Action) -> Exporter:
        exporter = self._exporters.of(sheet, id)
        for connection_id in exporter.connection_ids:
            self.connections.reachable(user, connection_id, NEEDS[action])
        return exporter

    def _marked(self, exporter: Exporter, changes: Mapping[str, Any]) -> None:
        rewritten(self.records, exporter.document, lambda data: {**data, **changes})

    @property
    def _exporters(self) -> Exporters:
        return Exporters(self.records, self.sealer, self.clock)


def _for_sheet(exporter: Exporter, padlock: Operation, words: str) -> ForSheet:
    return ForSheet(exporter.block, (padlock, operations.note(0, 0, words)))
