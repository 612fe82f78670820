"""50,000 invoices of 40 columns from QuickBooks to encoded operations, ours beside
python-quickbooks; then 100,000 invoices as 300,000 rows of lines. Medians of the rounds; the last
line is the result.

Whoever is measured runs in a process of its own pinned to one core, the sandbox on the other one.
The rates are with 100 ms a call and throttles off; ours ends in typed cells with their proof, the
other in its own objects, and nobody keeps what was handed on. 2 million cells are more than the
add-on writes, so the caps are raised, and a step carries all that its time allows;
`ratio_in_steps` is the same in the steps that are deployed. `--tap` and `--airbyte`
name the Pythons of environments with tap-quickbooks and airbyte-cdk: without, their ratios are "not
installed".
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Sequence
from typing import Any

from bench import machine
from bench.spine_parts import control, limits

LATENCY_MS = 100
PARTS = ("rates", "limits", "memory")
_GROWN = 10
# Peers that nothing here installs, by the module that runs them.
OTHERS = {"tap": "tap_quickbooks", "airbyte": "airbyte_cdk"}


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    result: dict[str, Any] = {"bench": "entities", "rows": options.rows}
    if "rates" in options.only:
        result |= _rates(options)
    if "limits" in options.only:
        found = limits.measured(options.rows, options.calls, options.rounds)
        result |= {key: found[key] for key in ("share_of_limit", "unobeyed_429")}
    if "memory" in options.only:
        result |= _memory(options.invoices, options.rounds)
    result["load"] = [round(each, 1) for each in os.getloadavg()]
    machine.tell(result)
    return 0


def _rates(options: argparse.Namespace) -> dict[str, Any]:
    here, there = machine.cores()
    rows = options.rows
    found: dict[str, list[dict[str, Any]]] = {"ours": [], "in_steps": []}
    found["python_quickbooks"] = []
    others = {name: python for name in OTHERS if (python := getattr(options, name))}
    found |= {name: [] for name in others}
    with machine.beside("bench.spine_parts.books", {"core": there, "rows": rows}) as books:
        what = {**books, "core": here, "rows": rows, "lines": False}
        control.tell(what, "latency", ms=LATENCY_MS)
        for _ in range(options.rounds):  # in turn, so that a slow minute hits all
            found["ours"].append(_ours({**what, "unbroken": True, "floor": True}))
            found["in_steps"].append(_ours({**what, "unbroken": False, "floor": False}))
            found["python_quickbooks"].append(_peer(what))
            for name, python in others.items():
                found[name].append(_other(what, name, python))
    for name, rounds in found.items():
        for each in rounds:
            assert each["rows"] == rows, f"{name} lost rows or doubled them"
    return _compared(found)


def _compared(found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    seconds = {name: _median(rounds, "seconds") for name, rounds in found.items()}
    ours = found["ours"]
    result: dict[str, Any] = {
        "columns": ours[0]["columns"],
        "calls": ours[0]["calls"],
        "rows_per_s": round(ours[0]["rows"] / seconds["ours"]),
        "cpu_s": _median(ours, "cpu_s"),
        "floor_cpu_s": _median(ours, "floor_cpu_s"),
        "cpu_over_floor": round(
            statistics.median(each["cpu_s"] / each["floor_cpu_s"] for each in ours), 2
        ),
    }
    return result | {
        "ratio_vs_python_quickbooks": round(seconds["python_quickbooks"] / seconds["ours"], 2),
        "ratio_in_steps": round(seconds["python_quickbooks"] / seconds["in_steps"], 2),
        "python_quickbooks_rows_per_s": round(ours[0]["rows"] / seconds["python_quickbooks"]),
        "python_quickbooks_cpu_s": _median(found["python_quickbooks"], "cpu_s"),
        "cpu_ratio_vs_python_quickbooks": _cpu_ratio(found, "python_quickbooks"),
        **{key: told for name in OTHERS for key, told in _of_other(name, found, seconds).items()},
        "steps": found["in_steps"][0]["steps"],
        "latency_ms": LATENCY_MS,
        "rounds": len(ours),
    }


def _of_other(
    name: str, found: dict[str, list[dict[str, Any]]], seconds: dict[str, float]
) -> dict[str, Any]:
    title = OTHERS[name]
    if name not in found:
        return {f"ratio_vs_{title}": "not installed"}
    return {
        f"ratio_vs_{title}": round(seconds[name] / seconds["ours"], 2),
        f"cpu_ratio_vs_{title}": _cpu_ratio(found, name),
        f"{title}_cpu_s": _median(found[name], "cpu_s"),
    }


def _cpu_ratio(found: dict[str, list[dict[str, Any]]], peer: str) -> float:
    """Processor time against ours, round by round: other work on the machine hits both."""
    pairs = zip(found[peer], found["ours"], strict=True)
    return round(statistics.median(each["cpu_s"] / ours["cpu_s"] for each, ours in pairs), 2)


def _memory(invoices: int, rounds: int) -> dict[str, Any]:
    """Three lines an invoice, from pages to operations, and a tenth of it."""
    large, small = (_lines(each, rounds) for each in (invoices, max(1, invoices // _GROWN)))
    peak = _median(large, "peak_rss_mb")
    return {
        "line_rows": large[0]["rows"],
        "line_columns": large[0]["columns"],
        "peak_rss_mb": peak,
        "rss_growth": round(peak / _median(small, "peak_rss_mb"), 2),
        "lines_cpu_s": _median(large, "cpu_s"),
        "lines_s": _median(large, "seconds"),
    }


def _lines(invoices: int, rounds: int) -> list[dict[str, Any]]:
    here, there = machine.cores()
    books = {"core": there, "rows": invoices, "most_lines": 3}
    with machine.beside("bench.spine_parts.books", books) as company:
        what = {**company, "core": here, "rows": invoices, "lines": True}
        found = [_ours({**what, "unbroken": False, "floor": False}) for _ in range(rounds)]
    for each in found:
        assert each["rows"] == 3 * invoices, "lines were lost or doubled"
    return found


def _ours(what: dict[str, Any]) -> dict[str, Any]:
    before = len(control.calls(what))
    found = machine.asked("bench.entities_parts.ours", what)
    machine.say(f"ours: {found}")
    assert found["verdict"] == "PASS"
    # The server counts too: nobody calls more often than they say.
    pages = -(-what["rows"] // 1_000) if what["floor"] else 0
    assert len(control.calls(what)) - before == found["calls"] + pages
    return found


def _peer(what: dict[str, Any]) -> dict[str, Any]:
    found = machine.asked("bench.spine_parts.peer", what)
    machine.say(f"python-quickbooks: {found}")
    return found


def _other(what: dict[str, Any], name: str, python: str) -> dict[str, Any]:
    found = machine.asked(f"bench.entities_parts.{name}", what, python)
    machine.say(f"{OTHERS[name]}: {found}")
    return found


def _median(found: list[dict[str, Any]], figure: str) -> float:
    return round(float(statistics.median(each[figure] for each in found)), 3)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench entities")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--invoices", type=int, default=100_000, help="of the rows of lines")
    parser.add_argument("--rounds", type=int, default=3)
    for name, title in OTHERS.items():
        parser.add_argument(f"--{name}", help=f"Python of an environment with {title}")
    parser.add_argument("--calls", type=int, default=600)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, metavar="PART",
                        help=", ".join(PARTS))  # fmt: skip
    return parser.parse_args(list(arguments))
