"""A run begins: its lease, its record, its cursor, its first step."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core.consolidation_tabs import Tabs
from counterfoil.core.errors import AppError, ExporterFrozen, NotFound, ServiceUnavailable
from counterfoil.core.occasions import Occasion
from counterfoil.core.people import Connection, Sheet, User
from counterfoil.core.quiet import Shared
from counterfoil.core.stores import Changed, Write
from counterfoil.flows import runs
from counterfoil.flows.cursors import Cursor
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.frozen import check_thawed
from counterfoil.flows.rewriting import store_busy
from counterfoil.flows.run_leases import Turn
from counterfoil.flows.runs import Run
from counterfoil.flows.several import Part
from counterfoil.flows.shared_calls import MOST_TOGETHER, PRESS, wanted_by
from counterfoil.flows.stepper import Stepper
from counterfoil.flows.steps import Going, Step
from counterfoil.flows.updates import Update


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run of an exporter does beyond its options."""

    take_over: bool = False
    replace: bool = False
    tidy_up: bool = False
    scheduled: bool = False
    together: Sequence[str] = ()  # exporters that the same press runs behind it
    after: str | None = None  # a run before it, of the same press


@dataclass(frozen=True, slots=True)
class Beginning:
    stepper: Stepper

    def first(
        self,
        user: User,
        sheet: Sheet,
        parts: tuple[Part, ...],
        drafted: Write,
        occasion: Occasion,
        *,
        tabs: Tabs | None = None,
    ) -> Step:
        """The first run of an exporter that it makes: it, its lease and the run in one write."""
        leases, exporters = self.stepper.leases, self.stepper.exporters
        run_id, companies = runs.new_id(), [part.connection.id for part in parts]
        exporters.link(drafted.id, companies)
        turn, lease = leases.first(drafted.id, run_id, user)
        begun = self.stepper.runs.draft(run_id, user, sheet, drafted, companies=companies)
        try:
            made, _, run = exporters.records.write_all([drafted, lease, begun])
        except Changed:  # ids of so many random bits are nobody else's
            raise store_busy() from None
        return self._go(
            *(user, sheet, parts, exporters.held(made), occasion, Wish()),
            turn=turn,
            run=runs.held(run),
            tabs=tabs,
        )

    def begin(
        self,
        user: User,
        sheet: Sheet,
        parts: tuple[Part, ...],
        exporter: Exporter,
        occasion: Occasion,
        wish: Wish,
        block: Mapping[str, Any] | None = None,
        update: Update | None = None,
        shared: Shared | None = None,
        tabs: Tabs | None = None,
    ) -> Step:
        leases, exporters = self.stepper.leases, self.stepper.exporters
        run_id = runs.new_id()
        turn = leases.take(exporter.id, run_id, user, sheet, take_over=wish.take_over)
        try:
            for each in turn.dead:
                self.stepper.runs.abandon(each)
            if not exporter.is_new:  # whoever freezes it looks for this lease, after that mark
                check_thawed(exporters.records, exporters.again(exporter), sheet)
            run = self.stepper.runs.begin(
                *(run_id, user, sheet, exporter),
                companies=[part.connection.id for part in parts],
                scheduled=wish.scheduled,
            )
        except (ServiceUnavailable, ExporterFrozen, NotFound):
            with contextlib.suppress(ServiceUnavailable):  # or it runs out by itself
                leases.release(exporter.id, run_id, swept=False)
            raise
        return self._go(
            *(user, sheet, parts, exporter, occasion, wish),
            turn=turn,
            run=run,
            block=block,
            update=update,
            shared=shared,
            tabs=tabs,
        )

    def _go(
        self,
        user: User,
        sheet: Sheet,
        parts: tuple[Part, ...],
        exporter: Exporter,
        occasion: Occasion,
        wish: Wish,
        *,
        turn: Turn,
        run: Run,
        block: Mapping[str, Any] | None = None,
        update: Update | None = None,
        shared: Shared | None = None,
        tabs: Tabs | None = None,
    ) -> Step:
        cursor = Cursor(
            run_id=run.id,
            fence=turn.fence,
            exporter_id=exporter.id,
            revision=exporter.revision,
            companies=[
                {
                    "id": part.connection.id,
                    "name": part.name,
                    "fiscal_month": part.connection.fiscal_month,
                }
                for part in parts
            ],
            zone=sheet.zone,
            day=occasion.day.isoformat(),
            cells=occasion.cells or {},
            is_new=exporter.is_new or (update is not None and update.is_gone),
            replace=wish.replace,
            tidy_up=wish.tidy_up,
            calls=0,
            setbacks=0,
            pauses=0,
            drops=turn.dead,
            position=None,
            update=update.as_cursor() if update else None,
        )
        return self.stepper.step(
            Going(
                *(user, sheet, parts, exporter, run, cursor),
                resumable=False,
                block=block,
                update=update,
                shared=shared,
                tabs=tabs or {},
            )
        )

    def shared(self, user: User, sheet: Sheet, connection: Connection, wish: Wish) -> Shared:
        """With the other runs of the press that began this one. What is wrong with another export
        is for its own run to say: it shares no call.
        """
        runs, exporters = self.stepper.runs, self.stepper.exporters
        others = []
        for id in wish.together[:MOST_TOGETHER]:
            with contextlib.suppress(AppError):
                other = exporters.of(sheet, id)
                now = self.stepper.clock()
                others.append(wanted_by(other, connection.id, runs.left_by, now))
        told = runs.quiet_of(user, sheet, wish.after, PRESS) if wish.after else None
        return Shared(connection.id, tuple(it for it in others if it), told)
