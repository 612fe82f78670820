"""A refresh lease while it is held, and the time that it gives.

Everything that must not outlast the lease asks here: a question begins only when it and the
stores after it fit in, and a store that stumbles is asked again only while that ends in time
(core/refresh_times.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.refresh_times import RENEWED_WITHIN_S, STORE_CALL_S
from counterfoil.flows.flights import busy
from counterfoil.flows.leases import HeldLease, LeaseLost, Leases

# Between two attempts at storing a rotated token, which is nowhere else. The lease ends them
# sooner; the number is a bound for a clock that stands still.
STORE_PAUSES_S = (0.2, 1.0, 3.0, *(5.0,) * 20)

T = TypeVar("T")


class Holding:
    """`ask_by` is the moment on `monotonic` after which no question begins."""

    def __init__(
        self,
        leases: Leases,
        held: HeldLease,
        *,
        lasts: timedelta,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        ask_by: float,
    ) -> None:
        self._leases = leases
        self._held = held
        self._lasts = lasts
        self._monotonic = monotonic
        self._sleep = sleep
        self._ask_by = ask_by
        self._ends = 0.0  # on `monotonic`; known once it is renewed

    def renew(self) -> None:
        """Right before a question.

        Raises ConnectionBusy when somebody else has it by now, or when what follows might not
        end in time: then nothing has been asked.
        """
        began = self._monotonic()
        if began > self._ask_by:
            raise busy()
        try:
            self._held = self._leases.renew(self._held, self._lasts)
        except LeaseLost:
            raise busy() from None
        if self._monotonic() - began > RENEWED_WITHIN_S:
            raise busy()
        self._ends = began + self._lasts.total_seconds()

    def insist(self, store: Callable[[], T], *, then_s: float = 0.0) -> T:
        """What `store` gives, asked again while it is away and the lease lasts, less `then_s`.

        Raises ServiceUnavailable.
        """
        for pause in STORE_PAUSES_S:
            try:
                return store()
            except ServiceUnavailable:
                if not self.lasts(pause + STORE_CALL_S + then_s):
                    raise
                self._sleep(pause)
        return store()

    def lasts(self, seconds: float) -> bool:
        return self._monotonic() + seconds <= self._ends

    def release(self) -> None:
        try:
            self._leases.release(self._held)
        except ServiceUnavailable:
            return  # it runs out by itself, and what it guarded is stored
