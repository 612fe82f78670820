"""The bucket of a service account: so many reads and writes a minute, over all instances.

Google counts both for each account. A call is booked with one conditional write before it begins,
and so it counts whatever becomes of it; none is given back.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from counterfoil.core import windows
from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.managed import SHEETS_LIMITS, account_key
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.core.windows import Span
from counterfoil.flows.ports import Clock, Records

PACES = "paces"
READS, WRITES = "reads", "writes"

# A call may reach Google so much later than it was let go.
LATE_MS = 1_000
# So long a call waits for its turn; what waits longer comes back in another minute.
PATIENCE_S = 20.0
# Other instances write the same record: so often a booking may be overtaken.
_TRIES = 12
_FIRST_RETRY_S, _LONGEST_RETRY_S = 0.01, 0.3


@dataclass(frozen=True, slots=True)
class SheetPace:
    records: Records
    clock: Clock
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def admit(self, account: str, *, writes: bool) -> None:
        """Returns when the call may begin. Raises ServiceUnavailable when that is not soon."""
        kind, pause = WRITES if writes else READS, _FIRST_RETRY_S
        for _ in range(_TRIES):
            held = self.records.get(PACES, account_key(account))
            now = _ms(self.clock())
            booked = {name: _recent(held, name, now) for name in (READS, WRITES)}
            spans = [Span(first, first + LATE_MS, 1) for first in booked[kind]]
            first, _ = windows.opening(spans, now, LATE_MS, SHEETS_LIMITS)
            if first - now > PATIENCE_S * 1000:
                raise _busy(first - now)
            if self._put(held, account, {**booked, kind: [*booked[kind], first]}):
                if first > now:
                    self.sleep((first - now) / 1000)
                return
            # Jitter, so that those who met once do not meet again.
            self.sleep(pause * (0.5 + self.jitter()))
            pause = min(2 * pause, _LONGEST_RETRY_S)
        raise _busy(0)

    def _put(self, held: Document | None, account: str, data: dict[str, Any]) -> bool:
        try:
            if held is None:
                self.records.create(PACES, account_key(account), data)
            else:
                self.records.replace(held, data)
        except (AlreadyThere, Changed):
            return False
        return True


def _recent(held: Document | None, kind: str, now: int) -> list[int]:
    """When the calls begin that still count."""
    found = held.data.get(kind, ()) if held else ()
    longest = SHEETS_LIMITS[0].ms + LATE_MS + windows.DRIFT_MS
    return [first for first in found if first > now - longest]


def _busy(wait_ms: float) -> ServiceUnavailable:
    return ServiceUnavailable(
        "Google takes no more changes of Counterfoil's service account in this minute.",
        wait_s=max(1, round(wait_ms / 1000)),
    )


def _ms(moment: datetime) -> int:
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
