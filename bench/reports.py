"""A General Ledger of 400,000 cells to operations, in both layouts, and ten companies consolidated.
The last line is the result.

`parse_s` is the median over the rounds of one reading of the bytes and both layouts from it to
encoded operations, in a process of its own pinned to one core; `parse_cpu_s` is what of that the
processor took. `consolidated_s` is the median of runs over HTTP at 300 ms a call, each company
within its limits, from the request to the answer.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence

from bench import machine

LATENCY_MS = 300


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    core, other = machine.cores()
    rounds = [
        machine.asked("bench.reports_parts.ledger", {"core": core, "lines": options.lines})
        for _ in range(options.rounds)
    ]
    with machine.beside(
        "bench.reports_parts.group_books", {"core": other, "latency_ms": LATENCY_MS}
    ) as books:
        group = machine.asked(
            "bench.reports_parts.group", {**books, "core": core, "rounds": options.rounds}
        )
    machine.tell(
        {
            "bench": "reports",
            "lines": options.lines,
            "cells": rounds[0]["cells"],
            "calls": rounds[0]["calls"],
            "parse_s": round(statistics.median(sum(r["seconds"].values()) for r in rounds), 2),
            "parse_cpu_s": round(statistics.median(r["cpu_s"] for r in rounds), 2),
            "peak_rss_mb": max(r["peak_rss_mb"] for r in rounds),
            "companies": group["companies"],
            "consolidated_calls": group["calls"],
            "consolidated_s": round(group["seconds"], 2),
        }
    )
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench reports", description=__doc__)
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args(list(arguments))
