"""The Google side of the sandbox on one port: identity, Sheets API, and what others mount."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from sandbox.google.grid import Workbook
from sandbox.google.identity import CERTS_MAX_AGE_S, CLIENT_ID, PEOPLE, IdentityProvider
from sandbox.google.sheets_api import SheetsApi
from sandbox.http import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_SPREADSHEET = "1DemoSpreadsheetOfAnaAndBen"


def _wall() -> datetime:
    return datetime.now(UTC)


class GoogleSandbox:
    """Starts on 127.0.0.1; usable as a context manager.

    `extra_apps` are WSGI applications by path prefix ("/apps-script"); the longest prefix wins,
    "/" takes the rest, and PATH_INFO is left whole. `mount` adds one later, also while serving.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = _wall,
        *,
        client_id: str = CLIENT_ID,
        workbook: Workbook | None = None,
        extra_apps: Mapping[str, WSGIApplication] | None = None,
        port: int = 0,
    ) -> None:
        self.clock = clock
        self._server = Server(self, port)
        # Not Google's own name: no deployment of the google world takes this issuer.
        self.identity = IdentityProvider(client_id, issuer=self.url)
        self.workbook = workbook or Workbook(DEFAULT_SPREADSHEET, year=clock().year)
        self.workbooks = {self.workbook.id: self.workbook}
        self.sheets = SheetsApi(self.workbooks)
        self._apps: dict[str, WSGIApplication] = {
            "/oauth2": self._identity_app,
            "/identity": self._identity_app,
            "/v4": self.sheets,
        }
        self._apps.update(extra_apps or {})

    @property
    def url(self) -> str:
        return self._server.url

    def mount(self, prefix: str, app: WSGIApplication) -> None:
        self._apps = {**self._apps, prefix: app}

    def start(self) -> str:
        return self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def description(self) -> dict[str, str]:
        """What a client needs to be pointed here, for the sandbox's line of JSON."""
        return {
            "certs_url": f"{self.url}/oauth2/v1/certs",
            "issuer": self.identity.issuer,
            "client_id": self.identity.client_id,
            "token_url": f"{self.url}/identity/token",
            "sheets_url": f"{self.url}/",
            "spreadsheet_id": self.workbook.id,
            "page_url": f"{self.url}/",
        }

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        fitting = [p for p in self._apps if path == p or path.startswith(p.rstrip("/") + "/")]
        app = self._apps[max(fitting, key=len)] if fitting else NotFound().get_response()
        return app(environ, start)

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

    def _identity_app(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            endpoint, _ = _IDENTITY.bind_to_environ(environ).match()
            response = getattr(self, f"_{endpoint}")(request)
        except HTTPException as wrong:
            return wrong.get_response(environ)(environ, start)
        return list(response(environ, start))

    def _certs(self, request: Request) -> Response:
        response = _json(self.identity.certs())
        response.headers["Cache-Control"] = (
            f"public, max-age={CERTS_MAX_AGE_S}, must-revalidate, no-transform"
        )
        return response

    def _token(self, request: Request) -> Response:
        asked = request.get_json()
        email = asked.get("email", "ana@example.com")
        token = self.identity.mint(email, asked.get("aud"), **asked.get("claims", {}))
        return _json({"id_token": token})

    def _rotate(self, request: Request) -> Response:
        self.identity.rotate(forget=bool(request.get_json().get("forget")))
        return _json({"ok": True})

    def _share(self, request: Request) -> Response:
        asked = request.get_json()
        if asked.get("role") not in ("writer", "reader", None):
            return Response("writer, reader or null", status=400)
        self.sheets.share(asked["spreadsheet"], asked["account"], asked.get("role"))
        return _json({"ok": True})

    def _people(self, request: Request) -> Response:
        return _json({"people": [{"sub": p.sub, "email": p.email} for p in PEOPLE.values()]})


# `token`, `rotate`, `share` and `people` are ours: how the page and the tests act for a person.
_IDENTITY = Map(
    [
        Rule("/oauth2/v1/certs", endpoint="certs", methods=["GET"]),
        Rule("/identity/token", endpoint="token", methods=["POST"]),
        Rule("/identity/rotate", endpoint="rotate", methods=["POST"]),
        Rule("/identity/share", endpoint="share", methods=["POST"]),
        Rule("/identity/people", endpoint="people", methods=["GET"]),
    ]
)


def _json(answer: Mapping[str, Any]) -> Response:
    return Response(json.dumps(answer), mimetype="application/json")
