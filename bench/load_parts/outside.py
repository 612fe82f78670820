"""QuickBooks with many companies, and Google's sign-in, in a process of their own."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from bench import machine
from bench.load_parts.metadata import Metadata
from bench.load_parts.tables import digest
from sandbox.google.server import GoogleSandbox
from sandbox.http import Server
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.generator import GeneratedCompany
from sandbox.intuit.server import IntuitSandbox
from sandbox.intuit.vocabulary import entity

FIRST_REALM = 9_130_347_596_850_000


def main() -> None:
    what = machine.given()
    # A different size each, so that a table of the wrong company is found out by its rows.
    sizes = {str(FIRST_REALM + at): what["rows"] - at for at in range(what["companies"])}
    made = [
        GeneratedCompany(realm, f"Company {realm[-4:]}", invoices=size, keep_pages=2)
        for realm, size in sizes.items()
    ]
    for company in made:
        company.prepare()
    tables = {company.card.realm_id: _table(company) for company in made}
    with (
        IntuitSandbox(books=DemoBooks(made), throttles=True) as intuit,
        GoogleSandbox() as google,
        Server(Metadata(google.identity)) as metadata,
    ):
        issued = {realm: intuit.grant(realm) for realm in sizes}
        machine.tell(
            {
                "process": os.getpid(),
                "google": google.description(),
                "metadata_host": metadata.url.removeprefix("http://"),
                "api_url": intuit.url,
                "control_url": intuit.control_url,
                "discovery_url": intuit.discovery_url,
                "client_id": intuit.client_id,
                "client_secret": intuit.client_secret,
                "companies": [
                    {
                        "realm_id": realm,
                        "table": tables[realm],
                        "access_token": each.access,
                        "refresh_token": each.refresh,
                        "expires_in": each.access_expires_in,
                    }
                    for realm, each in issued.items()
                ],
            }
        )
        sys.stdin.read()


def _table(company: GeneratedCompany) -> str:
    """The digest of its invoices."""
    invoices = company.live(entity("Invoice"), datetime(2000, 1, 1, tzinfo=UTC))
    return digest((it["Id"], it["DocNumber"], it["TotalAmt"]) for it in invoices)


if __name__ == "__main__":
    main()
