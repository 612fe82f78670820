"""50,000 invoices from QuickBooks to encoded operations, ours beside python-quickbooks; then ours
beside a perfect client under QuickBooks' limits; then the whole way into the sheet.

Medians of the rounds; the last line is the result. For the rates, both clients read the same
sandbox in turn, each in a process of its own pinned to one core; the sandbox has the other one.
100 ms per call, throttles off. Ours ends in typed cells of the default columns with their proof,
python-quickbooks in its own objects; neither keeps what it has handed on. Everything else has the
throttles on and 300 ms per call.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from bench import machine
from bench.spine_parts import control, limits

LATENCY_MS = 100
PARTS = ("rates", "limits", "sheet")


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    result: dict[str, Any] = {"bench": "spine", "rows": options.rows}
    if "rates" in options.only:
        result |= _rates(options.rows, options.rounds)
    if "limits" in options.only:
        result |= limits.measured(options.rows, options.calls, options.rounds)
    if "sheet" in options.only:
        result |= _sheet(options.rows)
    machine.tell(result)
    return 0


def _rates(rows: int, rounds: int) -> dict[str, Any]:
    here, there = machine.cores()
    machine.say(f"sandbox: {rows:,} invoices on core {there}, clients on core {here}")
    with machine.beside("bench.spine_parts.books", {"core": there, "rows": rows}) as books:
        what = {**books, "core": here, "rows": rows}
        nulls = _rounds(rounds, "null", what, latency_ms=0)
        ours, peers = [], []
        for _ in range(rounds):  # in turn, so that a slow minute hits both
            ours += _rounds(1, "ours", what, latency_ms=LATENCY_MS)
            peers += _rounds(1, "peer", what, latency_ms=LATENCY_MS)
    for found in (*ours, *peers):
        assert found["rows"] == rows, "rows were lost or doubled"
    rate, peer_rate, null_rate = (_rate(rows, found) for found in (ours, peers, nulls))
    return {
        "bytes_per_invoice": nulls[0]["bytes_per_invoice"],
        "lines_per_invoice": nulls[0]["lines_per_invoice"],
        "columns": ours[0]["columns"],
        "calls": max(found["calls"] for found in ours),
        "steps": ours[0]["steps"],
        "rows_per_s": round(rate),
        "ratio_vs_python_quickbooks": round(rate / peer_rate, 2),
        "peak_rss_mb": max(found["peak_rss_mb"] for found in ours),
        "sandbox_rows_per_s": round(null_rate),
        "sandbox_ratio": round(null_rate / rate, 2),
        "cpu_s": statistics.median(found["cpu_s"] for found in ours),
        "largest_step_mb": max(found["largest_step_mb"] for found in ours),
        "python_quickbooks": {
            "rows_per_s": round(peer_rate),
            "calls": peers[0]["calls"],
            "cpu_s": statistics.median(found["cpu_s"] for found in peers),
            "peak_rss_mb": max(found["peak_rss_mb"] for found in peers),
        },
        "latency_ms": LATENCY_MS,
        "rounds": len(ours),
    }


def _rounds(
    rounds: int, part: str, what: dict[str, Any], *, latency_ms: int
) -> list[dict[str, Any]]:
    control.tell(what, "latency", ms=latency_ms)
    found = []
    for _ in range(rounds):
        before = len(control.calls(what))
        one = machine.asked(f"bench.spine_parts.{part}", what)
        served = len(control.calls(what)) - before
        # The server counts too: nobody calls more often than they say.
        assert part == "null" or served == one["calls"], f"{served} calls, not {one['calls']}"
        machine.say(f"{part}: {one}")
        found.append(one)
    return found


def _rate(rows: int, found: list[dict[str, Any]]) -> float:
    return rows / float(statistics.median(each["seconds"] for each in found))


def _sheet(rows: int) -> dict[str, Any]:
    what = {"rows": rows, "latency_ms": limits.LATENCY_MS}
    found = machine.asked("bench.spine_parts.sheet", what)
    machine.say(f"sheet: {found}")
    return {
        "steps": found["steps"],
        "cells_per_s": round(found["cells"] / found["seconds"]),
        "sheet": found,
    }


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench spine")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--calls", type=int, default=600, help="of the long run under QuickBooks' limits"
    )
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, metavar="PART",
                        help=", ".join(PARTS))  # fmt: skip
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
