"""The machine under a benchmark: processes pinned to cores, memory, one line of JSON."""

from __future__ import annotations

import json
import os
import pathlib
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

MEGABYTE = 1024 * 1024


def cores() -> tuple[int, int]:
    """The core of whoever is measured, and the one of the simulators; the same on a small one."""
    if not hasattr(os, "sched_getaffinity"):
        return (0, 0)
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def pin(core: int) -> None:
    """This process, with the threads that it starts later, stays on that core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def peak_rss_mb() -> float:
    """The most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / MEGABYTE, 1)


def cpu_s() -> float:
    """Seconds of processor that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return round(used.ru_utime + used.ru_stime, 2)


def cpu_s_of(process: int) -> float:
    """What another process and its children have used of a processor so far; 0 where nobody
    tells."""
    of = pathlib.Path(f"/proc/{process}")
    try:
        # After the name, which may hold anything: user and system time are its fields 14 and 15.
        told = (of / "stat").read_text().rpartition(")")[2].split()
        children = (of / f"task/{process}/children").read_text().split()
    except OSError:
        return 0.0
    ticks = int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK") + sum(cpu_s_of(int(each)) for each in children)


def say(text: str) -> None:
    """Everything that is not the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def tell(result: Mapping[str, Any]) -> None:
    """The result: one JSON object on a line of its own."""
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


def asked(module: str, what: Mapping[str, Any], python: str = sys.executable) -> dict[str, Any]:
    """What a module, run in a process of its own, says on its last line."""
    done = subprocess.run(
        [python, "-m", module, json.dumps(what)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@contextmanager
def beside(module: str, what: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A module in a process of its own for as long as the block lasts; gives its first line."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, json.dumps(what)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        # The end of its input is its sign to leave.
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def given() -> dict[str, Any]:
    """What `asked` or `beside` handed to this process."""
    what: dict[str, Any] = json.loads(sys.argv[1])
    return what
