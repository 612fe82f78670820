"""Intuit's sign-in over HTTP: consent page, token endpoint, userinfo, revoke."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from sandbox.clock import Clock
from sandbox.intuit.server import IntuitSandbox
from tests.samples import sample
from tests.sandbox.consent_form import agree, fetch, get, press, redirected, send
from tests.sandbox.small_books import ACME, OTHER, SmallBooks

BACK = "https://counterfoil.example/oauth_callback"
SCOPE = "com.intuit.quickbooks.accounting openid email profile"


@pytest.fixture
def intuit() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(Clock(), SmallBooks(), redirect_uris=[BACK]) as running:
        yield running


def authorize_url(intuit: IntuitSandbox, **changed: str | None) -> str:
    query = {
        "client_id": intuit.client_id,
        "response_type": "code",
        "scope": SCOPE,
        "redirect_uri": BACK,
        "state": "state-1",
        **changed,
    }
    kept = {name: value for name, value in query.items() if value is not None}
    return f"{intuit.url}/connect/oauth2?{urlencode(kept)}"


def ask(intuit: IntuitSandbox, headers: dict[str, str] | None = None, **form: str) -> Any:
    return send(
        f"{intuit.url}/oauth2/v1/tokens/bearer",
        data=form,
        auth=(intuit.client_id, intuit.client_secret),
        headers=headers,
    )


def exchange(intuit: IntuitSandbox, code: str, **more: str) -> Any:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **more}
    return ask(intuit, **form)


def refresh(intuit: IntuitSandbox, value: str, **headers: str) -> Any:
    return ask(intuit, headers, grant_type="refresh_token", refresh_token=value)


def connected(intuit: IntuitSandbox) -> dict[str, Any]:
    answer: dict[str, Any] = exchange(intuit, agree(authorize_url(intuit), ACME)["code"]).json()
    return answer


# The discovery document


@pytest.mark.parametrize("world", ["production", "sandbox"])
def test_discovery_says_what_intuits_says_at_our_address(intuit: IntuitSandbox, world: str) -> None:
    real = sample(f"oauth/discovery_{world}.json")
    ours = fetch(intuit.discovery_url).json()
    assert ours.keys() == real.keys()
    for name, value in real.items():
        if isinstance(value, list):
            assert ours[name] == value
        else:
            assert ours[name].startswith(intuit.url + "/")


# The consent page


def test_a_person_signs_in_sees_what_is_asked_and_picks_one_of_the_companies(
    intuit: IntuitSandbox,
) -> None:
    signing_in = get(authorize_url(intuit))
    assert signing_in.status == 200
    assert signing_in.buttons == [("person", "dana"), ("person", "erin"), ("person", "sam")]
    choosing = press(signing_in, "person", "erin")
    assert choosing.buttons == [("decision", "authorize"), ("decision", "refuse")]
    assert choosing.choices == {"realm_id": [ACME, OTHER]}
    assert "Erin Okafor" in choosing.text
    assert "See and change the books" in choosing.text
    assert "O&#x27;Hara &lt;b&gt;&amp; Sons" in choosing.text
    carried = redirected(press(choosing, "decision", "authorize", realm_id=OTHER))
    assert carried.keys() == {"code", "state", "realmId"}
    assert (carried["state"], carried["realmId"]) == ("state-1", OTHER)
    assert len(carried["code"]) <= 512


def test_the_page_asks_again_when_no_company_was_picked(intuit: IntuitSandbox) -> None:
    choosing = press(get(authorize_url(intuit)), "person", "dana")
    again = press(choosing, "decision", "authorize")
    assert (again.status, again.location) == (200, None)
    assert redirected(press(again, "decision", "authorize", realm_id=ACME))["realmId"] == ACME


def test_a_refusal_goes_back_without_a_company(intuit: IntuitSandbox) -> None:
    choosing = press(get(authorize_url(intuit)), "person", "dana")
    carried = redirected(press(choosing, "decision", "refuse", realm_id=ACME))
    assert carried == {"error": "access_denied", "state": "state-1"}


def test_who_is_not_an_admin_reads_that_only_admins_can_connect(intuit: IntuitSandbox) -> None:
    page = press(get(authorize_url(intuit)), "person", "sam")
    assert "Only an admin of the company can connect Counterfoil" in page.text
    assert page.choices == {}
    # Pressing Authorize all the same, by hand, leads nowhere.
    page.buttons.append(("decision", "authorize"))
    assert press(page, "decision", "authorize", realm_id=ACME).location is None
    carried = redirected(press(page, "decision", "refuse"))
    assert carried == {"error": "access_denied", "state": "state-1"}


def test_an_admin_who_signed_in_before_lends_no_rights_to_the_next(intuit: IntuitSandbox) -> None:
    signing_in = get(authorize_url(intuit))
    as_admin = press(signing_in, "person", "dana")
    press(signing_in, "person", "sam")
    assert press(as_admin, "decision", "authorize", realm_id=ACME).location is None


def test_a_consent_page_is_used_once_and_not_for_ever(intuit: IntuitSandbox) -> None:
    choosing = press(get(authorize_url(intuit)), "person", "dana")
    press(choosing, "decision", "authorize", realm_id=ACME)
    again = press(choosing, "decision", "authorize", realm_id=ACME)
    assert (again.status, again.location) == (400, None)
    late = press(get(authorize_url(intuit)), "person", "dana")
    intuit.clock.advance(timedelta(minutes=30))
    assert press(late, "decision", "authorize", realm_id=ACME).status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"redirect_uri": BACK + "/"}, id="a slash more"),
        pytest.param({"redirect_uri": BACK.upper()}, id="other letters"),
        pytest.param({"redirect_uri": BACK.replace("https", "http")}, id="another scheme"),
        pytest.param({"redirect_uri": BACK + "?a=1"}, id="a query"),
        pytest.param({"redirect_uri": None}, id="none"),
        pytest.param({"client_id": "ABnobody"}, id="an unknown app"),
        pytest.param({"state": None}, id="no state"),
    ],
)
def test_a_wrong_request_ends_on_a_page_and_never_in_a_redirect(
    intuit: IntuitSandbox, wrong: dict[str, str | None]
) -> None:
    page = get(authorize_url(intuit, **wrong))
    assert (page.status, page.location, page.buttons) == (400, None, [])
    assert "could not connect" in page.text


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"scope": "com.intuit.quickbooks.accounting everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_what_the_app_asks_wrongly_it_is_told(
    intuit: IntuitSandbox, wrong: dict[str, str | None], error: str
) -> None:
    carried = redirected(get(authorize_url(intuit, **wrong)))
    assert carried == {"error": error, "state": "state-1"}


def test_without_an_accounting_scope_no_company_is_asked_for(intuit: IntuitSandbox) -> None:
    choosing = press(get(authorize_url(intuit, scope="openid email")), "person", "sam")
    assert choosing.choices == {}
    carried = redirected(press(choosing, "decision", "authorize"))
    assert carried.keys() == {"code", "state"}


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/back",
        "https://example.com/?a=1",
        "https://x.example/#a",
        "ftp://x/y",
        "",
    ],
)
def test_an_address_that_intuit_would_not_take_cannot_be_registered(address: str) -> None:
    with pytest.raises(ValueError, match="redirect"):
        IntuitSandbox(books=SmallBooks(), redirect_uris=[address])


# The token endpoint


def test_an_exchange_answers_with_intuits_keys(intuit: IntuitSandbox) -> None:
    answer = exchange(intuit, agree(authorize_url(intuit, scope=SCOPE.split()[0]), ACME)["code"])
    body = answer.json()
    assert body.keys() == sample("oauth/token_response.json").keys()
    assert body["token_type"] == "bearer"
    assert (body["expires_in"], body["x_refresh_token_expires_in"]) == (3600, 8_726_400)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_hard_expiry_is_told_to_who_asks(intuit: IntuitSandbox) -> None:
    real = sample("oauth/token_response_with_hard_expiry.json")
    asking = {"x-include-refresh-token-hard-expires-in": "true"}
    body = refresh(intuit, intuit.grant(ACME).refresh, **asking).json()
    assert body.keys() == real.keys()
    assert body["x_refresh_token_hard_expires_in"] == real["x_refresh_token_hard_expires_in"]
    assert "x_refresh_token_hard_expires_in" not in refresh(intuit, body["refresh_token"]).json()


def test_openid_adds_an_id_token_that_our_keys_verify(intuit: IntuitSandbox) -> None:
    body = connected(intuit)
    key = jwt.PyJWKClient(f"{intuit.url}/op/v1/jwks").get_signing_key_from_jwt(body["id_token"])
    claims = jwt.decode(
        body["id_token"],
        key.key,
        algorithms=["RS256"],
        audience=intuit.client_id,
        issuer=f"{intuit.url}/op/v1",
    )
    dana = intuit.people.find("dana")
    assert dana is not None
    assert claims["sub"] == dana.sub
    assert claims["realmid"] == ACME
    assert claims["aud"] == [intuit.client_id]
    assert "id_token" not in refresh(intuit, body["refresh_token"]).json()


def test_a_code_is_exchanged_once_and_the_second_try_ends_the_first(
    intuit: IntuitSandbox,
) -> None:
    code = agree(authorize_url(intuit), ACME)["code"]
    first = exchange(intuit, code).json()
    again = exchange(intuit, code)
    assert (again.status_code, again.content) == (400, b'{"error":"invalid_grant"}')
    assert refresh(intuit, first["refresh_token"]).status_code == 400


def test_an_exchange_for_another_address_is_refused(intuit: IntuitSandbox) -> None:
    code = agree(authorize_url(intuit), ACME)["code"]
    answer = exchange(intuit, code, redirect_uri=BACK + "/")
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_the_two_bodies_of_a_refused_refresh_are_intuits(intuit: IntuitSandbox) -> None:
    old = intuit.grant(ACME).refresh
    intuit.clock.advance(timedelta(days=1))
    assert refresh(intuit, old).json()["refresh_token"] != old
    rotated, foreign = refresh(intuit, old), refresh(intuit, "AB11nonsense")
    assert (rotated.status_code, rotated.content) == (400, b'{"error":"invalid_grant"}')
    assert foreign.status_code == 400
    assert rotated.json() == sample("oauth/error_invalid_grant_plain.json")
    assert foreign.json() == sample("oauth/error_invalid_grant_description.json")
    assert foreign.content == (
        b'{"error_description":"Incorrect or invalid refresh token","error":"invalid_grant"}'
    )


def test_keys_are_taken_from_basic_or_from_the_form_and_nothing_else(
    intuit: IntuitSandbox,
) -> None:
    url = f"{intuit.url}/oauth2/v1/tokens/bearer"
    form = {"grant_type": "refresh_token", "refresh_token": intuit.grant(ACME).refresh}
    keys = {"client_id": intuit.client_id, "client_secret": intuit.client_secret}
    assert send(url, data={**form, **keys}).status_code == 200
    assert send(url, data=form, params=keys).status_code == 401
    wrong = send(url, data=form, auth=(intuit.client_id, "guess"))
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    half = base64.b64encode(intuit.client_id.encode()).decode()
    broken = send(url, data=form, headers={"Authorization": f"Basic {half}"})
    assert broken.status_code == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_malformed_token_request_is_named(
    intuit: IntuitSandbox, form: dict[str, str], error: str
) -> None:
    answer = ask(intuit, **form)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_of_two_refreshes_in_flight_at_once_one_wins() -> None:
    in_flight, both_asked = threading.Event(), threading.Event()

    def slow(seconds: float) -> None:
        in_flight.set()
        both_asked.wait(10)

    with IntuitSandbox(books=SmallBooks(), sleep=slow) as intuit, ThreadPoolExecutor(1) as pool:
        value = intuit.grant(ACME).refresh
        intuit.inject("slow", path="/tokens/bearer", latency_ms=1)
        first = pool.submit(refresh, intuit, value)
        assert in_flight.wait(10)
        second = refresh(intuit, value)
        both_asked.set()
        assert (first.result().status_code, second.status_code) == (200, 400)
        assert second.content == b'{"error":"invalid_grant"}'
        assert intuit.calls.refreshes() == 1


def test_grace_is_a_switch(intuit: IntuitSandbox) -> None:
    old = intuit.grant(ACME).refresh
    intuit.clock.advance(timedelta(days=1))
    new = refresh(intuit, old).json()["refresh_token"]
    send(f"{intuit.control_url}/grace", json={"on": True})
    assert refresh(intuit, old).json()["refresh_token"] == new
    send(f"{intuit.control_url}/grace", json={"on": False})
    assert refresh(intuit, old).status_code == 400


# Userinfo, revoke, disconnect


def test_userinfo_tells_what_the_scopes_allow(intuit: IntuitSandbox) -> None:
    def told(*scopes: str) -> Any:
        token = intuit.grant(ACME, "erin", scopes).access
        return fetch(
            f"{intuit.url}/v1/openid_connect/userinfo", headers={"Authorization": f"Bearer {token}"}
        )

    erin = intuit.people.find("erin")
    assert erin is not None
    assert told("openid").json() == {"sub": erin.sub}
    assert told("openid", "email", "profile").json() == {
        "sub": erin.sub,
        "email": "erin@acme.example",
        "emailVerified": True,
        "givenName": "Erin",
        "familyName": "Okafor",
    }
    assert told("com.intuit.quickbooks.accounting").status_code == 403
    assert fetch(f"{intuit.url}/v1/openid_connect/userinfo").status_code == 401


def test_revoking_ends_the_grant_and_a_second_time_fails(intuit: IntuitSandbox) -> None:
    issued = intuit.grant(ACME)
    url = f"{intuit.url}/v2/oauth2/tokens/revoke"
    keys = (intuit.client_id, intuit.client_secret)
    assert send(url, json={"token": issued.refresh}).status_code == 401
    done = send(url, json={"token": issued.refresh}, auth=keys)
    assert (done.status_code, done.content) == (200, b"")
    assert send(url, json={"token": issued.refresh}, auth=keys).status_code == 400
    assert send(url, json={"token": "nothing"}, auth=keys).status_code == 400
    assert send(url, json=["token"], auth=keys).status_code == 400
    assert refresh(intuit, issued.refresh).content == b'{"error":"invalid_grant"}'


def test_disconnecting_inside_quickbooks_lands_on_the_apps_page_with_the_company() -> None:
    landing = "https://counterfoil.example/pages/disconnected"
    with IntuitSandbox(books=SmallBooks(), disconnect_url=landing) as intuit:
        issued = intuit.grant(ACME)
        page = get(f"{intuit.url}/app/apps")
        assert page.buttons == [("realm_id", ACME)]
        landed = press(page, "realm_id", ACME)
        assert (landed.status, landed.location) == (302, f"{landing}?realmId={ACME}")
        assert refresh(intuit, issued.refresh).status_code == 400
        assert get(f"{intuit.url}/app/apps").buttons == []
