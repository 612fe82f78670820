"""QuickBooks and Intuit's sign-in on one port: the simulator as a WSGI application."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from werkzeug.wrappers import Request, Response

from sandbox.clock import Clock
from sandbox.http import ConnectionDropped, Server
from sandbox.intuit import consent, control, faults, gateway, oauth
from sandbox.intuit.calls import Calls
from sandbox.intuit.companies_api import Books, CompanyCard
from sandbox.intuit.consent import ACCOUNTING, ConsentPages
from sandbox.intuit.control import Control
from sandbox.intuit.faults import Fault, Faults, Kind
from sandbox.intuit.gateway import Gateway
from sandbox.intuit.oauth import OAuth
from sandbox.intuit.people import App, Directory
from sandbox.intuit.throttle import Throttle
from sandbox.intuit.tokens import Consent, Issued, Tokens

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

API = "/v3/company/"
DEFAULT_SCOPES = (ACCOUNTING, "openid")


@dataclass(frozen=True, slots=True)
class Asked:
    """A call to the accounting API, before it is answered."""

    realm_id: str
    method: str
    path: str
    """What follows the realm: "query", "cdc", "reports/ProfitAndLoss"."""
    statement: str
    """Of a query."""


class IntuitSandbox:
    """A whole Intuit on 127.0.0.1: usable as a WSGI application, by start() and stop(), or as a
    context manager.

    `redirect_uris` are registered besides the usual ones. `sleep` is how latency passes.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        books: Books | None = None,
        *,
        port: int = 0,
        redirect_uris: Iterable[str] = (),
        disconnect_url: str | None = None,
        grace: bool = False,
        throttles: bool = False,
        latency_ms: int = 0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.clock = clock or Clock()
        self.books = books or _demo_books()
        self.app = App(disconnect_url=disconnect_url)
        for uri in redirect_uris:
            self.app.allow(uri)
        self.people = Directory()
        self.tokens = Tokens(self.clock, grace=grace)
        self.throttle = Throttle(self.clock, on=throttles)
        self.faults = Faults()
        self.calls = Calls()
        self.latency_ms = latency_ms
        """What every call takes at least, in milliseconds; the control endpoints excepted."""
        self._sleep = sleep
        self._port = port
        self._server: Server | None = None
        self._making = threading.Lock()
        self._oauth = OAuth(self.app, self.people, self.tokens, self.clock)
        self._consent = ConsentPages(
            self.app, self.people, self.tokens, self.books.companies, self.clock
        )
        self._gateway = Gateway(self.books, self.people, self.tokens, self.throttle, self.clock)
        self._control = Control(self)
        self._hooks: list[Callable[[Asked], None]] = []

    # What a client needs to know

    @property
    def url(self) -> str:
        """The base of everything, of the accounting API too; known before start()."""
        with self._making:
            if self._server is None:
                self._server = Server(self, self._port)
            return self._server.url

    @property
    def discovery_url(self) -> str:
        return self.url + oauth.DISCOVERY

    @property
    def control_url(self) -> str:
        return self.url + control.PREFIX.rstrip("/")

    @property
    def client_id(self) -> str:
        return self.app.client_id

    @property
    def client_secret(self) -> str:
        return self.app.client_secret

    def companies(self) -> list[CompanyCard]:
        return self.books.companies()

    # Life

    def start(self) -> str:
        """Serves in threads; returns `url`."""
        url = self.url
        if self._server is not None:
            self._server.start()
        return url

    def stop(self) -> None:
        with self._making:
            if self._server is not None:
                self._server.stop()
                self._server = None

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

    # What tests do to it

    def grant(
        self,
        realm_id: str,
        person: str = "dana",
        scopes: Sequence[str] | None = None,
    ) -> Issued:
        """Tokens without the way through the consent page. Raises KeyError for unknown ones."""
        who = self.people.find(person)
        if who is None or realm_id not in {company.realm_id for company in self.companies()}:
            raise KeyError(person if who is None else realm_id)
        asked = tuple(scopes) if scopes is not None else DEFAULT_SCOPES
        return self.tokens.grant(Consent(self.client_id, who.sub, realm_id, asked))

    def inject(self, kind: str, **which: object) -> None:
        """Makes calls go wrong; `which` as in Fault: realm_id, path, statement, times, after …"""
        self.faults.inject(Fault(kind=Kind(kind), **which))  # type: ignore[arg-type]  # checked there

    def on_call(self, hook: Callable[[Asked], None]) -> None:
        """Calls `hook` just before the books answer each call that the gateway let through: the
        place to edit a company in the middle of somebody's run. It may be called by several
        threads at once; reset() forgets it.
        """
        self._hooks.append(hook)

    def disconnect(self, realm_id: str, person: str | None = None) -> int:
        """As if somebody (or everybody) had pressed Disconnect inside QuickBooks."""
        who = self.people.find(person) if person is not None else None
        return self.tokens.disconnect(realm_id, who.sub if who else None)

    def reset(self) -> None:
        """Forgets grants, calls, faults and switches. The clock stays where it is."""
        self.tokens.reset()
        self.tokens.grace = False
        self.people.reset()
        self.throttle.reset()
        self.throttle.on = False
        self.faults.clear()
        self.calls.clear()
        self.latency_ms = 0
        self._consent.reset()
        self._hooks.clear()

    # Requests

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith(control.PREFIX):
            answer = self._control.answer(request)
        else:
            answer = self._answered(request)
        return answer(environ, start_response)

    def _answered(self, request: Request) -> Response:
        tid = f"1-{int(self.clock().timestamp()):08x}-{secrets.token_hex(12)}"
        realm_id, rest = _company(request.path)
        body = b"" if _is_form(request) else request.get_data()
        statement = _statement(request, rest, body)
        sent = request.full_path if request.query_string else request.path
        fault = self.faults.take(realm_id, sent, statement)
        try:
            if realm_id is not None:
                self.calls.entered()
            answer = self._with_fault(request, realm_id, rest, body, fault)
        finally:
            if realm_id is not None:
                self.calls.left()
        answer.headers["intuit_tid"] = tid
        self.calls.add(
            at=self.clock(),
            method=request.method,
            path=request.path,
            query=request.query_string.decode("latin-1") if realm_id is not None else "",
            statement=statement,
            realm_id=realm_id,
            status=answer.status_code,
            fault=fault.kind.value if fault else None,
            tid=tid,
            sent_bytes=answer.content_length or 0,
        )
        if fault is not None and fault.kind in (Kind.DROP, Kind.DROP_BEFORE):
            raise ConnectionDropped
        return answer

    def _with_fault(
        self,
        request: Request,
        realm_id: str | None,
        rest: str,
        body: bytes,
        fault: Fault | None,
    ) -> Response:
        takes_ms = self.latency_ms + (fault.latency_ms if fault else 0)

        def pause() -> None:
            if takes_ms > 0:
                self._sleep(takes_ms / 1000)

        if fault is not None and fault.kind not in faults.AFTERWARDS:
            pause()
            if fault.kind is Kind.DROP_BEFORE:
                return Response(b"", 504)
            return gateway.response(
                faults.answer(fault, gateway.bearer(request) or "", self.clock())
            )
        answer = self._routed(request, realm_id, rest, body, pause)
        match fault.kind if fault else None:
            case Kind.UNABLE_TO_DISPLAY:
                return gateway.too_large(answer)
            case Kind.WITHOUT_REFRESH_TOKEN:
                return oauth.without_refresh_token(answer)
        return answer

    def _routed(
        self,
        request: Request,
        realm_id: str | None,
        rest: str,
        body: bytes,
        pause: Callable[[], None],
    ) -> Response:
        if request.path == oauth.TOKEN:
            return self._oauth.token(request, pause)
        if realm_id is not None:
            # Whether a call is one too many is decided when it comes, not when it is answered.
            refused = self._gateway.refusal(request, realm_id, rest)
            pause()
            if refused is not None:
                return refused
            for hook in self._hooks:
                hook(Asked(realm_id, request.method, rest, _statement(request, rest, body)))
            return self._gateway.answer(request, realm_id, rest, body)
        pause()
        match request.method, request.path:
            case "GET", oauth.DISCOVERY | oauth.DISCOVERY_SANDBOX:
                return self._oauth.discovery(request)
            case "GET", oauth.JWKS:
                return self._oauth.jwks(request)
            case "GET", oauth.AUTHORIZE:
                return self._consent.authorize(request)
            case "POST", consent.SIGN_IN:
                return self._consent.sign_in(request)
            case "POST", consent.DECISION:
                return self._consent.decision(request)
            case _, oauth.REVOKE:
                return self._oauth.revoke(request)
            case "GET" | "POST", oauth.USERINFO:
                return self._oauth.userinfo(request)
            case "GET", consent.APPS:
                return self._consent.apps(request)
            case "POST", consent.DISCONNECT:
                return self._consent.disconnect(request)
        return Response("There is nothing here.\n", 404, content_type="text/plain")


def _company(path: str) -> tuple[str | None, str]:
    """The realm of an accounting request and what follows it; (None, "") for other paths."""
    if not path.startswith(API):
        return None, ""
    realm_id, _, rest = path.removeprefix(API).partition("/")
    return realm_id, rest.rstrip("/")


def _statement(request: Request, rest: str, body: bytes) -> str:
    if rest == "query":
        if request.method == "POST":
            return body.decode("utf-8", "replace")
        return request.args.get("query", "")
    if request.path == oauth.TOKEN:
        # What kind of exchange; never its values.
        return f"grant_type={request.form.get('grant_type', '')}"
    return ""


def _is_form(request: Request) -> bool:
    """Forms are parsed by werkzeug, which needs the body unread."""
    return not request.path.startswith(API) and request.mimetype in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    )


def _demo_books() -> Books:
    # Late: building the companies takes a moment, and tests often bring their own.
    from sandbox.intuit.companies import demo_books

    return demo_books()
