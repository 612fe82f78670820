"""python-quickbooks, unmodified, streaming 1,000 invoices a page and keeping none."""

from __future__ import annotations

import os
import time
import warnings
from typing import Any

from bench import machine

PAGE = 1_000


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    # Its session is requests_oauthlib's, which refuses http otherwise.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    warnings.simplefilter("ignore")
    machine.tell(measured(what))


def measured(what: dict[str, Any]) -> dict[str, Any]:
    from intuitlib.client import AuthClient
    from quickbooks import QuickBooks
    from quickbooks.objects.invoice import Invoice

    QuickBooks.api_url_v3 = QuickBooks.sandbox_api_url_v3 = what["api_url"] + "/v3"
    auth = AuthClient(
        client_id=what["client_id"],
        client_secret=what["client_secret"],
        redirect_uri="http://127.0.0.1/callback",
        environment=what["discovery_url"],
        access_token=what["access_token"],
    )
    client = QuickBooks(
        auth_client=auth,
        refresh_token=what["refresh_token"],
        company_id=what["realm_id"],
        minorversion=75,
    )
    ids: set[str] = set()
    calls = 0
    began = time.perf_counter()
    while True:
        page = Invoice.filter(
            order_by="Id", start_position=calls * PAGE + 1, max_results=PAGE, qb=client
        )
        calls += 1
        ids.update(invoice.Id for invoice in page)
        if len(page) < PAGE:
            break
    seconds = time.perf_counter() - began
    return {
        "rows": len(ids),
        "calls": calls,
        "seconds": round(seconds, 3),
        "cpu_s": machine.cpu_s(),
        "peak_rss_mb": machine.peak_rss_mb(),
    }


if __name__ == "__main__":
    main()
