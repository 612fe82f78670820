"""What was asked of the simulated Intuit: a log that tests and the control page read."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Call:
    """One answered (or dropped) request. `status` is what Intuit decided, even if the answer was
    then dropped on its way."""

    number: int
    at: datetime
    method: str
    path: str
    query: str
    statement: str
    """The query statement, by GET or POST; empty for anything else."""
    realm_id: str | None
    status: int
    fault: str | None
    tid: str
    sent_bytes: int

    @property
    def is_read(self) -> bool:
        """What an export-only client may do on the accounting API: a GET or a POST to /query."""
        return self.method == "GET" or (self.method == "POST" and self.path.endswith("/query"))

    @property
    def is_accounting(self) -> bool:
        return self.path.startswith("/v3/")

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}


class Calls:
    """The latest 100,000 calls, oldest first, and how many were in flight at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_flight = 0
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._kept: deque[Call] = deque(maxlen=KEPT)
            self._number = 0
            self.peak = self._in_flight
            """The most requests to the accounting API that were under way together."""

    def entered(self) -> None:
        with self._lock:
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)

    def left(self) -> None:
        with self._lock:
            self._in_flight -= 1

    def add(self, **fields: Any) -> None:
        with self._lock:
            self._number += 1
            self._kept.append(Call(number=self._number, **fields))

    def all(self, path: str = "", realm_id: str | None = None) -> list[Call]:
        """Calls whose path holds this text, of this company if one is named."""
        with self._lock:
            kept = list(self._kept)
        return [
            call
            for call in kept
            if path in call.path and (realm_id is None or call.realm_id == realm_id)
        ]

    def accounting(self, realm_id: str | None = None) -> list[Call]:
        """Calls to the accounting API, the ones that Intuit meters."""
        return [call for call in self.all(realm_id=realm_id) if call.is_accounting]

    def writes(self) -> list[Call]:
        """Accounting calls that are anything but a GET or a POST to /query."""
        return [call for call in self.accounting() if not call.is_read]

    def statements(self, realm_id: str | None = None) -> list[str]:
        return [call.statement for call in self.accounting(realm_id) if call.statement]

    def refreshes(self) -> int:
        """How often the token endpoint renewed a grant."""
        return sum(
            call.statement == "grant_type=refresh_token" and call.status == 200
            for call in self.all("/tokens/bearer")
        )

    def counters(self) -> dict[str, int]:
        """Counts by method, path (without ids of companies) and status."""
        counts = Counter(
            f"{call.method} {_without_realm(call)} {call.status}" for call in self.all()
        )
        return dict(sorted(counts.items()))


def _without_realm(call: Call) -> str:
    return call.path.replace(call.realm_id, "*") if call.realm_id else call.path
