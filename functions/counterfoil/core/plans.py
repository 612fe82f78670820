"""Where a schedule stands: what a run, good or bad, means for when it is due next. Pure."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil.core.schedules import Schedule, next_due, parsed

# What QuickBooks, Google or we may have got over by the next hour, or somebody else's doing; and
# what a fresh run mends: a hidden tab or a table that somebody deleted or changed in the middle.
_PASSING = frozenset(
    (
        *("quickbooks_busy", "connection_busy", "service_unavailable", "connection_suspect"),
        *("incomplete_read", "run_in_progress", "sheet_busy", "superseded", "other_run"),
        *("budget_spent", "cursor_expired", "cancelled", "taken_over", "internal", "unreachable"),
        *("no_stage", "stage_differs", "block_gone"),
    )
)


def needs_person(code: str | None) -> bool:
    """Whether a run that ended so will end so again until somebody does something."""
    return code not in _PASSING


MOST_STRIKES = 3  # runs in a row that a person must see to
MOST_TRIGGERS = 3  # of one run: each goes on for about four minutes, once an hour
# Google may call at the end of its hour, and the run then takes its time.
GRACE = timedelta(hours=2)
# Managed refresh tries again so soon what may do better by itself.
SOON = timedelta(minutes=5)


class Stopped(enum.StrEnum):
    """Why a schedule pauses until somebody takes it up again."""

    ERRORS = "errors"
    TOO_LONG = "too_long"
    LEFT = "left"  # whoever it runs as is no member any more
    UNSHARED = "unshared"  # managed refresh cannot edit the spreadsheet any more
    UNPROVEN = "unproven"  # changed since somebody showed that they may edit the spreadsheet


# What a run by hand does not mend.
_STAYS = (Stopped.TOO_LONG, Stopped.UNSHARED, Stopped.UNPROVEN)


def spread_of(id: str, schedule: Schedule) -> int:
    """Seconds after its time at which managed refresh runs that export: always the same ones."""
    number = int.from_bytes(hashlib.sha256(id.encode()).digest()[:4], "big")
    return number % schedule.within_s


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule with where it stands, as it is kept with an exporter."""

    schedule: Schedule
    zone: ZoneInfo
    due_at: datetime
    strikes: int = 0
    triggers: int = 0  # used by the run under way
    stopped: Stopped | None = None
    good_at: datetime | None = None  # when the table was last complete
    spread: int | None = None  # of managed refresh, see `spread_of`; None: a person's trigger

    @classmethod
    def made(
        cls, schedule: Schedule, now: datetime, zone: ZoneInfo, spread: int | None = None
    ) -> Plan:
        plan = cls(schedule, zone, now, spread=spread)
        return replace(plan, due_at=plan.next(now))

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Plan:
        stopped = kept["stopped"]
        return cls(
            parsed(kept["schedule"]),
            ZoneInfo(kept["zone"]),
            kept["due_at"],
            kept["strikes"],
            kept["triggers"],
            Stopped(stopped) if stopped else None,
            kept["good_at"],
            kept.get("spread"),
        )

    def kept(self) -> dict[str, Any]:
        return {
            "schedule": self.schedule.as_json(),
            "zone": self.zone.key,
            "due_at": self.due_at,
            "strikes": self.strikes,
            "triggers": self.triggers,
            "stopped": self.stopped.value if self.stopped else None,
            "good_at": self.good_at,
            "spread": self.spread,
        }

    @property
    def grace(self) -> timedelta:
        """How long after its time a table may be refreshed without being late."""
        return GRACE if self.spread is None else timedelta(seconds=2 * self.schedule.within_s)

    def is_due(self, now: datetime) -> bool:
        return self.stopped is None and self.due_at <= now

    @property
    def is_over(self) -> bool:
        """Whether it begins again only where somebody takes it up, not with a run by hand."""
        return self.stopped in _STAYS

    def is_late(self, now: datetime) -> bool:
        """Its hour is over, and some more: nobody has run it, or every run has failed."""
        return self.stopped is not None or now >= self.due_at + self.grace

    def next(self, now: datetime) -> datetime:
        later = timedelta(seconds=self.spread or 0)
        return next_due(self.schedule, now - later, self.zone) + later

    def late_from(self, now: datetime) -> datetime:
        """When a table that was refreshed now is late, if nobody does again: as `is_late` says once
        the run is over.
        """
        return self.went_well(now).due_at + self.grace

    def went_well(self, now: datetime) -> Plan:
        """By whomever, `now` being when its rows were sent: a run by hand serves, too, unless it
        came before its time. What was missed meanwhile is not made up for.
        """
        stopped = self.stopped if self.is_over else None
        due = self.next(now) if self.due_at <= now else self.due_at
        return replace(self, due_at=due, strikes=0, triggers=0, stopped=stopped, good_at=now)

    def failed(self, code: str | None, now: datetime) -> Plan:
        """After a scheduled run: one that may do better by itself is due again in the next hour,
        or soon where no hour has to be waited for.
        """
        if not needs_person(code):
            soon = self.due_at if self.spread is None else min(self.next(now), now + SOON)
            return replace(self, due_at=soon, triggers=0)
        strikes = self.strikes + 1
        stopped = Stopped.ERRORS if strikes >= MOST_STRIKES else self.stopped
        return replace(self, due_at=self.next(now), strikes=strikes, triggers=0, stopped=stopped)

    def parked(self) -> Plan:
        """Another trigger's time was not enough; TOO_LONG after the last that it gets."""
        triggers = self.triggers + 1
        stopped = Stopped.TOO_LONG if triggers >= MOST_TRIGGERS else self.stopped
        return replace(self, triggers=triggers, stopped=stopped)

    def passed_over(self, now: datetime) -> Plan:
        """Its export rests this time: from its next time on."""
        return replace(self, due_at=self.next(now), triggers=0)

    def ended(self, why: Stopped) -> Plan:
        """Until somebody takes it up."""
        return replace(self, stopped=why, triggers=0)

    def in_zone(self, zone: ZoneInfo, now: datetime) -> Plan:
        """The spreadsheet's zone may have been changed; what is due already stays so."""
        if zone.key == self.zone.key:
            return self
        moved = replace(self, zone=zone)
        return moved if self.due_at <= now else replace(moved, due_at=moved.next(now))

    def taken_up(self, now: datetime) -> Plan:
        """Somebody sees to it: from its next time on."""
        fresh = Plan.made(self.schedule, now, self.zone, self.spread)
        return replace(fresh, good_at=self.good_at)
