"""Where Intuit's authorization server is, as its discovery document says.

https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/openid-connect#discovery-document
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from counterfoil.core.errors import QuickBooksBusy
from counterfoil.core.refresh_times import DISCOVERY_S

log = logging.getLogger("counterfoil.intuit")

# One small document.
CONNECT_S = 5.0
TIMEOUT = (CONNECT_S, DISCOVERY_S - CONNECT_S)  # connect, read; seconds

# Whole addresses, not parsed ones: parsers differ over a backslash or a tab in a host, and the
# client secret goes where the one that sends takes it.
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/[!-\[\]-~]*)?")
_INTUIT = re.compile(r"https://([a-z0-9-]+\.)*intuit\.com(:443)?(/[!-\[\]-~]*)?")


@dataclass(frozen=True, slots=True)
class Endpoints:
    issuer: str
    authorization: str
    token: str
    revocation: str


class IntuitEndpoints:
    """The discovery document, fetched on first use and kept for the life of the process."""

    def __init__(
        self, discovery_url: str, *, transport: Callable[[], BaseAdapter] = HTTPAdapter
    ) -> None:
        self.on_loopback = is_loopback(discovery_url)
        if not self.on_loopback and not _is_intuit(discovery_url):
            raise ValueError("the discovery document is Intuit's, or the sandbox's on this machine")
        self._url = discovery_url
        self._transport = transport
        self._lock = threading.Lock()
        self._known: Endpoints | None = None
        self._failures = 0

    def __call__(self) -> Endpoints:
        """Raises QuickBooksBusy when it cannot be had or names addresses that are not Intuit's."""
        if self._known is not None:
            return self._known
        seen = self._failures
        with self._lock:
            return self._known or self._asked(seen)

    def _asked(self, failures_seen: int) -> Endpoints:
        # Each that fails may take DISCOVERY_S: of many who waited none waits for a second one.
        if self._failures != failures_seen:
            raise _unavailable(0)
        try:
            self._known = self._checked(self._fetched())
        except QuickBooksBusy:
            self._failures += 1
            raise
        return self._known

    def _fetched(self) -> Any:
        began, status = time.monotonic(), 0
        try:
            with plain_session(self._url, self._transport) as session:
                answer = session.get(
                    self._url,
                    headers={"Accept": "application/json"},
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
                status = answer.status_code
                if status != requests.codes.ok:
                    raise _unavailable(status)
                return answer.json()
        except requests.RequestException as error:
            raise _unavailable(0) from error
        finally:
            took = round((time.monotonic() - began) * 1000)
            fields = {"route": "discovery", "status": status, "duration_ms": took}
            log.info("intuit", extra={"fields": fields})

    def _checked(self, document: Any) -> Endpoints:
        names = ("issuer", "authorization_endpoint", "token_endpoint", "revocation_endpoint")
        known = document if isinstance(document, dict) else {}
        urls = [str(known.get(name)) for name in names]
        good = is_loopback if self.on_loopback else _is_intuit
        if not all(good(url) for url in urls):
            log.error("intuit", extra={"fields": {"route": "discovery", "outcome": "untrusted"}})
            raise _unavailable(0)
        return Endpoints(*urls)


def plain_session(url: str, transport: Callable[[], BaseAdapter]) -> requests.Session:
    """A session for one call to `url` that the environment of the process does not touch."""
    session = requests.Session()
    # A .netrc would add credentials, a proxy variable would see what goes to loopback.
    session.trust_env = False
    session.mount(url, transport())
    return session


def is_loopback(url: str) -> bool:
    """Plain http to this machine: only the sandbox is there."""
    return _LOOPBACK.fullmatch(url) is not None


def _is_intuit(url: str) -> bool:
    return _INTUIT.fullmatch(url) is not None


def _unavailable(status: int) -> QuickBooksBusy:
    return QuickBooksBusy(
        "QuickBooks' sign-in service cannot be reached right now. Please try again in a minute.",
        status=status,
    )
