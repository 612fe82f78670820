"""When an export is due: by the clock on the wall of its spreadsheet's zone. Pure.

Google calls an add-on once an hour, at a minute that it chooses
(https://developers.google.com/workspace/add-ons/concepts/editor-triggers), so that a schedule names
hours: "between 10:00 and 11:00". Managed refresh has a clock of its own: it takes minutes too, and
spreads what is due within its hour, or within its minutes.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil.core.errors import BadRequest
from counterfoil.core.periods import last_day_of_month
from counterfoil.core.readings import tell

EVERY = (2, 3, 4, 6, 8, 12)  # hours that divide a day
EVERY_MINUTES = (15, 30)  # of managed refresh
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOUR = timedelta(hours=1)
_LONGEST_MONTH = 31  # days


class Often(enum.StrEnum):
    MINUTES = "minutes"  # managed refresh alone
    HOURLY = "hourly"
    HOURS = "hours"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """`hour` is the one from which it is due; of every N hours, the first one of a day."""

    often: Often
    hour: int = 0
    every: int = 1
    weekday: int = 0  # Monday is 0
    day: int = 1  # of the month; in a shorter month, its last one

    def as_json(self) -> dict[str, Any]:
        """Only what says something of this kind."""
        fields = {name: getattr(self, name) for name in _FIELDS[self.often]}
        return {"often": self.often.value, **fields}

    @property
    def words(self) -> str:
        """ "daily between 10:00 and 11:00" """
        match self.often:
            case Often.MINUTES:
                return f"every {self.every} minutes"
            case Often.HOURLY:
                return "hourly"
            case Often.HOURS:
                return f"every {self.every} hours, the first {self._between}"
            case Often.WEEKLY:
                return f"every {DAYS[self.weekday]} {self._between}"
            case Often.MONTHLY:
                return f"monthly on day {self.day} {self._between}"
            case _:
                return f"{'daily' if self.often is Often.DAILY else 'on weekdays'} {self._between}"

    @property
    def within_s(self) -> int:
        """How long after it is due managed refresh may begin: the load is spread over that."""
        return self.every * 60 if self.often is Often.MINUTES else 3_600

    @property
    def _between(self) -> str:
        return f"between {self.hour:02}:00 and {(self.hour + 1) % 24:02}:00"


_FIELDS: Mapping[Often, tuple[str, ...]] = {
    Often.MINUTES: ("every",),
    Often.HOURLY: (),
    Often.HOURS: ("every", "hour"),
    Often.DAILY: ("hour",),
    Often.WEEKDAYS: ("hour",),
    Often.WEEKLY: ("weekday", "hour"),
    Often.MONTHLY: ("day", "hour"),
}
_VALUES: Mapping[str, Sequence[int]] = {
    "hour": range(24),
    "every": EVERY,
    "weekday": range(7),
    "day": range(1, 32),
}


def _values(often: Often, name: str) -> Sequence[int]:
    return EVERY_MINUTES if often is Often.MINUTES else _VALUES[name]


def _schema() -> Mapping[str, Any]:
    """Of what `parsed` takes (JSON Schema)."""
    kinds = [
        {
            "properties": {
                "often": {"const": often.value},
                **{name: {"enum": list(_values(often, name))} for name in names},
            },
            "required": ["often", *names],
        }
        for often, names in _FIELDS.items()
    ]
    return {"type": "object", "anyOf": kinds}


def parsed(given: Mapping[str, Any]) -> Schedule:
    """Raises BadRequest for what is no schedule of ours."""
    tell("schedule", _schema)
    often = next((each for each in Often if each.value == given.get("often")), None)
    if often is None:
        raise BadRequest("Choose how often the export is to be refreshed.", field="schedule.often")
    found: dict[str, int] = {}
    for name in _FIELDS[often]:
        value = given.get(name)
        fits = _values(often, name)
        if not isinstance(value, int) or isinstance(value, bool) or value not in fits:
            raise BadRequest("Choose the time of the schedule again.", field=f"schedule.{name}")
        found[name] = value
    if often is Often.HOURS:
        found["hour"] %= found["every"]
    return Schedule(often, **found)


def most_in_a_month(schedule: Schedule) -> int:
    """How often it is due in a month of 31 days, at the most."""
    match schedule.often:
        case Often.MINUTES:
            return 24 * 60 // schedule.every * _LONGEST_MONTH
        case Often.HOURLY:
            return 24 * _LONGEST_MONTH
        case Often.WEEKDAYS:
            return 23  # 31 days that begin on a Monday, Tuesday or Wednesday
        case Often.WEEKLY:
            return 5
        case Often.MONTHLY:
            return 1
        case _:
            return len(_hours(schedule)) * _LONGEST_MONTH


def next_due(schedule: Schedule, after: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after `after`, in UTC, from which it is due.

    An hour that a change of the clock leaves out is due right after it; one that comes twice is
    due the first time.
    """
    if schedule.often is Often.MINUTES:
        step = schedule.every * 60
        return datetime.fromtimestamp((int(after.timestamp()) // step + 1) * step, UTC)
    if schedule.often is Often.HOURLY:
        return _next_hour(after, zone)
    day = after.astimezone(zone).date()
    while True:
        if _on(schedule, day):
            moments = {_moment(day, hour, zone) for hour in _hours(schedule)}
            later = [moment for moment in moments if moment > after]
            if later:
                return min(later)
        day += timedelta(days=1)


def _next_hour(after: datetime, zone: ZoneInfo) -> datetime:
    # Of the zone's own hours, some of which begin at half past of others'.
    here = after.astimezone(zone)
    past = timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
    return after.astimezone(UTC) - past + _HOUR


def _on(schedule: Schedule, day: date) -> bool:
    match schedule.often:
        case Often.WEEKDAYS:
            return day.weekday() < 5
        case Often.WEEKLY:
            return day.weekday() == schedule.weekday
        case Often.MONTHLY:
            return day.day == min(schedule.day, last_day_of_month(day).day)
        case _:
            return True


def _hours(schedule: Schedule) -> range:
    if schedule.often is Often.HOURS:
        return range(schedule.hour, 24, schedule.every)
    return range(schedule.hour, schedule.hour + 1)


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    here = datetime.combine(day, time(hour), zone)
    moment = here.astimezone(UTC)
    # Where the clock jumps over it: the moment of the jump, not an hour of the other offset.
    shown = moment.astimezone(zone).replace(tzinfo=None)
    if shown == here.replace(tzinfo=None):
        return moment
    return _jump(moment, zone)


def _jump(near: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the zone's offset changes, within a day before and after `near`."""
    low, high = near - timedelta(days=1), near + timedelta(days=1)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
