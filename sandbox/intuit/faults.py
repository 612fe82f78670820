"""Faults on demand: which calls go wrong, how, and how often."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sandbox.intuit import gateway_faults
from sandbox.intuit.gateway_faults import Answer

UNABLE = "Unable to display more data. Please reduce the date range."


class Kind(StrEnum):
    EXPIRED_TOKEN = "expired_token"
    UNAUTHORIZED_XML = "unauthorized_xml"
    THROTTLE = "throttle"
    GATEWAY_504 = "gateway_504"
    ERROR_500 = "500"
    ERROR_503 = "503"
    BAD_RECORD = "4002"
    PERMISSION = "5020"
    FEATURE = "5030"
    SUBSCRIPTION = "6190"
    NO_ACCESS = "120"
    UNABLE_TO_DISPLAY = "unable_to_display"
    """A report that answers 200 and says in its body that it is too large."""
    DROP = "drop"
    """The call is carried out, then the connection closes without an answer."""
    DROP_BEFORE = "drop_before"
    """The connection closes and nothing was carried out."""
    HTML = "html"
    """200 with a page instead of JSON, as a proxy in between would."""
    INVALID_GRANT = "invalid_grant"
    """For the token endpoint: Intuit's outages have looked like this, too."""
    WITHOUT_REFRESH_TOKEN = "without_refresh_token"
    """For the token endpoint: a good answer that leaves the refresh token out."""
    SLOW = "slow"
    """Nothing wrong but the time it takes: `latency_ms`."""


AFTERWARDS = frozenset({Kind.DROP, Kind.UNABLE_TO_DISPLAY, Kind.WITHOUT_REFRESH_TOKEN, Kind.SLOW})
"""Kinds for which the call is carried out as usual first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Which calls it hits: all that match every condition that is given.

    The first `after` of them pass, the next `times` are hit (None: all further ones).
    """

    kind: Kind
    realm_id: str | None = None
    path: str = ""
    """Part of the path with its query string, as sent."""
    statement: str = ""
    """Part of the query statement, letter case aside."""
    times: int | None = 1
    after: int = 0
    latency_ms: int = 0
    detail: str | None = None
    """Replaces the sentence in the fault's Detail."""

    def matches(self, realm_id: str | None, path: str, statement: str) -> bool:
        return (
            self.realm_id in (None, realm_id)
            and self.path in path
            and self.statement.lower() in statement.lower()
        )


class Faults:
    """Faults that are waiting to happen, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, Fault] = {}
        self._numbers = itertools.count(1)

    def inject(self, fault: Fault) -> int:
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = fault
            return number

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Fault]:
        with self._lock:
            return list(self._waiting.values())

    def take(self, realm_id: str | None, path: str, statement: str) -> Fault | None:
        """The fault that hits this call, counted as used."""
        with self._lock:
            hit: Fault | None = None
            for number, fault in list(self._waiting.items()):
                if not fault.matches(realm_id, path, statement):
                    continue
                if fault.after > 0:
                    # Counted even for a call that another fault hits: "the third page" is the
                    # third page, whatever became of the second.
                    self._waiting[number] = replace(fault, after=fault.after - 1)
                elif hit is None:
                    hit = fault
                    self._use(number, fault)
            return hit

    def _use(self, number: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._waiting[number]
        else:
            self._waiting[number] = replace(fault, times=fault.times - 1)


def answer(fault: Fault, token: str, now: datetime) -> Answer:
    """What a call gets instead. Raises KeyError for the kinds that change a real answer."""
    return _ANSWERS[fault.kind](fault, token, now)


def _entity(
    status: int, kind: str, code: str, message: str, detail: str
) -> Callable[[Fault, str, datetime], Answer]:
    def made(fault: Fault, _token: str, now: datetime) -> Answer:
        said = detail if fault.detail is None else fault.detail
        return gateway_faults.entity(status, kind, code, message, said, now)

    return made


_ANSWERS: dict[Kind, Callable[[Fault, str, datetime], Answer]] = {
    # The token itself stands in the text, as in the world: an error's text is not for a log.
    Kind.EXPIRED_TOKEN: lambda _fault, token, now: gateway_faults.unauthenticated(
        f"Token expired: {token}", now
    ),
    Kind.UNAUTHORIZED_XML: lambda _fault, _token, now: gateway_faults.no_authentication(now),
    Kind.THROTTLE: lambda _fault, _token, now: gateway_faults.throttled(now),
    Kind.GATEWAY_504: lambda _fault, _token, now: gateway_faults.timed_out(now),
    Kind.ERROR_500: _entity(
        500,
        "SystemFault",
        "10000",
        "An application error has occurred while processing your request",
        "System Failure Error: Could not find resource for relative : some more info here",
    ),
    Kind.ERROR_503: lambda _fault, _token, _now: Answer(
        503, b"<html><body><h1>503 Service Unavailable</h1></body></html>", "text/html"
    ),
    Kind.BAD_RECORD: _entity(
        400,
        "ValidationFault",
        "4002",
        "Error processing query",
        "QueryProcessingError: To email address entered is invalid",
    ),
    Kind.PERMISSION: _entity(
        400,
        "ValidationFault",
        "5020",
        "Permission Denied Error",
        "Permission Denied Error : You don't have permissions to access this feature.",
    ),
    Kind.FEATURE: _entity(
        400,
        "ValidationFault",
        "5030",
        "Feature Not Supported Error",
        "Feature Not Supported Error : The requested feature isn't supported.",
    ),
    Kind.SUBSCRIPTION: _entity(
        400,
        "ValidationFault",
        "6190",
        "Invalid Company Status",
        "Subscription period has ended or canceled or there was a billing problem : You can't "
        "add data to QuickBooks Online Plus because your trial or subscription period ended.",
    ),
    Kind.NO_ACCESS: _entity(
        401,
        "AuthenticationFault",
        "120",
        "Authorization Failure",
        ": -11014-You do not have access to use QuickBooks Online Plus.",
    ),
    Kind.HTML: lambda _fault, _token, _now: Answer(
        200, b"<!doctype html><title>Welcome</title><p>Please accept our terms.</p>", "text/html"
    ),
    Kind.INVALID_GRANT: lambda _fault, _token, _now: Answer(
        400, b'{"error":"invalid_grant"}', "application/json;charset=UTF-8"
    ),
}
