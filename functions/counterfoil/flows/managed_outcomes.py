"""What became of an export in a tick of managed refresh, and the line that tells it."""

from __future__ import annotations

import enum
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from counterfoil.core import journal
from counterfoil.core.plans import Stopped
from counterfoil.flows.leftovers import on_its_own

log = logging.getLogger("counterfoil.managed")


class Came(enum.Enum):
    RAN = "its table is complete"
    FAILED = "its table is as it was"
    GOES_ON = "it goes on in another tick"
    NOT_NOW = "it is somebody else's turn, or it rests"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is why nothing was written; `stopped` why it will not run again by itself."""

    came: Came
    code: str | None = None
    stopped: Stopped | None = None

    @property
    def word(self) -> str:
        return "stopped" if self.stopped else self.came.name.lower()


NOT_NOW = Outcome(Came.NOT_NOW)


def journalled(
    exporter_id: str,
    work: Callable[[], Outcome],
    monotonic: Callable[[], float] = time.monotonic,
) -> Outcome:
    """One export stops no other, however it fails. Each run has one line, and what came to its end
    without one: with the run, and what it cost.
    """
    with journal.part() as part:
        began = monotonic()
        outcome = on_its_own(
            work, Outcome(Came.FAILED), log=log, told="not run", exporter=exporter_id
        )
        if outcome != NOT_NOW:
            fields = {
                "exporter": exporter_id,
                "outcome": outcome.word,
                "code": outcome.stopped.value if outcome.stopped else outcome.code,
                "duration_ms": round((monotonic() - began) * 1000),
                **part.counts(),
            }
            failed = outcome.stopped or outcome.came is Came.FAILED
            level = logging.WARNING if failed else logging.INFO
            log.log(level, "managed run", extra={"fields": fields})
    return outcome
