"""The sandbox's backend with small pages and steps, so that some hundred rows take several steps,
and with leases that have always just run out: whoever runs an export again came minutes later.

python -m tests.small_steps --port 8080        (settings as for sandbox.backend)
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import Any

from sandbox import backend

PAGE = 80
"""Rows of a page of QuickBooks, and of a step."""


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    sys.path.insert(0, str(backend.FUNCTIONS))
    from counterfoil.flows import export, run_leases
    from counterfoil.flows.limits import Limits

    usual = export.Exports

    def small(**parts: Any) -> export.Exports:
        # No pace either: the runs of a test would wait for each other.
        limits = Limits(page=PAGE, cells_per_step=1)
        return usual(**{**parts, "limits": limits, "budgets": None})

    # Nor a limit per minute: one person makes the whole day's runs here in two.
    os.environ["COUNTERFOIL_REQUESTS_PER_MINUTE"] = "1000000"
    # Where wiring takes it from, when it is first used.
    export.Exports = small  # type: ignore[assignment,misc]
    run_leases.LEASE = timedelta(0)
    backend.main()


if __name__ == "__main__":
    main()
