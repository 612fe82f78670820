"""What a run leaves to the next update: from when on its table does not know of changes. Pure.

It stays with the record of the run, and the receipt in the sheet tells which run that was: a table
that was put back to an earlier version is known by an earlier run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Watermark:
    """`scope` stands for everything that was chosen but the days from `start` to `end`. `types` are
    those of custom fields, by their definitions, as the table has them; `ids` those of the names
    that filters compare, by marks of these; `records` is how many of QuickBooks were read at
    `full_at`, whatever matched and however many rows they made: what everything costs next time.
    `lists` are those whose changes were found to concern the table, None where nobody looked.
    """

    since: datetime | None  # by QuickBooks' clock; None where CDC does not tell of the entity
    full_at: datetime  # when all rows were read for the last time
    scope: str
    start: date | None = None
    end: date | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, Sequence[str]] = field(default_factory=dict)
    records: int | None = None
    lists: Sequence[str] | None = None

    def before(self, other: Watermark | None) -> Watermark:
        """The earlier of two that one run has left: its last step may have come twice, and nobody
        knows which delivery the sheet holds.
        """
        if other is None or other.since is None or self.since is None:
            return self
        return replace(
            self, since=min(self.since, other.since), full_at=min(self.full_at, other.full_at)
        )

    def as_record(self) -> dict[str, Any]:
        return {
            "since": self.since,
            "full_at": self.full_at,
            "scope": self.scope,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "types": dict(self.types),
            "ids": {mark: list(ids) for mark, ids in self.ids.items()},
            "records": self.records,
            "lists": None if self.lists is None else list(self.lists),
        }

    @classmethod
    def of_record(cls, told: Mapping[str, Any]) -> Watermark:
        start, end = (
            date.fromisoformat(told[name]) if told[name] else None for name in ("start", "end")
        )
        types = told.get("types") or {}  # none in those of earlier versions
        ids = told.get("ids") or {}
        since, full_at, scope = told["since"], told["full_at"], told["scope"]
        records, lists = told.get("records"), told.get("lists")
        return cls(since, full_at, scope, start, end, types, ids, records, lists)
