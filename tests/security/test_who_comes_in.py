"""At the door of every address: what is forged, foreign or too often costs no look at a store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import flask
import pytest
import requests

from counterfoil.adapters.google_identity import GoogleIdentity
from counterfoil.core.errors import Forbidden, TooManyRequests
from counterfoil.core.people import Guests
from counterfoil.web import oauth
from counterfoil.web.endpoint import Route, answer
from counterfoil.web.visitors import MOST_USERS, Visitors
from sandbox.google.identity import IdentityProvider
from tests.web.backend import ROUTES, Backend
from tests.web.token_service import CertsSession

NOON = datetime(2026, 11, 28, 12, 0, 30, tzinfo=UTC)


class Asked:
    """How often the stores were asked, whatever was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def watch(self, store: Any, *methods: str) -> None:
        for name in methods:
            setattr(store, name, self._counting(getattr(store, name)))

    def _counting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            self.asked += 1
            return call(*args, **named)

        return counted


@pytest.fixture(scope="module")
def google() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture(scope="module")
def impostor() -> IdentityProvider:
    return IdentityProvider()


def identity(google: IdentityProvider, guests: Guests | None = None) -> GoogleIdentity:
    return GoogleIdentity(
        audiences=(google.client_id,),
        issuers=(google.issuer,),
        certs_url="https://certs.example",
        session=cast("requests.Session", CertsSession(google)),
        now=lambda: datetime.now(UTC),
        guests=guests or Guests(),
    )


@pytest.fixture
def backend(google: IdentityProvider) -> Backend:
    backend = Backend()
    backend.identity = Visitors(identity(google), 5, lambda: NOON)  # type: ignore[assignment]
    return backend


ADDRESSES = [
    function + route.path.format(dataset="invoices", connection="con_x", exporter="exp_x",
                                 invitation="inv_x")
    for function, routes in ROUTES.items()
    if function != "token_refresh"
    for route in routes
    if route.path != "/tick"  # for the scheduler alone
]  # fmt: skip


def counted(backend: Backend) -> Asked:
    """The stores themselves count from here on, whichever flow asks them."""
    counting = Asked()
    counting.watch(
        backend.records,
        *("get", "get_all", "find", "create", "replace", "write_all", "delete"),
    )
    counting.watch(backend.flows.secrets, "add", "read", "destroy", "delete", "exists")
    return counting


def test_the_count_counts(backend: Backend, google: IdentityProvider) -> None:
    store = counted(backend)
    assert backend.ask(google.mint("ana@example.com"), "home/")[0] == 200
    assert store.asked > 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_forged_token_costs_no_store_read(
    backend: Backend, google: IdentityProvider, impostor: IdentityProvider, address: str
) -> None:
    store = counted(backend)
    good = google.mint("ana@example.com")
    head, body, signature = good.split(".")
    for forged in (
        "",
        "x",
        "a.b.c",
        impostor.mint("ana@example.com"),
        f"{head}.{body}.{signature[:-4]}AAAA",
        google.mint("ana@example.com", aud="another-app.apps.googleusercontent.com"),
        google.mint("x@any.iam.gserviceaccount.com", azp="104567890123456789012", hd=None),
    ):
        status, told = backend.ask(forged, address)
        assert (status, told["error"]["code"]) == (401, "unauthorized")
    assert store.asked == 0


@pytest.mark.parametrize(
    ("routes", "path", "reads", "writes"),
    [
        pytest.param(oauth.OAUTH_START, f"/?ticket={'x' * 43}", 1, 0, id="a made-up ticket"),
        pytest.param(oauth.OAUTH_CALLBACK, "/?code=x&state=y&realmId=1", 1, 0, id="a callback"),
        pytest.param(oauth.PAGES, "/disconnected?realmId=9130347000000001", 1, 1, id="a hint"),
        pytest.param(oauth.PAGES, "/connected", 0, 0, id="a page"),
    ],
)
def test_a_browser_that_nobody_sent_costs_what_the_document_says(
    backend: Backend, routes: tuple[Route, ...], path: str, reads: int, writes: int
) -> None:
    read, wrote = Asked(), Asked()
    read.watch(backend.records, "get", "find")
    wrote.watch(backend.records, "create", "replace", "write_all", "delete")
    with flask.Flask("tests").test_request_context(path):
        answer(flask.request, routes, lambda: backend)  # type: ignore[arg-type,return-value]
    assert (read.asked, wrote.asked) == (reads, writes)


