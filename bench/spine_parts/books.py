"""QuickBooks with one large company, on a core of its own, until its input ends."""

from __future__ import annotations

import sys

from bench import machine
from sandbox.intuit.generator import GeneratedBooks
from sandbox.intuit.server import IntuitSandbox

REALM = "9130347596842110"


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    books = GeneratedBooks(
        REALM, "Large Company", invoices=what["rows"], most_lines=what.get("most_lines", 5)
    )
    books.prepare(what.get("page", 1_000))
    with IntuitSandbox(books=books) as sandbox:
        issued = sandbox.grant(REALM)
        machine.tell(
            {
                "api_url": sandbox.url,
                "control_url": sandbox.control_url,
                "discovery_url": sandbox.discovery_url,
                "client_id": sandbox.client_id,
                "client_secret": sandbox.client_secret,
                "realm_id": REALM,
                "access_token": issued.access,
                "refresh_token": issued.refresh,
            }
        )
        sys.stdin.read()


if __name__ == "__main__":
    main()
