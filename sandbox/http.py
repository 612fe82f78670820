"""A small HTTP/1.1 server for WSGI applications on loopback: threads, keep-alive, quiet."""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import sys
import threading
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast
from urllib.parse import unquote, urlsplit

from werkzeug.serving import DechunkedInput
from werkzeug.wsgi import LimitedStream

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LOOPBACK = "127.0.0.1"
STOP_PATIENCE_S = 5.0
# A body that the application did not read is drained up to here, so that the connection can
# carry the next request; beyond it the connection is closed instead.
DRAIN_BYTES = 64 * 1024 * 1024

log = logging.getLogger(__name__)


class ConnectionDropped(Exception):
    """Raised by an application to close the connection without any answer."""


class Server:
    """Serves one WSGI application on 127.0.0.1; port 0 means any free one.

    Unlike werkzeug's own server it keeps connections alive, which is what clients that fetch
    fifty pages over one connection meet in the world.
    """

    def __init__(self, app: WSGIApplication, port: int = 0) -> None:
        self._server = _Listener(app, port)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Like http://127.0.0.1:8123, without a trailing slash; known before start()."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> str:
        """Serves in a thread of its own; returns `url`."""
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name=f"server-{self.port}",
            daemon=True,
        )
        self._thread.start()
        return self.url

    def stop(self) -> None:
        """Stops listening and closes every open connection. Safe to call twice."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join(STOP_PATIENCE_S)
            self._thread = None
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    # 64 threads may knock at the same moment; the default of 5 makes them wait a second.
    request_queue_size = 256

    def __init__(self, app: WSGIApplication, port: int) -> None:
        self.app = app
        self._open: dict[socket.socket, threading.Thread] = {}
        self._guard = threading.Lock()
        super().__init__((LOOPBACK, port), _Handler)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.pop(request, None)

    def server_close(self) -> None:
        super().server_close()
        with self._guard:
            still_open = dict(self._open)
        for connection in still_open:
            # Wakes the thread that waits for the next request of an idle connection.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in still_open.values():
            if thread is not threading.current_thread():
                thread.join(STOP_PATIENCE_S)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if isinstance(sys.exc_info()[1], OSError):
            return  # the client went away, or stop() closed its connection
        log.exception("a request ended in an error")


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    # Headers and body leave in one write: two small writes would wait for each other (Nagle and
    # delayed acknowledgement), 40 ms per answer.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _run(self) -> None:
        body, chunked = self._input()
        try:
            self._answer(self._environ(body, chunked))
        except ConnectionDropped:
            self.close_connection = True
            return
        if not self.close_connection and not _drained(body):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _run

    def _input(self) -> tuple[BinaryIO, bool]:
        stream = cast(BinaryIO, self.rfile)
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return cast(BinaryIO, DechunkedInput(stream)), True
        try:
            length = max(0, int(self.headers.get("Content-Length") or 0))
        except ValueError:
            length = 0
            self.close_connection = True
        return cast(BinaryIO, LimitedStream(stream, length)), False

    def _environ(self, body: BinaryIO, chunked: bool) -> WSGIEnvironment:
        url = urlsplit(self.path if not self.path.startswith("//") else "/" + self.path.lstrip("/"))
        host, port = self.server.server_address[:2]
        environ: WSGIEnvironment = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": body,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(url.path, "latin-1"),
            "QUERY_STRING": url.query,
            "REQUEST_URI": self.path,
            "RAW_URI": self.path,
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": self.client_address[1],
            "SERVER_NAME": str(host),
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
        }
        if chunked:
            environ["wsgi.input_terminated"] = True
        for name, value in self.headers.items():
            if "_" in name:
                continue
            key = name.upper().replace("-", "_")
            if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                key = f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def _answer(self, environ: WSGIEnvironment) -> None:
        answer = _Answer()
        parts: Iterable[bytes] | None = None
        try:
            parts = self.server.app(environ, answer.start)
            self._send(answer, parts)
        except (ConnectionDropped, OSError):
            raise
        except Exception:
            log.exception("%s %s failed", self.command, urlsplit(self.path).path)
            self.close_connection = True
            if not answer.sent:
                self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    def _send(self, answer: _Answer, parts: Iterable[bytes]) -> None:
        chunks = iter(parts)
        # An application may call start_response as late as with its first chunk.
        first = next(chunks, b"")
        code, reason, headers = answer.opened()
        names = {name.lower() for name, _ in headers}
        bodiless = self.command == "HEAD" or code < 200 or code in (204, 304)
        # A list of one chunk has a length that need not be announced in chunks.
        if not bodiless and "content-length" not in names and isinstance(parts, (list, tuple)):
            whole = first + b"".join(chunks)
            chunks, first = iter(()), whole
            headers = [*headers, ("Content-Length", str(len(whole)))]
            names.add("content-length")
        chunked = not bodiless and "content-length" not in names

        answer.sent = True
        self.send_response(code, reason)
        for name, value in headers:
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        if self.close_connection and "connection" not in names:
            self.send_header("Connection", "close")
        self.end_headers()

        if not bodiless:
            self._write(first, chunked)
            for chunk in chunks:
                self._write(chunk, chunked)
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _write(self, data: bytes, chunked: bool) -> None:
        if not data:
            return
        if not chunked:
            self.wfile.write(data)
            return
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()  # a stream is watched as it comes

    def handle_expect_100(self) -> bool:
        go_on = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what was asked is in the simulators' own request logs."""

    def finish(self) -> None:
        # The client may have left before it read its answer.
        with contextlib.suppress(OSError):
            super().finish()


class _Answer:
    """What the application said in start_response."""

    def __init__(self) -> None:
        self.sent = False
        self._status = ""
        self._headers: list[tuple[str, str]] = []

    def start(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: Any = None,
        /,
    ) -> Any:
        if exc_info and self.sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self._status, self._headers = status, headers
        return _no_write

    def opened(self) -> tuple[int, str, list[tuple[str, str]]]:
        code, _, reason = self._status.partition(" ")
        return int(code), reason, self._headers


def _no_write(data: bytes, /) -> None:
    raise RuntimeError("return the body; write() is not offered")


def _drained(body: BinaryIO) -> bool:
    """True when nothing of the request is left on the connection."""
    left = DRAIN_BYTES
    while left > 0:
        try:
            chunk = body.read(min(left, 1 << 20))
        except Exception:
            return False  # a broken body: the next request cannot be found behind it
        if not chunk:
            return True
        left -= len(chunk)
    return False
