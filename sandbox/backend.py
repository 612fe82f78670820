"""The backend on this machine: every Cloud Function of functions/main.py at `/<function>`.

python -m sandbox.backend --port 8080        (settings in the environment)
"""

from __future__ import annotations

import argparse
import pathlib
import signal
import sys
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import functions_framework
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from sandbox.http import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FUNCTIONS = pathlib.Path(__file__).resolve().parents[1] / "functions"
NAMES = (
    "home", "catalog", "connections", "oauth_start", "oauth_callback", "pages", "export",
    "exporters", "account", "runs", "health", "token_refresh",
    "managed_refresh",
)  # fmt: skip


def backend_app() -> WSGIApplication:
    """One WSGI app with each function mounted where its URL has it in the cloud."""
    mounted = {
        f"/{name}": _rooted(functions_framework.create_app(name, str(FUNCTIONS / "main.py")))
        for name in NAMES
    }
    return DispatcherMiddleware(NotFound(), mounted)


def _rooted(app: WSGIApplication) -> WSGIApplication:
    """In the cloud a function's bare address has the path "/", never none."""

    def rooted(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return app({**environ, "PATH_INFO": environ["PATH_INFO"] or "/"}, start)

    return rooted


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.backend")
    parser.add_argument("--port", type=int, default=8080)
    arguments = parser.parse_args()
    sys.path.insert(0, str(FUNCTIONS))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server = Server(backend_app(), port=arguments.port)
    print(server.start(), file=sys.stderr, flush=True)
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main()
