"""`make sandbox`: only the simulators, for whoever wants to point a client at them.

    python -m sandbox [--intuit-port 0] [--google-port 0] [--redirect-uri http://…]

Prints one JSON line on stdout when everything answers, then serves until SIGINT or SIGTERM.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from typing import Any

from sandbox.clock import Clock
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.server import IntuitSandbox


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    clock = Clock()
    try:
        intuit = IntuitSandbox(
            clock,
            port=asked.intuit_port,
            redirect_uris=asked.redirect_uri,
            disconnect_url=asked.disconnect_url,
            grace=asked.grace,
            throttles=asked.throttles,
            latency_ms=asked.latency_ms,
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with intuit, GoogleSandbox(clock, port=asked.google_port) as google:
        print(json.dumps(description(intuit, google)), flush=True)
        stop.wait()
    return 0


def description(intuit: IntuitSandbox, google: GoogleSandbox) -> dict[str, Any]:
    """Every address, key, person and company that a client may need."""
    return {
        "intuit": {
            "discovery_url": intuit.discovery_url,
            "api_url": intuit.url,
            "client_id": intuit.client_id,
            "client_secret": intuit.client_secret,
            "redirect_uris": list(intuit.app.redirect_uris),
            "people": [
                {"id": person.id, "name": person.name, "admin": person.admin}
                for person in intuit.people.all()
            ],
        },
        "google": google.description(),
        "companies": [
            {"realm_id": company.realm_id, "name": company.name} for company in intuit.companies()
        ],
        "control_url": intuit.control_url,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="QuickBooks and Google, simulated on this machine."
    )
    for side in ("intuit", "google"):
        parser.add_argument(
            f"--{side}-port", type=int, default=0, metavar="N", help="0 means any free one"
        )
    parser.add_argument(
        "--redirect-uri",
        action="append",
        default=[],
        metavar="URI",
        help="one more address that the app may send people back to; can be repeated",
    )
    parser.add_argument(
        "--disconnect-url", metavar="URI", help="where a disconnect inside QuickBooks lands"
    )
    parser.add_argument(
        "--grace", action="store_true", help="take the previous refresh token for 24 more hours"
    )
    parser.add_argument(
        "--throttles", action="store_true", help="10 calls a second, 500 a minute per company"
    )
    parser.add_argument("--latency-ms", type=int, default=0, metavar="N", help="per call")
    return parser


if __name__ == "__main__":
    sys.exit(main())
