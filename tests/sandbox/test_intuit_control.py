"""The request log and the control endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.clock import Clock
from sandbox.intuit.server import IntuitSandbox
from tests.sandbox.asking import STATEMENT, Client
from tests.sandbox.consent_form import TIMEOUT_S, fetch, send
from tests.sandbox.small_books import ACME, SmallBooks


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks()


@pytest.fixture
def intuit(books: SmallBooks) -> Iterator[IntuitSandbox]:
    with IntuitSandbox(Clock(), books) as running:
        yield running


@pytest.fixture
def client(intuit: IntuitSandbox) -> Client:
    return Client(intuit)


def test_the_log_tells_what_was_asked_and_never_a_token(
    intuit: IntuitSandbox, client: Client
) -> None:
    client.query()
    token = intuit.grant(ACME)
    fetch(
        f"{intuit.url}/v3/company/{ACME}/query",
        params={"query": "SELECT COUNT(*) FROM Customer"},
        headers={"Authorization": f"Bearer {token.access}"},
    )
    send(
        f"{intuit.url}/oauth2/v1/tokens/bearer",
        data={"grant_type": "refresh_token", "refresh_token": token.refresh},
        auth=(intuit.client_id, intuit.client_secret),
    )
    assert intuit.calls.statements() == [STATEMENT, "SELECT COUNT(*) FROM Customer"]
    assert intuit.calls.refreshes() == 1
    told = fetch(f"{intuit.control_url}/calls", params={"realm_id": ACME})
    assert [call["statement"] for call in told.json()["calls"]] == intuit.calls.statements()
    assert told.json()["counters"] == {
        "GET /v3/company/*/query 200": 1,
        "POST /oauth2/v1/tokens/bearer 200": 1,
        "POST /v3/company/*/query 200": 1,
    }
    everything = told.text + fetch(f"{intuit.control_url}/state").text + repr(intuit.calls.all())
    assert not [value for value in intuit.tokens.given() if value in everything]


def test_the_controls_move_clock_faults_latency_and_grants(intuit: IntuitSandbox) -> None:
    def act(name: str, **body: Any) -> Any:
        answer = send(f"{intuit.control_url}/{name}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    before = intuit.clock()
    assert datetime.fromisoformat(act("clock", advance_s=86_400)["now"]) - before >= timedelta(1)
    assert act("latency", ms=250)["latency_ms"] == 250
    act("latency", ms=0)
    given = act("grants", realm_id=ACME, person="erin")
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    url = f"{intuit.url}/v3/company/{ACME}/query"
    act("faults", kind="503", realm_id=ACME, times=2)
    assert [fetch(url, headers=headers).status_code for _ in range(3)] == [503, 503, 200]
    act("faults", kind="503", times=None)
    requests.delete(f"{intuit.control_url}/faults", timeout=TIMEOUT_S)
    assert fetch(f"{intuit.control_url}/faults").json() == {"faults": []}
    assert act("disconnect", realm_id=ACME, person="dana") == {"ended": 0}
    assert act("disconnect", realm_id=ACME) == {"ended": 1}
    assert fetch(url, headers=headers).status_code == 401
    assert (
        "https://new.example/back"
        in act("redirect_uris", uri="https://new.example/back")["redirect_uris"]
    )
    act("grace", on=True)
    state = act("reset")
    assert (state["grants"], state["grace"], intuit.calls.all()) == ([], False, [])


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("clock", {"advance_s": "a day"}),
        ("clock", {"advance_s": -1}),
        ("grace", {"on": "yes"}),
        ("faults", {"kind": "earthquake"}),
        ("faults", {"kind": "500", "company": ACME}),
        ("grants", {"realm_id": "1"}),
        ("redirect_uris", {"uri": "http://elsewhere.example/"}),
        ("people", {"person": "nobody", "admin": True}),
        ("nothing", {}),
    ],
)
def test_a_wrong_control_is_400_with_what_was_expected(
    intuit: IntuitSandbox, name: str, body: dict[str, Any]
) -> None:
    answer = send(f"{intuit.control_url}/{name}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_form_of_another_site_cannot_act_on_the_controls(intuit: IntuitSandbox) -> None:
    answer = send(f"{intuit.control_url}/grace", data='{"on": true}')
    assert answer.status_code == 400
    assert not intuit.tokens.grace
