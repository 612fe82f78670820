"""A client that takes every page and looks at none: how fast the sandbox can give."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from bench import machine
from counterfoil.core import query

PAGE = 1_000
IN_FLIGHT = 4


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    machine.tell(measured(what))


def measured(what: dict[str, Any]) -> dict[str, Any]:
    starts = list(range(1, what["rows"] + 1, PAGE))
    shares = [starts[place::IN_FLIGHT] for place in range(IN_FLIGHT)]
    began = time.perf_counter()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        taken = sum(pool.map(lambda share: _take(what, share), shares))
    seconds = round(time.perf_counter() - began, 4)
    return {"bytes": taken, "seconds": seconds, **_shape(what)}


def _shape(what: dict[str, Any]) -> dict[str, Any]:
    """What the invoices of the first page look like: their size unpacked, and their lines."""
    invoices = json.loads(gzip.decompress(page(connected(what), what, 1)))["QueryResponse"][
        "Invoice"
    ]
    lines = [
        sum(line["DetailType"] == "SalesItemLineDetail" for line in each["Line"])
        for each in invoices
    ]
    size = sum(len(json.dumps(each, separators=(",", ":")).encode()) for each in invoices)
    return {
        "bytes_per_invoice": round(size / len(invoices)),
        "lines_per_invoice": [min(lines), max(lines)],
    }


def connected(what: dict[str, Any]) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(what["api_url"]).netloc)


def _take(what: dict[str, Any], starts: list[int]) -> int:
    """The pages over one connection that is kept; how many bytes they had."""
    connection = connected(what)
    return sum(len(page(connection, what, start)) for start in starts)


def page(connection: http.client.HTTPConnection, what: dict[str, Any], start: int) -> bytes:
    connection.request(
        "POST",
        f"/v3/company/{what['realm_id']}/query?minorversion=75",
        query.select("Invoice", start=start, size=PAGE),
        {
            "Authorization": f"Bearer {what['access_token']}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/text",
        },
    )
    answer = connection.getresponse()
    assert answer.status == 200
    return answer.read()


if __name__ == "__main__":
    main()
