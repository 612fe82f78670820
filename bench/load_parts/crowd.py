"""People who export at the same time: what each got, and how long it took them."""

from __future__ import annotations

import http.client
import json
import queue
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from bench.load_parts.tables import digest

COLUMNS = ["id", "number", "total"]
TRIES = 4  # as the add-on: a busy backend is asked again three times, each time later
PAUSE_S = 1.0
PATIENCE_S = 150


@dataclass(frozen=True)
class Export:
    """One export, as whoever asked for it saw it."""

    run: str
    wall_ms: float  # of its requests, without the pauses that the backend asked for
    answers: tuple[bytes, ...]  # as they came, to be read when nobody is measured any more
    code: str  # of the refusal that it ended in; empty when it did not
    tries: int

    def digest(self) -> str:
        """Of the table that these answers write."""
        return digest(row for answer in self.answers for row in _rows(json.loads(answer)))


class Crowd:
    """As many people as there are connections, before a door like Cloud Run's: a request goes to an
    instance that has a place free, or waits for one.
    """

    def __init__(self, urls: Sequence[str], places: int, token_url: str) -> None:
        self._token_url = token_url
        self._tokens: dict[str, str] = {}
        self._free: queue.Queue[str] = queue.Queue()
        for url in list(urls) * places:
            self._free.put(urlsplit(url).netloc)

    def arrive(self, companies: Mapping[str, Mapping[str, Any]]) -> None:
        """The owner of each connection signs in."""
        for id, company in companies.items():
            asked = requests.post(self._token_url, json={"email": company["owner"]}, timeout=30)
            self._tokens[id] = asked.json()["id_token"]

    def exports(
        self, connections: Sequence[str], in_flight: int, *, over_s: float = 0.0
    ) -> list[Export]:
        """One for each entry, each in a spreadsheet of its own, in that order. `in_flight` people
        come one after the other within `over_s` seconds; whoever is done begins the next one.
        """
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(len(connections)):
            waiting.put(number)

        def person(comes_after_s: float) -> list[tuple[int, Export]]:
            time.sleep(comes_after_s)
            return [
                (number, self._export(number, connections[number])) for number in _taken(waiting)
            ]

        with ThreadPoolExecutor(in_flight) as pool:
            done = pool.map(person, [over_s * at / in_flight for at in range(in_flight)])
            found = dict(each for theirs in done for each in theirs)
        return [found[number] for number in range(len(connections))]

    def _export(self, number: int, connection: str) -> Export:
        sheet = {"id": f"sheet-{number}", "key": f"{number:064x}", "time_zone": "UTC"}
        options = {"columns": COLUMNS}
        body: Mapping[str, Any] = {"connection_id": connection, "options": options}
        path, run, took, tries = "entities/invoices", "", 0.0, 0
        answers: list[bytes] = []
        while True:
            status, answer, ms = self._asked(connection, path, {"spreadsheet": sheet, **body})
            took += ms
            told = json.loads(answer)
            if status != 200:
                tries += 1
                if told["error"]["retryable"] and tries < TRIES:
                    time.sleep(PAUSE_S * tries)
                    continue
                return Export(run, took, (), told["error"]["code"], tries)
            run = told["run_id"]
            answers.append(answer)
            if told["cursor"] is None:
                return Export(run, took, tuple(answers), "", tries)
            time.sleep(told["wait_s"])
            path, body = "steps", {"cursor": told["cursor"]}

    def _asked(
        self, connection: str, path: str, body: Mapping[str, Any]
    ) -> tuple[int, bytes, float]:
        """Status and answer, and how long an instance took for it in milliseconds."""
        headers = {
            "Authorization": f"Bearer {self._tokens[connection]}",
            "Content-Type": "application/json",
        }
        door = self._free.get()
        try:
            began = time.monotonic()
            # Not `requests`: this shares its processor with those whom it measures.
            at = http.client.HTTPConnection(door, timeout=PATIENCE_S)
            try:
                at.request("POST", f"/{path}", json.dumps(body), headers)
                response = at.getresponse()
                return response.status, response.read(), (time.monotonic() - began) * 1000
            finally:
                at.close()
        finally:
            self._free.put(door)


def _taken(waiting: queue.SimpleQueue[int]) -> Iterator[int]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return


def _rows(answer: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """What is committed or staged, without its header."""
    for each in answer["operations"]:
        if each["op"] in ("commit", "stage") and "rows" in each:
            yield from each["rows"][each.get("header_rows", 0) :]
