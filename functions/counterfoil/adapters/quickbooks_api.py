"""QuickBooks' accounting API, read only: queries, changes, reports, company info, preferences.

Nothing else can be expressed. `Company` has six methods; below them `read_only.ReadOnly`, the
session's only transport, refuses any request that is not a GET of changes, of a report, of the
company info or of the preferences, or a POST to /query. Redirects are never followed.
https://developer.intuit.com/app/developer/qbo/docs/learn/rest-api-features
"""

from __future__ import annotations

import json
import logging
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import BaseAdapter

from counterfoil.adapters import answers
from counterfoil.adapters.answers import Answer
from counterfoil.adapters.departures import WatchedTransport, watched
from counterfoil.adapters.meters import LONGEST_PAUSE_S, Meter, Unmetered
from counterfoil.adapters.read_only import read_only_session
from counterfoil.core import faults
from counterfoil.core.errors import AppError, QuickBooksBusy, ReportTooLarge
from counterfoil.core.journal import spend

if TYPE_CHECKING:
    from counterfoil.core.reports import ReportTable

log = logging.getLogger("counterfoil.quickbooks")

# Every request is served as 75 since August 2025; saying so protects against surprises.
MINOR_VERSION = "75"

CONNECT_TIMEOUT = 5.0
# Intuit ends every request after 120 s; the function that serves a step does too.
PAGE_SECONDS = 60.0
REPORT_SECONDS = 110.0
SINGLE_SECONDS = 20.0

# One answer, unpacked: 1,000 invoices of 20 KB, or a report of 400,000 cells, Intuit's own
# limit, at 50 bytes. A step may carry one answer of that size, and its instance has 512 MB.
LARGEST_ANSWER = 20 * 1024 * 1024

# An outage of a moment is bridged here; a longer one comes back as a wait of the whole step.
TRIES = 3
FIRST_PAUSE_S = 0.5

# As many connections are kept as pages are in flight, for two runs at once.
_CONNECTIONS = 16

