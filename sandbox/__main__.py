"""`make sandbox`: only the simulators, for whoever wants to point a client at them.

    python -m sandbox [--intuit-port 0] [--google-port 0] [--redirect-uri http://…]

Prints one JSON line on stdout when everything answers, then serves until SIGINT or SIGTERM.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import signal
import sys
import threading
from typing import Any

from sandbox.clock import Clock
from sandbox.google.apps_script import AppsScript
from sandbox.google.identity import PEOPLE
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.companies import demo_books
from sandbox.intuit.generator import GeneratedCompany
from sandbox.intuit.server import IntuitSandbox

ADDON = pathlib.Path(__file__).resolve().parents[1] / "addon"
GENERATED_REALM = "9130347596849999"


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 when an address or a port cannot be used."""
    asked = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        _serve(asked, stop)
    except (ValueError, OSError) as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 2
    return 0


def _serve(asked: argparse.Namespace, stop: threading.Event) -> None:
    clock = Clock()
    books = demo_books()
    if asked.invoices:
        books.open(GeneratedCompany(GENERATED_REALM, "Generated Company", asked.invoices))
    backend = asked.backend_url.rstrip("/")
    intuit = IntuitSandbox(
        clock,
        books,
        port=asked.intuit_port,
        redirect_uris=[f"{backend}/oauth_callback", *asked.redirect_uri],
        disconnect_url=asked.disconnect_url,
        grace=asked.grace,
        throttles=asked.throttles,
        latency_ms=asked.latency_ms,
    )
    with intuit, GoogleSandbox(clock, port=asked.google_port) as google:
        script = AppsScript(
            google.workbooks,
            addon=ADDON,
            mint=google.identity.mint,
            users=tuple(PEOPLE),
            backend_url=backend,
        )
        google.mount("/", script)
        print(json.dumps(description(intuit, google)), flush=True)
        stop.wait()
        script.close()


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
        "--backend-url",
        default="http://127.0.0.1:8080",
        metavar="URL",
        help="the backend that the page's add-on calls; its oauth_callback is registered",
    )
    parser.add_argument(
        "--invoices",
        type=int,
        default=0,
        metavar="N",
        help="adds a generated company with so many invoices",
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
