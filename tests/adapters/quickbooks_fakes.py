"""Everything around one company of QuickBooks, with the network replaced."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from requests.adapters import BaseAdapter

from counterfoil.adapters.departures import Turn
from counterfoil.adapters.meters import Uncounted
from counterfoil.adapters.quickbooks_api import Company, QuickBooksApi

URL = "https://quickbooks.api.intuit.com"
REALM = "9130347596842110"
STATEMENT = (
    "SELECT * FROM Invoice WHERE DocNumber = 'Zoë' ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
)
EMPTY: dict[str, Any] = {"QueryResponse": {}, "time": "2026-05-05T05:16:21.718-07:00"}
EXPIRED = {"fault": {"error": [{"code": "3200"}], "type": "AUTHENTICATION"}}
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class CountingMeter:
    def __init__(self, time: Time, patience: float = 5.0) -> None:
        self._time = time
        self._patience = patience
        self.calls = 0
        self.throttles: list[float] = []

    def admit(self) -> Turn:
        self.calls += 1
        return Uncounted()

    def pause(self, seconds: float) -> bool:
        if seconds > self._patience:
            return False
        self._time.sleep(seconds)
        return True

    def throttled(self, seconds: float) -> None:
        self.throttles.append(seconds)


class Tokens:
    """Hands out token-1; after a refusal token-2, and so on."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def current(self) -> str:
        return f"token-{len(self.refused) + 1}"

    def after_refusal(self, token: str) -> str:
        self.refused.append(token)
        return self.current()


class Intuit:
    """Everything around one company, with the network replaced."""

    def __init__(self, transport: BaseAdapter, url: str = URL) -> None:
        self.time = Time()
        self.meter = CountingMeter(self.time)
        self.tokens = Tokens()
        self.api = QuickBooksApi(
            url,
            clock=lambda: NOW,
            transport=transport,
            sleep=self.time.sleep,
            monotonic=self.time,
            jitter=lambda: 0.5,
        )

    def company(self) -> Company:
        return self.api.company(REALM, self.tokens.current, self.tokens.after_refusal, self.meter)
