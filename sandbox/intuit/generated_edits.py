"""What people changed in a generated company: laid over the records that come out of thin air."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.intuit.answers import encoded, record_time
from sandbox.intuit.cdc import Deletion
from sandbox.intuit.store import Row


class Edits:
    """By entity and number of the record."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, int], dict[str, Any]] = {}
        self._times: dict[tuple[str, int], dict[str, str]] = {}
        self._tokens: dict[tuple[str, int], int] = {}
        self._gone: dict[str, Deletion] = {}

    def any_of(self, kind: str) -> bool:
        return any(edited == kind for edited, _ in self._times)

    def written(self, kind: str, number: int, now: datetime) -> None:
        """A record that was made just now."""
        moment = record_time(now)
        self._times[kind, number] = {"CreateTime": moment, "LastUpdatedTime": moment}

    def changed(self, kind: str, number: int, now: datetime, changes: Mapping[str, Any]) -> None:
        self._changes.setdefault((kind, number), {}).update(changes)
        self._tokens[kind, number] = self._tokens.get((kind, number), 0) + 1
        self.moved(kind, number, now)

    def moved(self, kind: str, number: int, now: datetime) -> None:
        """Something that QuickBooks derives changed: the time moves, the SyncToken stays."""
        self._times.setdefault((kind, number), {})["LastUpdatedTime"] = record_time(now)

    def deleted(self, kind: str, number: int, id: str, now: datetime) -> None:
        place = (kind, number)
        self._changes.pop(place, None)
        self._times.pop(place, None)
        self._tokens.pop(place, None)
        self._gone[id] = Deletion(id, now)

    def gone(self, since: datetime) -> list[Deletion]:
        return [deletion for deletion in self._gone.values() if deletion.at >= since]

    def text(self, kind: str, number: int, made: str) -> str:
        """The record's JSON as it is now."""
        if (kind, number) not in self._times:
            return made
        row = self.laid_over(kind, number, json.loads(made, parse_float=Decimal))
        row["SyncToken"] = str(int(row["SyncToken"]) + self._tokens.get((kind, number), 0))
        return encoded(row).decode()

    def laid_over(self, kind: str, number: int, row: Row) -> Row:
        """The row itself, changed."""
        row.update(self._changes.get((kind, number), {}))
        if times := self._times.get((kind, number)):
            row["MetaData"] = {**row["MetaData"], **times}
        return row
