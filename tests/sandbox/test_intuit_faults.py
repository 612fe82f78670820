"""Faults and latency on demand: which calls they hit, and what those look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import requests

from sandbox.clock import Clock
from sandbox.intuit.faults import Kind
from sandbox.intuit.server import IntuitSandbox
from sandbox.intuit.throttle import Throttle
from tests.samples import sample
from tests.sandbox.asking import STATEMENT, Client
from tests.sandbox.consent_form import fetch, send
from tests.sandbox.small_books import ACME, OTHER, SmallBooks

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
def client(intuit: IntuitSandbox) -> Client:
    return Client(intuit)


def xml_error(answer: requests.Response) -> tuple[str, str, str, str]:
    """Type, code, message and detail of a fault in XML."""
    fault = ElementTree.fromstring(answer.content)[0]  # noqa: S314 - our own sandbox wrote it
    error = fault[0]
    texts = (error.findtext(SPACE + "Message"), error.findtext(SPACE + "Detail"))
    return (fault.attrib["type"], error.attrib["code"], texts[0] or "", texts[1] or "")


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
    intuit: IntuitSandbox, client: Client, kind: str
) -> None:
    status, name = ENTITY_FAULTS[kind]
    intuit.inject(kind)
    answer = client.query()
    assert answer.status_code == status
    assert answer.json()["Fault"] == sample(f"faults/{name}")["Fault"]
    assert answer.json().keys() == {"Fault", "time"}
    assert client.query().status_code == 200


def test_a_throttle_is_xml_whatever_the_client_accepts(
    intuit: IntuitSandbox, client: Client
) -> None:
    intuit.inject("throttle")
    answer = client.query()
    real = sample("faults/429_throttle_exceeded_xml.json")["xml"]
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    blanked = re.compile(r'time="[^"]*"')
    assert blanked.sub("", answer.text) == blanked.sub("", real)


def test_other_gateway_faults(intuit: IntuitSandbox, client: Client) -> None:
    for kind in ("gateway_504", "503", "unauthorized_xml", "expired_token", "html"):
        intuit.inject(kind)
    timed_out, down, xml, expired, html = (client.query() for _ in range(5))
    assert (timed_out.status_code, xml_error(timed_out)[:2]) == (504, ("SERVICE", "504"))
    assert down.status_code == 503
    assert (xml.status_code, xml_error(xml)[1]) == (401, "100")
    assert (expired.status_code, expired.json()["fault"]["type"]) == (401, "AUTHENTICATION")
    assert (html.status_code, html.headers["Content-Type"]) == (200, "text/html")
    assert client.query().status_code == 200


def test_a_report_can_say_with_200_that_it_is_too_large(
    intuit: IntuitSandbox, client: Client
) -> None:
    intuit.inject("unable_to_display", path="/reports/")
    said = client.report()
    assert said.status_code == 200
    assert said.json()["Header"]["ReportName"] == "ProfitAndLoss"
    assert said.json()["Rows"]["Row"][0]["ColData"] == [
        {"value": "Unable to display more data. Please reduce the date range."},
        {"value": ""},
    ]
    assert "12.00" in client.report().text


def test_a_dropped_answer_is_one_that_intuit_has_given(
    intuit: IntuitSandbox, client: Client, books: SmallBooks
) -> None:
    intuit.inject("drop")
    intuit.inject("drop_before")
    with pytest.raises(requests.ConnectionError):
        client.query()
    assert len(books.asked) == 1
    assert (intuit.calls.all()[-1].status, intuit.calls.all()[-1].fault) == (200, "drop")
    with pytest.raises(requests.ConnectionError):
        client.query()
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
    intuit: IntuitSandbox, client: Client
) -> None:
    intuit.inject("500", realm_id=OTHER, times=None)
    intuit.inject("500", path="/reports/", times=None)
    intuit.inject("500", statement="startposition 1001 ", times=2, after=1)
    third = STATEMENT.replace("STARTPOSITION 1", "STARTPOSITION 1001")
    assert [client.query(third).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert client.query().status_code == 200
    assert client.report().status_code == 500
    intuit.faults.clear()
    assert client.report().status_code == 200


def test_a_fault_can_carry_a_text_of_the_tests_own(intuit: IntuitSandbox, client: Client) -> None:
    intuit.inject("4002", detail="QueryProcessingError: canary <&> of Ann's")
    detail = client.query().json()["Fault"]["Error"][0]["Detail"]
    assert detail == "QueryProcessingError: canary <&> of Ann's"


def test_every_kind_of_fault_can_be_injected_by_its_name(
    intuit: IntuitSandbox, client: Client
) -> None:
    for kind in Kind:
        intuit.inject(kind.value)
        try:
            answer = client.query()
        except requests.ConnectionError:
            assert kind in (Kind.DROP, Kind.DROP_BEFORE)
        else:
            assert answer.headers["intuit_tid"]
        assert intuit.calls.all()[-1].fault == kind.value


# Time


def test_latency_is_for_every_call_or_for_the_one_that_is_named(
    intuit: IntuitSandbox, client: Client, slept: list[float]
) -> None:
    client.query()
    assert slept == []
    intuit.inject("slow", latency_ms=1500)
    client.query()
    client.query()
    assert slept == [1.5]
    intuit.latency_ms = 100
    client.query()
    fetch(intuit.discovery_url)
    assert slept == [1.5, 0.1, 0.1]


def test_throttles_are_off_unless_switched_on() -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    with IntuitSandbox(Clock(lambda: start), SmallBooks()) as intuit:
        client = Client(intuit)
        assert {client.report().status_code for _ in range(11)} == {200}
        send(f"{intuit.control_url}/throttles", json={"on": True})
        assert [client.report().status_code for _ in range(11)] == [200] * 10 + [429]


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


def test_windows_slide_and_go_by_arrival() -> None:
    clock = Clock(lambda: datetime(2026, 3, 1, tzinfo=UTC))
    throttle = Throttle(clock, on=True)
    assert throttle.admits(ACME)
    clock.advance(timedelta(milliseconds=900))
    assert [throttle.admits(ACME) for _ in range(10)] == [True] * 9 + [False]
    # A second after the first one only that one has left the window.
    clock.advance(timedelta(milliseconds=100))
    assert [throttle.admits(ACME) for _ in range(2)] == [True, False]
    clock.advance(timedelta(milliseconds=899))
    assert not throttle.admits(ACME)


def test_a_slow_answer_counts_when_its_call_arrives() -> None:
    clock = Clock(lambda: datetime(2026, 3, 1, tzinfo=UTC))
    with IntuitSandbox(
        clock,
        SmallBooks(),
        throttles=True,
        latency_ms=2_000,
        sleep=lambda s: clock.advance(timedelta(seconds=s)),
    ) as intuit:
        client = Client(intuit)
        arrived: list[datetime] = []
        intuit.throttle.admits = lambda realm_id, *, batch=False: not arrived.append(clock())  # type: ignore[method-assign]
        assert client.query().status_code == 200
        assert arrived == [datetime(2026, 3, 1, tzinfo=UTC)]
        assert clock() == arrived[0] + timedelta(seconds=2)


def test_a_company_takes_forty_batches_a_minute() -> None:
    clock = Clock(lambda: datetime(2026, 3, 1, tzinfo=UTC))
    throttle = Throttle(clock, on=True)
    admitted = []
    for _ in range(41):
        admitted.append(throttle.admits(ACME, batch=True))
        clock.advance(timedelta(milliseconds=500))
    assert admitted == [True] * 40 + [False]
    assert throttle.admits(ACME)
    clock.advance(timedelta(seconds=40))
    assert throttle.admits(ACME, batch=True)


def test_when_the_month_is_over_every_call_is_refused() -> None:
    with IntuitSandbox(books=SmallBooks()) as intuit:
        client = Client(intuit)
        send(f"{intuit.control_url}/month", json={"over": True})
        refused = client.query()
        assert (refused.status_code, refused.headers["Content-Type"]) == (
            429,
            "application/xml;charset=UTF-8",
        )
        intuit.clock.advance(timedelta(minutes=30))
        assert client.report().status_code == 429
        send(f"{intuit.control_url}/month", json={"over": False})
        assert client.query().status_code == 200


def test_a_test_hears_of_every_call_before_it_is_answered() -> None:
    with IntuitSandbox(books=SmallBooks()) as intuit:
        client = Client(intuit)
        heard: list[tuple[str, str, str, str]] = []
        intuit.on_call(lambda it: heard.append((it.realm_id, it.method, it.path, it.statement)))
        client.query()
        client.query(token=None)
        client.report()
        assert heard == [
            (ACME, "POST", "query", STATEMENT),
            (ACME, "GET", "reports/ProfitAndLoss", ""),
        ]
        intuit.reset()
        Client(intuit).query()
        assert len(heard) == 2
