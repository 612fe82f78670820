"""What stands between a client and the books: bearer check, faults, latency, packing, the log."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import requests

from sandbox.clock import Clock
from sandbox.intuit.companies_api import ApiResponse
from sandbox.intuit.faults import Kind
from sandbox.intuit.server import IntuitSandbox
from sandbox.intuit.throttle import Throttle
from tests.samples import sample
from tests.sandbox.consent_form import TIMEOUT_S, fetch, send
from tests.sandbox.small_books import ACME, OTHER, SmallBooks

STATEMENT = "SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
SPACE = "{http://schema.intuit.com/finance/v3}"


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def intuit(books: SmallBooks, slept: list[float]) -> Iterator[IntuitSandbox]:
    with IntuitSandbox(Clock(), books, sleep=slept.append) as running:
        yield running


@pytest.fixture
def query(intuit: IntuitSandbox) -> Callable[..., requests.Response]:
    """Asks with a token that is good for ACME unless another is handed in."""
    good = intuit.grant(ACME).access

    def ask(
        statement: str = STATEMENT, *, realm_id: str = ACME, token: str | None = good
    ) -> requests.Response:
        headers = {"Accept": "application/json", "Content-Type": "application/text"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return send(
            f"{intuit.url}/v3/company/{realm_id}/query?minorversion=75",
            data=statement,
            headers=headers,
        )

    return ask


def report(intuit: IntuitSandbox, **headers: str) -> requests.Response:
    return fetch(
        f"{intuit.url}/v3/company/{ACME}/reports/ProfitAndLoss?start_date=2026-01-01",
        headers={"Authorization": f"Bearer {intuit.grant(ACME).access}", **headers},
    )


def xml_error(answer: requests.Response) -> tuple[str, str, str, str]:
    """Type, code, message and detail of a fault in XML."""
    fault = ElementTree.fromstring(answer.content)[0]  # noqa: S314 - our own sandbox wrote it
    error = fault[0]
    texts = (error.findtext(SPACE + "Message"), error.findtext(SPACE + "Detail"))
    return (fault.attrib["type"], error.attrib["code"], texts[0] or "", texts[1] or "")


# Who may ask


def test_a_good_token_reaches_the_books_with_the_request_as_it_came(
    query: Callable[..., requests.Response], books: SmallBooks
) -> None:
    assert query().json() == {"QueryResponse": {}}
    realm_id, request = books.asked[0]
    assert realm_id == ACME
    assert (request.method, request.path_after_realm) == ("POST", "query")
    assert request.args == {"minorversion": "75"}
    assert request.body == STATEMENT.encode()
    assert request.headers["content-type"] == "application/text"
    assert request.now.tzinfo is not None


def test_a_malformed_token_is_the_gateways_401(query: Callable[..., requests.Response]) -> None:
    answer = query(token="short")
    real = sample("faults/401_malformed_bearer_3200.json")
    assert answer.status_code == 401
    assert {**answer.json(), "time": 0} == {**real, "time": 0}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert query(token="x" * 4097).status_code == 401


def test_an_expired_token_is_the_gateways_401_and_the_text_repeats_it(
    intuit: IntuitSandbox, query: Callable[..., requests.Response], books: SmallBooks
) -> None:
    token = intuit.grant(ACME).access
    intuit.clock.advance(timedelta(hours=1))
    answer = query(token=token)
    real = sample("faults/401_token_expired.json")
    assert answer.status_code == 401
    error = answer.json()["fault"]["error"][0]
    assert answer.json().keys() == real.keys()
    assert error == {**real["fault"]["error"][0], "detail": f"Token expired: {token}"}
    assert books.asked == []


def test_a_revoked_and_an_invented_token_are_401(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    issued = intuit.grant(ACME)
    intuit.disconnect(ACME)
    for token in (issued.access, "x" * 600, issued.refresh):
        answer = query(token=token)
        assert answer.status_code == 401
        assert answer.json()["fault"]["error"][0]["code"] == "3200"


def test_without_any_token_the_answer_is_xml(query: Callable[..., requests.Response]) -> None:
    answer = query(token=None)
    real = sample("faults/401_general_authentication_xml.json")["xml"]
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("application/xml")
    blanked = re.compile(r'time="[^"]*"')
    assert blanked.sub("", answer.text) == blanked.sub("", real)


@pytest.mark.parametrize("realm_id", [OTHER, "1"])
def test_a_token_of_another_company_is_403(
    query: Callable[..., requests.Response], realm_id: str, books: SmallBooks
) -> None:
    answer = query(realm_id=realm_id)
    real = sample("faults/403_authorization_failed_3100.json")
    assert answer.status_code == 403
    assert {**answer.json(), "time": 0} == {**real, "time": 0}
    assert books.asked == []


def test_a_token_without_the_accounting_scope_is_403(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    assert query(token=intuit.grant(ACME, "dana", ["openid"]).access).status_code == 403


def test_who_is_no_longer_an_admin_is_told_120(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    token = intuit.grant(ACME, "erin").access
    assert query(token=token).status_code == 200
    send(f"{intuit.control_url}/people", json={"person": "erin", "admin": False})
    answer = query(token=token)
    real = sample("faults/401_authorization_failure_120.json")
    assert answer.status_code == 401
    assert answer.json()["Fault"] == real["Fault"]
    assert query().status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_no_method_but_get_and_post_is_served_and_each_is_recorded(
    intuit: IntuitSandbox, books: SmallBooks, method: str
) -> None:
    url = f"{intuit.url}/v3/company/{ACME}/invoice/1"
    headers = {"Authorization": f"Bearer {intuit.grant(ACME).access}"}
    assert requests.request(method, url, headers=headers, timeout=TIMEOUT_S).status_code == 405
    assert books.asked == []
    assert [call.method for call in intuit.calls.writes()] == [method]


def test_a_post_that_is_not_a_query_counts_as_a_write(intuit: IntuitSandbox) -> None:
    headers = {"Authorization": f"Bearer {intuit.grant(ACME).access}"}
    report(intuit)
    send(f"{intuit.url}/v3/company/{ACME}/query", data=STATEMENT, headers=headers)
    assert intuit.calls.writes() == []
    send(f"{intuit.url}/v3/company/{ACME}/invoice", json={}, headers=headers)
    assert [call.path for call in intuit.calls.writes()] == [f"/v3/company/{ACME}/invoice"]


# Faults


ENTITY_FAULTS = {
    "4002": (400, "400_query_processing_error.json"),
    "5020": (400, "400_permission_denied_5020.json"),
    "5030": (400, "400_feature_not_supported_5030.json"),
    "6190": (400, "400_company_status_6190.json"),
    "120": (401, "401_authorization_failure_120.json"),
    "500": (500, "500_system_failure_10000.json"),
}


@pytest.mark.parametrize("kind", ENTITY_FAULTS)
def test_an_injected_fault_of_the_entity_api_is_the_real_one(
    intuit: IntuitSandbox, query: Callable[..., requests.Response], kind: str
) -> None:
    status, name = ENTITY_FAULTS[kind]
    intuit.inject(kind)
    answer = query()
    assert answer.status_code == status
    assert answer.json()["Fault"] == sample(f"faults/{name}")["Fault"]
    assert answer.json().keys() == {"Fault", "time"}
    assert query().status_code == 200


def test_a_throttle_is_xml_whatever_the_client_accepts(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    intuit.inject("throttle")
    answer = query()
    real = sample("faults/429_throttle_exceeded_xml.json")["xml"]
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    blanked = re.compile(r'time="[^"]*"')
    assert blanked.sub("", answer.text) == blanked.sub("", real)


def test_other_gateway_faults(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    for kind in ("gateway_504", "503", "unauthorized_xml", "expired_token", "html"):
        intuit.inject(kind)
    timed_out, down, xml, expired, html = (query() for _ in range(5))
    assert (timed_out.status_code, xml_error(timed_out)[:2]) == (504, ("SERVICE", "504"))
    assert down.status_code == 503
    assert (xml.status_code, xml_error(xml)[1]) == (401, "100")
    assert (expired.status_code, expired.json()["fault"]["type"]) == (401, "AUTHENTICATION")
    assert (html.status_code, html.headers["Content-Type"]) == (200, "text/html")
    assert query().status_code == 200


def test_a_report_can_say_with_200_that_it_is_too_large(intuit: IntuitSandbox) -> None:
    intuit.inject("unable_to_display", path="/reports/")
    said = report(intuit)
    assert said.status_code == 200
    assert said.json()["Header"]["ReportName"] == "ProfitAndLoss"
    assert said.json()["Rows"]["Row"][0]["ColData"] == [
        {"value": "Unable to display more data. Please reduce the date range."},
        {"value": ""},
    ]
    assert "12.00" in report(intuit).text


def test_a_dropped_answer_is_one_that_intuit_has_given(
    intuit: IntuitSandbox, query: Callable[..., requests.Response], books: SmallBooks
) -> None:
    intuit.inject("drop")
    intuit.inject("drop_before")
    with pytest.raises(requests.ConnectionError):
        query()
    assert len(books.asked) == 1
    assert (intuit.calls.all()[-1].status, intuit.calls.all()[-1].fault) == (200, "drop")
    with pytest.raises(requests.ConnectionError):
        query()
    assert len(books.asked) == 1


def test_a_refresh_whose_answer_is_lost_has_rotated_all_the_same(intuit: IntuitSandbox) -> None:
    old = intuit.grant(ACME).refresh
    intuit.clock.advance(timedelta(days=1))
    intuit.inject("drop", path="/tokens/bearer")

    def refresh() -> requests.Response:
        return send(
            f"{intuit.url}/oauth2/v1/tokens/bearer",
            data={"grant_type": "refresh_token", "refresh_token": old},
            auth=(intuit.client_id, intuit.client_secret),
        )

    with pytest.raises(requests.ConnectionError):
        refresh()
    assert refresh().content == b'{"error":"invalid_grant"}'
    intuit.tokens.grace = True
    intuit.inject("without_refresh_token", path="/tokens/bearer")
    assert "refresh_token" not in refresh().json()
    intuit.inject("invalid_grant", path="/tokens/bearer")
    assert refresh().status_code == 400
    assert refresh().json()["refresh_token"] != old


def test_a_fault_hits_the_company_the_path_and_the_statement_it_names(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    intuit.inject("500", realm_id=OTHER, times=None)
    intuit.inject("500", path="/reports/", times=None)
    intuit.inject("500", statement="startposition 1001 ", times=2, after=1)
    third = STATEMENT.replace("STARTPOSITION 1", "STARTPOSITION 1001")
    assert [query(third).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert query().status_code == 200
    assert report(intuit).status_code == 500
    intuit.faults.clear()
    assert report(intuit).status_code == 200


def test_a_fault_can_carry_a_text_of_the_tests_own(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    intuit.inject("4002", detail="QueryProcessingError: canary <&> of Ann's")
    detail = query().json()["Fault"]["Error"][0]["Detail"]
    assert detail == "QueryProcessingError: canary <&> of Ann's"


# Time


def test_latency_is_for_every_call_or_for_the_one_that_is_named(
    intuit: IntuitSandbox, query: Callable[..., requests.Response], slept: list[float]
) -> None:
    query()
    assert slept == []
    intuit.inject("slow", latency_ms=1500)
    query()
    query()
    assert slept == [1.5]
    intuit.latency_ms = 100
    query()
    fetch(intuit.discovery_url)
    assert slept == [1.5, 0.1, 0.1]


def test_throttles_are_off_unless_switched_on() -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    with IntuitSandbox(Clock(lambda: start), SmallBooks()) as intuit:
        assert {report(intuit).status_code for _ in range(11)} == {200}
        send(f"{intuit.control_url}/throttles", json={"on": True})
        assert [report(intuit).status_code for _ in range(11)] == [200] * 10 + [429]


def test_a_company_may_be_asked_ten_times_a_second_and_five_hundred_a_minute() -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    clock = Clock(lambda: start)
    throttle = Throttle(clock, on=True)
    assert [throttle.admits(ACME) for _ in range(11)] == [True] * 10 + [False]
    assert throttle.admits(OTHER)
    admitted = 10
    for _ in range(58):
        clock.advance(timedelta(seconds=1))
        admitted += sum(throttle.admits(ACME) for _ in range(10))
    assert admitted == 500
    clock.advance(timedelta(seconds=2))
    assert throttle.admits(ACME)


# How an answer travels


def big() -> bytes:
    return json.dumps({"QueryResponse": {"Invoice": ["x" * 50] * 2000}}).encode()


@pytest.mark.parametrize("prepared", [False, True])
def test_answers_are_packed_for_who_accepts_it(
    intuit: IntuitSandbox, books: SmallBooks, prepared: bool
) -> None:
    headers = {"Content-Type": "application/json;charset=UTF-8"}
    body = big()
    if prepared:
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body)
    books.prepared = ApiResponse(200, headers, body)
    packed = report(intuit, **{"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content == big()
    for refused in ("identity", "gzip;q=0", "br"):
        plain = report(intuit, **{"Accept-Encoding": refused})
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


# The log and the controls


def test_the_log_tells_what_was_asked_and_never_a_token(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    query()
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


def test_every_kind_of_fault_can_be_injected_by_its_name(
    intuit: IntuitSandbox, query: Callable[..., requests.Response]
) -> None:
    for kind in Kind:
        intuit.inject(kind.value)
        try:
            answer = query()
        except requests.ConnectionError:
            assert kind in (Kind.DROP, Kind.DROP_BEFORE)
        else:
            assert answer.headers["intuit_tid"]
        assert intuit.calls.all()[-1].fault == kind.value
