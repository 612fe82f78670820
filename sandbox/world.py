"""Both simulators and the backend, started together: for the demo, the tests, the pictures."""

from __future__ import annotations

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
from types import TracebackType
from typing import Self

import requests

from sandbox.clock import Clock
from sandbox.google.apps_script import AppsScript
from sandbox.google.identity import PEOPLE
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.companies_api import Books
from sandbox.intuit.server import IntuitSandbox

ROOT = pathlib.Path(__file__).resolve().parents[1]
# With whom people share a spreadsheet for managed refresh.
MANAGED_ACCOUNT = "counterfoil-sheets-1@sandbox.iam.gserviceaccount.com"
START_PATIENCE_S = 60  # a cold start of the backend on a busy machine


class Backend:
    """The backend as a process of its own, so that it can be stopped like a real one."""

    def __init__(self, port: int, env: dict[str, str], log: pathlib.Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self.module = "sandbox.backend"
        """What runs in it; a test may have one of its own."""
        self._port = port
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers. Raises RuntimeError with where its log is."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", self.module, "--port", str(self._port)],
                cwd=ROOT,
                env={**os.environ, **self._env},
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + START_PATIENCE_S
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.url}/health", timeout=5).ok:
                    return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"The backend did not start; its log: {self.log.read_text()[-2000:]}")

    def stop(self, *, kill: bool = False) -> None:
        """Ends the process; `kill` gives it no time to say goodbye."""
        process, self._process = self._process, None
        if process is None:
            return
        if kill:
            process.kill()
        else:
            process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class World:
    """Everything on 127.0.0.1; usable as a context manager.

    `page_port` and `backend_port` of 0 mean any free port.
    """

    def __init__(
        self,
        books: Books | None = None,
        *,
        clock: Clock | None = None,
        page_port: int = 0,
        backend_port: int = 0,
        env: dict[str, str] | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.closing = contextlib.ExitStack()
        """What clients of this world have open; closed when it stops."""
        self._folder = tempfile.TemporaryDirectory(prefix="counterfoil-")
        self.data = pathlib.Path(self._folder.name)
        backend_port = backend_port or _free_port()
        backend_url = f"http://127.0.0.1:{backend_port}"
        self.intuit = IntuitSandbox(
            clock=self.clock, books=books, redirect_uris=[f"{backend_url}/oauth_callback"]
        )
        self.google = GoogleSandbox(port=page_port)
        self.script = AppsScript(
            self.google.workbooks,
            addon=ROOT / "addon",
            mint=self.google.identity.mint,
            users=tuple(PEOPLE),
            backend_url=backend_url,
            clock=self.clock,
        )
        self.google.mount("/", self.script)
        self.backend = Backend(backend_port, self._settings(backend_url) | (env or {}), self.log)

    @property
    def log(self) -> pathlib.Path:
        """What the backend said."""
        return self.data / "backend.log"

    @property
    def page_url(self) -> str:
        """The page that stands in for Google Sheets."""
        return f"{self.google.url}/"

    def start(self) -> Self:
        self.intuit.start()
        self.google.start()
        self.backend.start()
        return self

    def stop(self) -> None:
        self.closing.close()
        self.backend.stop()
        self.script.close()
        self.google.stop()
        self.intuit.stop()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _settings(self, backend_url: str) -> dict[str, str]:
        google = self.google.description()
        return {
            "COUNTERFOIL_WORLD": "sandbox",
            "COUNTERFOIL_DATA": str(self.data / "stores"),
            "BACKEND_URL": backend_url,
            "GOOGLE_CERTS_URL": google["certs_url"],
            "GOOGLE_ISSUER": google["issuer"],
            "MANAGED_ACCOUNTS": MANAGED_ACCOUNT,
            "SHEETS_API_URL": google["sheets_url"],
            "ADDON_CLIENT_IDS": google["client_id"],
            "INTUIT_DISCOVERY_URL": self.intuit.discovery_url,
            "INTUIT_API_URL": self.intuit.url,
            "INTUIT_CLIENT_ID": self.intuit.client_id,
            "INTUIT_CLIENT_SECRET": self.intuit.client_secret,
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
