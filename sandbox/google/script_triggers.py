"""ScriptApp's time triggers: whose they are, when they are due, and Google's rules for add-ons.

https://developers.google.com/workspace/add-ons/concepts/editor-triggers
https://developers.google.com/apps-script/guides/services/quotas
The texts of the refusals are as people report them.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sandbox.google.cells import GridError

MOST = 20  # of one person's, in all spreadsheets together
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Trigger:
    """`every` is None for one that fires once."""

    id: str
    user: str
    spreadsheet: str
    handler: str
    every: timedelta | None
    next_at: datetime


class Triggers:
    """Fires nothing itself: an open page asks what is due, and runs it as its creator."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.blind = False
        """Whether triggers see no active spreadsheet, as people report of some projects."""
        self._kept: dict[str, Trigger] = {}
        self._fired: list[tuple[Trigger, datetime]] = []
        self._numbers = itertools.count(1)
        self._guard = threading.Lock()

    def create(
        self, user: str, spreadsheet: str, handler: str, *, after: timedelta, repeats: bool
    ) -> Trigger:
        """Raises GridError where Google refuses."""
        if after < HOUR:
            raise GridError(
                "Add-ons may not create time-based triggers to run more frequently than once per "
                "hour."
            )
        with self._guard:
            own = [each for each in self._kept.values() if each.user == user]
            if any(each.spreadsheet == spreadsheet for each in own):
                raise GridError(
                    "The Add-on attempted to create too many time-based triggers in this document "
                    "for this Google user account."
                )
            if len(own) >= MOST:
                raise GridError(
                    "This script has too many triggers. Triggers must be deleted from the script "
                    "before more can be added."
                )
            # Google chooses the minute; the last one that it may choose is the worst for us.
            made = Trigger(
                id=f"{next(self._numbers):019}",
                user=user,
                spreadsheet=spreadsheet,
                handler=handler,
                every=after if repeats else None,
                next_at=self.now() + after,
            )
            self._kept[made.id] = made
        return made

    def of(self, user: str, spreadsheet: str | None = None) -> list[Trigger]:
        with self._guard:
            own = [each for each in self._kept.values() if each.user == user]
        return [each for each in own if spreadsheet in (None, each.spreadsheet)]

    def delete(self, id: str, user: str) -> None:
        with self._guard:
            if id in self._kept and self._kept[id].user == user:
                del self._kept[id]

    def fire(self, now: datetime) -> int:
        """Lets all that are due by that clock fire when a page next asks; how many these are."""
        with self._guard:
            due = [each for each in self._kept.values() if each.next_at <= now]
            for each in due:
                if each.every is None:
                    del self._kept[each.id]
                else:
                    missed = (now - each.next_at) // each.every
                    after = each.next_at + (missed + 1) * each.every
                    self._kept[each.id] = replace(each, next_at=after)
            self._fired += [(each, now) for each in due]
        return len(due)

    def due(self) -> list[tuple[Trigger, datetime]]:
        """What fires now, by which clock: told once, and lost with the page that asked."""
        self.fire(self.now())
        with self._guard:
            fired, self._fired = self._fired, []
        return fired
