"""One run without anybody's Apps Script: the same steps, read and written here, the same proof."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from counterfoil.core import operations
from counterfoil.core.consolidation_tabs import Tabs
from counterfoil.core.errors import (
    AppError,
    BlockNeeded,
    CellsNeeded,
    RatesNeeded,
    ServiceUnavailable,
    TabsNeeded,
)
from counterfoil.core.journal import along
from counterfoil.core.people import Sheet, User
from counterfoil.core.proof_lines import unlooked
from counterfoil.flows import runs
from counterfoil.flows.export import Exports
from counterfoil.flows.managed_ports import Desk
from counterfoil.flows.steps import Step

# What the writer says where the spreadsheet is not ours to edit any more.
UNSHARED = frozenset(("not_shared", "spreadsheet_gone"))
BUSY = frozenset(("sheet_busy", "unreachable"))


@dataclass(frozen=True, slots=True)
class Told:
    """What the spreadsheet tells, of what a run asked for."""

    cells: Mapping[str, str | None] = field(default_factory=dict)
    block: Mapping[str, Any] | None = None
    tabs: Tabs | None = None


Ask = Callable[[Told], Step]


@dataclass(frozen=True, slots=True)
class Left:
    """A run that goes on later: from that cursor, after so many seconds."""

    run_id: str
    cursor: str
    wait_s: int


@dataclass(frozen=True, slots=True)
class Ended:
    """`code` is why nothing was written, and `why` in a sentence; None for a table that is
    complete. Then `proof` is its line for the log, "" where the log has a list of what `run`
    changed.
    """

    code: str | None
    why: str = ""
    proof: str = field(default="", repr=False)
    run: str = ""

    @property
    def is_unshared(self) -> bool:
        return self.code in UNSHARED


@dataclass(frozen=True, slots=True)
class ManagedRun:
    """`has_time` says whether another step may begin."""

    exports: Exports
    user: User
    sheet: Sheet
    exporter_id: str
    desk: Desk
    has_time: Callable[[], bool]
    sleep: Callable[[float], None]

    def begin(self) -> Left | Ended:
        """Raises what `Exports.again` raises, of a run that has ended or did not begin, and what a
        Desk raises.
        """
        return self._go(
            self._asked(
                lambda told: self.exports.again(
                    self.user,
                    self.sheet,
                    self.exporter_id,
                    scheduled=True,
                    cells=told.cells,
                    block=told.block,
                    tabs=told.tabs,
                )
            ),
            None,
        )

    def go_on(self, cursor: str) -> Left | Ended:
        """Raises as `begin`; what comes of it later is Left, not raised."""
        try:
            return self._go(self._next(cursor), cursor)
        except ServiceUnavailable as error:
            if error.details.get("ended"):
                raise
            return Left("", cursor, 0)

    def _go(self, step: Step, came_from: str | None) -> Left | Ended:
        while True:
            report, ahead = self._applied(step)
            if not report["applied"]:
                return self._failed(step, report, came_from)
            if step.cursor is None:
                self._acknowledge(step.run_id, report)
                return _complete(step, report.get("seen") or {})
            came_from = step.cursor
            left = Left(step.run_id, step.cursor, step.wait_s)
            if ahead is None and not self._waited(step.wait_s):
                return left
            try:
                step = self._next(step.cursor, ahead)
            except ServiceUnavailable as error:
                if error.details.get("ended"):
                    raise
                return left
            except AppError as error:
                if not error.details.get("ended"):
                    self._given_up(step.run_id, error.code)
                raise

    def _next(self, cursor: str, ahead: Future[Step] | None = None) -> Step:
        """The step of that cursor, which may have been asked for `ahead`."""

        def ask(told: Told) -> Step:
            if ahead is not None and told == Told():
                return ahead.result()
            return self._resumed(cursor, told)

        return self._asked(ask)

    def _resumed(self, cursor: str, told: Told) -> Step:
        return self.exports.resume(self.user, self.sheet, cursor, block=told.block, tabs=told.tabs)

    def _waited(self, seconds: int) -> bool:
        """A short pause is slept here; a longer one is for another tick."""
        if seconds > _PATIENCE_S or not self.has_time():
            return False
        if seconds:
            self.sleep(seconds)
        return True

    def _asked(self, ask: Ask) -> Step:
        """Once more with what the spreadsheet tells, where that is asked for."""
        told = Told()
        try:
            while True:
                try:
                    return ask(told)
                except CellsNeeded as needed:
                    if told.cells:
                        raise
                    cells = self.desk.cells(str(needed.details["cells"]).split("\n"))
                    told = replace(told, cells=cells)
                except BlockNeeded as needed:
                    if told.block is not None:
                        raise
                    told = replace(told, block=self.desk.standing(needed.details))
                except TabsNeeded as needed:
                    if told.tabs is not None:
                        raise
                    tabs = self.desk.tabs(str(needed.details["tabs"]).split("\n"))
                    told = replace(told, tabs=tabs)
        except AppError as error:
            if error.details.get("ended"):
                self._drop(str(error.details["run_id"]))
            if isinstance(error, RatesNeeded) and (rows := error.beside.get("operations")):
                self.desk.apply("", rows)  # for people to fill in
            raise

    def _applied(self, step: Step) -> tuple[Mapping[str, Any], Future[Step] | None]:
        """What the writer reports; and where a step only fills the hidden tab, the next one, asked
        for meanwhile. It has ended then: of two threads, this one alone is at the spreadsheet.
        """
        if not step.operations:
            return {"applied": True, "seen": None}, None
        told = json.loads(operations.encode(step.operations))
        if step.cursor is None or step.wait_s or not self.has_time() or not _is_apart(told):
            return self.desk.apply(step.block, told), None
        with ThreadPoolExecutor(1) as other:
            ahead = other.submit(along(partial(self._resumed, step.cursor, Told())))
            return self.desk.apply(step.block, told), ahead

    def _acknowledge(self, run_id: str, report: Mapping[str, Any]) -> None:
        self.exports.acknowledge(
            self.user,
            self.sheet,
            run_id,
            applied=True,
            rows_seen=(report.get("seen") or {}).get("rows"),
            code=report.get("code"),
        )

    def _failed(self, step: Step, report: Mapping[str, Any], came_from: str | None) -> Left | Ended:
        code = str(report["code"])
        if code in BUSY and came_from is not None:
            return Left(step.run_id, came_from, 0)  # the same step again fills the same cells
        self.exports.acknowledge(
            self.user,
            self.sheet,
            step.run_id,
            applied=False,
            failed_operation=report.get("op"),
            code=code,
        )
        if code not in UNSHARED | BUSY:
            self._drop(step.run_id)
        return Ended(code, str(report.get("why", "")))

    def _given_up(self, run_id: str, code: str) -> None:
        """Nobody goes on with it: who it ran as is no member any more, for one."""
        self.exports.acknowledge(self.user, self.sheet, run_id, applied=False, code=code)
        self._drop(run_id)

    def _drop(self, run_id: str) -> None:
        """What had arrived goes; where that cannot be, the next run drops it."""
        self.desk.apply("", [{"op": "drop_stage", "run": run_id}])


def _complete(step: Step, seen: Mapping[str, Any]) -> Ended:
    """`seen` is what the writer read back: it has listed in the log what it tells of as news."""
    if step.proof is None or seen.get("news"):
        return Ended(None)
    told = unlooked(step.proof, seen, step.operations)
    return Ended(None, proof=told, run=runs.short(step.run_id))


def _is_apart(told: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the block is not looked at: what a person did to it ends no run that has read on."""
    return all(op["op"] in ("stage", "drop_stage") for op in told)


# The whole sleep of a run between two steps.
_PATIENCE_S = 10
