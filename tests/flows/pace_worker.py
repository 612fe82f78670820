"""One process of many that call the same company; all read one clock that only sleep moves."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.pace import PATIENCE_SECONDS, Waiting
from tests.fakes import NOON

REALM = "9130347596842110"


def work(folder: pathlib.Path, clock: Any, calls: int, begun: Any) -> None:
    """Begins so many calls and puts when each began, in milliseconds since 1970."""

    def sleep(seconds: float) -> None:
        until = clock.value + seconds
        with clock.get_lock():
            # Whoever sleeps longest moves the time; the others find that they have overslept.
            clock.value = max(clock.value, until)

    budgets = Budgets(
        SqliteRecords(folder / "records.sqlite"),
        lambda: NOON + timedelta(seconds=clock.value),
        sleep=sleep,
    )
    begun.put(begin(budgets, calls, sleep))


def begin(budgets: Budgets, calls: int, sleep: Callable[[float], None]) -> list[int]:
    pace = budgets.pace(REALM)
    made: list[int] = []
    pace.enter()
    while len(made) < calls:
        try:
            slot = pace.book(PATIENCE_SECONDS, min(10, calls - len(made)))
        except Waiting as waiting:
            sleep(waiting.wait_s)
            continue
        if slot.wait_s:
            sleep(slot.wait_s)
        while held := pace.begins(slot):
            sleep(held)
        if held is not None:
            pace.left(slot)
            pace.answered(slot)
            made.append(slot.begun)
    pace.leave(went_well=True)
    return made
