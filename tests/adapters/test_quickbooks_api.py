from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import urllib3
from requests.adapters import BaseAdapter

from counterfoil.adapters.quickbooks_api import (
    LARGEST_ANSWER,
    Company,
    NotARead,
    QuickBooksApi,
)
from counterfoil.core.errors import (
    AppError,
    ConnectionSuspect,
    QuickBooksBusy,
    QuickBooksRejected,
    ReconnectRequired,
    ReportTooLarge,
)
from tests.adapters.http_fakes import AskingTransport, answer, in_turn
from tests.samples import sample_bytes

URL = "https://quickbooks.api.intuit.com"
REALM = "9130347596842110"
STATEMENT = (
    "SELECT * FROM Invoice WHERE DocNumber = 'Zoë' ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
)
EMPTY: dict[str, Any] = {"QueryResponse": {}, "time": "2026-05-05T05:16:21.718-07:00"}
EXPIRED = {"fault": {"error": [{"code": "3200"}], "type": "AUTHENTICATION"}}
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class CountingMeter:
    def __init__(self, time: Time, patience: float = 5.0) -> None:
        self._time = time
        self._patience = patience
        self.calls = 0
        self.throttles: list[float] = []

    def admit(self) -> None:
        self.calls += 1

    def pause(self, seconds: float) -> bool:
        if seconds > self._patience:
            return False
        self._time.sleep(seconds)
        return True

    def throttled(self, seconds: float) -> None:
        self.throttles.append(seconds)


