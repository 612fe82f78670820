"""Exports: choices checked, QuickBooks read in steps, operations for the sheet handed out."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from counterfoil import catalog
from counterfoil.core import blocks, faults, operations
from counterfoil.core.blocks import Target
from counterfoil.core.datasets import Dataset, Entity
from counterfoil.core.dates import zone
from counterfoil.core.digest import Digest
from counterfoil.core.errors import (
    AppError,
    BadRequest,
    ConnectionBusy,
    CursorExpired,
    QuickBooksBusy,
)
from counterfoil.core.operations import Operation
from counterfoil.core.people import Connection, Role, Sheet, User
from counterfoil.core.proof import Proof
from counterfoil.flows import runs
from counterfoil.flows.choices import Choice, EntityChoice, ReportChoice, chosen
from counterfoil.flows.cursors import Cursor, Cursors
from counterfoil.flows.entity_read import EntityRead, Limits
from counterfoil.flows.exporters import ENTITY, REPORT, Exporter, Exporters, Listed
from counterfoil.flows.pace import Paces, StepMeter, Waiting
from counterfoil.flows.ports import (
    AccessTokens,
    Clock,
    Company,
    PageReader,
    QuickBooks,
    Records,
    Sealer,
)
from counterfoil.flows.report_read import report_read
from counterfoil.flows.runs import Run, Runs

# Refused steps in a row after which a run gives up. Two pauses of a minute tell Intuit's
# throttle from its monthly block, which only ends with the month.
MOST_SETBACKS = 2


class Reach(Protocol):
    def reachable(self, user: User, connection_id: str, role: Role) -> Connection:
        """Raises NotFound for a missing or foreign connection, Forbidden for too little a role."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What the add-on gets: operations to apply in order, and the cursor of the next step."""

    run_id: str
    exporter_id: str
    block: str
    title: str
    operations: tuple[Operation, ...] = field(repr=False)
    cursor: str | None = field(repr=False)
    wait_s: int
    rows: int
    of: int | None
    calls: int
    elapsed_s: float
    message: str
    proof: Proof | None = field(repr=False)

    def json(self) -> str:
        """The answer's text; the rows inside are not encoded again."""
        head = {
            "run_id": self.run_id,
            "run_short": runs.short(self.run_id),
            "exporter_id": self.exporter_id,
            "block": self.block,
            "title": self.title,
            "cursor": self.cursor,
            "wait_s": self.wait_s,
            "progress": {
                "rows": self.rows,
                "of": self.of,
                "calls": self.calls,
                "elapsed_s": round(self.elapsed_s, 1),
                "message": self.message,
            },
            "proof": self.proof.as_json() if self.proof else None,
        }
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
        return f'{text[:-1]},"operations":{operations.encode(self.operations)}}}'


