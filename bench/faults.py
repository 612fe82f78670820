"""A company's tokens while processes are killed, answers lost, and clocks moved, over and over.

Victims are forked from a warm parent that has opened no store, and die by SIGKILL before or after
each call to something outside in turn, while Intuit thinks, or at any time; others want the same
token meanwhile. Afterwards people do what people do, and it is looked at what is left: see
bench/custody_parts/ordeal.py. Over the embedded stores, and, where it is installed, over
Firestore's emulator with a stand-in for Secret Manager or with envelopes sealed in records; with
the old value dead at once, and with it taken for a day.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from bench import machine
from tests.firestore_emulator import EmulatorMissing, FirestoreEmulator, new_project
from tests.secret_manager import in_its_own_process

# Of the kills; over the cloud's stores each takes a few times as long.
SHARES = {"embedded": 0.5, "cloud": 0.3, "envelopes": 0.2}
# Kills without grace of which one in twenty to thirty loses a consent in the window.
SURELY_HIT = 300
# What must not happen, with and without grace.
NEVER = (
    "lost_outside_window", "doubled", "falsely_broken", "stuck", "unfinished", "calls_in_window",
)  # fmt: skip


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    began = time.perf_counter()
    with _cloud(options.cloud) as cloud:
        shares = SHARES if cloud else {"embedded": 1.0}
        runs = [
            run
            for stores, share in shares.items()
            for run in _endured(options, {"stores": stores, **(cloud or {})}, share)
        ]
    result = _result(runs) | {"seconds": round(time.perf_counter() - began, 1)}
    if not cloud:
        result["cloud"] = "left out: not asked for, or Firestore's emulator is not installed"
    machine.tell(result)
    return 0 if holds(result) else 1


def _endured(
    options: argparse.Namespace, where: Mapping[str, Any], share: float
) -> list[dict[str, Any]]:
    """Without and with grace at the same time, each in a process of its own."""
    kills = max(1, round(options.kills * share / 2))
    seed = f"{where['stores']} {options.seed}"
    whats = [{**where, "kills": kills, "seed": f"{seed} {g}", "grace": g} for g in (False, True)]
    for what in whats:
        if where["stores"] != "embedded":
            what["project"] = new_project()
    with ThreadPoolExecutor(len(whats)) as pool:
        found = list(
            pool.map(lambda what: machine.asked("bench.custody_parts.ordeal", what), whats)
        )
    return [
        {**each, "stores": where["stores"], "grace": what["grace"]}
        for each, what in zip(found, whats, strict=True)
    ]


def _result(runs: list[dict[str, Any]]) -> dict[str, Any]:
    places: Counter[str] = Counter()
    for run in runs:
        places.update(run["places"])
    with_grace = [run for run in runs if run["grace"]]
    without = [run for run in runs if not run["grace"]]
    return {
        "bench": "faults",
        "kills": _sum(runs, "kills"),
        **{name: _sum(runs, name) for name in NEVER},
        "lost_in_window": _sum(without, "lost_in_window"),
        "lost_in_window_with_grace": _sum(with_grace, "lost_in_window"),
        "kills_without_grace": _sum(without, "kills"),
        "kills_with_grace": _sum(with_grace, "kills"),
        "episodes": _sum(runs, "episodes"),
        "rotations": _sum(runs, "rotations"),
        "answers_dropped": _sum(runs, "answers_dropped"),
        "answers_late": _sum(runs, "answers_late"),
        "kills_by_stores": dict(_by(runs, "stores")),
        "places": len(places),
        "kills_at": dict(sorted(places.items())),
    }


def _by(runs: list[dict[str, Any]], name: str) -> Counter[str]:
    kills: Counter[str] = Counter()
    for run in runs:
        kills[run[name]] += run["kills"]
    return kills


def _sum(runs: list[dict[str, Any]], name: str) -> int:
    return sum(int(run.get(name, 0)) for run in runs)


def holds(result: Mapping[str, Any]) -> bool:
    """Nothing happened that must not; and of so many kills without grace some hit the one window,
    or the test does not reach it.
    """
    missed = result["kills_without_grace"] >= SURELY_HIT and not result["lost_in_window"]
    bad = any(result[name] for name in (*NEVER, "lost_in_window_with_grace"))
    return not bad and not missed


@contextmanager
def _cloud(wanted: bool) -> Iterator[dict[str, str] | None]:
    """Where the cloud's stores answer; None where they are not to be had, which CI=true forbids."""
    if not wanted:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            emulator = FirestoreEmulator(pathlib.Path(folder))
        except EmulatorMissing as missing:
            if os.environ.get("CI", "").lower() == "true":
                raise SystemExit(str(missing)) from None  # `--no-cloud` says so if it is meant
            machine.say(str(missing))
            yield None
            return
        try:
            with in_its_own_process() as secret_manager:
                yield {"firestore": emulator.host, "secret_manager": secret_manager}
        finally:
            emulator.stop()


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench faults")
    parser.add_argument("--kills", type=int, default=1_050)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--no-cloud", dest="cloud", action="store_false")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