class Tokens:
    """Hands out token-1; after a refusal token-2, and so on."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def current(self) -> str:
        return f"token-{len(self.refused) + 1}"

    def after_refusal(self, token: str) -> str:
        self.refused.append(token)
        return self.current()


class Intuit:
    """Everything around one company, with the network replaced."""

    def __init__(self, transport: BaseAdapter, url: str = URL) -> None:
        self.time = Time()
        self.meter = CountingMeter(self.time)
        self.tokens = Tokens()
        self.api = QuickBooksApi(
            url,
            clock=lambda: NOW,
            transport=transport,
            sleep=self.time.sleep,
            monotonic=self.time,
            jitter=lambda: 0.5,
        )

    def company(self) -> Company:
        return self.api.company(REALM, self.tokens.current, self.tokens.after_refusal, self.meter)


def test_a_query_goes_by_post_so_that_no_url_holds_data() -> None:
    transport = in_turn(answer(body=EMPTY))
    Intuit(transport).company().query(STATEMENT)
    (request,) = transport.requests
    assert request.method == "POST"
    assert request.url == f"{URL}/v3/company/{REALM}/query?minorversion=75"
    assert request.body == STATEMENT.encode()
    assert dict(request.headers) == {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Authorization": "Bearer token-1",
        "Content-Length": str(len(STATEMENT.encode())),
        "Content-Type": "application/text",
        "User-Agent": "counterfoil",
    }
    assert transport.options[0]["timeout"] == (5.0, 60.0)
    assert transport.options[0]["verify"] is True


def test_a_report_is_a_get_with_its_parameters() -> None:
    transport = in_turn(answer(body={"Header": {}, "Rows": {}}))
    company = Intuit(transport).company()
    company.report("ProfitAndLoss", {"start_date": "2026-01-01", "accounting_method": "Cash"})
    (request,) = transport.requests
    assert (request.method, request.body) == ("GET", None)
    assert request.path_url == (
        f"/v3/company/{REALM}/reports/ProfitAndLoss"
        "?start_date=2026-01-01&accounting_method=Cash&minorversion=75"
    )
    assert transport.options[0]["timeout"] == (5.0, 110.0)


def test_the_two_singletons_are_read() -> None:
    transport = in_turn(
        answer(body=sample_bytes("intuit-docs/companyinfo.json")),
        answer(body=sample_bytes("intuit-docs/preferences.json")),
    )
    company = Intuit(transport).company()
    assert "CompanyName" in company.company_info()
    assert "AccountingInfoPrefs" in company.preferences()
    assert [request.path_url for request in transport.requests] == [
        f"/v3/company/{REALM}/companyinfo/{REALM}?minorversion=75",
        f"/v3/company/{REALM}/preferences?minorversion=75",
    ]


def test_an_api_below_a_path_of_its_own_works_too() -> None:
    transport = in_turn(answer(body=EMPTY))
    Intuit(transport, "http://127.0.0.1:8080/intuit/").company().query(STATEMENT)
    assert transport.requests[0].path_url == f"/intuit/v3/company/{REALM}/query?minorversion=75"


# --- nothing but reads --------------------------------------------------------------------------


def test_a_company_has_four_reads_and_nothing_else() -> None:
    offered = {name for name in dir(Company) if not name.startswith("_")}
    assert offered == {
        "query", "report", "company_info", "preferences", "realm_id", "token", "refused", "meter"
    }  # fmt: skip


@pytest.mark.parametrize(
    "realm", ["", "12a", "1/invoice", "1?x", "..", "1" * 26, "\uff11\uff12", "1\n"]
)
def test_a_realm_that_is_no_number_cannot_be_asked(realm: str) -> None:
    transport = in_turn(answer())
    with pytest.raises(ValueError, match="realm"):
        Intuit(transport).api.company(realm, str, str)
    assert transport.requests == []


@pytest.mark.parametrize(
    "attempt",
    [
        lambda company: company.query("DELETE FROM Invoice"),
        lambda company: company.query("SELECT 1\nDELETE FROM Invoice"),
        lambda company: company.query(""),
        lambda company: company.report("../invoice", {}),
        lambda company: company.report("ProfitAndLoss?x=1", {}),
        lambda company: company.report("ProfitAndLoss/1", {}),
        lambda company: company.report("", {}),
        lambda company: company.report("ProfitAndLoss", {"operation": "a\r\nX-Y: 1"}),
        lambda company: company.report("ProfitAndLoss", {"a&b": "1"}),
        lambda company: company.report("ProfitAndLoss", {"start_date": ""}),
    ],
)
def test_text_that_would_be_another_request_is_refused(
    attempt: Callable[[Company], object],
) -> None:
    transport = in_turn(answer())
    with pytest.raises(ValueError, match=r"query|report"):
        attempt(Intuit(transport).company())
    assert transport.requests == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"/v3/company/{REALM}/invoice?minorversion=75"),
        ("POST", f"/v3/company/{REALM}/invoice?operation=delete&minorversion=75"),
        ("POST", f"/v3/company/{REALM}/batch?minorversion=75"),
        ("POST", f"/v3/company/{REALM}/query"),
        ("POST", f"/v3/company/{REALM}/query?minorversion=75&operation=delete"),
        ("POST", f"/v3/company/{REALM}/query/?minorversion=75"),
        ("POST", f"/v3/company/{REALM}/query/../invoice?minorversion=75"),
        ("POST", f"/v3/company/{REALM}/query%2F..%2Finvoice?minorversion=75"),
        ("POST", f"/v3/company/{REALM}/reports/ProfitAndLoss?minorversion=75"),
        ("POST", f"/v3/company/{REALM}/companyinfo/{REALM}?minorversion=75"),
        ("GET", f"/v3/company/{REALM}/invoice/1?minorversion=75"),
        ("GET", f"/v3/company/{REALM}/query?minorversion=75"),
        ("GET", f"/v3/company/{REALM}/upload?minorversion=75"),
        ("PUT", f"/v3/company/{REALM}/query?minorversion=75"),
        ("PATCH", f"/v3/company/{REALM}/query?minorversion=75"),
        ("DELETE", f"/v3/company/{REALM}/reports/ProfitAndLoss?minorversion=75"),
        ("post", f"/v4/company/{REALM}/query?minorversion=75"),
        ("GET", "/"),
    ],
)
def test_even_the_session_refuses_what_is_no_read(method: str, path: str) -> None:
    transport = in_turn(answer())
    session = Intuit(transport).api._session
    with pytest.raises(NotARead):
        session.request(method, URL + path, data=b"{}" if method != "GET" else None)
    assert transport.requests == []


def test_a_header_that_turns_a_read_into_something_else_is_refused() -> None:
    transport = in_turn(answer())
    session = Intuit(transport).api._session
    with pytest.raises(NotARead):
        session.post(
            f"{URL}/v3/company/{REALM}/query?minorversion=75",
            headers={"X-HTTP-Method-Override": "DELETE"},
        )
    assert transport.requests == []


@pytest.mark.parametrize(
    "url",
    ["https://quickbooks.api.intuit.com.evil.example/v3", "http://quickbooks.api.intuit.com/v3"],
)
def test_no_other_host_has_a_transport(url: str) -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        Intuit(in_turn(answer())).api._session.get(url)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_refusal_and_is_not_followed(status: int) -> None:
    transport = in_turn(answer(status, b"", {"Location": f"{URL}/v3/company/{REALM}/invoice"}))
    with pytest.raises(QuickBooksRejected):
        Intuit(transport).company().query(STATEMENT)
    assert len(transport.requests) == 1


def test_neither_proxies_nor_netrc_nor_cookies_get_in_between(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine quickbooks.api.intuit.com login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    transport = in_turn(answer(body=EMPTY, headers={"Set-Cookie": "a=b"}))
    company = Intuit(transport).company()
    company.query(STATEMENT)
    transport_again = transport.requests
    assert transport_again[0].headers["Authorization"] == "Bearer token-1"
    assert not transport.options[0]["proxies"]
    assert "Cookie" not in transport_again[0].headers


# --- retries ------------------------------------------------------------------------------------


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
        def admit(self) -> None:
            raise Full

    transport = in_turn(answer(body=EMPTY))
    intuit = Intuit(transport)
    intuit.meter = FullMeter(intuit.time)
    with pytest.raises(Full):
        intuit.company().query(STATEMENT)
    assert transport.requests == []


# --- the token ----------------------------------------------------------------------------------


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


# --- bounds -------------------------------------------------------------------------------------


class EndlessZeros(io.RawIOBase):
    """A body that never ends."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        buffer[:] = bytes(len(buffer))
        self.given += len(buffer)
        return len(buffer)


