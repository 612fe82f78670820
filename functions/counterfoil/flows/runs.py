"""Runs: one record per execution, with counts, codes and times, never data of the company."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from counterfoil.core import journal
from counterfoil.core.errors import AppError, NotFound
from counterfoil.core.people import Sheet, User
from counterfoil.core.proof import Proof, Verdict
from counterfoil.core.quiet import Quiet
from counterfoil.core.stores import Changed, Document, Write
from counterfoil.core.tie_out import worst
from counterfoil.core.watermarks import Watermark
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.rewriting import rewritten

COLLECTION = "runs"
KEPT = timedelta(days=90)  # long enough for a quarter's close, and no longer
WEEK = timedelta(weeks=1)

RUNNING, SENT, APPLIED, FAILED = "running", "sent", "applied", "failed"

TAKEN_OVER = "taken_over"  # why a run failed that another one replaced
WRITTEN_BEFORE = "written_before"  # a writer's word for what is said at `Runs.applied`

# Crockford's letters: none that is read as another one.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID = re.compile(r"run_[A-Za-z0-9_-]{8,64}", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of an exporter."""

    id: str
    exporter_id: str
    connection_id: str
    state: str
    started_at: datetime
    counts: Mapping[str, int]
    calls: int
    verdict: str | None
    code: str | None
    document: Document

    @property
    def short(self) -> str:
        return short(self.id)

    @property
    def ties(self) -> str | None:
        """The worst that came of checks against other reports, where some were asked for."""
        told = self.document.data.get("ties")
        return str(told) if told else None

    @property
    def sent_at(self) -> datetime | None:
        """When its last step was made, and with it what the table says of itself."""
        found = self.document.data.get("sent_at")
        return found if isinstance(found, datetime) else None

    @property
    def scheduled(self) -> bool:
        """A trigger began it, nobody who looks."""
        return bool(self.document.data.get("scheduled"))


def new_id() -> str:
    return f"run_{secrets.token_urlsafe(16)}"


def log_of(exporter_id: str, at: datetime, weeks_ago: int = 0) -> str:
    """By which the runs that an exporter began in a week are found: their ids have no order."""
    return f"{exporter_id}:{int(at.timestamp() // WEEK.total_seconds()) - weeks_ago}"


def short(run_id: str) -> str:
    """What people read to each other: "7Q4K-2M"."""
    number = int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:4], "big")
    letters = "".join(_LETTERS[number >> 5 * place & 31] for place in range(6))
    return f"{letters[:4]}-{letters[4:]}"


