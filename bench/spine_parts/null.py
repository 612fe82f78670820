"""A client that takes every page and looks at none: how fast the sandbox can give."""

from __future__ import annotations

import http.client
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
    return {"bytes": taken, "seconds": round(time.perf_counter() - began, 4)}


def _take(what: dict[str, Any], starts: list[int]) -> int:
    """The pages over one connection that is kept; how many bytes they had."""
    connection = http.client.HTTPConnection(urlsplit(what["api_url"]).netloc)
    taken = 0
    for start in starts:
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
        taken += len(answer.read())
    connection.close()
    return taken


if __name__ == "__main__":
    main()
