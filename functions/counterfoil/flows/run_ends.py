"""What becomes of a run that its writer holds: it waits for its next trigger, or it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from counterfoil.core.errors import BadRequest, CursorExpired
from counterfoil.core.people import Sheet, User
from counterfoil.flows import runs
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.schedules import Schedules
from counterfoil.flows.stepper import Stepper


@dataclass(frozen=True, slots=True)
class RunEnds:
    stepper: Stepper
    schedules: Schedules

    def park(self, user: User, sheet: Sheet, run_id: str, *, wait_s: int) -> None:
        """The run waits for its next trigger: others are told when it goes on, and may take it
        over. Raises NotFound, CursorExpired when it is over, and ScheduleStopped, which ends it,
        when a scheduled one has used up its triggers.
        """
        run = self.stepper.runs.of(user, sheet, run_id)
        if run.scheduled and run.state in (runs.RUNNING, runs.SENT):
            self.schedules.parked(self.stepper.exporters.of(sheet, run.exporter_id), run, self._end)
        until = self.stepper.clock() + timedelta(seconds=wait_s)
        alive = run.state in (runs.RUNNING, runs.SENT)
        if not alive or not self.stepper.leases.park(run.exporter_id, run.id, until):
            raise CursorExpired("This run is over. Please export again.")

    def acknowledge(
        self,
        user: User,
        sheet: Sheet,
        run_id: str,
        *,
        applied: bool,
        rows_seen: int | None = None,
        failed_operation: int | None = None,
        code: str | None = None,
    ) -> None:
        """What became of a run in the sheet: counts and codes only. Repeating it changes nothing.

        Raises NotFound for a foreign run, BadRequest for one applied before it was sent.
        """
        run = self.stepper.runs.of(user, sheet, run_id)
        if run.state in (runs.APPLIED, runs.FAILED):
            return
        if applied and run.state != runs.SENT:
            raise BadRequest("This run has not been sent completely.")
        ended = (
            self.stepper.runs.applied(run, rows_seen, code)
            if applied
            else self.stepper.runs.failed(run, runs.safe_code(code), operation=failed_operation)
        )
        self.stepper.leases.release(run.exporter_id, run.id, swept=applied)
        self.stepper.ends.note(self.stepper.exporters.of(sheet, run.exporter_id), ended)

    def _end(self, exporter: Exporter, run: runs.Run, code: str) -> None:
        ended = self.stepper.runs.failed(run, code)
        self.stepper.leases.release(exporter.id, run.id, swept=False)
        self.stepper.ends.note(exporter, ended)
