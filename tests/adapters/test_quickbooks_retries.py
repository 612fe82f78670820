"""What is asked again, when, and with which token."""

from __future__ import annotations

import logging

import pytest
import requests

from counterfoil.adapters.departures import Turn
from counterfoil.core.errors import (
    AppError,
    ConnectionSuspect,
    QuickBooksBusy,
    QuickBooksRejected,
    ReconnectRequired,
)
from tests.adapters.http_fakes import answer, in_turn
from tests.adapters.quickbooks_fakes import (
    EMPTY,
    EXPIRED,
    STATEMENT,
    CountingMeter,
    Intuit,
)


@pytest.mark.parametrize(
    "trouble",
    [
        answer(500, b"oops"),
        answer(502, b"<html>"),
        answer(503),
        answer(504),
        requests.ConnectTimeout("no"),
        requests.ReadTimeout("no"),
        requests.ConnectionError("no"),
        answer(200, b"<html>hello</html>"),
        answer(200, b""),
        answer(200, b"not packed", {"Content-Encoding": "gzip"}),
        answer(200, b"x", {"Content-Encoding": "br"}),
    ],
    ids=lambda found: getattr(found, "status_code", type(found).__name__),
)
def test_a_passing_trouble_is_bridged_with_growing_pauses(
    trouble: requests.Response | Exception,
) -> None:
    intuit = Intuit(in_turn(trouble, trouble, answer(body=EMPTY)))
    assert b"QueryResponse" in intuit.company().query(STATEMENT)
    assert intuit.time.slept == [0.5, 1.0]
    assert intuit.meter.calls == 3


def test_a_lasting_outage_ends_after_three_tries_and_says_when_to_come_back() -> None:
    intuit = Intuit(in_turn(answer(503)))
    with pytest.raises(QuickBooksBusy) as raised:
        intuit.company().query(STATEMENT)
    assert intuit.meter.calls == 3
    assert raised.value.details["wait_s"] == 10


def test_a_throttle_without_retry_after_is_not_slept_through() -> None:
    xml = b'<IntuitResponse><Fault type="SERVICE"><Error code="3001"/></Fault></IntuitResponse>'
    intuit = Intuit(in_turn(answer(429, xml, {"Content-Type": "application/xml"})))
    with pytest.raises(QuickBooksBusy) as raised:
        intuit.company().query(STATEMENT)
    assert intuit.meter.calls == 1
    assert raised.value.details["wait_s"] == 60
    assert intuit.meter.throttles == [60.0]


def test_a_short_retry_after_is_obeyed_here() -> None:
    intuit = Intuit(in_turn(answer(429, b"", {"Retry-After": "2"}), answer(body=EMPTY)))
    intuit.company().query(STATEMENT)
    assert intuit.time.slept == [2.0]
    assert intuit.meter.throttles == [2.0]


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("30", 30),
        ("Sun, 22 Nov 2026 15:00:45 GMT", 45),
        ("Sun, 22 Nov 2026 14:00:00 GMT", 0),
        ("soon", 60),
        ("-5", 60),
        ("999999999999", 86_400),
    ],
)
def test_retry_after_is_read_in_both_its_forms(header: str, wait: int) -> None:
    intuit = Intuit(in_turn(answer(429, b"", {"Retry-After": header})))
    with pytest.raises(QuickBooksBusy) as raised:
        intuit.company().query(STATEMENT)
    assert raised.value.details["wait_s"] == wait


def test_a_step_without_time_does_not_repeat() -> None:
    intuit = Intuit(in_turn(answer(503)))
    intuit.meter._patience = 0.0
    with pytest.raises(QuickBooksBusy):
        intuit.company().query(STATEMENT)
    assert intuit.meter.calls == 1


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413])
def test_a_refusal_is_never_repeated(status: int) -> None:
    intuit = Intuit(in_turn(answer(status)))
    with pytest.raises(QuickBooksRejected):
        intuit.company().query(STATEMENT)
    assert intuit.meter.calls == 1


def test_whatever_the_meter_raises_passes_through() -> None:
    class Full(Exception):
        pass

    class FullMeter(CountingMeter):
        def admit(self) -> Turn:
            raise Full

    transport = in_turn(answer(body=EMPTY))
    intuit = Intuit(transport)
    intuit.meter = FullMeter(intuit.time)
    with pytest.raises(Full):
        intuit.company().query(STATEMENT)
    assert transport.requests == []


def test_an_expired_token_is_renewed_once_and_the_call_repeated() -> None:
    transport = in_turn(answer(401, EXPIRED), answer(body=EMPTY))
    intuit = Intuit(transport)
    intuit.company().query(STATEMENT)
    assert intuit.tokens.refused == ["token-1"]
    assert [request.headers["Authorization"] for request in transport.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]
    assert intuit.meter.calls == 2
    assert intuit.time.slept == []


def test_a_token_that_is_refused_again_needs_a_person() -> None:
    intuit = Intuit(in_turn(answer(401, EXPIRED)))
    with pytest.raises(ReconnectRequired):
        intuit.company().query(STATEMENT)
    assert intuit.tokens.refused == ["token-1"]


@pytest.mark.parametrize(("code", "kind"), [("120", ReconnectRequired), ("100", ConnectionSuspect)])
def test_a_401_that_no_fresh_token_mends_does_not_cost_one(code: str, kind: type[AppError]) -> None:
    fault = {"Fault": {"Error": [{"code": code}], "type": "AuthenticationFault"}}
    intuit = Intuit(in_turn(answer(401, fault)))
    with pytest.raises(kind):
        intuit.company().query(STATEMENT)
    assert intuit.tokens.refused == []


def test_no_token_stands_in_a_repr_an_error_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    intuit = Intuit(in_turn(requests.ConnectionError("Bearer token-1 and more")))
    company = intuit.company()
    with pytest.raises(QuickBooksBusy) as raised:
        company.query(STATEMENT)
    seen = f"{company!r} {intuit.api!r} {raised.value!r} {raised.value.details} {caplog.text}"
    seen += "".join(str(record.__dict__) for record in caplog.records)
    assert "token-1" not in seen
    assert "Zoë" not in seen
