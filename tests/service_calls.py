"""The service calls of the add-on's code, counted by their kind; an execution dies at one of them."""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from tests.killing import Carried

ANY = "any call"
"""Counted for each call that may change something."""

READS = (
    "pending", "home", "catalog", "connections", "book.info", "book.names", "book.sheets", "execution.end", "lock.release", "lock.take",
    "metadata.find", "metadata.list", "project.html", "project.info", "properties.read", "range.read",
    "script.identityToken", "sheet.attached", "sheet.extent", "sheet.info", "trigger.list", "utilities.hmac",
)  # fmt: skip

Json = dict[str, Any]


class ServiceCalls:
    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._last: tuple[str, int] | None = None
        self._dead = ""
        self.made: Counter[str] = Counter()
        """Those that may change something."""
        self.sent = Carried()
        self._gone: set[str] = set()

    def count(self, last: tuple[str, int] | None = None) -> None:
        """From now on, until that call of that kind, which does not happen."""
        self.sent = Carried()
        self.go_on(last)

    def go_on(self, last: tuple[str, int] | None) -> None:
        """The same for another execution of the same run."""
        self.made, self._last, self._dead = Counter(), last, ""

    @property
    def died(self) -> str:
        """The execution that died; "" while none has."""
        return self._dead

    def lives(self, asked: Json) -> bool:
        """Whether that call happens: none does of an execution that has died."""
        with self._guard:
            if asked["execution"] in self._gone:
                return False
            kind = kind_of(asked)
            if kind not in READS:
                self.made.update((kind, ANY))
                if self._last in ((kind, self.made[kind]), (ANY, self.made[ANY])):
                    self._dead = asked["execution"]
                    self._gone.add(self._dead)
                    return False
            return True

    def note(self, answer: bytes) -> None:
        """What the backend gave the add-on to write."""
        value = json.loads(answer).get("value")
        for each in value if isinstance(value, list) else ():
            if isinstance(each, dict) and b'"operations":[' in (body := fetched_body(each)):
                self.sent.take(json.loads(body)["operations"])


def kind_of(asked: Json) -> str:
    """Those of the backend go by their path."""
    if asked.get("method") == "fetch":
        return str(urlsplit(asked["params"]["requests"][0]["url"]).path.split("/")[1])
    return str(asked.get("method", "pending"))


def fetched_body(fetched: Json) -> bytes:
    return base64.b64decode(fetched.get("body", ""))
