"""Google's own client for the Sheets API, as one of the service accounts of managed refresh.

The function runs as an account of its own and borrows each writing account's access, for the one
scope that it needs and an hour at the most; no key of an account exists anywhere.
https://cloud.google.com/iam/docs/service-account-impersonation
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import google.auth
import httplib2
from google.auth.exceptions import GoogleAuthError
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp

from counterfoil.adapters.borrowed import Borrowed
from counterfoil.adapters.sheet_book import Stopped
from counterfoil.adapters.sheet_calls import RETRIES
from counterfoil.adapters.sheet_desk import SheetDesk
from counterfoil.adapters.sheet_line import OnceHttp, OnceHttps
from counterfoil.adapters.sheets_methods import Spreadsheets
from counterfoil.core.errors import ServiceUnavailable, SheetNotShared

SCOPE = "https://www.googleapis.com/auth/spreadsheets"
# Google ends a call of its own accord after 180 s; a batch of 2 MB takes a few seconds.
TIMEOUT_S = 90


class Pace(Protocol):
    def admit(self, account: str, *, writes: bool) -> None:
        """Returns when a call may begin. Raises ServiceUnavailable."""
        ...


class SheetDesks:
    """Opens spreadsheets. `accounts` are all that may be used; `url` is a stand-in's, or empty for
    Google's own.
    """

    def __init__(
        self, accounts: Sequence[str], pace: Pace, *, url: str = "", retries: int = RETRIES
    ) -> None:
        self._accounts = frozenset(accounts)
        self._pace = pace
        self._url = url
        self._retries = retries
        self._lock = threading.Lock()
        self._credentials: dict[str, Any] = {}

    @contextmanager
    def open(self, account: str, spreadsheet: str) -> Iterator[SheetDesk]:
        """Raises SheetNotShared for an account that is not ours any more, ServiceUnavailable."""
        if account not in self._accounts:
            raise SheetNotShared(
                f"This Counterfoil does not use {account} any more. Turn managed refresh on again.",
                account=account,
            )
        made: Counter[str] = Counter()

        def admit(writes: bool) -> None:
            self._pace.admit(account, writes=writes)
            made["writes" if writes else "reads"] += 1

        # No proxy that the environment names: it would be told of every spreadsheet.
        plain = httplib2.Http(timeout=TIMEOUT_S, proxy_info=None)
        plain.follow_redirects = False  # it would take a table along
        http = PacedHttp(AuthorizedHttp(self._of(account), http=plain), admit)
        spreadsheets = Spreadsheets(http, self._url)
        try:
            yield SheetDesk(spreadsheets, spreadsheet, account, retries=self._retries, made=made)
        finally:
            http.close()

    def _of(self, account: str) -> Any:
        with self._lock:
            if account not in self._credentials:
                self._credentials[account] = self._made(account)
            return self._credentials[account]

    def _made(self, account: str) -> Any:
        if self._url:
            return Credentials(token=f"sandbox:{account}")
        try:
            source, _ = google.auth.default()
        except GoogleAuthError as error:
            raise ServiceUnavailable(
                "Counterfoil cannot prove to Google who it is. Whoever runs it has to see to that."
            ) from error
        return Borrowed(  # type: ignore[no-untyped-call]
            source_credentials=source, target_principal=account, target_scopes=[SCOPE]
        )


class PacedHttp:
    """What the client takes for httplib2.Http: each request, repeats included, waits its turn, and
    none is sent twice but by the client.
    """

    def __init__(self, http: Any, admit: Callable[[bool], None]) -> None:
        self._http = http
        self._admit = admit

    def request(self, uri: str, method: str = "GET", *args: Any, **more: Any) -> Any:
        writes = uri.partition("?")[0].endswith(":batchUpdate")
        try:
            self._admit(writes)
        except ServiceUnavailable as busy:
            raise Stopped("sheet_busy", busy.message) from busy
        if writes:
            self._http.close()  # one that Google has closed meanwhile would look like a lost answer
        kind = OnceHttps if uri.startswith("https:") else OnceHttp
        return self._http.request(uri, method, *args, connection_type=kind, **more)

    def close(self) -> None:
        self._http.close()
