"""A million expiries of a refresh token, each found by four workers at once, with our real code.

The model is bench/custody_parts/model.py: virtual time, Intuit's slow tail, stores in memory that
keep the stores' contract. Without faults nothing may be lost or falsely called broken, and Intuit
be asked once for each; then again with answers lost and workers killed, with the old value dead
at once and with it taken for a day.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench import machine

PROCESSES = 2
FAULTS = {"lost": 0.002, "killed": 0.01}


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    began = time.perf_counter()
    found = _played(options.rotations, {})
    seconds = time.perf_counter() - began
    result = {
        "bench": "rotations",
        "rotations": found["rotations"],
        "falsely_broken": found["falsely_broken"],
        "lost": found["lost"],
        "doubled": found["asked"] - found["rotations"],
        "refused": found["refused"],
        "workers": found["workers"],
        "served": found["served"],
        "busy": found["connection_busy"],
        "seconds": round(seconds, 1),
        "rotations_per_s": round(found["rotations"] / seconds),
        "cpu_us_per_rotation": round(found["cpu_s"] / found["rotations"] * 1e6),
        "with_faults": {
            "without_grace": _with_faults(options.faulty, grace=False),
            "with_grace": _with_faults(options.faulty, grace=True),
        },
    }
    machine.tell(result)
    return 0 if _holds(result) else 1


def _with_faults(rotations: int, *, grace: bool) -> dict[str, Any]:
    found = _played(rotations, {**FAULTS, "grace": grace})
    per_million = 1e6 / max(1, found["rotations"])
    return {
        **{f"share_{name}": share for name, share in FAULTS.items()},
        "rotations": found["rotations"],
        "kills": found["kills"],
        "answers_lost": found["unheard"],
        "lost": found["lost"],
        "lost_per_million": round(found["lost"] * per_million),
        "falsely_broken": found["falsely_broken"],
    }


def _played(rotations: int, what: Mapping[str, Any]) -> Counter[str]:
    """The counts of all processes; each has a core and a seed of its own."""
    cores = machine.cores()
    shares = [
        {**what, "rotations": (rotations + n) // PROCESSES, "seed": n + 1, "core": cores[n]}
        for n in range(PROCESSES)
    ]
    with ThreadPoolExecutor(PROCESSES) as pool:
        found = list(
            pool.map(lambda share: machine.asked("bench.custody_parts.model", share), shares)
        )
    machine.say(f"{what}: {found}")
    total: Counter[str] = Counter()
    for each in found:
        total.update(each)
    total["workers"] = found[0]["workers"]
    return total


def _holds(result: Mapping[str, Any]) -> bool:
    faulty = result["with_faults"]
    bad = [result[name] for name in ("falsely_broken", "lost", "doubled", "refused")]
    bad += [faulty["with_grace"]["lost"], faulty["with_grace"]["falsely_broken"]]
    return not any((*bad, faulty["without_grace"]["falsely_broken"]))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench rotations")
    parser.add_argument("--rotations", type=int, default=1_000_000)
    parser.add_argument("--faulty", type=int, default=20_000, help="rotations with faults, twice")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