def test_an_endless_answer_is_cut_off() -> None:
    endless = EndlessZeros()
    response = answer()
    response.raw = urllib3.HTTPResponse(endless, preload_content=False)
    with pytest.raises(QuickBooksRejected) as raised:
        Intuit(in_turn(response)).company().query(STATEMENT)
    assert endless.given < LARGEST_ANSWER + 200_000
    assert raised.value.details["smaller_page"] is True


def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off() -> None:
    bomb = answer(body=bytes(LARGEST_ANSWER + 1), packed=True)
    with pytest.raises(ReportTooLarge):
        Intuit(in_turn(bomb)).company().report("GeneralLedger", {"start_date": "2026-01-01"})


def test_the_largest_answer_is_taken_packed_and_plain() -> None:
    body = b'{"a":"' + b"x" * (LARGEST_ANSWER - 8) + b'"}'
    for packed in (True, False):
        got = Intuit(in_turn(answer(body=body, packed=packed))).company().query(STATEMENT)
        assert got == body


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    whole = answer(body=EMPTY, packed=True)
    cut = whole.raw.read(decode_content=False)[:-9]
    response = answer(headers={"Content-Encoding": "gzip"})
    response.raw = urllib3.HTTPResponse(io.BytesIO(cut), preload_content=False)
    intuit = Intuit(in_turn(response, answer(body=EMPTY)))
    intuit.company().query(STATEMENT)
    assert intuit.meter.calls == 2


def test_an_answer_shorter_than_announced_is_not_taken_for_a_whole_one() -> None:
    response = answer()
    response.raw = urllib3.HTTPResponse(
        io.BytesIO(b'{"QueryResponse":{}}'),
        headers={"Content-Length": "500"},
        preload_content=False,
        enforce_content_length=True,
    )
    intuit = Intuit(in_turn(response, answer(body=EMPTY)))
    intuit.company().query(STATEMENT)
    assert intuit.meter.calls == 2


def test_an_answer_that_trickles_is_given_up_in_time() -> None:
    intuit: Intuit

    class Trickle(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            intuit.time.now += 7
            buffer[:1] = b" "
            return 1

    response = answer()
    response.raw = urllib3.HTTPResponse(Trickle(), preload_content=False)
    intuit = Intuit(in_turn(response))
    intuit.meter._patience = 0.0
    with pytest.raises(QuickBooksBusy) as raised:
        intuit.company().query(STATEMENT)
    assert raised.value.details["timed_out"] is True


# --- faults and traces --------------------------------------------------------------------------


def test_a_fault_inside_a_200_is_a_fault() -> None:
    body = {"QueryResponse": {"Fault": {"Error": [{"code": "4001"}], "type": "ValidationFault"}}}
    with pytest.raises(QuickBooksRejected) as raised:
        Intuit(in_turn(answer(body=body, headers={"intuit_tid": "1-5f7"}))).company().query(
            STATEMENT
        )
    assert raised.value.details["intuit_code"] == "4001"
    assert raised.value.details["intuit_tid"] == "1-5f7"


def test_every_call_leaves_a_line_with_its_trace_and_nothing_of_the_company(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "counterfoil.quickbooks")
    transport = in_turn(
        answer(500, b"secret", {"intuit_tid": "1-aa"}),
        answer(body=EMPTY, headers={"intuit_tid": "evil\r\ninjected"}),
    )
    Intuit(transport).company().query(STATEMENT)
    first, second = (record.fields for record in caplog.records)  # type: ignore[attr-defined]
    assert (first["route"], first["status"], first["attempt"]) == ("query", 500, 1)
    assert (first["intuit_tid"], first["fault"]) == ("1-aa", "quickbooks_busy")
    assert (second["status"], second["attempt"], second["intuit_tid"]) == (200, 2, "")


def test_singletons_that_are_no_objects_are_not_believed() -> None:
    for body in ({"CompanyInfo": []}, {"x": 1}, [1], {"CompanyInfo": None}):
        with pytest.raises(QuickBooksBusy):
            Intuit(in_turn(answer(body=body))).company().company_info()


def test_the_transport_of_the_tests_is_really_used() -> None:
    transport = AskingTransport(lambda request: answer(body=EMPTY))
    Intuit(transport).company().query(STATEMENT)
    assert len(transport.requests) == 1
