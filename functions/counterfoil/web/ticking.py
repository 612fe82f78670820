"""The clock of one machine, where no scheduler calls."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterfoil.flows.upkeep import Upkeep

log = logging.getLogger("counterfoil.upkeep")

# Often enough to be near the hour, seldom enough to cost nothing: one read of one record.
LOOK_EVERY_S = 600.0


def tick_by_itself(upkeep: Upkeep) -> None:
    """Ticks hourly for as long as the process lives; several processes share the hours."""
    threading.Thread(
        target=ticking, args=(upkeep,), name="upkeep", daemon=True
    ).start()  # a refresh that it begins has a thread of its own, which the process waits for


def ticking(
    upkeep: Upkeep,
    sleep: Callable[[float], None] = time.sleep,
    goes_on: Callable[[], bool] = lambda: True,
) -> None:
    while goes_on():
        sleep(LOOK_EVERY_S)
        try:
            upkeep.tick_if_due()
        except Exception as error:
            # The last to hear of it, like web/endpoint.py for a request: the next hour is another.
            log.error("unhandled", extra={"fields": {"error": type(error).__name__}})