_REALM = re.compile(r"[0-9]{1,25}", re.ASCII)
_ENTITY = re.compile(r"[A-Za-z]{1,40}", re.ASCII)
_REPORT = re.compile(r"[A-Za-z0-9]{3,60}", re.ASCII)
_PARAMETER = re.compile(r"[a-z_]{1,40}", re.ASCII)
_VALUE = re.compile(r"[^\x00-\x1f\x7f]{1,500}")
_SELECT = re.compile(r"SELECT [^\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class _Read:
    """One of our reads, ready to be sent any number of times."""

    method: str
    path: str
    route: str  # what the log calls it: no ids, no parameters
    seconds: float
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    keep_packed: bool = False


class QuickBooksApi:
    """Intuit's API host. One per process; its connections are shared by all threads.

    `api_url` is https://quickbooks.api.intuit.com, or the sandbox's. `transport` stands in for
    the network in tests.
    """

    def __init__(
        self,
        api_url: str,
        *,
        clock: Callable[[], datetime],
        transport: BaseAdapter | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._url = api_url.rstrip("/")
        self._clock = clock
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter
        self._session = read_only_session(self._url, transport or WatchedTransport(4, _CONNECTIONS))

    def company(
        self,
        realm_id: str,
        token: Callable[[], str],
        refused: Callable[[str], str],
        meter: Meter | None = None,
    ) -> Company:
        """One company, read with `token()`; after a 401 once with what `refused(token)` gives."""
        if not _REALM.fullmatch(realm_id):
            raise ValueError("a realm id is a number")
        return Company(self, realm_id, token, refused, meter or Unmetered(self._sleep))

    def _ask(self, company: Company, read: _Read) -> Answer:
        """The first good answer. Raises the error of core.faults, or what the meter raises."""
        token = company.token()
        renewed = False
        tries = 0
        while True:
            turn = company.meter.admit()
            tries += 1
            with watched(turn):
                error, answer = self._once(read, token, tries)
            if error is None and answer is not None:
                return answer
            assert error is not None  # noqa: S101 - one of the two is there
            if answer is not None and answer.status == 401 and not renewed and _expired(error):
                token, renewed = company.refused(token), True
                continue
            if faults.is_throttle(error):
                company.meter.throttled(float(error.details.get("wait_s") or 0))
            wait = self._wait(error, answer, tries)
            if wait is None or not company.meter.pause(wait):
                raise error

    def _once(self, read: _Read, token: str, tries: int) -> tuple[AppError | None, Answer | None]:
        began = self._monotonic()
        spend("calls")
        answer: Answer | None = None
        error: AppError | None
        try:
            answer = self._exchange(read, token)
            error = _error(answer)
        except requests.Timeout:
            error = faults.unreachable(timed_out=True)
        except requests.RequestException:
            # Its text holds the address, and the request in it the token: neither goes on.
            error = faults.unreachable(timed_out=False)
        except answers.TooLarge as found:
            error = _too_large(read, found)
        except answers.Unreadable as found:
            error = faults.unreadable(found.status)
        log.info(
            "quickbooks",
            extra={
                "fields": {
                    "route": read.route,
                    "status": answer.status if answer else 0,
                    "bytes": answer.size if answer else 0,
                    "duration_ms": round((self._monotonic() - began) * 1000),
                    "attempt": tries,
                    "intuit_tid": answer.tid if answer else "",
                    "fault": str(error.details.get("intuit_code", error.code)) if error else "",
                }
            },
        )
        return error, answer

    def _exchange(self, read: _Read, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        if read.body is not None:
            headers["Content-Type"] = "application/text"
        deadline = self._monotonic() + read.seconds
        with self._session.request(
            read.method,
            self._url + read.path,
            params={**read.params, "minorversion": MINOR_VERSION},
            data=read.body,
            headers=headers,
            timeout=(CONNECT_TIMEOUT, read.seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            return answers.received(
                response,
                limit=LARGEST_ANSWER,
                in_time=lambda: self._monotonic() < deadline,
                now=self._clock(),
                keep_packed=read.keep_packed,
            )

    def _wait(self, error: AppError, answer: Answer | None, tries: int) -> float | None:
        """Seconds until the same request may be sent again; None when it should not be."""
        if not isinstance(error, QuickBooksBusy) or tries >= TRIES:
            return None
        if answer is not None and answer.status == 429 and answer.retry_after_s is None:
            return None  # a minute at least: longer than a step sleeps
        if answer is not None and answer.retry_after_s is not None:
            wait = float(answer.retry_after_s)
            return wait if wait <= LONGEST_PAUSE_S else None
        # Jitter, so that the pages of one run do not all come back at the same moment.
        return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * (1 << (tries - 1)) * (0.5 + self._jitter()))


@dataclass(frozen=True, slots=True)
class Company:
    """One company's books, read only.

    Every method raises QuickBooksBusy, QuickBooksRejected, ReconnectRequired, ConnectionSuspect
    and what `token`, `refused` and `meter` raise.
    """

    _api: QuickBooksApi
    realm_id: str
    token: Callable[[], str] = field(repr=False)
    refused: Callable[[str], str] = field(repr=False)
    meter: Meter = field(repr=False)

    def query(self, statement: str, *, custom_fields: bool = False) -> bytes:
        """The answer to a SELECT, as QuickBooks sent it, with all custom fields or with the three
        of old. By POST, so that no URL holds data.
        """
        return self._api._ask(self, self._query(statement, custom_fields)).body

    def page(
        self, statement: str, *, custom_fields: bool = False
    ) -> Callable[[bytearray], faults.Body]:
        """What gives the answer to a SELECT of records, and raises as `query` does where it turns
        out to be none. Until then it stays packed: pages are megabytes, and several wait. It is
        unpacked into the room that is handed in, and good until that is used again.
        """
        read = self._query(statement, custom_fields)
        answer = self._api._ask(self, replace(read, keep_packed=True))
        return lambda room: _page(read, answer, room)

    def cdc(self, entities: Sequence[str], since: datetime) -> bytes:
        """What was written, changed or deleted since an aware moment, as QuickBooks sent it."""
        if not entities or not all(map(_ENTITY.fullmatch, entities)) or since.tzinfo is None:
            raise ValueError("changes are asked for entities, since a moment with its offset")
        asked = {"entities": ",".join(entities), "changedSince": since.isoformat()}
        read = _Read("GET", self._path("cdc"), "cdc", PAGE_SECONDS, asked)
        return self._api._ask(self, read).body

    def report(self, name: str, params: Mapping[str, str]) -> ReportTable:
        """What the Reports service answers. Also raises ReportTooLarge, and IncompleteRead for
        what is no report.
        """
        # Only what exports needs msgspec, which takes its time to load.
        from counterfoil.adapters.typed_reports import report_table

        if not _REPORT.fullmatch(name):
            raise ValueError("a report's name is letters and digits")
        for key, value in params.items():
            if not _PARAMETER.fullmatch(key) or not _VALUE.fullmatch(value):
                raise ValueError("a report's parameter is a word and a short text")
        read = _Read("GET", self._path(f"reports/{name}"), "report", REPORT_SECONDS, dict(params))
        body = self._api._ask(self, read).body
        return report_table(body, params.get("summarize_column_by", ""))

    def company_info(self) -> dict[str, Any]:
        """The CompanyInfo object of this very company."""
        return self._single(f"companyinfo/{self.realm_id}", "companyinfo", "CompanyInfo")

    def preferences(self) -> dict[str, Any]:
        """The Preferences object."""
        return self._single("preferences", "preferences", "Preferences")

    def _single(self, path: str, route: str, name: str) -> dict[str, Any]:
        answer = self._api._ask(self, _Read("GET", self._path(path), route, SINGLE_SECONDS))
        try:
            held = json.loads(answer.body)[name]
        except (ValueError, KeyError, TypeError, RecursionError):
            held = None
        if not isinstance(held, dict):
            raise faults.unreadable(answer.status, tid=answer.tid)
        return held

    def _query(self, statement: str, custom_fields: bool) -> _Read:
        if not _SELECT.fullmatch(statement):
            raise ValueError("a query is one line that begins with SELECT")
        params = {"include": "enhancedAllCustomFields"} if custom_fields else {}
        path = self._path("query")
        return _Read("POST", path, "query", PAGE_SECONDS, params, statement.encode())

    def _path(self, rest: str) -> str:
        return f"/v3/company/{self.realm_id}/{rest}"


def _page(read: _Read, answer: Answer, room: bytearray) -> faults.Body:
    if not answer.packed:  # and looked at when it came
        return answer.body
    try:
        answers.unpack(answer, LARGEST_ANSWER, room)
    except answers.TooLarge as large:
        raise _too_large(read, large) from large
    except answers.Unreadable as error:
        raise faults.unreadable(answer.status, tid=answer.tid) from error
    if (wrong := _wrong(answer, room, faults.fault_around(room))) is not None:
        raise wrong
    return room


def _error(answer: Answer) -> AppError | None:
    if answer.packed:
        return None
    return _wrong(answer, answer.body, faults.fault_in(answer.body))


def _wrong(answer: Answer, body: faults.Body, fault: faults.Fault | None) -> AppError | None:
    if fault is not None or answer.status != 200:
        return faults.error(
            answer.status, fault, tid=answer.tid, retry_after_s=answer.retry_after_s
        )
    if faults.first_character(body) not in (b"{", b"["):
        return faults.unreadable(answer.status, tid=answer.tid)
    return None


def _expired(error: AppError) -> bool:
    return error.details.get("intuit_code", faults.TOKEN_REFUSED) == faults.TOKEN_REFUSED


def _too_large(read: _Read, found: answers.TooLarge) -> AppError:
    if read.route == "report":
        return ReportTooLarge(
            "This report is larger than one answer of QuickBooks may be. Please narrow its dates.",
            megabytes=found.limit // 1024 // 1024,
        )
    return faults.error(found.status, faults.Fault("10100", ""), tid=found.tid)
