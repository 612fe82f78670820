"""What one call of CDC has told of several entities: that nothing of them changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing of these entities of a company changed from `since` to `until`, by QuickBooks' clock
    and less what a call may miss.
    """

    connection_id: str
    since: datetime
    until: datetime
    entities: frozenset[str]

    def covers(self, connection_id: str, entities: Iterable[str], since: datetime) -> bool:
        """Whether nothing of those entities changed from `since` on."""
        return (
            self.connection_id == connection_id
            and self.entities >= set(entities)
            and self.since <= since <= self.until
        )

    def as_record(self) -> dict[str, Any]:
        return {
            "connection_id": self.connection_id,
            "since": self.since,
            "until": self.until,
            "entities": sorted(self.entities),
        }

    @classmethod
    def of_record(cls, told: Mapping[str, Any]) -> Quiet:
        return cls(told["connection_id"], told["since"], told["until"], frozenset(told["entities"]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the run of another export is going to ask."""

    entities: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """`others` are still to come; `quiet` is what the call of an earlier run has told."""

    connection_id: str
    others: tuple[Wanted, ...] = ()
    quiet: Quiet | None = None

    def still_until(self, entities: Iterable[str], since: datetime) -> datetime | None:
        """Up to when nothing of those entities changed from `since` on, as far as was told."""
        if self.quiet and self.quiet.covers(self.connection_id, entities, since):
            return self.quiet.until
        return None