@dataclass(frozen=True, slots=True)
class Exports:
    """`paces` is None where Intuit's limits are not kept: in benchmarks of raw speed."""

    records: Records
    sealer: Sealer
    connections: Reach
    tokens: AccessTokens
    quickbooks: QuickBooks
    page_reader: PageReader
    clock: Clock
    paces: Paces | None = field(default_factory=Paces)
    limits: Limits = field(default_factory=Limits)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def start(
        self,
        user: User,
        sheet: Sheet,
        *,
        connection_id: str,
        dataset: Dataset,
        options: Mapping[str, Any],
        tab: str | None,
    ) -> Step:
        """The first step of a new export. Nothing is asked or stored before all is checked.

        Raises BadRequest, NotFound, Forbidden, and what a run can end with: ReconnectRequired,
        ConnectionPaused, ConnectionSuspect, QuickBooksBusy, QuickBooksRejected, IncompleteRead,
        ExportTooLarge, ReportTooLarge. A run that raised has written nothing.
        """
        choice = chosen(dataset, options)
        zone(sheet.zone)
        connection = self.connections.reachable(user, connection_id, Role.EDITOR)
        exporter = self._exporters.create(
            user,
            sheet,
            kind=ENTITY if isinstance(dataset, Entity) else REPORT,
            dataset=dataset.key,
            connection_id=connection.id,
            options=choice.options,
            tab=blocks.safe_title(tab or dataset.title),
        )
        return self._begin(user, sheet, connection, exporter, choice)

    def again(self, user: User, sheet: Sheet, exporter_id: str) -> Step:
        """The first step of another run of an exporter of this spreadsheet. Raises as `start`."""
        exporter = self._exporters.of(sheet, exporter_id)
        connection = self.connections.reachable(user, exporter.connection_id, Role.REFRESHER)
        zone(sheet.zone)
        return self._begin(user, sheet, connection, exporter, _choice(exporter))

    def resume(self, user: User, sheet: Sheet, cursor: str) -> Step:
        """The next step of a run. Repeated, it fills the same cells.

        Raises NotFound for a cursor that is foreign or tampered with, CursorExpired, and as
        `start`. The writer drops the stage of a run that raised.
        """
        held = self._cursors.opened(user, sheet, cursor)
        connection = self.connections.reachable(user, held.connection_id, Role.REFRESHER)
        exporter = self._exporters.of(sheet, held.exporter_id)
        run = self._runs.of(user, sheet, held.run_id)
        if run.state in (runs.APPLIED, runs.FAILED):
            raise CursorExpired("This run is over. Please export again.")
        if exporter.revision != held.revision:
            raise CursorExpired("This export was changed during the run. Please export again.")
        return self._step(_Going(user, sheet, connection, exporter, run, _choice(exporter), held))

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
        run = self._runs.of(user, sheet, run_id)
        if run.state in (runs.APPLIED, runs.FAILED):
            return
        if applied and run.state != runs.SENT:
            raise BadRequest("This run has not been sent completely.")
        ended = (
            self._runs.applied(run, rows_seen)
            if applied
            else self._runs.failed(run, runs.safe_code(code))
        )
        self._note(self._exporters.of(sheet, run.exporter_id), ended)

    def in_sheet(self, sheet: Sheet) -> list[Listed]:
        """The exporters of a spreadsheet, newest first."""
        return self._exporters.in_sheet(sheet)

    def _begin(
        self,
        user: User,
        sheet: Sheet,
        connection: Connection,
        exporter: Exporter,
        choice: Choice,
    ) -> Step:
        run = self._runs.begin(user, sheet, exporter)
        cursor = Cursor(
            run_id=run.id,
            exporter_id=exporter.id,
            revision=exporter.revision,
            connection_id=connection.id,
            zone=sheet.zone,
            is_new=exporter.is_new,
            calls=0,
            setbacks=0,
            position=None,
        )
        return self._step(_Going(user, sheet, connection, exporter, run, choice, cursor))

    def _step(self, going: _Going) -> Step:
        meter = StepMeter(
            self.paces.of(going.connection.realm_id) if self.paces else None,
            monotonic=self.monotonic,
            sleep=self.sleep,
        )
        token = _Token(self.tokens, going.connection.id)
        company = self.quickbooks.company(
            going.connection.realm_id, token.current, token.refused, meter
        )
        try:
            if isinstance(going.choice, EntityChoice):
                return self._entity_step(going, going.choice, company, meter)
            return self._report_step(going, going.choice, company, meter)
        except Waiting as waiting:
            return self._paused(going, meter, waiting.wait_s, going.cursor.setbacks)
        except (QuickBooksBusy, ConnectionBusy) as busy:
            if going.cursor.setbacks < MOST_SETBACKS:
                wait = float(busy.details.get("wait_s") or 5)
                return self._paused(going, meter, wait, going.cursor.setbacks + 1)
            self._fail(going, meter, busy)
            raise _given_up(busy) from busy
        except AppError as error:
            self._fail(going, meter, error)
            raise

    def _entity_step(
        self, going: _Going, choice: EntityChoice, company: Company, meter: StepMeter
    ) -> Step:
        currency = going.connection.currency
        layout = blocks.entity_layout(choice.columns, currency)
        reading = EntityRead(
            choice,
            layout,
            Digest(going.exporter.digest_key),
            self.limits,
            currency,
            self.page_reader(choice.entity, choice.columns, zone(going.cursor.zone)),
        )
        if going.cursor.position is not None:
            reading.go_on_from(going.cursor.position)
        before = reading.tally.rows
        done = reading.advance(company)
        run_id = going.run.id
        staged = (
            blocks.staged_part(layout, done.rows, run_id, before)
            if done.rows.rows and (before or not done.proof)
            else ()
        )
        if done.proof is None:
            cursor = replace(
                going.cursor,
                calls=going.cursor.calls + meter.calls,
                setbacks=0,
                position=reading.position(),
            )
            return self._unfinished(
                going, cursor, staged, done.wait_s, reading.tally.rows, reading.counted
            )
        target = self._target(going, reading.tally.rows)
        end = (
            blocks.staged_end(layout, target, reading.digest, reading.tally)
            if before
            else blocks.direct(layout, done.rows, target, reading.digest, reading.tally)
        )
        height = layout.header_rows + reading.tally.rows
        return self._finished(going, (*staged, *end), done.proof, height, meter)

    def _report_step(
        self, going: _Going, choice: ReportChoice, company: Company, meter: StepMeter
    ) -> Step:
        read = report_read(
            company,
            choice,
            Digest(going.exporter.digest_key),
            company_name=going.connection.name,
            max_cells=self.limits.max_cells,
        )
        end = blocks.direct(
            read.layout, read.rows, self._target(going, read.rows.rows), read.digest, read.tally
        )
        height = read.layout.header_rows + read.rows.rows
        return self._finished(going, end, read.proof, height, meter)

    def _target(self, going: _Going, rows: int) -> Target:
        now = self.clock()
        return Target(
            run=going.run.id,
            title=going.exporter.tab,
            note=blocks.note_text(
                going.title,
                going.connection.name,
                going.choice.period,
                now,
                zone(going.cursor.zone),
                rows,
                going.run.short,
            ),
            at=now.isoformat(timespec="seconds"),
            new=going.cursor.is_new,
        )

    def _paused(self, going: _Going, meter: StepMeter, wait_s: float, setbacks: int) -> Step:
        """The same place again, later: nothing new was read."""
        cursor = replace(going.cursor, calls=going.cursor.calls + meter.calls, setbacks=setbacks)
        rows, of = _reached(cursor.position)
        return self._unfinished(going, cursor, (), wait_s, rows, of)

    def _unfinished(
        self,
        going: _Going,
        cursor: Cursor,
        made: tuple[Operation, ...],
        wait_s: float,
        rows: int,
        of: int | None,
    ) -> Step:
        wait = math.ceil(wait_s)
        reached = f"{rows:,} of {of:,} rows read" if of is not None else f"{rows:,} rows read"
        pausing = f"; QuickBooks asks for a pause of {wait} s" if wait else ""
        return Step(
            run_id=going.run.id,
            exporter_id=going.exporter.id,
            block=going.exporter.block,
            title=going.title,
            operations=made,
            cursor=self._cursors.sealed(going.user, going.sheet, cursor),
            wait_s=wait,
            rows=rows,
            of=of,
            calls=cursor.calls,
            elapsed_s=self._elapsed(going.run),
            message=f"{reached}{pausing}.",
            proof=None,
        )

    def _finished(
        self,
        going: _Going,
        made: tuple[Operation, ...],
        proof: Proof,
        height: int,
        meter: StepMeter,
    ) -> Step:
        calls = going.cursor.calls + meter.calls
        run = self._runs.sent(going.run, proof, height=height, calls=calls)
        self._note(going.exporter, run)
        return Step(
            run_id=run.id,
            exporter_id=going.exporter.id,
            block=going.exporter.block,
            title=going.title,
            operations=made,
            cursor=None,
            wait_s=0,
            rows=proof.rows,
            of=proof.rows,
            calls=calls,
            elapsed_s=self._elapsed(run),
            message=f"{proof.rows:,} rows read.",
            proof=proof,
        )

    def _fail(self, going: _Going, meter: StepMeter, error: AppError) -> None:
        calls = going.cursor.calls + meter.calls
        run = self._runs.failed(going.run, error.code, calls=calls)
        if going.cursor.is_new and going.exporter.is_new:
            # It never came to a block: to export again makes another.
            self._exporters.forget(going.exporter)
        else:
            self._note(going.exporter, run)

    def _note(self, exporter: Exporter, run: Run) -> None:
        self._exporters.ran(
            exporter,
            {
                "run_id": run.id,
                "state": run.state,
                "at": self.clock(),
                "rows": run.counts.get("rows", 0),
                "verdict": run.verdict,
                "code": run.code,
            },
        )

    def _elapsed(self, run: Run) -> float:
        return max(0.0, (self.clock() - run.started_at).total_seconds())

    @property
    def _exporters(self) -> Exporters:
        return Exporters(self.records, self.sealer, self.clock)

    @property
    def _runs(self) -> Runs:
        return Runs(self.records, self.clock)

    @property
    def _cursors(self) -> Cursors:
        return Cursors(self.sealer, self.clock)


