"""How full managed refresh is, and how late: for whoever runs the deployment. No id, no address."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from counterfoil.core.stores import Document
from counterfoil.flows.managed_loads import ManagedLoads
from counterfoil.flows.managed_standing import MANAGED, TICK
from counterfoil.flows.ports import Clock, Records

# Anybody may ask for health; so often the store is asked.
KEPT_S = 15.0


class ManagedHealth:
    """`accounts` are the service accounts that write."""

    def __init__(
        self,
        records: Records,
        clock: Clock,
        accounts: Sequence[str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._records = records
        self._clock = clock
        self._accounts = accounts
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._told: tuple[float, Mapping[str, Any]] | None = None

    def told(self) -> Mapping[str, Any] | None:
        """`used`: of each account, in percent of what it can carry, the fullest first; `late_s`:
        how late the export was that had waited longest at the last tick, `ticked_s` ago; `waiting`:
        how many that tick left for the next. None where managed refresh is not offered.
        """
        if not self._accounts:
            return None
        with self._lock:
            if self._told is None or self._monotonic() - self._told[0] >= KEPT_S:
                self._told = self._monotonic(), self._found()
            return self._told[1]

    def _found(self) -> Mapping[str, Any]:
        loads = ManagedLoads(self._records)
        used = sorted((round(100 * loads.used(each)) for each in self._accounts), reverse=True)
        return {"used": used, **self._last_tick(self._records.get(MANAGED, TICK))}

    def _last_tick(self, held: Document | None) -> Mapping[str, Any]:
        if held is None:
            return {"ticked_s": None, "late_s": None, "waiting": None}
        ago = (self._clock() - held.data["at"]).total_seconds()
        return {
            "ticked_s": int(ago),
            "late_s": held.data["late_s"],
            "waiting": held.data["waiting"],
        }
