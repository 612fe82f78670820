"""How a step of a run ends: with more to read, refused for now, or as the last one."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from counterfoil.core import faults
from counterfoil.core.errors import (
    AppError,
    ConnectionBusy,
    CursorExpired,
    QuickBooksBusy,
    ServiceUnavailable,
)
from counterfoil.core.operations import Operation
from counterfoil.core.proof import Proof
from counterfoil.core.proof_lines import with_proof
from counterfoil.core.stores import Write
from counterfoil.core.watermarks import Watermark
from counterfoil.flows import runs
from counterfoil.flows.all_turns import StepTurns
from counterfoil.flows.cursors import Cursor, Cursors
from counterfoil.flows.exporter_records import Exporter, after_run
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.ports import Clock
from counterfoil.flows.run_leases import LEASE, RunLeases
from counterfoil.flows.runs import Run, Runs
from counterfoil.flows.schedules import after
from counterfoil.flows.several import blamed
from counterfoil.flows.steps import Going, Step
from counterfoil.flows.update_proofs import Told

ENDED = (runs.APPLIED, runs.FAILED)


@dataclass(frozen=True, slots=True)
class StepEnds:
    exporters: Exporters
    runs: Runs
    leases: RunLeases
    cursors: Cursors
    clock: Clock

    def set_back(
        self, going: Going, turns: StepTurns, busy: QuickBooksBusy | ConnectionBusy
    ) -> Step:
        """QuickBooks refused: the same place after the pause that it asks for."""
        wait = float(busy.details.get("wait_s") or 5)
        long = faults.is_throttle(busy) and wait >= faults.THROTTLE_WAIT_S
        cursor = replace(
            going.cursor,
            setbacks=going.cursor.setbacks + 1,
            pauses=going.cursor.pauses + 1 if long else 0,
        )
        return self.paused(going, turns, wait, cursor)

    def paused(self, going: Going, turns: StepTurns, wait_s: float, cursor: Cursor) -> Step:
        """The same place again, later: nothing new was read."""
        cursor = replace(cursor, calls=going.cursor.calls + turns.calls)
        rows, of = _reached(cursor.position)
        return self.unfinished(going, cursor, (), wait_s, rows, of)

    def unfinished(
        self,
        going: Going,
        cursor: Cursor,
        made: tuple[Operation, ...],
        wait_s: float,
        rows: int,
        of: int | None,
    ) -> Step:
        """There is more to read, after a pause of that many seconds; `rows` (of so many) are."""
        wait = math.ceil(wait_s)
        if wait > LEASE.total_seconds():
            # Nobody renews the lease that long: others are told when the run goes on.
            self.leases.park(
                going.exporter.id, going.run.id, self.clock() + timedelta(seconds=wait)
            )
        reached = f"{rows:,} of {of:,} rows read" if of is not None else f"{rows:,} rows read"
        pausing = f"; QuickBooks asks for a pause of {wait} s" if wait else ""
        return Step(
            run_id=going.run.id,
            exporter_id=going.exporter.id,
            block=going.exporter.block,
            title=going.title,
            operations=made,
            cursor=self.cursors.sealed(going.user, going.sheet, cursor),
            wait_s=wait,
            rows=rows,
            of=of,
            calls=cursor.calls,
            elapsed_s=self._elapsed(going.run),
            message=f"{reached}{pausing}.",
            proof=None,
        )

    def finished(
        self,
        going: Going,
        made: tuple[Operation, ...],
        proof: Proof,
        turns: StepTurns,
        told: Told | None = None,
        left: Mapping[str, Watermark] | None = None,
        bases: Mapping[str, str] | None = None,
    ) -> Step:
        """The last step. Raises CursorExpired where the run was over before it."""
        calls = going.cursor.calls + turns.calls
        kept = left if told and told.update else None
        quiet = told.quiet if told else None
        run, noted = self.runs.sent(
            going.run,
            proof,
            calls=calls,
            watermarks=kept,
            quiet=quiet,
            beside=lambda run: self._note_of(going.exporter, run, bases),
        )
        read = proof.sent if kept or proof.rows is None else proof.rows
        if run.state in ENDED:
            raise runs.ended(CursorExpired("This run is over. Please export again."), run.id)
        if not noted:
            self.note(going.exporter, run, bases)
        return Step(
            run_id=run.id,
            exporter_id=going.exporter.id,
            block=going.exporter.block,
            title=going.title,
            operations=with_proof(made, proof),
            cursor=None,
            wait_s=0,
            rows=read,
            of=read,
            calls=calls,
            elapsed_s=self._elapsed(run),
            message=f"{read if proof.of is None else proof.of:,} rows read.",
            proof=proof,
            update=told.update if told else None,
        )

    def fail(self, going: Going, turns: StepTurns, error: AppError) -> None:
        """Notes the end of the run, and marks the error with it."""
        first = _leaves_nothing(going)
        if len(going.parts) > 1:
            blamed(error, turns.connection, going.parts)
        runs.ended(error, going.run.id, None if first else going.exporter.id)
        with contextlib.suppress(ServiceUnavailable):
            # A store that is down does not hide what went wrong; the lease runs out by itself.
            self._note_failed(going, turns, error)

    def _note_failed(self, going: Going, turns: StepTurns, error: AppError) -> None:
        calls = going.cursor.calls + turns.calls
        run = self.runs.failed(going.run, error.code, calls=calls)
        if run.state == runs.APPLIED:  # by a twin of this step, which came earlier
            return
        if _leaves_nothing(going):
            # It never came to a block: to export again makes another.
            self.exporters.forget(going.exporter)
        else:
            self.leases.release(going.exporter.id, run.id, swept=False)
            self.note(going.exporter, run)

    def note(self, exporter: Exporter, run: Run, bases: Mapping[str, str] | None = None) -> None:
        """How its last run went, for everybody who sees the exporter."""
        last = self._last_run(run)
        self.exporters.ran(exporter, last, lambda plan: after(plan, run, self.clock()), bases)

    def _note_of(self, exporter: Exporter, run: Run, bases: Mapping[str, str] | None) -> Write:
        """The same, over the record as it was read."""
        seen, last = exporter.document, self._last_run(run)
        data = after_run(seen.data, last, lambda plan: after(plan, run, self.clock()), bases)
        return Write.over(seen, data)

    def _last_run(self, run: Run) -> dict[str, Any]:
        return {
            "run_id": run.id,
            "state": run.state,
            "at": self.clock(),
            "rows": run.counts.get("rows", 0),
            "verdict": run.verdict,
            "code": run.code,
            **({"ties": run.ties} if run.ties else {}),
        }

    def _elapsed(self, run: Run) -> float:
        return max(0.0, (self.clock() - run.started_at).total_seconds())


def _leaves_nothing(going: Going) -> bool:
    """A first run of what nobody has saved."""
    return going.cursor.is_new and going.exporter.is_new and going.exporter.name is None


def _reached(position: Mapping[str, Any] | None) -> tuple[int, int | None]:
    if position is None or "records" not in position:  # of a report nothing is kept between steps
        return 0, None
    return position["records"], position["counted"]
