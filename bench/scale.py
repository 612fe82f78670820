"""What a month costs at so many connections, from operations that were counted. Prints the table.

`COUNTED` is what requests cost in reads and writes of Firestore and calls of Secret Manager, as
their own log lines tell; tests/test_scale.py runs them and compares. Prices are list prices in US
dollars, free tiers left out; docs/scale.md says where each was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bench import machine
from counterfoil.core.managed import capacity, load_of
from counterfoil.core.schedules import Often, Schedule
from counterfoil.flows.budgets import SHARDS
from counterfoil.flows.keep_alive import PAGE, TIME_S

D = Decimal


@dataclass(frozen=True)
class Ops:
    """Operations of one request."""

    calls: int = 0  # to QuickBooks
    reads: int = 0
    writes: int = 0
    secrets: int = 0


# tests/test_scale.py: of a company with one saved export, of one page.
COUNTED = {
    "run": Ops(calls=1, reads=11, writes=7),
    "acknowledge": Ops(reads=3, writes=3),
    "home": Ops(reads=7),
    "refresh": Ops(reads=8, writes=6, secrets=1),
    "minute": Ops(reads=6, writes=1),  # managed refresh's tick while nothing is due
    "sweep": Ops(reads=1),  # of the hourly tick, for each consent
}

# What a connection is taken to do in a month of 30 days. A run finds its token expired: they are
# hours apart. Intuit changes the refresh token once a day.
RUNS, HOMES, ROTATIONS = 60, 20, 30
TICKS = 24 * 30  # an hourly sweep reads every consent once
MINUTES = 60 * TICKS  # managed refresh's ticks; what it runs is left out

# Seconds of an instance: a call of QuickBooks takes about a second, a refresh as long, and an
# instance that answers several requests at once is paid for once; it is taken to answer one.
SECONDS = {"run": D("1.5"), "acknowledge": D("0.1"), "home": D("0.1"), "refresh": D("1.0"),
           "minute": D("0.1")}  # fmt: skip

# Of a multi-region like eur3, where the records are if nothing else is said; one region is half.
PER_READ, PER_WRITE = D("0.06") / 100_000, D("0.18") / 100_000
PER_ACCESS, PER_VERSION, VERSIONS = D("0.03") / 10_000, D("0.06"), 2
PER_VCPU_S, PER_GIB_S, GIB = D("0.000024"), D("0.0000025"), D("0.5")
MANAGED_GIB = D("1")
PER_REQUEST = D("0.40") / 1_000_000
# An instance whose processor is not taken away is paid for while it lives; it lives about 15
# minutes after its last request, so an hourly tick alone keeps it for a quarter of the time.
ALWAYS_VCPU_S, ALWAYS_GIB_S = D("0.000018"), D("0.000002")
MONTH_S, IDLE_S = 30 * 24 * 3600, 15 * 60
LARGEST_SIZES = (10, 1_000, 100_000)

# What stands in the way, each by itself (docs/scale.md).
SECRET_WRITES_A_MINUTE = 600  # a project's quota of Secret Manager
# https://developers.google.com/workspace/sheets/api/limits: of a project, whatever its accounts.
SHEETS_READS_A_MINUTE = 300
OFTEN = Schedule(Often.MINUTES, every=15)  # as often as managed refresh runs anything
WRITES_A_DOCUMENT_S = 1  # Firestore's advice for one document, for long
PAGE_S = D("0.02")  # what a page of consents takes of a tick's time
IN_FLIGHT = 20 * 4  # instances of `export` and requests to each (deploy/functions.tsv)
PEAK = 5  # the busiest hour against the average one


def runs_a_second(connections: int) -> Decimal:
    """In the busiest hour."""
    return D(connections * RUNS * PEAK) / MONTH_S


def walls() -> dict[str, int]:
    """From how many connections on each stands in the way."""
    each = runs_a_second(1)
    rotated_a_minute = D(ROTATIONS * PEAK * 60) / MONTH_S
    return {
        "Intuit's free calls": FREE_CALLS // _each("calls"),
        "Secret Manager's writes": int(SECRET_WRITES_A_MINUTE / (2 * rotated_a_minute)),
        "the shards of the count": int(SHARDS * WRITES_A_DOCUMENT_S / each),
        "instances of export": int(IN_FLIGHT / SECONDS["run"] / each),
        "one tick's sweep": int(D(TIME_S) / PAGE_S) * PAGE,
        **managed_walls(),
    }


def managed_walls() -> dict[str, int]:
    """Where each has one small export that managed refresh runs every 15 minutes."""
    reads = load_of(OFTEN)  # a minute
    return {
        "every 15 minutes: one service account": int(capacity() / reads),
        "every 15 minutes: Intuit's free calls": FREE_CALLS // (MINUTES // OFTEN.every),
        "every 15 minutes: Sheets' reads of the project": int(SHEETS_READS_A_MINUTE / reads),
    }


# Intuit's reads: what is free, then packages of calls for dollars, as third parties report them.
FREE_CALLS = 500_000
PACKAGES = ((1_000_000, 300), (10_000_000, 1_700), (75_000_000, 4_500))


def reads_of_a_sweep(connections: int) -> int:
    """Of the tick, which looks at every consent once an hour."""
    return connections * TICKS * COUNTED["sweep"].reads


def reads_of(connections: int) -> int:
    return connections * _each("reads") + reads_of_a_sweep(connections)


def _each(what: str) -> int:
    """Of one connection in a month."""
    times = {"run": RUNS, "acknowledge": RUNS, "home": HOMES, "refresh": RUNS}
    return sum(getattr(COUNTED[name], what) * often for name, often in times.items())


def calls_of(connections: int) -> int:
    """Metered reads at QuickBooks."""
    return connections * _each("calls")


def month(connections: int, *, envelopes: bool) -> dict[str, Decimal]:
    """Dollars by what they are for."""
    firestore = reads_of(connections) * PER_READ + connections * _each("writes") * PER_WRITE
    minute = COUNTED["minute"]
    firestore += MINUTES * (minute.reads * PER_READ + minute.writes * PER_WRITE)
    secrets = D(0)
    if envelopes:
        # An envelope is a record more: read with each refresh, written with each rotation.
        firestore += connections * (RUNS * PER_READ + ROTATIONS * PER_WRITE)
    else:
        accesses = connections * (_each("secrets") + 2 * ROTATIONS)
        secrets = connections * VERSIONS * PER_VERSION + accesses * PER_ACCESS
    seconds = connections * (
        RUNS * (SECONDS["run"] + SECONDS["acknowledge"]) + HOMES * SECONDS["home"]
    )
    requests = connections * (3 * RUNS + HOMES) + TICKS
    return {
        "Firestore": firestore,
        "Secret Manager": secrets,
        "functions": seconds * (PER_VCPU_S + GIB * PER_GIB_S) + requests * PER_REQUEST,
        "token_refresh": _always(connections),
        "managed refresh": MINUTES
        * (SECONDS["minute"] * (PER_VCPU_S + MANAGED_GIB * PER_GIB_S) + PER_REQUEST),
        "Intuit": D(_intuit(calls_of(connections))),
    }


def _always(connections: int) -> Decimal:
    """Instances of `token_refresh` live on between requests; sixteen refreshes share one."""
    busy = connections * RUNS * SECONDS["refresh"] / 16
    # Refreshes at random moments: the share of time in which one was less than 15 minutes ago.
    hourly = D(IDLE_S) / 3600
    kept = min(D(1), hourly + D(connections * RUNS * IDLE_S) / MONTH_S)
    return max(busy, kept * MONTH_S) * (ALWAYS_VCPU_S + GIB * ALWAYS_GIB_S)


def _intuit(calls: int) -> int:
    if calls <= FREE_CALLS:
        return 0
    return next((price for most, price in PACKAGES if calls <= most), PACKAGES[-1][1])


def table() -> str:
    """For docs/deploy.md and docs/scale.md; up to a thousand connections with a secret each."""
    shown = {size: month(size, envelopes=size > 1_000) for size in LARGEST_SIZES}
    lines = [
        "| a month, in US dollars | " + " | ".join(f"{size:,}" for size in shown) + " |",
        "| --- |" + " ---: |" * len(shown),
    ]
    for name in shown[LARGEST_SIZES[0]]:
        cells = " | ".join(f"{each[name]:,.2f}" for each in shown.values())
        lines.append(f"| {name} | {cells} |")
    totals = " | ".join(f"{sum(each.values()):,.2f}" for each in shown.values())
    lines.append(f"| **together** | {totals} |")
    lines.append(
        "| calls to QuickBooks | " + " | ".join(f"{calls_of(size):,}" for size in shown) + " |"
    )
    return "\n".join(lines)


def wall_table() -> str:
    lines = ["| what | from connections on |", "| --- | ---: |"]
    lines += [f"| {name} | {most:,} |" for name, most in sorted(walls().items(), key=_second)]
    return "\n".join(lines)


def _second(pair: tuple[str, int]) -> int:
    return pair[1]


def main(arguments: Sequence[str] = ()) -> int:
    machine.say(f"{table()}\n\n{wall_table()}")
    machine.tell(
        {
            "bench": "scale",
            **{str(n): round(float(sum(month(n, envelopes=n > 1_000).values())), 2)
               for n in LARGEST_SIZES},
        }
    )  # fmt: skip
    return 0
