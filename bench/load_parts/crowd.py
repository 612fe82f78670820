"""People who export at the same time: what each got, and how long it took them."""

from __future__ import annotations

import itertools
import queue
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

COLUMNS = ["id", "number", "total"]
TRIES = 4  # as the add-on: a busy backend is asked again three times, each time later
PAUSE_S = 1.0


@dataclass(frozen=True)
class Export:
    """One export, as whoever asked for it saw it."""

    run: str
    wall_ms: float  # of its requests, without the pauses that the backend asked for
    rows: int
    ids: int
    code: str  # of the refusal that it ended in; empty when it did not
    tries: int


class Crowd:
    """As many people as there are connections, before a door like Cloud Run's: a request goes to an
    instance that has a place free, or waits for one.
    """

    def __init__(self, urls: Sequence[str], places: int, token_url: str) -> None:
        self._token_url = token_url
        self._tokens: dict[str, str] = {}
        self._free: queue.Queue[str] = queue.Queue()
        for url in list(urls) * places:
            self._free.put(url)

    def arrive(self, companies: Mapping[str, Mapping[str, Any]]) -> None:
        """The owner of each connection signs in."""
        for id, company in companies.items():
            asked = requests.post(self._token_url, json={"email": company["owner"]}, timeout=30)
            self._tokens[id] = asked.json()["id_token"]

    def exports(self, connections: Sequence[str], in_flight: int) -> list[Export]:
        """One for each entry, each in a spreadsheet of its own."""
        with ThreadPoolExecutor(in_flight) as pool:
            return list(pool.map(self._export, itertools.count(), connections))

    def _export(self, number: int, connection: str) -> Export:
        sheet = {"id": f"sheet-{number}", "key": f"{number:064x}", "time_zone": "UTC"}
        options = {"columns": COLUMNS}
        body: Mapping[str, Any] = {"connection_id": connection, "options": options}
        path, run, took, tries = "entities/invoices", "", 0.0, 0
        ids: list[str] = []
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {self._tokens[connection]}"
            while True:
                answer, ms = self._asked(session, path, {"spreadsheet": sheet, **body})
                took += ms
                told = answer.json()
                if answer.status_code != 200:
                    tries += 1
                    if told["error"]["retryable"] and tries < TRIES:
                        time.sleep(PAUSE_S * tries)
                        continue
                    code = told["error"]["code"]
                    return Export(run, took, len(ids), len(set(ids)), code, tries)
                run = told["run_id"]
                ids += _ids(told["operations"])
                if told["cursor"] is None:
                    return Export(run, took, len(ids), len(set(ids)), "", tries)
                time.sleep(told["wait_s"])
                path, body = "steps", {"cursor": told["cursor"]}

    def _asked(
        self, session: requests.Session, path: str, body: Mapping[str, Any]
    ) -> tuple[requests.Response, float]:
        """The answer, and how long an instance took for it."""
        url = self._free.get()
        try:
            began = time.monotonic()
            answer = session.post(f"{url}/{path}", json=body, timeout=150)
            return answer, (time.monotonic() - began) * 1000
        finally:
            self._free.put(url)


def _ids(operations: Sequence[Mapping[str, Any]]) -> list[str]:
    """The first column of what is committed or staged, without its header."""
    found = []
    for each in operations:
        if each["op"] in ("commit", "stage") and "rows" in each:
            found += [row[0] for row in each["rows"][each.get("header_rows", 0) :]]
    return found