@dataclass(frozen=True, slots=True)
class _Going:
    """A run at the beginning of one of its steps."""

    user: User
    sheet: Sheet
    connection: Connection
    exporter: Exporter
    run: Run
    choice: Choice
    cursor: Cursor

    @property
    def title(self) -> str:
        dataset = (
            self.choice.entity if isinstance(self.choice, EntityChoice) else self.choice.report
        )
        return self.exporter.name or dataset.title


class _Token:
    """One connection's access token for the length of a step, shared by its threads."""

    def __init__(self, tokens: AccessTokens, connection_id: str) -> None:
        self._tokens = tokens
        self._connection_id = connection_id
        self._lock = threading.Lock()
        self._held: str | None = None

    def current(self) -> str:
        with self._lock:
            if self._held is None:
                self._held = self._tokens.for_connection(self._connection_id)
            return self._held

    def refused(self, token: str) -> str:
        with self._lock:
            if self._held is None or self._held == token:
                self._held = self._tokens.after_refusal(self._connection_id, token)
            return self._held


def _choice(exporter: Exporter) -> Choice:
    find = catalog.entity if exporter.kind == ENTITY else catalog.report
    return chosen(find(exporter.dataset), exporter.options)


def _reached(position: Mapping[str, Any] | None) -> tuple[int, int | None]:
    return (position["tally"]["rows"], position["counted"]) if position else (0, None)


def _given_up(busy: AppError) -> AppError:
    if not faults.is_throttle(busy):
        return busy
    return QuickBooksBusy(
        "QuickBooks has refused this company's requests for several minutes. Other apps may be "
        "using up its limit, or this deployment's monthly allowance is spent: try again later, "
        "and tell whoever runs Counterfoil if it stays so.",
        **busy.details,
    )
