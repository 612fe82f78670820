"""What QuickBooks says has changed since a moment: Change Data Capture. Pure.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/changedatacapture
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from counterfoil.core import faults
from counterfoil.core.datasets import Entity

# The whole answer holds no more, and does not say what it left out.
MOST_OBJECTS = 1_000

# The last two are not among those that Intuit names: the one has its rows wrapped, the other is a
# list of Intuit's own.
WITHOUT_CDC = frozenset(
    {
        *("JournalCode", "TimeActivity", "TaxAgency", "TaxCode", "TaxRate"),
        *("RecurringTransaction", "TaxClassification", "ExchangeRate"),
    }
)

# Asked for by another name than that of its records. Nobody says which of them the answer has.
_ASKED_AS = {"CreditCardPayment": "CreditCardPaymentTxn"}

# How far back it looks, by Intuit's clock and less an hour for what a run takes.
LOOK_BACK = timedelta(days=30) - timedelta(hours=1)

# An edit may carry the time at which it began and be seen only when it has ended; clocks of a
# data centre differ a little, too. An edit of the last seconds is rather looked at twice.
MARGIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Change:
    """One object that was written, changed or deleted."""

    id: str
    deleted: bool
    print: str  # of the whole object: another one means that it changed again
    record: Mapping[str, Any] = field(repr=False)

    def is_after(self, moment: datetime) -> bool:
        """Whether it was written then or later, or nobody knows."""
        told = self.record.get("MetaData")
        text = told.get("LastUpdatedTime") if isinstance(told, Mapping) else None
        try:
            written = datetime.fromisoformat(str(text))
        except ValueError:
            return True
        return written.tzinfo is None or written >= moment


@dataclass(frozen=True, slots=True)
class Changes:
    """`complete` is False when there may have been more. `time` is QuickBooks' own."""

    of: tuple[Change, ...]
    complete: bool
    time: str

    def after(self, moment: datetime) -> Changes:
        """Those that were written then or later."""
        return replace(self, of=tuple(it for it in self.of if it.is_after(moment)))


def parse_changes(body: bytes, entity: str) -> Changes:
    """Raises QuickBooksBusy for what is no answer of CDC."""
    try:
        answer = json.loads(body)
        total = 0
        found: list[Change] = []
        for name, rows in _lists(answer):
            total += len(rows)
            if name == entity:
                found += map(_change, rows)
        return Changes(tuple(found), total < MOST_OBJECTS, str(answer["time"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error


def changes_by_entity(body: bytes) -> tuple[Mapping[str, Changes], Changes]:
    """Those of each entity that has any, and all of them together.

    Raises QuickBooksBusy for what is no answer of CDC.
    """
    try:
        answer = json.loads(body)
        found: dict[str, list[Change]] = defaultdict(list)
        for name, rows in _lists(answer):
            found[name] += map(_change, rows)
        time = str(answer["time"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error
    every = tuple(change for some in found.values() for change in some)
    complete = len(every) < MOST_OBJECTS
    by_entity = {name: Changes(tuple(some), complete, time) for name, some in found.items()}
    return by_entity, Changes(every, complete, time)


def objects_in(body: bytes) -> int:
    """How many objects of any kind changed. Raises QuickBooksBusy for what is no answer of CDC."""
    try:
        return sum(len(rows) for _, rows in _lists(json.loads(body)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error


def asked_since(time: str, took_s: float) -> datetime:
    """The moment from which on a change may have been missed by a call that was answered at
    `time` after `took_s` seconds. Raises QuickBooksBusy for what is no time.

    Objects carry whole seconds, so it is a whole second too.
    """
    try:
        moment = datetime.fromisoformat(time)
    except ValueError as error:
        raise faults.unreadable(200) from error
    if moment.tzinfo is None:
        raise faults.unreadable(200)
    return (moment - timedelta(seconds=took_s) - MARGIN).replace(microsecond=0)


def may_match(
    record: Mapping[str, Any],
    entity: Entity,
    start: date | None,
    end: date | None,
    *,
    include_inactive: bool,
) -> bool:
    """Whether an object may be among those that the filters of an export let through."""
    if entity.has_active and not include_inactive and record.get("Active") is False:
        return False
    day = record.get(entity.date_path) if entity.date_path else None
    if not isinstance(day, str):
        return True
    # ISO dates: their order as texts is their order.
    return not (start and day < start.isoformat()) and not (end and day > end.isoformat())


def _lists(answer: Any) -> Iterator[tuple[str, list[Any]]]:
    # [0:] is what only a list has.
    for response in answer["CDCResponse"][0:]:
        for part in response["QueryResponse"][0:]:
            for name, rows in part.items():
                if isinstance(rows, list):
                    yield _ASKED_AS.get(name, name), rows


def _change(record: Mapping[str, Any]) -> Change:
    text = json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
    return Change(
        id=str(record["Id"]),
        deleted=record.get("status") == "Deleted",
        print=hashlib.sha256(text).hexdigest()[:16],
        record=record,
    )
