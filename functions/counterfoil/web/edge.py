"""What stands between the server and the framework: bodies withheld, headers and a line for all.

The framework reads what is left of a body after we have answered, keeps it, and answers some
addresses itself (https://github.com/GoogleCloudPlatform/functions-framework-python, read_request).
So nothing of a body is to be had before a route asks for it, nor once it has answered. What is
left then gunicorn throws away, up to 64 KiB, and closes the connection when there is more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from counterfoil.core import journal

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("counterfoil.web")

# https://developer.intuit.com/app/developer/qbo/docs/go-live/publish-app/security-requirements
# asks for no-store; the rest keeps an answer from being framed, sniffed or referred to.
HEADERS = {
    "Cache-Control": "no-cache, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
NOTED = "counterfoil.noted"  # in the environment of a request that has left its line


class Withheld:
    """A request's body of which as many bytes are to be had as were let through, and no more."""

    def __init__(self, stream: InputStream) -> None:
        self._stream = stream
        self._left = 0

    def let(self, most: int) -> None:
        """From here on `most` bytes; 0 ends it."""
        self._left = most

    def read(self, size: int | None = -1) -> bytes:
        """Like a file's: fewer bytes only at the end of the body, or of what is let through."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        parts = []
        while wanted > 0 and (part := self._stream.read(wanted)):
            parts.append(part)
            wanted -= len(part)
            self._left -= len(part)
        return b"".join(parts)

    def readline(self, size: int | None = -1) -> bytes:
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        line = self._stream.readline(wanted) if wanted > 0 else b""
        self._left -= len(line)
        return line

    def readlines(self, hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Any:
        return iter(self.readline, b"")


def withheld(environ: WSGIEnvironment) -> Withheld:
    """The request's body, put behind a bound if it is not yet."""
    body = environ["wsgi.input"]
    if isinstance(body, Withheld):
        return body
    made = environ["wsgi.input"] = Withheld(body)
    # It ends by itself, announced or not: nobody has to take its length for granted.
    environ["wsgi.input_terminated"] = True
    return made


class Edge:
    """A WSGI application around the framework's; `prepare` is called before the first request."""

    def __init__(self, app: WSGIApplication, prepare: Callable[[], None]) -> None:
        self._app = app
        self._prepare = prepare
        self._prepared = False

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not self._prepared:
            self._prepare()
            self._prepared = True
        withheld(environ)
        # An address that ends with its host the framework would redirect, by the Host that was
        # sent and with the query: a callback's code would stand in an answer.
        environ["PATH_INFO"] = environ.get("PATH_INFO") or "/"

        def started(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            if NOTED not in environ:
                _note(environ, status)
            had = {name.lower() for name, _ in headers}
            more = [(name, HEADERS[name]) for name in HEADERS if name.lower() not in had]
            return start(status, [*headers, *more], *error)

        return self._app(environ, started)


def _note(environ: WSGIEnvironment, status: str) -> None:
    """The line of a request that the framework answered by itself."""
    journal.begin(environ.get("HTTP_X_CLOUD_TRACE_CONTEXT"), environ.get("HTTP_TRACEPARENT"))
    method, number = environ["REQUEST_METHOD"][:10], int(status.split()[0])
    environ[NOTED] = True
    log.info(
        "request",
        extra={"fields": {"method": method, "route": "none", "status": number, "duration_ms": 0}},
    )
