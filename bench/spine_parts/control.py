"""What a benchmark tells the simulated QuickBooks, and asks it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


def tell(what: dict[str, Any], name: str, **body: Any) -> None:
    """Turns one of the sandbox's switches."""
    request = urllib.request.Request(  # noqa: S310 - the sandbox on this machine
        f"{what['control_url']}/{name}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.status == 200


def calls(what: dict[str, Any]) -> list[dict[str, Any]]:
    """All that the company was asked so far; `at` is when it was answered."""
    with urllib.request.urlopen(  # noqa: S310 - the sandbox on this machine
        f"{what['control_url']}/calls?realm_id={what['realm_id']}"
    ) as answer:
        found: list[dict[str, Any]] = json.load(answer)["calls"]
    return found
