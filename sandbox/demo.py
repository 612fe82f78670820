"""`make demo`: backend and sandbox on loopback, and the page that stands in for Google Sheets.

    python -m sandbox.demo [--check] [--no-browser] [--port N]

`--check` makes the whole journey by itself, prints what was exported, and exits 0 or not.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import webbrowser
from typing import Any

from sandbox import check
from sandbox.world import World

# In the order in which a newcomer would try them.
DATASETS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("entities/invoices", "Invoices", {}),
    ("entities/customers", "Customers", {}),
    ("entities/vendors", "Vendors", {}),
    ("entities/bills", "Bills", {}),
    ("entities/payments", "Payments", {}),
    ("entities/purchases", "Purchases", {}),
    (
        "reports/profit-and-loss",
        "Profit and Loss",
        {"parameters": {"start_date": "2026-01-01", "end_date": "2026-12-31"}},
    ),
    ("reports/balance-sheet", "Balance Sheet", {"parameters": {"end_date": "2026-12-31"}}),
)


def main() -> int:
    """Exit status: 0, or 1 when the journey of `--check` failed."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="the whole journey by itself")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, default=0, help="of the page; 0 = any free one")
    arguments = parser.parse_args()
    if arguments.check:
        return journey()
    with World(page_port=arguments.port) as world:
        print(f"Counterfoil is at {world.page_url}", flush=True)
        print("Open Extensions, Counterfoil, Open Counterfoil. Ctrl+C ends it.", flush=True)
        if not arguments.no_browser:
            webbrowser.open(world.page_url)
        wait_for_the_end()
    return 0


def journey() -> int:
    """Connects a company, exports every dataset into the grid, says what came of each."""
    with World() as world:
        sidebar = check.sidebar(world, "ana@example.com")
        realm_id = world.intuit.companies()[0].realm_id
        connection = check.connect(sidebar, realm_id)
        print(f"{connection['name']} is connected ({connection['health']})")
        good = True
        for path, tab, options in DATASETS:
            step = sidebar.export(
                path, connection_id=connection["id"], options=options, target={"tab": tab}
            )
            print(check.told(step))
            good = good and check.proven(step)
        danger = world.google.workbook.dangerous_formulas
        if danger:
            print(f"{len(danger)} cells became formulas that nobody typed")
        print("PASS" if good and not danger else "FAIL")
        return 0 if good and not danger else 1


def wait_for_the_end() -> None:
    """Until Ctrl+C or SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    while not ended.wait(1):
        pass


if __name__ == "__main__":
    sys.exit(main())
