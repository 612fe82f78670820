"""No request to the accounting API but its reads can be expressed: these tests try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from counterfoil.adapters.quickbooks_api import Company
from counterfoil.adapters.read_only import NotARead
from counterfoil.core.errors import (
    QuickBooksRejected,
)
from tests.adapters.http_fakes import answer, in_turn
from tests.adapters.quickbooks_fakes import (
    EMPTY,
    NOW,
    REALM,
    STATEMENT,
    URL,
    Intuit,
)

CHANGED = "entities=Invoice&changedSince=2026-11-22T15%3A00%3A00%2B00%3A00"


def test_a_company_has_its_reads_and_nothing_else() -> None:
    offered = {name for name in dir(Company) if not name.startswith("_")}
    assert offered == {
        *("query", "page", "cdc", "report", "company_info", "preferences"),
        *("realm_id", "token", "refused", "meter"),
    }


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
        lambda company: company.cdc((), NOW),
        lambda company: company.cdc(("Invoice&operation=delete",), NOW),
        lambda company: company.cdc(("Invoice,Bill",), NOW),
        lambda company: company.cdc(("",), NOW),
        lambda company: company.cdc(("Invoice",), NOW.replace(tzinfo=None)),
    ],
)
def test_text_that_would_be_another_request_is_refused(
    attempt: Callable[[Company], object],
) -> None:
    transport = in_turn(answer())
    with pytest.raises(ValueError, match=r"query|report|changes"):
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
        ("GET", f"/v3/company/{REALM}/cdc?minorversion=75"),
        ("GET", f"/v3/company/{REALM}/cdc?{CHANGED}&operation=delete&minorversion=75"),
        ("GET", f"/v3/company/{REALM}/cdc/1?{CHANGED}&minorversion=75"),
        ("POST", f"/v3/company/{REALM}/cdc?{CHANGED}&minorversion=75"),
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
