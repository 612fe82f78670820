"""A run, step by step: reads what one step may carry and says what the sheet does with it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from counterfoil.core import faults, operations
from counterfoil.core.errors import (
    AppError,
    ConnectionBusy,
    QuickBooksBusy,
    ReconnectRequired,
    ServiceUnavailable,
)
from counterfoil.core.pages import Body, Page
from counterfoil.core.people import Connection, User
from counterfoil.flows.all_turns import AllTurns, StepTurns
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.closed_books import ClosingDates
from counterfoil.flows.company_pace import month_blocked
from counterfoil.flows.company_turns import CompanyTurns
from counterfoil.flows.cursors import Cursors
from counterfoil.flows.entity_steps import EntitySteps
from counterfoil.flows.exporters import Exporters
from counterfoil.flows.flights import busy as key_busy
from counterfoil.flows.limits import Limits
from counterfoil.flows.named_steps import with_names
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import AccessTokens, Clock, Company, PageReader, QuickBooks
from counterfoil.flows.run_leases import RunLeases
from counterfoil.flows.runs import Runs
from counterfoil.flows.step_ends import StepEnds
from counterfoil.flows.steps import Going, Step

# Refused steps in a row after which a run gives up.
MOST_SETBACKS = 2
# As many pauses of a minute tell Intuit's throttle from its block, which ends with the month.
MOST_PAUSES = 2


@dataclass(frozen=True, slots=True)
class Stepper:
    """`budgets` is None where nothing is limited."""

    exporters: Exporters
    runs: Runs
    leases: RunLeases
    cursors: Cursors
    tokens: AccessTokens
    quickbooks: QuickBooks
    page_reader: PageReader
    clock: Clock
    budgets: Budgets | None
    limits: Limits
    closing_dates: ClosingDates
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def ends(self) -> StepEnds:
        return StepEnds(self.exporters, self.runs, self.leases, self.cursors, self.clock)

    @property
    def _entities(self) -> EntitySteps:
        return EntitySteps(
            self.ends,
            self.runs,
            self.page_reader,
            self.clock,
            self.limits,
            self.closing_dates,
            self.monotonic,
        )

    def reader(self, choice: EntityChoice, zone: ZoneInfo) -> Callable[[Body], Page]:
        """As EntitySteps.reader."""
        return self._entities.reader(choice, zone)

    def step(self, going: Going) -> Step:
        """Reads as far as one step goes.

        What it raises has ended the run, nothing written, and says so in its details: all but
        ServiceUnavailable, after which a cursor that the writer holds can be handed in again.
        """
        sweeps = tuple(map(operations.drop_stage, going.cursor.drops))
        going = replace(going, cursor=replace(going.cursor, drops=()))
        turns = self._turns_of(going)
        went_well = False
        try:
            made = self._made(going, turns)
            went_well = made.cursor is None or bool(made.operations)
            return replace(made, operations=(*sweeps, *made.operations))
        finally:
            answered = turns.close(went_well=went_well)
            if answered and self.budgets:
                with contextlib.suppress(ServiceUnavailable):  # the next answer lifts it
                    self.budgets.lift()

    @contextlib.contextmanager
    def once(self, user: User, connection: Connection) -> Iterator[Company]:
        """The company for a call that belongs to no run, within the same pace and budgets."""
        turns = self._turns(user, connection, long=False, many=1)
        went_well = False
        try:
            yield turns.of(connection)
            went_well = True
        finally:
            turns.close(went_well=went_well)

    def _made(self, going: Going, turns: StepTurns) -> Step:
        try:
            if isinstance(going.choice, EntityChoice):
                # Kept, also where the step ends before its page.
                going = with_names(going, turns, self.runs.left_by)
                return self._entities.step(going, turns)
            # A cold start for records does without.
            from counterfoil.flows.report_steps import ReportSteps

            return ReportSteps(self.ends, self.clock, self.limits).step(going, going.choice, turns)
        except Waiting as waiting:
            return self.ends.paused(going, turns, waiting.whole_s, going.cursor)
        except (QuickBooksBusy, ConnectionBusy) as busy:
            if going.cursor.setbacks < MOST_SETBACKS:
                return self.ends.set_back(going, turns, busy)
            error = _given_up(busy)
            if self.budgets and faults.is_throttle(busy) and going.cursor.pauses >= MOST_PAUSES:
                whose = turns.connection
                error = month_blocked(self.budgets.block(whose.realm_id, whose.id))
            self.ends.fail(going, turns, error)
            raise error from busy
        except ReconnectRequired as error:
            if turns.replaced_after(error) and going.cursor.setbacks < MOST_SETBACKS:
                return self.ends.set_back(going, turns, key_busy())
            self.ends.fail(going, turns, error)
            raise
        except AppError as error:
            if not (going.resumable and isinstance(error, ServiceUnavailable)):
                self.ends.fail(going, turns, error)
            raise

    def _turns_of(self, going: Going) -> StepTurns:
        """One company after the other; all at once for a report of them all, and to ask each what
        changed.
        """
        asks = going.update is not None and not going.update.is_settled
        long, many = going.cursor.position is not None, self.limits.calls_per_step(going.choice)
        if going.group is None and not (asks and len(going.parts) > 1):
            return self._turns(going.user, going.connection, long=long, many=many)
        return AllTurns(
            lambda each: self._turns(going.user, each, long=long, many=many),
            [part.connection for part in going.parts],
        )

    def _turns(self, user: User, connection: Connection, *, long: bool, many: int) -> CompanyTurns:
        turns = CompanyTurns(
            user,
            self.tokens,
            self.quickbooks,
            self.budgets,
            long,
            many,
            self.monotonic,
            self.sleep,
        )
        turns.of(connection)
        return turns


def _given_up(busy: AppError) -> AppError:
    if not faults.is_throttle(busy):
        return busy
    return QuickBooksBusy(
        "QuickBooks has refused this company's requests for several minutes. Other apps may be "
        "using up its limit, or this deployment's monthly allowance is spent: try again later, "
        "and tell whoever runs Counterfoil if it stays so.",
        **busy.details,
    )
