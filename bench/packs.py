"""How long a starter pack takes, from the press of its button to its tables and its dashboard.

The real sidebar in Chromium, the add-on in the sandbox's runtime, the backend beside them;
QuickBooks takes `--latency` ms for each call. What Google's own sheets and executions take on top
is not in it. Each pack has a world of its own. The last line is the result.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser, expect

from bench import machine
from counterfoil import catalog
from sandbox.world import World
from tests.browser.driver import ACME, Person
from tests.chromium import launched, private_window

PATIENCE_MS = 300_000


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    with launched() as browser:
        told = {
            pack["key"]: _made(browser, pack, options.latency)
            for pack in catalog.forms()["packs"]
            if pack["key"] in options.only
        }
    machine.tell({"bench": "packs", "latency_ms": options.latency, **told})
    return 0


def _made(browser: Browser, pack: dict[str, Any], latency_ms: int) -> dict[str, Any]:
    tables = len(pack["exports"])
    with World() as world, private_window(browser) as window:
        ana = Person.at(world, window)
        ana.opens_counterfoil()
        ana.connects(ACME)
        ana.button("Take a starter pack").click()
        world.intuit.latency_ms = latency_ms
        calls = len(world.intuit.calls.accounting())
        began = time.monotonic()
        ana.button(f"Make {pack['title']}").click()
        done = ana.sidebar.get_by_role("heading", name=f"{tables} tables are there")
        expect(done).to_be_visible(timeout=PATIENCE_MS)
        seconds = time.monotonic() - began
        made = len(world.intuit.calls.accounting()) - calls
    return {"tables": tables, "calls": made, "seconds": round(seconds, 1)}


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    packs = [pack["key"] for pack in catalog.forms()["packs"]]
    parser = argparse.ArgumentParser(prog="bench packs", description=__doc__)
    parser.add_argument("--latency", type=int, default=300, help="ms of each call of QuickBooks")
    parser.add_argument("--only", nargs="*", choices=packs, default=packs)
    return parser.parse_args(list(arguments))
