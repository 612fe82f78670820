"""What may stand in a log line: an allow-list, bounded, JSON-encoded. Pure.

Everything else is dropped, so that no token and nothing from QuickBooks can reach a log by
accident (https://developer.intuit.com/app/developer/qbo/docs/go-live/publish-app/security-requirements).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

FIELDS = frozenset(
    {
        "attempt", "bytes", "calls", "code", "connection", "count", "dataset", "duration_ms",
        "error", "exporter", "fault", "function", "generation", "grant", "intuit_tid", "method",
        "outcome", "path", "place", "retryable", "route", "rows", "run", "setting", "state",
        "status", "step", "tries", "verdict", "wait_s",
    }
)  # fmt: skip
MAX_LENGTH = 200  # of one text; ids and codes are far shorter


def journal_line(event: str, severity: str, fields: Mapping[str, object]) -> str:
    """One line of JSON: severity, event and those of `fields` that may be logged."""
    kept = {
        name: value[:MAX_LENGTH] if isinstance(value, str) else value
        for name, value in fields.items()
        if name in FIELDS and (value is None or isinstance(value, str | int | float | bool))
    }
    return json.dumps({"severity": severity, "message": event[:MAX_LENGTH], **kept})
