"""The pages that Intuit, and people who read about us, open in a browser."""

from __future__ import annotations

import flask
import pytest

from counterfoil.web import oauth
from counterfoil.web.endpoint import answer
from counterfoil.web.pages import OUTCOMES
from tests.flows.world import ACME
from tests.web.backend import Backend

NOBODYS = "9130347000000001"


def opened(backend: Backend, path: str, method: str = "GET") -> flask.Response:
    app = flask.Flask("tests")
    with app.test_request_context(path, method=method):
        return answer(flask.request, oauth.PAGES, lambda: backend)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("launch", "choose Extensions, Counterfoil, Open Counterfoil"),
        ("disconnected", "press Reconnect in the sidebar to go on"),
        ("reconnect", "press Reconnect beside the company"),
        ("privacy", "Runs are kept for 90 days"),
        ("terms", "QuickBooks"),
    ],
)
def test_each_says_what_to_do_and_nothing_of_anybodys(page: str, says: str) -> None:
    backend = Backend()
    backend.flows.connected(backend.user("ana"))
    response = opened(backend, f"/{page}?realmId={ACME}")
    text = response.get_data(as_text=True)
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["Cache-Control"] == "no-cache, no-store"
    assert "Set-Cookie" not in response.headers
    assert says in text
    assert not [each for each in (ACME, "Acme", "ana@example.com", "<script") if each in text]


@pytest.mark.parametrize("page", ["launch", "reconnect", "privacy", "terms"])
def test_only_the_disconnected_page_touches_the_store(page: str) -> None:
    backend = Backend()
    opened(backend, f"/{page}?realmId={ACME}")
    assert (backend.records.reads, backend.records.all("hints")) == (0, {})


def test_the_disconnected_page_is_the_same_for_any_company() -> None:
    backend = Backend()
    backend.flows.connected(backend.user("ana"))
    seen = []
    for query in (
        f"?realmId={ACME}",
        f"?realmId={NOBODYS}",
        "?realmId=%27",
        "",
        f"?realmId={'9' * 5000}",
    ):
        response = opened(backend, f"/disconnected{query}")
        seen.append((response.status_code, response.get_data(), dict(response.headers)))
    assert seen == [seen[0]] * 5
    assert backend.flows.intuit.asked == []  # that is the tick's, whatever anybody asks for


def test_with_the_store_away_it_is_the_same_still() -> None:
    backend = Backend()
    well = opened(backend, f"/disconnected?realmId={ACME}").get_data()
    backend.records.fail = 5
    assert opened(backend, f"/disconnected?realmId={ACME}").get_data() == well


def test_a_hint_is_verified_by_the_tick_and_the_sidebar_says_so() -> None:
    backend = Backend()
    ana = backend.user("ana")
    backend.flows.connected(ana)
    backend.flows.intuit.tokens.disconnect(ACME)
    opened(backend, f"/disconnected?realmId={ACME}")
    [before] = backend.connections.of(ana)
    assert before.state.value == "connected"
    assert backend.upkeep.tick().verified == 1
    [after] = backend.connections.of(ana)
    assert "it may have been disconnected inside QuickBooks" in after.health


def test_an_unknown_page_is_no_error_and_echoes_nothing() -> None:
    response = opened(Backend(), "/%3Cscript%3E")
    assert response.status_code == 200
    assert OUTCOMES["failed"][0] in response.get_data(as_text=True)
    assert "script" not in response.get_data(as_text=True)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_they_are_only_read(method: str) -> None:
    assert opened(Backend(), "/disconnected", method).status_code == 404