def test_the_sixth_request_of_a_minute_costs_no_store_read_and_says_when(
    backend: Backend, google: IdentityProvider
) -> None:
    token, other = google.mint("ana@example.com"), google.mint("ben@example.com")
    for _ in range(5):
        backend.ask(token, "connections/")
    store = counted(backend)
    status, told = backend.ask(token, "home/")
    assert (status, told["error"]["code"]) == (429, "too_many_requests")
    assert told["error"]["details"] == {"wait_s": 30}
    assert store.asked == 0
    assert backend.ask(other, "connections/")[0] == 200


class Everybody:
    def __init__(self) -> None:
        self.sub = "1"

    def user(self, authorization: str | None) -> Any:
        return type("User", (), {"sub": self.sub, "email": "x@example.com"})()


def test_each_user_has_a_count_and_each_minute_a_new_one() -> None:
    at = NOON
    everybody = Everybody()
    door = Visitors(everybody, 2, lambda: at)
    door.user(None)
    door.user(None)
    with pytest.raises(TooManyRequests) as refused:
        door.user(None)
    assert refused.value.details == {"wait_s": 30}
    everybody.sub = "2"
    door.user(None)
    everybody.sub = "1"
    at = at.replace(minute=1)
    door.user(None)


def test_no_crowd_fills_the_memory() -> None:
    everybody = Everybody()
    door = Visitors(everybody, 1, lambda: NOON)
    for number in range(MOST_USERS + 10):
        everybody.sub = str(number)
        door.user(None)
    assert len(door._asked) <= MOST_USERS


# Whom a deployment is for

ACME = Guests(domains=frozenset({"acme.example"}))
BOTH = Guests(domains=frozenset({"acme.example"}), users=frozenset({"accountant@gmail.example"}))


@pytest.mark.parametrize(
    ("guests", "email", "hd"),
    [
        pytest.param(ACME, "ana@acme.example", "acme.example", id="of the domain"),
        pytest.param(ACME, "ana@acme.example", "ACME.example", id="in capitals"),
        pytest.param(ACME, "ana@alias.example", "acme.example", id="of the domain by an alias"),
        pytest.param(BOTH, "Accountant@gmail.example", None, id="a single person"),
        pytest.param(Guests(), "anybody@gmail.example", None, id="nothing is set"),
    ],
)
def test_who_is_named_comes_in(
    google: IdentityProvider, guests: Guests, email: str, hd: str | None
) -> None:
    token = google.mint(email, hd=hd)
    assert identity(google, guests).user(f"Bearer {token}").email == email


@pytest.mark.parametrize(
    ("guests", "email", "hd"),
    [
        pytest.param(ACME, "ana@acme.example", None, id="the address without Google's word"),
        pytest.param(ACME, "ana@acme.example", "evil.example", id="another Workspace"),
        pytest.param(ACME, "ana@x.example", "sub.acme.example", id="a domain below it"),
        pytest.param(ACME, "ana@x.example", "xacme.example", id="one that ends alike"),
        pytest.param(ACME, "ana@x.example", ["acme.example"], id="domains in a list"),
        pytest.param(BOTH, "xaccountant@gmail.example", None, id="an address that ends alike"),
    ],
)
def test_nobody_else_does_and_the_lists_are_not_told(
    google: IdentityProvider, guests: Guests, email: str, hd: Any
) -> None:
    token = google.mint(email, hd=hd)
    with pytest.raises(Forbidden) as refused:
        identity(google, guests).user(f"Bearer {token}")
    assert "acme" not in refused.value.message
    assert refused.value.details == {}


def test_who_is_not_named_costs_no_store_read(google: IdentityProvider) -> None:
    backend = Backend()
    backend.identity = identity(google, ACME)  # type: ignore[assignment]
    store = counted(backend)
    for address in ADDRESSES:
        status, told = backend.ask(google.mint("ben@example.com"), address)
        assert (status, told["error"]["code"]) == (403, "forbidden")
    assert store.asked == 0
