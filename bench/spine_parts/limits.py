"""Our export against a perfect client, both under QuickBooks' limits.

`share_of_limit` is about the reading: the ideal time over ours for the same calls with the
dependencies that the protocol with QuickBooks has (the first page, then COUNT, then all other
pages at once, then CDC), at 52 calls and at 600, the smaller of the two. The reader then carries
as much in a step as its time allows, as where the backend writes the sheet itself.

`share_of_limit_in_steps` is the same for steps of 100,000 cells, as the add-on asks for them,
against the same ideal. Between two steps all calls of the first are over before the second begins:
the add-on has to have written what it got. A perfect client that obeys this too needs longer
(`ideal_in_steps_s`), and no reader that keeps nothing between two requests can come nearer. To read
ahead for the next step would need the process to keep pages that nobody may ever ask it for: on
several instances each miss costs up to six metered calls, and an instance has no processor between
two requests. The add-on needs seconds to write 100,000 cells, in which the windows empty, so there
is no such time to be won; it is reported beside the other so that nobody has to believe that.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bench import machine
from bench.spine_parts import control
from bench.spine_parts.ideal import ideal_s
from counterfoil.flows.limits import Limits

LATENCY_MS = 300
# The first page, COUNT, …, CDC: what is asked besides the pages.
_BESIDE_PAGES = 2
_SMALL_PAGE = 100
_PAUSE = timedelta(seconds=60)
# Answers that were made in one moment are logged within so long.
_TOGETHER = timedelta(milliseconds=50)


def measured(rows: int, calls: int, rounds: int) -> dict[str, Any]:
    """All the rows in pages of 1,000, unbroken and in the steps of the add-on; and so many calls
    with pages of 100, once: these are many enough to fill a minute.
    """
    unbroken, steps = Limits().max_cells, Limits().cells_per_step
    large = _run(rows, 1_000, unbroken, rounds)
    small = _run((calls - _BESIDE_PAGES) * _SMALL_PAGE, _SMALL_PAGE, unbroken, 1)
    in_steps = _run(rows, 1_000, steps, rounds)
    runs = [large, small, in_steps]
    return {
        "share_of_limit": min(large["share"], small["share"]),
        "share_of_limit_in_steps": in_steps["share"],
        "refused_429": sum(each["refused"] for each in runs),
        "unobeyed_429": sum(each["unobeyed"] for each in runs),
        "limits": {"latency_ms": LATENCY_MS, "runs": runs},
    }


def _run(rows: int, page: int, cells_per_step: int, rounds: int) -> dict[str, Any]:
    here, there = machine.cores()
    books = {"core": there, "rows": rows, "page": page}
    found = []
    with machine.beside("bench.spine_parts.books", books) as sandbox:
        what = {**sandbox, "core": here, "page": page, "cells_per_step": cells_per_step}
        control.tell(what, "latency", ms=LATENCY_MS)
        control.tell(what, "throttles", on=True)
        for _ in range(rounds):
            found.append(machine.asked("bench.spine_parts.paced", what))
            machine.say(f"paced: {found[-1]}")
            # The next round begins with empty windows.
            control.tell(what, "clock", advance_s=61)
        answered = control.calls(what)
    calls = -(-rows // page) + _BESIDE_PAGES
    refused = len(_refused(answered))
    for one in found:
        assert (one["rows"], one["verdict"]) == (rows, "PASS"), "rows were lost or doubled"
        # What was refused is asked again; nothing else is asked twice.
        assert one["calls"] == calls or refused, f"{one['calls']} calls, not {calls}"
    ideal = ideal_s(calls, LATENCY_MS / 1000)
    # A step carries as many whole pages as fit into it.
    pages = max(1, cells_per_step // found[-1]["columns"] // page)
    return {
        "calls": calls,
        "share": round(ideal / statistics.median(one["seconds"] for one in found), 3),
        "ideal_s": round(ideal, 2),
        "ideal_in_steps_s": round(ideal_s(calls, LATENCY_MS / 1000, pages), 2),
        "seconds": [one["seconds"] for one in found],
        "steps": found[-1]["steps"],
        "store_writes": found[-1]["store_writes"],
        "cpu_s": statistics.median(one["cpu_s"] for one in found),
        "refused": refused,
        "unobeyed": unobeyed(answered),
    }


def unobeyed(answered: Sequence[dict[str, Any]]) -> int:
    """How many 429s were followed by a call that began after them, inside the minute of their
    pause. What was under way with them is answered within the latency, and forgiven.
    """
    moments = [datetime.fromisoformat(call["at"]) for call in answered]
    latency = timedelta(milliseconds=LATENCY_MS)
    return sum(
        any(refused + latency + _TOGETHER < at <= refused + latency + _PAUSE for at in moments)
        for refused in _refused(answered)
    )


def _refused(answered: Sequence[dict[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(call["at"]) for call in answered if call["status"] == 429]
