"""The clock of one machine, where no scheduler calls."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterfoil.flows.managed_refresh import ManagedRefresh
    from counterfoil.flows.upkeep import Upkeep

log = logging.getLogger("counterfoil.upkeep")

# Often enough to be near the hour, seldom enough to cost nothing: one read of one record.
LOOK_EVERY_S = 600.0
# As often as the scheduler calls in the cloud.
REFRESH_EVERY_S = 60.0


def tick_by_itself(upkeep: Upkeep) -> None:
    """Ticks hourly for as long as the process lives; several processes share the hours."""
    # A refresh of a key that it begins has a thread of its own, which the process waits for.
    # By a lambda: what it needs is loaded when it is first due, not when the process starts.
    _by_itself(lambda: upkeep.tick_if_due(), LOOK_EVERY_S, "upkeep")


def refresh_by_itself(managed: ManagedRefresh) -> None:
    """Runs what managed refresh has due, for as long as the process lives; several processes share
    it. One that ends in mid-run leaves what another one, or a later start, goes on with.
    """
    _by_itself(lambda: managed.tick(), REFRESH_EVERY_S, "managed refresh")


def _by_itself(tick: Callable[[], object], every_s: float, name: str) -> None:
    threading.Thread(target=ticking, args=(tick, every_s), name=name, daemon=True).start()


def ticking(
    tick: Callable[[], object],
    every_s: float = LOOK_EVERY_S,
    sleep: Callable[[float], None] = time.sleep,
    goes_on: Callable[[], bool] = lambda: True,
) -> None:
    while goes_on():
        sleep(every_s)
        try:
            tick()
        except Exception as error:
            # The last to hear of it, like web/endpoint.py for a request: the next hour is another.
            log.error("unhandled", extra={"fields": {"error": type(error).__name__}})
