"""Many exports at once against the deployed shape. The last line is the result.

functions-framework under gunicorn as Cloud Run runs it (three instances of `export` of four
threads, and `token_refresh`, which they ask as in the cloud: by HTTP, with an ID token of their
account), Firestore's emulator, a stand-in for Secret Manager, and a QuickBooks that takes a second
for a call, throttles, and fails one call in a hundred. First all tokens are expired and each
company is asked for twice at the same moment (`burst_s`, `refreshed_twice`); then everything is
fresh (`exports`, `lost`, `wrong`, `p95_overhead_ms`: wall less the time spent waiting for
QuickBooks, per export). `wrong` compares each table with the company's invoices, row for row.

The people of the second part do not come in the same millisecond: they arrive evenly over
`--ramp-ms`, as long as QuickBooks takes for one call, and whoever is done begins the next one. All
at once they would stay in step (each waits for the same second), and every answer would meet eleven
others: that measures the clock of whoever asks. `--ramp-ms 0` asks so; the burst does anyway.

What one costs: `calls`, `reads`, `writes`, `secrets`, `store_ms`, medians; of a processor
`backend_cpu_ms` and `emulator_cpu_ms`, which a busy machine does not stretch much, as it does the
times: `load_average` says how busy it was. `sandbox_cpu_ms` and `crowd_cpu_ms` are what the
stand-ins and whoever asks take of the same two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import random
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from bench import machine
from bench.load_parts.crowd import Crowd, Export
from bench.load_parts.deployed import THREADS, Deployed, connected, deployed
from bench.spine_parts.control import tell
from counterfoil.settings import CloudStores
from tests.firestore_emulator import EmulatorMissing, FirestoreEmulator, new_project
from tests.secret_manager import in_its_own_process

FAULTS = ("503", "500", "gateway_504", "html", "drop_before")


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        try:
            emulator = FirestoreEmulator(folder)
        except EmulatorMissing as missing:
            machine.say(str(missing))
            return 2
        try:
            with in_its_own_process() as secret_manager:
                result = _measured(options, folder, emulator, secret_manager)
        finally:
            emulator.stop()
    machine.tell(result)
    good = not (result["lost"] or result["wrong"] or result["refreshed_twice"])
    return 0 if good else 1


def _measured(
    options: argparse.Namespace, folder: pathlib.Path, emulator: FirestoreEmulator, secrets: str
) -> dict[str, Any]:
    stores = CloudStores(
        project=new_project(), database="(default)", envelopes=False, key_versions=("1",),
        firestore_host=emulator.host, secret_manager_host=secrets,
    )  # fmt: skip
    what = {"companies": options.connections, "rows": options.rows}
    with machine.beside("bench.load_parts.outside", what) as outside:
        companies = connected(outside, stores, expired=True)
        with deployed(outside, stores, options.instances, folder) as backend:
            crowd = Crowd(backend.urls, THREADS["export"], outside["google"]["token_url"])
            crowd.arrive(companies)
            tell(outside, "latency", ms=options.latency_ms)
            before = _refreshes(outside)
            began = time.monotonic()
            both = [id for id in companies for _ in range(2)]
            burst = crowd.exports(both, options.in_flight)
            burst_s = time.monotonic() - began
            refreshed = _refreshes(outside) - before
            asked_for_tokens = backend.asked_for_tokens()
            machine.say(f"burst of {len(burst)} over after {burst_s:.1f} s")
            _one_in_a_hundred(outside, options)
            asked = [list(companies)[at % len(companies)] for at in range(options.exports)]
            before_cpu = _cpu_s(backend, emulator, outside)
            began = time.monotonic()
            found = crowd.exports(asked, options.in_flight, over_s=options.ramp_ms / 1000)
            exports_s = time.monotonic() - began
            cpu = _cpu_s(backend, emulator, outside)
            runs = [each.run for each in found]
            waited, costs, refused = backend.waited_ms(), backend.costs(runs), backend.refused(runs)
    overheads = [each.wall_ms - waited.get(each.run, 0) for each in found if not each.code]
    return {
        "bench": "load",
        "exports": len(found),
        "connections": len(companies),
        "in_flight": options.in_flight,
        "ramp_ms": options.ramp_ms,
        "lost": sum(bool(each.code) for each in found + burst),
        "lost_to": sorted({each.code for each in found + burst} - {""}),
        "wrong": _wrong(found + burst, asked + both, companies),
        "calls_refused": refused,
        "tried_again": sum(each.tries > 0 for each in found),
        "exports_s": round(exports_s, 1),
        "median_overhead_ms": round(statistics.median(overheads)) if overheads else None,
        "p95_overhead_ms": round(_p95(overheads)) if overheads else None,
        **costs,
        **{
            f"{whose}_cpu_ms": round(1000 * (cpu[whose] - before_cpu[whose]) / len(found))
            for whose in cpu
        },
        "load_average": round(os.getloadavg()[0], 1),
        "asked_token_refresh": asked_for_tokens,
        "refreshed": refreshed,
        "refreshed_twice": max(0, refreshed - len(companies)),
        "burst_s": round(burst_s, 1),
    }


def _cpu_s(
    backend: Deployed, emulator: FirestoreEmulator, outside: Mapping[str, Any]
) -> dict[str, float]:
    """Seconds of processor so far: of all instances, of the store, of the stand-ins, of us."""
    return {
        "backend": sum(map(machine.cpu_s_of, backend.processes)),
        "emulator": machine.cpu_s_of(emulator.process),
        "sandbox": machine.cpu_s_of(outside["process"]),
        "crowd": machine.cpu_s(),
    }


def _wrong(
    exports: Sequence[Export], asked: Sequence[str], companies: Mapping[str, Mapping[str, Any]]
) -> int:
    """Tables that are not those of their company, row for row."""
    return sum(
        not each.code and each.digest() != companies[id]["table"]
        for each, id in zip(exports, asked, strict=True)
    )


def _one_in_a_hundred(outside: Mapping[str, Any], options: argparse.Namespace) -> None:
    chance = random.Random(options.seed)
    calls = options.exports + options.exports // 10
    for first in range(0, calls, 100):
        kind = chance.choice(FAULTS)
        after = first + chance.randrange(min(100, calls - first))
        tell(dict(outside), "faults", kind=kind, path="query", times=1, after=after)


def _refreshes(outside: Mapping[str, Any]) -> int:
    with urllib.request.urlopen(f"{outside['control_url']}/calls") as answer:  # noqa: S310
        calls = json.load(answer)["calls"]
    return sum(call["path"].endswith("/tokens/bearer") for call in calls)


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench load", description=__doc__)
    parser.add_argument("--exports", type=int, default=200)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--in-flight", type=int, default=12)
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--latency-ms", type=int, default=1_000)
    parser.add_argument("--ramp-ms", type=int, help="else as long as one call")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(list(arguments))
    if options.ramp_ms is None:
        options.ramp_ms = options.latency_ms
    return options
