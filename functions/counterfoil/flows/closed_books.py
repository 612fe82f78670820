"""The day up to which a company has closed its books, which QuickBooks keeps as a preference.

An update that found something asks for it anew. A replacement cannot know before it is read back
whether anything changed, so it takes what was read in the last day, by whichever run.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from counterfoil.core import faults, query
from counterfoil.core.errors import AppError, QuickBooksRejected, ServiceUnavailable
from counterfoil.core.people import ClosedBooks, Connection
from counterfoil.flows.active_grants import CONNECTIONS
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import Clock, Company, Records
from counterfoil.flows.rewriting import rewritten

KEPT = timedelta(days=1)

# The closing date of each company's books that has one, by its ID.
Closed = tuple[tuple[str, date], ...]


@dataclass(frozen=True, slots=True)
class ClosingDates:
    """What was read is kept with the company: the day alone, and when it was read."""

    records: Records
    clock: Clock

    def fresh(self, connection: Connection, company: Company) -> date | None:
        """One call. None where no books are closed, or QuickBooks does not tell.

        Raises what a call raises, but for a refusal.
        """
        day = closing_date(company)
        self._keep(connection, day)
        return day

    def recent(
        self, connections: Sequence[Connection], company: Callable[[Connection], Company]
    ) -> Closed:
        """Of each, from no call where it was read in the last day; of none where one cannot be
        read now: what a table holds is not given up for it.
        """
        now, found = self.clock(), []
        for connection in connections:
            known = connection.books
            if known is None or not now - KEPT < known.read_at <= now:
                try:
                    day = self.fresh(connection, company(connection))
                except (AppError, Waiting):
                    return ()
            else:
                day = known.until
            if day:
                found.append((connection.realm_id, day))
        return tuple(found)

    def _keep(self, connection: Connection, day: date | None) -> None:
        held = ClosedBooks(day, self.clock()).as_record()
        # What is not kept is read again: no run ends for it.
        with contextlib.suppress(ServiceUnavailable):
            seen = self.records.get(CONNECTIONS, connection.id)
            rewritten(self.records, seen, lambda data: {**data, "books": held})


def closing_date(company: Company) -> date | None:
    try:
        return _date(company.query(query.select("Preferences", size=1)))
    except QuickBooksRejected:
        return None


def _date(body: bytes) -> date | None:
    try:
        held: Any = json.loads(body)["QueryResponse"].get("Preferences", [])
        told = held[0]["AccountingInfoPrefs"].get("BookCloseDate") if held else None
        return date.fromisoformat(told[:10]) if isinstance(told, str) and told else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error
