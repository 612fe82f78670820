"""50,000 invoices from QuickBooks to encoded operations, ours beside python-quickbooks.

Both read the same sandbox in turn, each in a process of its own pinned to one core; the sandbox
has the other one. 100 ms per call, throttles off. Medians of the rounds; the last line is the
result. What is compared: ours ends in typed cells of the default columns with their proof,
python-quickbooks in its own objects; neither keeps what it has handed on.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import urllib.request
from collections.abc import Sequence
from typing import Any

from bench import machine

LATENCY_MS = 100


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    here, there = machine.cores()
    machine.say(f"sandbox: {options.rows:,} invoices on core {there}, clients on core {here}")
    with machine.beside("bench.spine_parts.books", {"core": there, "rows": options.rows}) as books:
        what = {**books, "core": here, "rows": options.rows}
        nulls = _rounds(options.rounds, "null", what, latency_ms=0)
        ours, peers = [], []
        for _ in range(options.rounds):  # in turn, so that a slow minute hits both
            ours += _rounds(1, "ours", what, latency_ms=LATENCY_MS)
            peers += _rounds(1, "peer", what, latency_ms=LATENCY_MS)
    for found in (*ours, *peers):
        assert found["rows"] == options.rows, "rows were lost or doubled"
    machine.tell(_result(options.rows, ours, peers, nulls))
    return 0


def _result(
    rows: int,
    ours: list[dict[str, Any]],
    peers: list[dict[str, Any]],
    nulls: list[dict[str, Any]],
) -> dict[str, Any]:
    rate, peer_rate, null_rate = (_rate(rows, found) for found in (ours, peers, nulls))
    return {
        "bench": "spine",
        "rows": rows,
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
    _control(what, "latency", {"ms": latency_ms})
    found = []
    for _ in range(rounds):
        before = _served(what)
        one = machine.asked(f"bench.spine_parts.{part}", what)
        served = _served(what) - before
        # The server counts too: nobody calls more often than they say.
        assert part == "null" or served == one["calls"], f"{served} calls, not {one['calls']}"
        machine.say(f"{part}: {one}")
        found.append(one)
    return found


def _served(what: dict[str, Any]) -> int:
    with urllib.request.urlopen(  # noqa: S310 - the sandbox on this machine
        f"{what['control_url']}/calls?realm_id={what['realm_id']}"
    ) as answer:
        return len(json.load(answer)["calls"])


def _control(what: dict[str, Any], name: str, body: dict[str, Any]) -> None:
    request = urllib.request.Request(  # noqa: S310 - the sandbox on this machine
        f"{what['control_url']}/{name}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.status == 200


def _rate(rows: int, found: list[dict[str, Any]]) -> float:
    return rows / statistics.median(each["seconds"] for each in found)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench spine")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
