"""What may stand in a log line: an allow-list, bounded, JSON-encoded. Pure.

Everything else is dropped, so that no token and nothing from QuickBooks can reach a log by
accident (https://developer.intuit.com/app/developer/qbo/docs/go-live/publish-app/security-requirements).
"""

from __future__ import annotations

import contextvars
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

FIELDS = frozenset(
    {
        "attempt", "bytes", "calls", "code", "connection", "count", "dataset", "duration_ms",
        "error", "exporter", "fault", "function", "generation", "grant", "intuit_tid", "method",
        "outcome", "path", "place", "reads", "retryable", "route", "rows", "run", "secrets",
        "setting", "sheets", "state", "status", "step", "store_ms", "tries", "verdict", "wait_s",
        "writes",
    }
)  # fmt: skip
MAX_LENGTH = 200  # of one text; ids and codes are far shorter

# https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields
TRACE, SPAN = "logging.googleapis.com/trace", "logging.googleapis.com/spanId"
# https://cloud.google.com/error-reporting/docs/formatting-error-messages
REPORTED = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"
ENVELOPE = frozenset({"severity", "message", TRACE, SPAN, "@type", "serviceContext", "context"})
SEVERE = frozenset({"ERROR", "CRITICAL"})

_CLOUD_TRACE = re.compile(r"([0-9a-f]{32})(?:/(\d{1,20}))?(?:;.*)?", re.ASCII)
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}", re.ASCII)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Occasion:
    """What all lines of one request have in common, and what it has cost so far."""

    trace: str = ""  # 32 hex digits
    span: str = ""  # 16 hex digits
    run: str = ""
    # Kept by every thread of the request: an append is one step of the interpreter.
    spent: list[str] = field(default_factory=list)
    stored_ms: list[float] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Calls to QuickBooks and to Sheets, reads and writes of the store, calls for secrets, and
        how long the store and the secrets took for all of theirs together.
        """
        took = {"store_ms": round(sum(self.stored_ms))} if self.stored_ms else {}
        return {**Counter(self.spent), **took}


_occasion: contextvars.ContextVar[Occasion | None] = contextvars.ContextVar(
    "occasion", default=None
)


def begin(trace_context: str | None, traceparent: str | None) -> Occasion:
    """Begins a request, by what its headers say of its trace; nothing else of them is kept."""
    occasion = Occasion()
    if found := _CLOUD_TRACE.fullmatch(trace_context or ""):
        occasion.trace = found[1]
        occasion.span = f"{int(found[2] or 0) % 2**64:016x}" if found[2] else ""
    elif found := _TRACEPARENT.fullmatch(traceparent or ""):
        occasion.trace, occasion.span = found[1], found[2]
    _occasion.set(occasion)
    return occasion


def about(run: str) -> None:
    """From here on the lines of this request are about that run."""
    occasion = _occasion.get()
    if occasion is not None:
        occasion.run = run


@contextmanager
def part() -> Iterator[Occasion]:
    """One piece of work of several in a request: its lines are about a run of its own, and what it
    costs is known by itself, and counted for the request as well.
    """
    whole = _occasion.get()
    mine = Occasion(whole.trace, whole.span) if whole else Occasion()
    before = _occasion.set(mine)
    try:
        yield mine
    finally:
        _occasion.reset(before)
        if whole is not None:
            whole.spent += mine.spent
            whole.stored_ms += mine.stored_ms


def spend(what: str) -> None:
    """One of `calls`, `sheets`, `reads`, `writes`, `secrets`."""
    occasion = _occasion.get()
    if occasion is not None:
        occasion.spent.append(what)


def stored(ms: float) -> None:
    """So long a call of a store took."""
    occasion = _occasion.get()
    if occasion is not None:
        occasion.stored_ms.append(ms)


def along(work: Callable[P, T]) -> Callable[P, T]:
    """The work for other threads, whose lines and costs belong to this request."""
    context = contextvars.copy_context()

    def carried(*args: P.args, **kwargs: P.kwargs) -> T:
        # A context is entered once at a time, and several threads may do the same work.
        return context.copy().run(work, *args, **kwargs)

    return carried


def journal_line(
    event: str,
    severity: str,
    fields: Mapping[str, object],
    *,
    project: str = "",
    service: str = "",
    place: tuple[str, int, str] | None = None,
) -> str:
    """One line of JSON: severity, event and those of `fields` that may be logged; the trace and
    the run of the request; of an error, what Error Reporting groups it by (`place`: file, line and
    function that spoke).
    """
    kept = {
        name: value[:MAX_LENGTH] if isinstance(value, str) else value
        for name, value in fields.items()
        if name in FIELDS and (value is None or isinstance(value, str | int | float | bool))
    }
    line: dict[str, Any] = {"severity": severity, "message": event[:MAX_LENGTH]}
    occasion = _occasion.get()
    if occasion is not None:
        if occasion.run:
            line["run"] = occasion.run[:MAX_LENGTH]
        if occasion.trace and project:
            line[TRACE] = f"projects/{project}/traces/{occasion.trace}"
        if occasion.span and project:
            line[SPAN] = occasion.span
    if severity in SEVERE and place is not None:
        line["@type"] = REPORTED
        line["serviceContext"] = {"service": service or "counterfoil"}
        file, number, function = place
        line["context"] = {
            "reportLocation": {
                "filePath": file[:MAX_LENGTH],
                "lineNumber": number,
                "functionName": function[:MAX_LENGTH],
            }
        }
    return json.dumps(line | kept)
