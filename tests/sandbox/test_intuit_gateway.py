"""The gateway before the books: who may ask, and how an answer travels."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from sandbox.clock import Clock
from sandbox.intuit.companies_api import ApiResponse
from sandbox.intuit.server import IntuitSandbox
from tests.samples import sample
from tests.sandbox.asking import STATEMENT, Client
from tests.sandbox.consent_form import TIMEOUT_S, fetch, send
from tests.sandbox.small_books import ACME, OTHER, SmallBooks


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


# Who may ask


def test_a_good_token_reaches_the_books_with_the_request_as_it_came(
    client: Client, books: SmallBooks
) -> None:
    assert client.query().json() == {"QueryResponse": {}}
    realm_id, request = books.asked[0]
    assert realm_id == ACME
    assert (request.method, request.path_after_realm) == ("POST", "query")
    assert request.args == {"minorversion": "75"}
    assert request.body == STATEMENT.encode()
    assert request.headers["content-type"] == "application/text"
    assert request.now.tzinfo is not None


def test_a_malformed_token_is_the_gateways_401(client: Client) -> None:
    answer = client.query(token="short")
    real = sample("faults/401_malformed_bearer_3200.json")
    assert answer.status_code == 401
    assert {**answer.json(), "time": 0} == {**real, "time": 0}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.query(token="x" * 4097).status_code == 401


def test_an_expired_token_is_the_gateways_401_and_the_text_repeats_it(
    intuit: IntuitSandbox, client: Client, books: SmallBooks
) -> None:
    token = intuit.grant(ACME).access
    intuit.clock.advance(timedelta(hours=1))
    answer = client.query(token=token)
    real = sample("faults/401_token_expired.json")
    assert answer.status_code == 401
    error = answer.json()["fault"]["error"][0]
    assert answer.json().keys() == real.keys()
    assert error == {**real["fault"]["error"][0], "detail": f"Token expired: {token}"}
    assert books.asked == []


def test_a_revoked_and_an_invented_token_are_401(intuit: IntuitSandbox, client: Client) -> None:
    issued = intuit.grant(ACME)
    intuit.disconnect(ACME)
    for token in (issued.access, "x" * 600, issued.refresh):
        answer = client.query(token=token)
        assert answer.status_code == 401
        assert answer.json()["fault"]["error"][0]["code"] == "3200"


def test_without_any_token_the_answer_is_xml(client: Client) -> None:
    answer = client.query(token=None)
    real = sample("faults/401_general_authentication_xml.json")["xml"]
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("application/xml")
    blanked = re.compile(r'time="[^"]*"')
    assert blanked.sub("", answer.text) == blanked.sub("", real)


@pytest.mark.parametrize("realm_id", [OTHER, "1"])
def test_a_token_of_another_company_is_403(
    client: Client, realm_id: str, books: SmallBooks
) -> None:
    answer = client.query(realm_id=realm_id)
    real = sample("faults/403_authorization_failed_3100.json")
    assert answer.status_code == 403
    assert {**answer.json(), "time": 0} == {**real, "time": 0}
    assert books.asked == []


def test_a_token_without_the_accounting_scope_is_403(intuit: IntuitSandbox, client: Client) -> None:
    assert client.query(token=intuit.grant(ACME, "dana", ["openid"]).access).status_code == 403


def test_who_is_no_longer_an_admin_is_told_120(intuit: IntuitSandbox, client: Client) -> None:
    token = intuit.grant(ACME, "erin").access
    assert client.query(token=token).status_code == 200
    send(f"{intuit.control_url}/people", json={"person": "erin", "admin": False})
    answer = client.query(token=token)
    real = sample("faults/401_authorization_failure_120.json")
    assert answer.status_code == 401
    assert answer.json()["Fault"] == real["Fault"]
    assert client.query().status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_no_method_but_get_and_post_is_served_and_each_is_recorded(
    intuit: IntuitSandbox, books: SmallBooks, method: str
) -> None:
    url = f"{intuit.url}/v3/company/{ACME}/invoice/1"
    headers = {"Authorization": f"Bearer {intuit.grant(ACME).access}"}
    assert requests.request(method, url, headers=headers, timeout=TIMEOUT_S).status_code == 405
    assert books.asked == []
    assert [call.method for call in intuit.calls.writes()] == [method]


def test_a_post_that_is_not_a_query_counts_as_a_write(
    intuit: IntuitSandbox, client: Client
) -> None:
    headers = {"Authorization": f"Bearer {intuit.grant(ACME).access}"}
    client.report()
    send(f"{intuit.url}/v3/company/{ACME}/query", data=STATEMENT, headers=headers)
    assert intuit.calls.writes() == []
    send(f"{intuit.url}/v3/company/{ACME}/invoice", json={}, headers=headers)
    assert [call.path for call in intuit.calls.writes()] == [f"/v3/company/{ACME}/invoice"]


# How an answer travels


def big() -> bytes:
    return json.dumps({"QueryResponse": {"Invoice": ["x" * 50] * 2000}}).encode()


@pytest.mark.parametrize("prepared", [False, True])
def test_answers_are_packed_for_who_accepts_it(
    client: Client, books: SmallBooks, prepared: bool
) -> None:
    headers = {"Content-Type": "application/json;charset=UTF-8"}
    body = big()
    if prepared:
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body)
    books.prepared = ApiResponse(200, headers, body)
    packed = client.report(**{"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content == big()
    for refused in ("identity", "gzip;q=0", "br"):
        plain = client.report(**{"Accept-Encoding": refused})
        assert "Content-Encoding" not in plain.headers
        assert plain.content == big()


def test_sixty_prepared_pages_of_four_megabytes_cost_less_than_a_second_of_one_core(
    intuit: IntuitSandbox, books: SmallBooks
) -> None:
    rows = [{"Id": str(n), "Text": f"{n * 7919:x}" * 80} for n in range(10_000)]
    body = gzip.compress(json.dumps(rows).encode(), compresslevel=1)
    books.prepared = ApiResponse(
        200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, body
    )
    headers = {"Authorization": f"Bearer {intuit.grant(ACME).access}", "Accept-Encoding": "gzip"}
    with requests.Session() as session:
        started = time.process_time()
        for _ in range(60):
            url = f"{intuit.url}/v3/company/{ACME}/query"
            with session.get(url, headers=headers, stream=True, timeout=TIMEOUT_S) as answer:
                assert len(answer.raw.read(decode_content=False)) == len(body)
        assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "path",
    [
        "/v3/company/1/query",
        "/connect/oauth2",
        "/oauth2/v1/tokens/bearer",
        "/nowhere",
        "/op/v1/jwks",
    ],
)
def test_every_answer_has_its_own_intuit_tid(intuit: IntuitSandbox, path: str) -> None:
    tids = {fetch(intuit.url + path).headers["intuit_tid"] for _ in range(2)}
    assert len(tids) == 2
    assert {call.tid for call in intuit.calls.all()} == tids
