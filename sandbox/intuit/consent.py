"""The authorize endpoint: sign in, see what is asked, choose a company, agree or refuse."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from sandbox.intuit import pages
from sandbox.intuit.companies_api import CompanyCard
from sandbox.intuit.oauth import AUTHORIZE
from sandbox.intuit.people import App, Directory, Person
from sandbox.intuit.tokens import Consent, Tokens

SIGN_IN = AUTHORIZE + "/sign_in"
DECISION = AUTHORIZE + "/decision"
APPS = "/app/apps"
DISCONNECT = APPS + "/disconnect"

PATIENCE = timedelta(minutes=30)
ACCOUNTING = "com.intuit.quickbooks.accounting"
COMPANY_SCOPES = (ACCOUNTING, "com.intuit.quickbooks.payment")
SCOPES = frozenset(pages.PERMISSIONS)

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """An authorization request that is on the screen."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    until: datetime
    person: Person | None = None

    @property
    def wants_company(self) -> bool:
        return any(scope in COMPANY_SCOPES for scope in self.scopes)


class ConsentPages:
    def __init__(
        self,
        app: App,
        people: Directory,
        tokens: Tokens,
        companies: Callable[[], list[CompanyCard]],
        now: Callable[[], datetime],
    ) -> None:
        self._app = app
        self._people = people
        self._tokens = tokens
        self._companies = companies
        self._now = now
        self._lock = threading.Lock()
        self._asked: dict[str, _Asked] = {}

    def authorize(self, request: Request) -> Response:
        """The first page, or an error: on a page of its own until the address is known to be the
        app's, and only then by redirect."""
        args = request.args
        if args.get("client_id") != self._app.client_id:
            return _error("The client_id is not one of a registered app.")
        redirect_uri = args.get("redirect_uri", "")
        if redirect_uri not in self._app.redirect_uris:
            return _error(
                "The redirect_uri is not registered for this app. It must match exactly: scheme, "
                "host, port, path, case and trailing slash."
            )
        state = args.get("state", "")
        if not state:
            return _error("The state parameter is missing from the authorization request.")
        if args.get("response_type") != "code":
            return _redirect(redirect_uri, error="unsupported_response_type", state=state)
        scopes = tuple(dict.fromkeys(args.get("scope", "").split()))
        if not scopes or not SCOPES.issuperset(scopes):
            return _redirect(redirect_uri, error="invalid_scope", state=state)

        key = secrets.token_urlsafe(18)
        with self._lock:
            self._asked[key] = _Asked(redirect_uri, scopes, state, self._now() + PATIENCE)
        return self._sign_in_page(key)

    def sign_in(self, request: Request) -> Response:
        key = request.form.get("consent", "")
        asked = self._find(key)
        if asked is None:
            return _used_up()
        person = self._people.find(request.form.get("person", ""))
        if person is None:
            return self._sign_in_page(key)
        with self._lock:
            self._asked[key] = replace(asked, person=person)
        if not asked.wants_company or self._people.is_admin(person):
            companies = self._companies() if asked.wants_company else []
            return _page(
                pages.choose(self._app.name, DECISION, key, person, asked.scopes, companies)
            )
        return _page(pages.admins_only(self._app.name, SIGN_IN, DECISION, key, person))

    def decision(self, request: Request) -> Response:
        key = request.form.get("consent", "")
        asked = self._find(key)
        if asked is None:
            return _used_up()
        if request.form.get("decision") == "refuse":
            self._forget(key)
            return _redirect(asked.redirect_uri, error="access_denied", state=asked.state)
        person = asked.person
        if request.form.get("decision") != "authorize" or person is None:
            return self._sign_in_page(key)
        realm_id: str | None = None
        if asked.wants_company:
            companies = self._companies()
            realm_id = request.form.get("realm_id")
            if realm_id not in {company.realm_id for company in companies}:
                return _page(
                    pages.choose(self._app.name, DECISION, key, person, asked.scopes, companies)
                )
            if not self._people.is_admin(person):
                return _page(pages.admins_only(self._app.name, SIGN_IN, DECISION, key, person))
        if self._forget(key) is None:
            return _used_up()
        consent = Consent(self._app.client_id, person.sub, realm_id, asked.scopes)
        code = self._tokens.code(consent, asked.redirect_uri)
        company = {"realmId": realm_id} if realm_id else {}
        return _redirect(asked.redirect_uri, code=code, state=asked.state, **company)

    def apps(self, request: Request) -> Response:
        """The page inside QuickBooks that lists connected apps."""
        live = {line.consent.realm_id for line in self._tokens.lines() if not line.ended}
        cards = [company for company in self._companies() if company.realm_id in live]
        return _page(pages.apps(self._app.name, DISCONNECT, cards))

    def disconnect(self, request: Request) -> Response:
        """Ends the company's grants first, then sends the browser to the app's landing page."""
        realm_id = request.form.get("realm_id", "")
        self._tokens.disconnect(realm_id)
        if self._app.disconnect_url is None:
            return _page(
                pages.sentence("Disconnected", f"{self._app.name} is disconnected from {realm_id}.")
            )
        return _redirect(self._app.disconnect_url, realmId=realm_id)

    def reset(self) -> None:
        with self._lock:
            self._asked.clear()

    def _sign_in_page(self, key: str) -> Response:
        people = [(person, self._people.is_admin(person)) for person in self._people.all()]
        return _page(pages.sign_in(self._app.name, SIGN_IN, key, people))

    def _find(self, key: str) -> _Asked | None:
        with self._lock:
            asked = self._asked.get(key)
        return asked if asked is not None and self._now() < asked.until else None

    def _forget(self, key: str) -> _Asked | None:
        with self._lock:
            return self._asked.pop(key, None)


def _page(html: str, status: int = 200) -> Response:
    return Response(html, status, _HEADERS, content_type="text/html; charset=utf-8")


def _error(text: str) -> Response:
    return _page(pages.sentence("We could not connect the app", text), 400)


def _used_up() -> Response:
    return _error("This page was already used, or it is too old. Start again from the app.")


def _redirect(to: str, **query: str) -> Response:
    headers = {"Location": f"{to}?{urlencode(query)}", "Cache-Control": "no-store"}
    return Response(b"", 302, headers)