@dataclass(frozen=True, slots=True)
class Runs:
    records: Records
    clock: Clock

    def begin(
        self,
        run_id: str,
        user: User,
        sheet: Sheet,
        exporter: Exporter,
        *,
        companies: Sequence[str],
        scheduled: bool = False,
    ) -> Run:
        """`companies` are the connections that it reads."""
        drafted = self.draft(
            *(run_id, user, sheet, exporter.document), companies=companies, scheduled=scheduled
        )
        return held(self.records.create(COLLECTION, run_id, drafted.data))

    def draft(
        self,
        run_id: str,
        user: User,
        sheet: Sheet,
        exporter: Document | Write,
        *,
        companies: Sequence[str],
        scheduled: bool = False,
    ) -> Write:
        """What makes the record of a run of that exporter; lines of the log are about it now."""
        now, of = self.clock(), exporter.data
        journal.about(run_id)
        return Write(
            COLLECTION,
            run_id,
            {
                "exporter": exporter.id,
                "log": log_of(exporter.id, now),
                "sheet": sheet.digest,
                "connection_id": of["connection_id"],
                "companies": list(companies),
                "user": user.sub,
                "kind": of["kind"],
                "dataset": of["dataset"],
                "scheduled": scheduled,
                "state": RUNNING,
                "started_at": now,
                "finished_at": None,
                "counts": {},
                "calls": 0,
                "verdict": None,
                "code": None,
                "expires_at": now + KEPT,
            },
        )

    def of(self, user: User, sheet: Sheet, run_id: str) -> Run:
        """Raises NotFound, also for somebody else's."""
        document = self.records.get(COLLECTION, run_id) if _ID.fullmatch(run_id) else None
        if (
            document is None
            or document.data["sheet"] != sheet.digest
            or document.data["user"] != user.sub
            or self.clock() >= document.data["expires_at"]
        ):
            raise NotFound("There is no such run in this spreadsheet.")
        journal.about(run_id)
        return held(document)

    def companies_of(self, exporter: Exporter, run_id: str) -> tuple[str, ...] | None:
        """Whose rows the table of that run of the exporter holds; None where nobody knows."""
        document = self.records.get(COLLECTION, run_id) if _ID.fullmatch(run_id) else None
        if document is None or document.data["exporter"] != exporter.id:
            return None
        return tuple(document.data.get("companies") or [document.data["connection_id"]])

    def left_by(self, exporter: Exporter, run_id: str) -> Mapping[str, Watermark]:
        """By connection, from when on the table of that run of the exporter does not know of
        changes; empty where that was never kept, or not any more.
        """
        document = self.records.get(COLLECTION, run_id) if _ID.fullmatch(run_id) else None
        if (
            document is None
            or document.data["exporter"] != exporter.id
            or self.clock() >= document.data["expires_at"]
        ):
            return {}
        return _marks(document.data)

    def calls_of(self, run_id: str) -> int | None:
        """What a run of an exporter has cost; None where its record is no more."""
        document = self.records.get(COLLECTION, run_id)
        return None if document is None else int(document.data["calls"])

    def quiet_of(self, user: User, sheet: Sheet, run_id: str, within: timedelta) -> Quiet | None:
        """What the call of a run of theirs told of several entities, if it began so lately."""
        try:
            run = self.of(user, sheet, run_id)
        except NotFound:
            return None
        told = run.document.data.get("quiet")
        return Quiet.of_record(told) if told and self.clock() - run.started_at < within else None

    def sent(
        self,
        run: Run,
        proof: Proof,
        *,
        calls: int,
        watermarks: Mapping[str, Watermark] | None = None,
        quiet: Quiet | None = None,
        beside: Callable[[Run], Write],
    ) -> tuple[Run, bool]:
        """Everything is on its way to the sheet. A run that has ended stays as it ended: this step
        may be the twin of one that was written and acknowledged meanwhile.

        True when what goes `beside` it was written with it: nobody had come between.
        """
        told = {
            "sent": proof.sent,
            "distinct": proof.distinct,
            "rows": proof.rows,
            "counted": proof.counted,
        }
        counts = {name: count for name, count in told.items() if count is not None}
        at = self.clock()

        def change(data: dict[str, Any]) -> dict[str, Any]:
            return data | {
                "state": SENT,
                "sent_at": at,
                "counts": counts,
                "calls": calls,
                "verdict": proof.verdict.value,
                "code": None,
                **_kept(watermarks, data),
                **({"quiet": quiet.as_record()} if quiet else {}),
                **({"ties": came.value} if (came := worst(proof.ties)) else {}),
            }

        seen = run.document
        if run.state not in (APPLIED, FAILED):
            new = change(dict(seen.data))
            with suppress(Changed):
                writes = [Write.over(seen, new), beside(held(replace(seen, data=new)))]
                return held(self.records.write_all(writes)[0]), True
        return self._change(run, change, unless=(APPLIED, FAILED)), False

    def failed(
        self, run: Run, code: str, *, calls: int | None = None, operation: int | None = None
    ) -> Run:
        """`operation` is the place of the one that the writer could not do. A run that has ended
        stays as it ended.
        """
        counts = dict(run.counts) if operation is None else {**run.counts, "operation": operation}
        ended = {
            "state": FAILED,
            "code": code,
            "counts": counts,
            "calls": run.calls if calls is None else calls,
            "verdict": None,
            "finished_at": self.clock(),
        }
        return self._change(run, lambda data: data | ended, unless=(APPLIED, FAILED))

    def abandon(self, run_id: str) -> None:
        """Another run took its place. One that was sent may have reached the sheet: it stays."""
        document = self.records.get(COLLECTION, run_id)
        if document is not None and document.data["state"] == RUNNING:
            self.failed(held(document), TAKEN_OVER)

    def applied(self, run: Run, rows_seen: int | None, code: str | None = None) -> Run:
        """The sheet holds it. Another number of rows of data than was sent is no pass, and what an
        earlier delivery of the last step wrote, with other rows than the later one, has no proof.
        """
        wanted = run.counts.get("rows")
        ended: dict[str, Any] = {"state": APPLIED, "finished_at": self.clock()}
        if wanted is None and rows_seen is not None:  # nobody could know it before
            ended["counts"] = {**run.counts, "rows": rows_seen}
        elif rows_seen is not None and rows_seen != wanted:
            ended |= {"verdict": Verdict.FAIL.value, "code": "seen_differs"}
        elif code == WRITTEN_BEFORE:
            ended |= {"verdict": Verdict.NOT_CHECKED.value, "code": code}
        return self._change(run, lambda data: data | ended)

    def _change(
        self,
        run: Run,
        change: Callable[[dict[str, Any]], dict[str, Any]],
        *,
        unless: Sequence[str] = (),
    ) -> Run:
        """The run as it is kept then: as it was, where its state is one of `unless`."""
        # A repeated step or acknowledgement may be quicker: ours is applied to what is there.
        kept = rewritten(
            self.records,
            run.document,
            lambda data: None if data["state"] in unless else change(dict(data)),
        )
        return replace(run, state=FAILED) if kept is None else held(kept)


def _marks(data: Mapping[str, Any]) -> Mapping[str, Watermark]:
    told = data.get("watermarks") or {}
    return {connection: Watermark.of_record(each) for connection, each in told.items()}


def _kept(marks: Mapping[str, Watermark] | None, data: Mapping[str, Any]) -> dict[str, Any]:
    if marks is None:
        return {}
    earlier = _marks(data)
    kept = {it: mark.before(earlier.get(it)).as_record() for it, mark in marks.items()}
    return {"watermarks": kept}


def ended(error: AppError, run_id: str, exporter_id: str | None = None) -> AppError:
    """The error, saying that its run is over: to repeat the request is of no use, the sheet may
    drop what had arrived. `exporter_id` where one is left that can be run again.
    """
    over: dict[str, str | bool | None] = {
        "ended": True,
        "run_id": run_id,
        "run_short": short(run_id),
        "exporter_id": exporter_id,
    }
    error.details = {**error.details, **over}
    return error


def safe_code(code: str | None) -> str:
    """A writer's code, if it is one: never a text that could hold what stood in a cell."""
    return code if code is not None and _CODE.fullmatch(code) else "writer_failed"


def held(document: Document) -> Run:
    """The run of its record."""
    data = document.data
    return Run(
        id=document.id,
        exporter_id=data["exporter"],
        connection_id=data["connection_id"],
        state=data["state"],
        started_at=data["started_at"],
        counts=data["counts"],
        calls=data["calls"],
        verdict=data["verdict"],
        code=data["code"],
        document=document,
    )
