"""Google's own client over the Sheets stand-in without a socket, and a line that can be cut."""

from __future__ import annotations

import enum
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import httplib2

from counterfoil.adapters.sheets_methods import Spreadsheets

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Lost(enum.Enum):
    """What comes instead of the answer of a call that was applied."""

    TIMEOUT = "nothing"
    BUSY = "a 503"


class Line:
    """What the client takes for httplib2.Http. Once cut, nothing gets through any more; of a write
    that loses its answer all else does.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._left: int | None = None
        self._loses: int | None = None
        self._lost: Lost = Lost.TIMEOUT
        self.writes = 0

    def cut_after(self, writes: int) -> None:
        self._left = writes

    def lose_after(self, writes: int, lost: Lost) -> None:
        """After so many writes one is applied, and nobody is told."""
        self._loses, self._lost = writes, lost

    def mended(self) -> None:
        self._left, self._loses, self.writes = None, None, 0

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any
    ) -> tuple[httplib2.Response, bytes]:
        is_write = uri.partition("?")[0].endswith(":batchUpdate")
        if is_write:
            if self._left is not None and self.writes >= self._left:
                self._left = -1
            self.writes += 1
        if self._left == -1:
            raise OSError("the line is cut")
        url, sent = urlsplit(uri), body.encode() if isinstance(body, str) else body or b""
        told: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self._app(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": unquote(url.path, "latin-1"),
                "QUERY_STRING": url.query,
                "RAW_URI": f"{url.path}?{url.query}",
                "SCRIPT_NAME": "",
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(sent)),
                "HTTP_AUTHORIZATION": "Bearer sandbox",
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(sent),
            },
            lambda status, headers, *_: told.append((status, headers)),  # type: ignore[arg-type, return-value]
        )
        text = b"".join(parts)
        status, found = told[0]
        if is_write and self._loses is not None and self.writes == self._loses + 1:
            if self._lost is Lost.TIMEOUT:
                raise TimeoutError("timed out")
            return httplib2.Response({"status": "503"}), b"{}"
        named = {name.lower(): value for name, value in found}
        return httplib2.Response({"status": status[:3], **named}), text


def client_of(line: Line) -> Any:
    """What SheetsWriter takes: Google's client of spreadsheets."""
    return Spreadsheets(line)
